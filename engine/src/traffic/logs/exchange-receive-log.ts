import { BoundedJoin } from './bounded-join.js';
import { CsvFields } from './csv-fields.js';
import { readExchangeHeader } from './exchange-log-header.js';
import type { LineResult, LogFile, LogFormat, LogReader, LogReaderContext } from './log-format.js';
import { logRecord, type RecordSink } from './log-record.js';
import { instantOfOctets } from './octet-instant.js';
import { wholeNumber } from './octets.js';
import { ReceiveSession, readSessionEvent } from './receive-session.js';

/**
 * The protocol logs of Exchange's receive connectors, `RECV*.LOG`: CSV, one command or reply a line, sessions interleaved. Logs
 * of send connectors are passed over. `#Version` is not the build, and nothing tells the version of the client.
 */
export const EXCHANGE_RECEIVE_LOG: LogFormat = {
  name: 'exchange-receive',
  title: 'Exchange SMTP receive protocol log',
  lacks: ['version', 'headers', 'client-name'],
  recognises: (text) =>
    /^#Log-type:\s*SMTP (?:Receive|Send) Protocol Log/i.test(text) ||
    /^#Fields:\s*date-time,connector-id,session-id/i.test(text) ||
    LINE.test(text),
  instantOf: (text) => {
    const octets = Buffer.from(text.slice(0, Math.max(0, text.indexOf(','))));
    return instantOfOctets(octets, 0, octets.length);
  },
  open: (context) => new ExchangeReceiveReader(context),
};

const LINE = /^\d{4}-\d\d-\d\dT[\d:.]{8,16}Z,[^,]*,[0-9A-F]{16},\d+,[^,]*,[^,]*,[-+<>*],/;
const NAMES = [
  'date-time',
  'connector-id',
  'session-id',
  'sequence-number',
  'local-endpoint',
  'remote-endpoint',
  'event',
  'data',
  'context',
] as const;
type Columns = { readonly [N in (typeof NAMES)[number]]: number } & { readonly count: number };
const USUAL_COLUMNS = columnsOf(NAMES);
/** Sessions have up to {@link ReceiveSession} many events each, so fewer of them are kept than of smaller things. */
const BOUNDS = { maxEntries: 10_000, maxAgeMillis: 24 * 3_600_000 };
const MAX_NAME_OCTETS = 256;
/** Of a command, a reply or what is told of a certificate. */
const MAX_TEXT_OCTETS = 1024;

class ExchangeReceiveReader implements LogReader {
  readonly #sink: RecordSink;
  readonly #unfinished: (count: number) => void;
  readonly #ownHosts: ReadonlySet<string>;
  readonly #fields = new CsvFields();
  readonly #sessions = new BoundedJoin<string, ReceiveSession>((session) => this.#end(session, false), BOUNDS);
  #columns: Columns | undefined = USUAL_COLUMNS;
  /** Undefined where no header told it. */
  #isReceive: boolean | undefined;
  #file = '';

  constructor({ sink, unfinished, ownHosts }: LogReaderContext) {
    this.#sink = sink;
    this.#ownHosts = ownHosts ?? new Set();
    this.#unfinished = unfinished;
  }

  startFile({ name }: LogFile): void {
    this.#file = name;
    this.#columns = USUAL_COLUMNS;
    this.#isReceive = undefined;
  }

  readLine(octets: Buffer, start: number, end: number, line: number): LineResult {
    if (start === end) return 'passed-over';
    const header = readExchangeHeader(octets, start, end);
    if (header?.kind === 'log-type') this.#isReceive = /\breceive\b/i.test(header.logType);
    if (header?.kind === 'fields') return this.#readFieldNames(header.names);
    if (header !== undefined) return 'passed-over';
    const why = this.#fields.read(octets, start, end);
    if (why !== undefined) return { why };
    const { count } = this.#fields;
    const columns = this.#columns;
    if (columns?.count !== count) return { why: `${count} columns instead of ${columns?.count ?? NAMES.length}` };
    return this.#readSessionLine(octets, columns, line);
  }

  end(): void {
    this.#sessions.end();
  }

  #readFieldNames(names: readonly string[]): LineResult {
    this.#columns = columnsOf(names);
    return this.#columns === undefined ? { why: 'a header without the columns of a protocol log' } : 'passed-over';
  }

  #readSessionLine(octets: Buffer, columns: Columns, line: number): LineResult {
    const fields = this.#fields;
    const at = instantOfOctets(octets, fields.start(columns['date-time']), fields.end(columns['date-time']));
    if (at === undefined) return { why: 'no instant in date-time' };
    const place = columns['sequence-number'];
    const sequence = wholeNumber(octets, fields.start(place), fields.end(place));
    const id = fields.text(columns['session-id'], MAX_NAME_OCTETS);
    if (sequence === undefined || id === undefined) return { why: 'no session-id or sequence-number' };
    const sign = fields.text(columns.event, 2) ?? '';
    if (!/^[-+<>*]$/.test(sign)) return { why: 'an event that is none of + - < > *' };
    if (!this.#isOfReceiveConnector(columns)) return 'passed-over';
    const remote = fields.text(columns['remote-endpoint'], MAX_NAME_OCTETS) ?? '';
    // Ids are made from the time, so that two servers may give the same.
    const key = `${id} ${remote}`;
    const known = this.#sessions.get(key);
    const session = known ?? new ReceiveSession(id, remote, sequence, at);
    if (known === undefined) this.#sessions.set(key, session, at);
    const [data, context] = [columns.data, columns.context].map((each) => fields.text(each, MAX_TEXT_OCTETS) ?? '');
    const event = readSessionEvent(sign, data ?? '', context ?? '');
    session.addLine(sequence, at, event);
    session.file = this.#file;
    session.line = line;
    if (sign === '+') session.hasStart = true;
    if (sign === '-') this.#end(this.#sessions.take(key) ?? session, session.hasStart);
    return event === undefined && sign !== '+' && sign !== '-' && known !== undefined ? 'passed-over' : 'used';
  }

  /** A receive connector is named `SERVER\Name`, a send connector has no server. */
  #isOfReceiveConnector(columns: Columns): boolean {
    return this.#isReceive ?? this.#fields.text(columns['connector-id'])?.includes('\\') ?? false;
  }

  #end(session: ReceiveSession, isWhole: boolean): void {
    if (!isWhole) this.#unfinished(1);
    const { at, id, file, line } = session;
    const { facts, outcome } = session.read();
    if (facts.helo !== undefined && this.#ownHosts.has(facts.helo)) return;
    this.#sink(logRecord({ at, moment: 'connection', facts, outcome, id, file, line }));
  }
}

/** Undefined where one is missing. */
function columnsOf(names: readonly string[]): Columns | undefined {
  if (NAMES.some((name) => !names.includes(name))) return undefined;
  const places = NAMES.map((name) => [name, names.indexOf(name)]);
  return { ...Object.fromEntries(places), count: names.length };
}
