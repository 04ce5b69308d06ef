import ipaddr from 'ipaddr.js';

/**
 * The operators of the language again, by the plainest means and from texts alone, for tests to compare with. Nothing of
 * the language is imported here, on purpose: an operator that is broken there is not broken here.
 */

/** Whether a version lies in a range, both as written. */
export function naiveVersionIn(range: string, version: string, builds: Readonly<Record<string, string>> = {}): boolean {
  return range.split('||').some((alternative) => {
    const named = alternative.replace(/"([^"]*)"|'([^']*)'/g, (_, double?: string, single?: string) => {
      return [...(builds[double ?? single ?? ''] ?? '').split('.'), '0', '0', '0'].slice(0, 4).join('.');
    });
    const [low, high] = named.split(/\s-\s/).map((end) => end.trim());
    if (high !== undefined) return sign(version, low ?? '') >= 0 && sign(version, high) <= 0;
    return [...named.matchAll(/(<=|>=|<|>|=)?\s*([^\s<>=]+)/g)].every(([, comparator = '=', operand = '']) =>
      fulfils(sign(version, operand), comparator),
    );
  });
}

/** Below 0 where the version is older than all that begin with the written parts, 0 where it begins with them. */
function sign(version: string, operand: string): number {
  const written = operand.split('.').slice(0, firstWildcard(operand));
  for (const [index, part] of written.entries()) {
    const difference = Number(version.split('.')[index] ?? '0') - Number(part);
    if (difference !== 0) return difference;
  }
  return 0;
}

function firstWildcard(operand: string): number | undefined {
  const index = operand.split('.').findIndex((part) => /^[xX*]$/.test(part));
  return index < 0 ? undefined : index;
}

function fulfils(difference: number, comparator: string): boolean {
  if (comparator === '<') return difference < 0;
  if (comparator === '<=') return difference <= 0;
  if (comparator === '>') return difference > 0;
  if (comparator === '>=') return difference >= 0;
  return difference === 0;
}

/** Whether an address lies in one of the networks, by ipaddr.js. */
export function naiveInNetwork(address: string, networks: readonly string[]): boolean {
  const client = ipaddr.process(address);
  return networks.some((text) => {
    const [base, bits] = cidrOf(text);
    return client.kind() === base.kind() && client.match(base, bits);
  });
}

function cidrOf(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  const single = ipaddr.parse(text.split('/')[0] ?? '');
  const bits = Number(text.split('/')[1] ?? (single.kind() === 'ipv4' ? 32 : 128));
  if (single instanceof ipaddr.IPv6 && single.isIPv4MappedAddress()) return [single.toIPv4Address(), bits - 96];
  return [single, bits];
}

/** Whether a name is one of the domains or below one, label by label from the right. */
export function naiveInDomain(name: string, domains: readonly string[]): boolean {
  const labels = labelsOf(name);
  return domains.some((domain) => labelsOf(domain).every((label, index) => labels[index] === label));
}

function labelsOf(name: string): string[] {
  return naiveDomain(name).split('.').reverse();
}

/** A name in lower case, without a final dot. */
export function naiveDomain(name: string): string {
  return (name.endsWith('.') ? name.slice(0, -1) : name).toLowerCase();
}

/** Milliseconds of a duration such as `1d12h`. */
export function naiveDuration(text: string): number {
  const seconds: Record<string, number> = { w: 604_800, d: 86_400, h: 3600, m: 60, s: 1 };
  return [...text.matchAll(/(\d+)([wdhms])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (seconds[unit ?? ''] ?? 0) * 1000,
    0,
  );
}

/** Milliseconds since the epoch of a date or an instant. */
export function naiveInstant(text: string): number {
  return new Date(text).getTime();
}
