import type { DecisionJson } from '../../decision/decision-json.js';
import { formatFactValue } from '../../decision/format-facts.js';
import { FACTS, type FactDefinition, type Facts } from '../../policy/fact.js';
import { describeFactType, parseFactValue } from '../../policy/fact-value.js';
import { type EpochMillis, formatInstant, parseInstant } from '../../policy/instant.js';
import { parseVersion } from '../../policy/version.js';
import type { Detection, StampedVersion } from '../detection.js';

/** One line of Sluice's decision log: everything that is needed to decide again, and what was decided. */
export interface DecisionLogEntry {
  /** The instant by which it was decided. */
  readonly at: EpochMillis;
  readonly gateway: string;
  /** `connection`: before the headers. `message`: at their end. */
  readonly moment: 'connection' | 'message';
  /** What the gateway told. */
  readonly facts: Facts;
  /** What the headers told; only of messages. */
  readonly detection?: Detection | undefined;
  readonly queueId?: string | undefined;
  /** Names one delivery that asks several times. */
  readonly instance?: string | undefined;
  /** Absent where a log was thinned. */
  readonly decision?: DecisionJson;
}

/** The value of `event` in lines that are decisions; a service log has others too. */
export const DECISION_EVENT = 'decision';

/** An entry as its line is written, in JSON; facts as `POST /v1/decisions` and `sluice decide --facts` take them. */
export interface DecisionLogJson {
  readonly event: typeof DECISION_EVENT;
  readonly at: string;
  readonly gateway: string;
  readonly moment: 'connection' | 'message';
  readonly facts: Readonly<Record<string, FactJson>>;
  readonly detected?: DetectionJson;
  readonly queueId?: string;
  readonly instance?: string;
  readonly decision?: DecisionJson;
}

type FactJson = string | number | boolean | readonly string[];

type DetectionJson =
  | {
      readonly server: string;
      readonly id?: string;
      readonly hop?: number;
      readonly header?: string;
    }
  | { readonly reason: string; readonly message?: string };

export type DecisionLogEntryResult =
  | { readonly ok: true; readonly entry: DecisionLogEntry }
  | { readonly ok: false; readonly problem: string };

/** Makes the JSON of an entry. {@link readDecisionLogEntry} reads it back to the same entry. */
export function decisionLogJson(entry: DecisionLogEntry): DecisionLogJson {
  const { at, gateway, moment, facts, detection, queueId, instance, decision } = entry;
  return {
    event: DECISION_EVENT,
    at: formatInstant(at),
    gateway,
    moment,
    facts: factsJson(facts),
    ...(detection === undefined ? {} : { detected: detectionJson(detection) }),
    ...(queueId === undefined ? {} : { queueId }),
    ...(instance === undefined ? {} : { instance }),
    ...(decision === undefined ? {} : { decision }),
  };
}

/** Writes an entry as a line of JSON, with its end. */
export function formatDecisionLogEntry(entry: DecisionLogEntry): string {
  return `${JSON.stringify(decisionLogJson(entry))}\n`;
}

/** What is left of an entry where only deciding again counts: no decision, and no evidence but the version. */
export function thinned(entry: DecisionLogEntry): DecisionLogEntry {
  const { decision: _decision, detection, ...rest } = entry;
  if (detection === undefined) return rest;
  if (!detection.found) return { ...rest, detection: { ...detection, message: '' } };
  if (detection.stamped === undefined) return { ...rest, detection };
  return { ...rest, detection: { ...detection, stamped: { ...detection.stamped, hop: 0, header: '' } } };
}

/** Reads a line of a decision log. What is missing or wrong is a problem, for the user; keys that are not known are left out. */
export function readDecisionLogEntry(line: string): DecisionLogEntryResult {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return problem('no JSON');
  }
  return isMap(json) ? readEntry(json) : problem('no JSON object');
}

