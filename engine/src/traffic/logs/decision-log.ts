import { FACTS, type FactDefinition, type FactName, type Facts, type FactType } from '../../policy/fact.js';
import { parseFactValue } from '../../policy/fact-value.js';
import type { EpochMillis } from '../../policy/instant.js';
import { parseVersion } from '../../policy/version.js';
import type { Detection } from '../detection.js';
import { DECISION_EVENT, type DecisionLogEntry, readDecisionLogEntry, thinned } from './decision-log-entry.js';
import { JsonFields, type JsonKind } from './json-fields.js';
import type { LineResult, LogFile, LogFormat, LogReader, LogReaderContext, UnreadableLine } from './log-format.js';
import { type LogRecord, logRecord, type RecordSink } from './log-record.js';
import { OctetCache } from './octet-cache.js';
import { instantOfOctets } from './octet-instant.js';
import { isWordAt, wholeNumber } from './octets.js';

/** Sluice's own decision log: JSON Lines, see `decision-log-entry.ts`. */
export const DECISION_LOG: LogFormat = {
  name: 'sluice',
  title: 'decision log of Sluice',
  lacks: [],
  recognises: (text) => /^\{.*"event":\s?"/.test(text) && text.includes('"at":'),
  instantOf: (text) => {
    const result = readDecisionLogEntry(text);
    return result.ok ? result.entry.at : undefined;
  },
  open: (context) => new DecisionLogReader(context),
};

const HEAD = ['event', 'at', 'moment', 'instance', 'queueId'] as const;
const DETECTED = ['server', 'id'] as const;
const PATHS = [
  ...HEAD.map((key) => [key]),
  ...DETECTED.map((key) => ['detected', key]),
  ...FACTS.map(({ name }) => ['facts', name]),
];
const [EVENT, AT, MOMENT, INSTANCE, QUEUE_ID, SERVER, ID, FIRST_FACT] = [0, 1, 2, 3, 4, 5, 6, 7];
const MOMENTS = (['connection', 'message'] as const).map((name) => ({ name, octets: Buffer.from(name) }));
const DECISION = Buffer.from(DECISION_EVENT);
/** Between the texts of server and id, where the one follows the other. */
const BETWEEN_SERVER_AND_ID = '","id":"';
const LOWER_T = 0x74;

/**
 * Reads the fields that deciding needs from the octets of each line; what is written in another way than Sluice writes it,
 * {@link readDecisionLogEntry} reads. Both ways give the same records. They leave out the evidence of a detected version;
 * the whole entry is read where it is asked for.
 */
class DecisionLogReader implements LogReader {
  readonly #sink: RecordSink;
  readonly #fields = new JsonFields(PATHS);
  readonly #facts = FACTS.map((definition) => new FactOctets(definition));
  readonly #detections = new OctetCache(detectionOf);
  #file = '';

  constructor({ sink }: LogReaderContext) {
    this.#sink = sink;
  }

  startFile({ name }: LogFile): void {
    this.#file = name;
  }

  readLine(octets: Buffer, start: number, end: number, line: number): LineResult {
    const readEntry = () => entryOf(octets, start, end);
    const usual = this.#fields.scan(octets, start, end) ? this.#usualRecord(octets, line, readEntry) : undefined;
    const record = usual ?? slowRecord(octets.toString('utf8', start, end), this.#file, line, readEntry);
    if ('moment' in record) {
      this.#sink(record);
      return 'used';
    }
    return record.isOtherEvent ? 'passed-over' : record;
  }

  end(): void {}

  /** Undefined for whatever is not quite usual. */
  #usualRecord(octets: Buffer, line: number, readEntry: () => DecisionLogEntry): LogRecord | undefined {
    const at = this.#isText(AT) && this.#isDecision(octets) ? this.#instant(octets) : undefined;
    const moment = this.#isText(MOMENT) ? this.#moment(octets) : undefined;
    if (at === undefined || moment === undefined) return undefined;
    const facts = this.#readFacts(octets);
    const detection = this.#readDetection(octets);
    if (facts === undefined || detection === null) return undefined;
    const fields = this.#fields;
    return {
      at,
      moment,
      facts,
      detection,
      headers: undefined,
      id: this.#isText(QUEUE_ID) ? fields.text(QUEUE_ID) : undefined,
      instance: this.#isText(INSTANCE) ? fields.text(INSTANCE) : undefined,
      outcome: undefined,
      file: this.#file,
      line,
      readEntry,
    };
  }

  #isText(field: number): boolean {
    return this.#fields.kind(field) === 'text';
  }

  #isWhole(octets: Buffer, field: number, word: Buffer): boolean {
    const [start, end] = [this.#fields.start(field), this.#fields.end(field)];
    return end - start === word.length && isWordAt(octets, start, end, word);
  }

  #isDecision(octets: Buffer): boolean {
    return this.#isText(EVENT) && this.#isWhole(octets, EVENT, DECISION);
  }

  #instant(octets: Buffer): EpochMillis | undefined {
    return instantOfOctets(octets, this.#fields.start(AT), this.#fields.end(AT));
  }

  #moment(octets: Buffer): LogRecord['moment'] | undefined {
    for (const { name, octets: word } of MOMENTS) if (this.#isWhole(octets, MOMENT, word)) return name;
    return undefined;
  }

  #readFacts(octets: Buffer): Facts | undefined {
    const fields = this.#fields;
    if (fields.mapKind('facts') !== 'map') return undefined;
    const facts: Record<string, unknown> = {};
    for (let index = 0; index < this.#facts.length; index++) {
      const kind = fields.kind(FIRST_FACT + index);
      const fact = this.#facts[index];
      if (kind === 'absent' || fact === undefined) continue;
      const value = fact.read(kind, octets, fields.start(FIRST_FACT + index), fields.end(FIRST_FACT + index));
      if (value === undefined) return undefined;
      facts[fact.name] = value;
    }
    return facts as Facts;
  }

  /** Null for what is not usual. */
  #readDetection(octets: Buffer): Detection | undefined | null {
    const fields = this.#fields;
    if (fields.mapKind('detected') === 'absent') return undefined;
    if (!this.#isText(SERVER)) return null;
    if (fields.kind(ID) === 'absent') return { found: true, server: fields.text(SERVER) ?? '' };
    const isUsual = this.#isText(ID) && fields.start(ID) - fields.end(SERVER) === BETWEEN_SERVER_AND_ID.length;
    return isUsual ? this.#detections.of(octets, fields.start(SERVER), fields.end(ID)) : null;
  }
}

