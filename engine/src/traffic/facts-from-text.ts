import { type FactName, type Facts, factNamed } from '../policy/fact.js';
import { parseFactValue } from '../policy/fact-value.js';

/** Texts of facts as a mail server told them; undefined and unreadable ones are facts that are not known. */
export type FactTexts = { readonly [N in FactName]?: string | undefined };

/** Reads facts from text. A text that is no value of its fact's type makes the fact absent: a mail server has no use for an error. */
export function factsFromText(texts: FactTexts): Facts {
  const facts: Partial<Record<FactName, unknown>> = {};
  // `Object.entries` would make an array for each of them, for every connection.
  for (const name in texts) {
    const text = texts[name as FactName];
    const definition = factNamed(name);
    if (definition === undefined || text === undefined || text === '') continue;
    const value = parseFactValue(definition, text);
    if (value !== undefined) facts[definition.name] = value;
  }
  return facts as Facts;
}

/** A host name as reverse DNS gave it; undefined for `unknown` and for `[192.0.2.1]`, which mean that there is none. */
export function verifiedClientName(text: string | undefined): string | undefined {
  return text === undefined || text === 'unknown' || text.startsWith('[') ? undefined : text;
}

/**
 * The domain of an envelope address (RFC 5321 §4.1.2), with or without its angle brackets.
 *
 * @returns undefined for the null sender and for an address without a domain
 */
export function senderDomain(address: string): string | undefined {
  const bare = address.startsWith('<') || address.endsWith('>') ? address.replace(/^<|>$/g, '') : address;
  const at = bare.lastIndexOf('@');
  const domain = bare.slice(at + 1);
  return at < 0 || !/^[^\s"<>@]+$/.test(domain) ? undefined : domain;
}

/** Undoes xtext (RFC 3461 §4): `Wietse+20Venema` is `Wietse Venema`. What is no valid xtext stays as it is. */
export function decodeXtext(text: string): string {
  if (!text.includes('+')) return text;
  const octets: number[] = [];
  const source = Buffer.from(text, 'utf8');
  for (let index = 0; index < source.length; index++) {
    const hex = source.toString('latin1', index + 1, index + 3);
    if (source[index] === 0x2b && /^[0-9A-Fa-f]{2}$/.test(hex)) {
      octets.push(Number.parseInt(hex, 16));
      index += 2;
    } else octets.push(source[index] ?? 0);
  }
  return Buffer.from(octets).toString('utf8');
}
