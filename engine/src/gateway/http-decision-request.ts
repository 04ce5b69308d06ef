import type { HeaderField } from '../traffic/detection.js';
import { readHeaderFields } from '../traffic/header-fields.js';
import type { Connection } from './enforcer.js';
import { escapePointer, readJsonFacts, unknownName } from './http-facts.js';
import type { RequestFault } from './http-problem.js';

/** Connections that one request may ask about. */
export const MAX_ITEMS = 1000;
/** Faults that one answer lists. */
const MAX_FAULTS = 20;
/** Longest queue id or instance, in UTF-16 units. */
const MAX_ID_LENGTH = 128;

const KEYS = ['facts', 'headers', 'queueId', 'instance'] as const;

/** One connection to decide about. */
export interface DecisionItem {
  readonly connection: Connection;
  /** The message's header; absent where only the connection is to be judged. */
  readonly headers?: readonly HeaderField[];
}

export type DecisionRequestResult =
  | { readonly ok: true; readonly items: readonly DecisionItem[] }
  | { readonly ok: false; readonly faults: readonly RequestFault[] };

/**
 * Reads the body of `POST /v1/decisions`: an object, or an array of at most {@link MAX_ITEMS}.
 *
 * `{ "facts": { "client.address": "192.0.2.1" }, "headers": "Received: …" or [["Received", "…"]], "queueId": "…", "instance": "…" }`;
 * all but `facts` may be absent.
 *
 * @param body the parsed JSON
 */
export function readDecisionRequest(body: unknown): DecisionRequestResult {
  const faults: RequestFault[] = [];
  if (!Array.isArray(body)) {
    const item = readItem(body, '', faults);
    return faults.length > 0 ? { ok: false, faults: faults.slice(0, MAX_FAULTS) } : { ok: true, items: [item] };
  }
  if (body.length > MAX_ITEMS) {
    const detail = `There are ${body.length} items; one request may have at most ${MAX_ITEMS}.`;
    return { ok: false, faults: [{ code: 'too-many-items', pointer: '', detail }] };
  }
  const items: DecisionItem[] = [];
  for (const [index, item] of body.entries()) {
    items.push(readItem(item, `/${index}`, faults));
    if (faults.length >= MAX_FAULTS) break;
  }
  return faults.length > 0 ? { ok: false, faults: faults.slice(0, MAX_FAULTS) } : { ok: true, items };
}

function readItem(json: unknown, pointer: string, faults: RequestFault[]): DecisionItem {
  if (!isObject(json)) {
    faults.push({ code: 'not-an-object', pointer, detail: 'An item must be an object with the key "facts".' });
    return { connection: { gateway: 'http', facts: {} } };
  }
  for (const key of Object.keys(json)) {
    if (KEYS.some((known) => known === key)) continue;
    faults.push(unknownName('unknown-key', `${pointer}/${escapePointer(key)}`, key, KEYS));
  }
  const { facts, headers, queueId, instance } = json;
  const connection = {
    gateway: 'http' as const,
    facts: readFacts(facts, `${pointer}/facts`, faults),
    ...readId('queueId', queueId, pointer, faults),
    ...readId('instance', instance, pointer, faults),
  };
  return headers === undefined ? { connection } : { connection, headers: readHeaders(headers, pointer, faults) };
}

function readFacts(facts: unknown, pointer: string, faults: RequestFault[]) {
  if (isObject(facts)) return readJsonFacts(facts, pointer, faults);
  const [code, detail] =
    facts === undefined
      ? ([
          'missing-key',
          'The key "facts" is missing; it holds what is known of the connection, and may be {}.',
        ] as const)
      : (['wrong-type', 'The value of "facts" must be an object of facts by name.'] as const);
  faults.push({ code, pointer, detail });
  return {};
}

function readId<K extends 'queueId' | 'instance'>(key: K, value: unknown, pointer: string, faults: RequestFault[]) {
  if (value === undefined) return {};
  if (typeof value === 'string' && value !== '' && value.length <= MAX_ID_LENGTH) return { [key]: value };
  const detail = `The value of "${key}" must be a string of 1 to ${MAX_ID_LENGTH} characters.`;
  faults.push({ code: 'wrong-type', pointer: `${pointer}/${key}`, detail });
  return {};
}

function readHeaders(value: unknown, pointer: string, faults: RequestFault[]): readonly HeaderField[] {
  if (typeof value === 'string') return readHeaderFields(value);
  if (Array.isArray(value) && value.every(isPair)) return value.map(([name, text]) => ({ name, value: text }));
  const detail =
    'The value of "headers" must be the header block as a string, or an array of [name, value] pairs of strings.';
  faults.push({ code: 'wrong-type', pointer: `${pointer}/headers`, detail });
  return [];
}

function isPair(value: unknown): value is [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string');
}

function isObject(value: unknown): value is Readonly<Record<(typeof KEYS)[number], unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