/** Reads the values of one fact. */
class FactOctets {
  readonly name: FactName;
  readonly #type: FactType;
  readonly #cache: OctetCache<unknown>;

  constructor(definition: FactDefinition & { readonly name: FactName }) {
    this.name = definition.name;
    this.#type = definition.type;
    this.#cache = new OctetCache((text) => parseFactValue(definition, text));
  }

  /** Undefined for what is no value of the fact, and for what is not usual. */
  read(kind: JsonKind, octets: Buffer, start: number, end: number): unknown {
    if (kind === 'text') return this.#cache.of(octets, start, end);
    if (kind === 'number' && this.#type === 'number') return wholeNumber(octets, start, end);
    return kind === 'boolean' && this.#type === 'boolean' ? octets[start] === LOWER_T : undefined;
  }
}

/** Reads `mx1.corp.example","id":"15.01.2507.039`; null where something else stands between the two. */
function detectionOf(text: string): Detection | null {
  const [server = '', id, ...rest] = text.split(BETWEEN_SERVER_AND_ID);
  const version = id === undefined || rest.length > 0 ? undefined : parseVersion(id);
  if (id === undefined || version === undefined) return null;
  return { found: true, server, stamped: { version, id, hop: 0, header: '' } };
}

function slowRecord(
  text: string,
  file: string,
  line: number,
  readEntry: () => DecisionLogEntry,
): LogRecord | (UnreadableLine & { readonly isOtherEvent: boolean }) {
  const result = readDecisionLogEntry(text);
  if (!result.ok) return { why: result.problem, isOtherEvent: isOtherEvent(text) };
  const { at, moment, facts, detection, queueId: id, instance } = thinned(result.entry);
  return logRecord({ at, moment, facts, detection, id, instance, file, line, readEntry });
}

/** A service log has other events than decisions. */
function isOtherEvent(text: string): boolean {
  const fields = new JsonFields([['event']]);
  return fields.parse(text) && fields.kind(0) === 'text' && fields.text(0) !== DECISION_EVENT;
}

function entryOf(octets: Buffer, start: number, end: number): DecisionLogEntry {
  const result = readDecisionLogEntry(octets.toString('utf8', start, end));
  if (!result.ok) throw new Error(`The line of the record is gone: ${result.problem}`);
  return result.entry;
}