function readEntry(json: JsonMap): DecisionLogEntryResult {
  const { event, at, gateway, moment, facts, detected, queueId, instance, decision } = json;
  if (event !== DECISION_EVENT) return problem(`no event ${DECISION_EVENT}`);
  const instant = typeof at === 'string' ? parseInstant(at) : undefined;
  if (instant === undefined) return problem('no instant in at');
  if (moment !== 'connection' && moment !== 'message') return problem('no moment');
  if (!isMap(facts)) return problem('no facts');
  const known = readFacts(facts);
  if (typeof known === 'string') return problem(known);
  const detection = detected === undefined ? undefined : readDetection(detected);
  if (detection === null) return problem('a detected server that cannot be read');
  const entry: DecisionLogEntry = {
    at: instant,
    gateway: typeof gateway === 'string' ? gateway : '',
    moment,
    facts: known,
    ...(detection === undefined ? {} : { detection }),
    ...(typeof queueId === 'string' ? { queueId } : {}),
    ...(typeof instance === 'string' ? { instance } : {}),
    ...(isMap(decision) ? { decision: decision as unknown as DecisionJson } : {}),
  };
  return { ok: true, entry };
}

type JsonMap = Readonly<Record<string, unknown>>;

function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function problem(text: string): DecisionLogEntryResult {
  return { ok: false, problem: text };
}

function factsJson(facts: Facts): Record<string, FactJson> {
  const json: Record<string, FactJson> = {};
  for (const { name, type } of FACTS) {
    const value = facts[name];
    if (value === undefined) continue;
    if (type === 'number' || type === 'boolean' || type === 'list') json[name] = value as FactJson;
    // A client that calls itself `.` has the empty name, which no text is read as.
    else json[name] = value === '' && type === 'domain' ? '.' : formatFactValue(type, value);
  }
  return json;
}

/** Facts that this version does not know no policy of it asks for. @returns what is wrong, where a fact is */
function readFacts(json: JsonMap): Facts | string {
  const facts: Record<string, unknown> = {};
  for (const definition of FACTS) {
    const value = Object.hasOwn(json, definition.name) ? json[definition.name] : undefined;
    if (value === undefined || value === null) continue;
    const read = readFact(definition, value);
    if (read === undefined) return `a fact ${definition.name} that is not ${describeFactType(definition)}`;
    facts[definition.name] = read;
  }
  return facts as Facts;
}

function readFact(definition: FactDefinition, value: unknown): unknown {
  if (typeof value === 'string') return parseFactValue(definition, value);
  switch (definition.type) {
    case 'number':
      return Number.isSafeInteger(value) && Number(value) >= 0 ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'list':
      return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
    default:
      return undefined;
  }
}

function detectionJson(detection: Detection): DetectionJson {
  if (!detection.found) return { reason: detection.reason, ...(detection.message && { message: detection.message }) };
  const { server, stamped } = detection;
  if (stamped === undefined) return { server };
  const { id, hop, header } = stamped;
  return { server, id, ...(hop === 0 ? {} : { hop }), ...(header && { header }) };
}

/** Null where it cannot be read. */
function readDetection(json: unknown): Detection | null {
  if (!isMap(json)) return null;
  const { server, reason, message, id, hop, header } = json;
  if (typeof server !== 'string') return notFound(reason, message);
  if (id === undefined) return { found: true, server };
  const version = typeof id === 'string' ? parseVersion(id) : undefined;
  if (version === undefined || typeof id !== 'string') return null;
  const stamped: StampedVersion = {
    version,
    id,
    hop: typeof hop === 'number' ? hop : 0,
    header: typeof header === 'string' ? header : '',
  };
  return { found: true, server, stamped };
}

function notFound(reason: unknown, message: unknown): Detection | null {
  if (reason !== 'no-received' && reason !== 'not-exchange' && reason !== 'cloud') return null;
  return { found: false, reason, message: typeof message === 'string' ? message : '' };
}
