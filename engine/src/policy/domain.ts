const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** Brings a host or domain name to the form in which names are compared: lower case, without a final dot. */
export function normalizeDomain(text: string): string {
  const lower = text.toLowerCase();
  return lower.endsWith('.') ? lower.slice(0, -1) : lower;
}

/** Whether the normalised text is a domain name (RFC 1035 §2.3.4, underscores allowed). */
export function isDomain(text: string): boolean {
  return text.length <= 253 && text.split('.').every((label) => LABEL.test(label));
}

/** Whether the name is the domain itself or lies below it; both normalised. */
export function isInDomain(name: string, domain: string): boolean {
  return name === domain || (name.endsWith(domain) && name[name.length - domain.length - 1] === '.');
}
