import type { FindingCode } from './finding.js';
import { NAME_PATTERN } from './name.js';

/** The grammars of texts that JSON Schema cannot describe. */
export type Grammar =
  | 'duration'
  | 'instant'
  | 'rate'
  | 'network'
  | 'tls-name'
  | 'fingerprint'
  | 'version'
  | 'version-range'
  | 'throttle-reply'
  | 'block-reply';

/**
 * A JSON Schema (draft-07) of ours; `x-finding` names the finding that a violation of the node's own keywords gives, `x-grammar`
 * the grammar of its text, which a check of its own reads.
 */
export interface Schema {
  readonly [keyword: string]: unknown;
  readonly 'x-finding'?: FindingCode;
  readonly 'x-grammar'?: Grammar;
}

/** A name. */
export const NAME: Schema = {
  type: 'string',
  pattern: NAME_PATTERN,
  'x-finding': 'name-syntax',
  description: 'Lower-case letters, digits and hyphens, at most 64.',
};

/** A text for people. */
export function text(description: string): Schema {
  return { type: 'string', minLength: 1, maxLength: 2000, description };
}

/** A text with a grammar of its own, which a check of its own reads. */
export function grammar(name: Grammar, description: string, ...examples: string[]): Schema {
  return { type: 'string', description, examples, 'x-grammar': name };
}

/** A list with at least one item, where nothing else is said. */
export function list(items: Schema, description: string, minItems = 1): Schema {
  return { type: 'array', minItems, items, description };
}

/** A map of these keys and no other. */
export function map(properties: Record<string, Schema>, required: readonly string[], description: string): Schema {
  return { type: 'object', additionalProperties: false, required, properties, description };
}

/** A duration. */
export const DURATION = (description: string) =>
  grammar('duration', `${description} A duration: weeks, days, hours, minutes, seconds.`, '30d', '1d12h');
/** An instant. */
export const INSTANT = (description: string) =>
  grammar(
    'instant',
    `${description} A date (midnight UTC) or an RFC 3339 instant.`,
    '2026-09-08',
    '2026-09-08T14:30:00Z',
  );
/** Minutes of every hour. */
export const RATE = (description: string, ...examples: string[]) =>
  grammar('rate', `${description} Minutes of every hour, or always.`, ...examples);
