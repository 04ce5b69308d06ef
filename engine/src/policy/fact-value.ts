import { normalizeDomain } from './domain.js';
import { parseDuration } from './duration.js';
import type { FactDefinition, FactTypes } from './fact.js';
import { parseInstant } from './instant.js';
import { parseIpAddress } from './network.js';
import { parseVersion } from './version.js';

/** Longest text of a fact, in UTF-16 units; longer text is cut by {@link parseFactValue}. */
export const MAX_FACT_TEXT_LENGTH = 1024;

/**
 * Reads a fact's value from text, as a gateway or the command line has it.
 *
 * @returns undefined where the text is no value of the fact's type
 */
export function parseFactValue(definition: FactDefinition, text: string): FactTypes[keyof FactTypes] | undefined {
  const bounded = text.slice(0, MAX_FACT_TEXT_LENGTH);
  switch (definition.type) {
    case 'version':
      return parseVersion(bounded);
    case 'instant':
      return parseInstant(bounded);
    case 'duration':
      return parseDuration(bounded);
    case 'network':
      return parseIpAddress(bounded);
    case 'domain':
      return domainFact(bounded);
    case 'text':
      return textFact(bounded);
    case 'enum':
      return definition.values?.includes(bounded) ? bounded : undefined;
    case 'list':
      return bounded === '' ? [] : bounded.split(',').map((item) => item.trim());
    case 'number':
      return numberFact(bounded);
    case 'boolean':
      return bounded === 'true' ? true : bounded === 'false' ? false : undefined;
  }
}

/** Reads a fact's value of the type `text`. */
export function textFact(text: string): string {
  return text.slice(0, MAX_FACT_TEXT_LENGTH);
}

/** Reads a fact's value of the type `domain`; undefined for an empty text. */
export function domainFact(text: string): string | undefined {
  return text === '' ? undefined : normalizeDomain(text.slice(0, MAX_FACT_TEXT_LENGTH));
}

/** Reads a fact's value of the type `number`; undefined where the text is none. */
export function numberFact(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** What a value of the type looks like, for messages: `an instant such as 2026-09-08T00:00:00Z`. */
export function describeFactType(definition: FactDefinition): string {
  switch (definition.type) {
    case 'version':
      return 'a version such as 15.1.2507.39';
    case 'instant':
      return 'an instant such as 2026-09-08 or 2026-09-08T14:30:00Z';
    case 'duration':
      return 'a duration such as 30d or 1d12h';
    case 'network':
      return 'an address such as 192.0.2.1 or 2001:db8::1';
    case 'domain':
      return 'a host or domain name';
    case 'text':
      return 'text';
    case 'enum':
      return `one of ${definition.values?.join(', ')}`;
    case 'list':
      return 'a list of texts';
    case 'number':
      return 'a whole number';
    case 'boolean':
      return 'true or false';
  }
}
