import type { Facts } from '../../policy/fact.js';
import { factsFromText, senderDomain } from '../facts-from-text.js';
import { CsvFields } from './csv-fields.js';
import { readExchangeHeader } from './exchange-log-header.js';
import type { LineResult, LogFile, LogFormat, LogReader, LogReaderContext } from './log-format.js';
import { ACCEPTED, logRecord, type RecordSink } from './log-record.js';
import { instantOfOctets } from './octet-instant.js';

/**
 * The message tracking logs of Exchange, `MSGTRK*.LOG`: CSV, one event a line. What comes in by SMTP is a RECEIVE event of the
 * source SMTP. `schema-version` is the build of the server that logs and tells nothing of the client.
 */
export const EXCHANGE_TRACKING_LOG: LogFormat = {
  name: 'exchange-tracking',
  title: 'Exchange message tracking log',
  lacks: ['version', 'headers', 'client-name', 'tls'],
  recognises: (text) =>
    /^#Log-type:\s*Message Tracking Log/i.test(text) || /^#Fields:\s*date-time,client-ip,/i.test(text) || isEvent(text),
  instantOf: (text) => {
    const octets = Buffer.from(text.slice(0, Math.max(0, text.indexOf(','))));
    return instantOfOctets(octets, 0, octets.length);
  },
  open: (context) => new ExchangeTrackingReader(context),
};

const NAMES_OF_2007 =
  'date-time,client-ip,client-hostname,server-ip,server-hostname,source-context,connector-id,source,event-id,internal-message-id,message-id,recipient-address,recipient-status,total-bytes,recipient-count,related-recipient-address,reference,message-subject,sender-address,return-path,message-info';
const NAMES_OF_2010 = `${NAMES_OF_2007},directionality,tenant-id,original-client-ip,original-server-ip,custom-data`;
const NAMES_OF_2013 = NAMES_OF_2010.replace('message-id,recipient', 'message-id,network-message-id,recipient');
const NAMES_OF_2016 = `${NAMES_OF_2013},transport-traffic-type,log-id,schema-version`;

const COLUMNS = [
  'date-time',
  'client-ip',
  'client-hostname',
  'source',
  'event-id',
  'internal-message-id',
  'message-id',
  'total-bytes',
  'recipient-count',
  'return-path',
] as const;
const OPTIONAL_COLUMNS = ['original-client-ip', 'custom-data'] as const;

/** Where each column stands, from 0; -1 where the log does not have it. */
type Columns = { readonly [N in (typeof COLUMNS)[number] | (typeof OPTIONAL_COLUMNS)[number]]: number } & {
  readonly count: number;
};

const KNOWN_COLUMNS: ReadonlyMap<number, Columns> = new Map(
  [NAMES_OF_2007, NAMES_OF_2010, NAMES_OF_2013, NAMES_OF_2016].flatMap((names) => {
    const columns = columnsOf(names.split(','));
    return columns === undefined ? [] : [[columns.count, columns]];
  }),
);

const RECEIVE = Buffer.from('RECEIVE');
const SMTP = Buffer.from('SMTP');

class ExchangeTrackingReader implements LogReader {
  readonly #sink: RecordSink;
  readonly #fields = new CsvFields();
  readonly #ownHosts: ReadonlySet<string>;
  #file = '';
  /** By the header or, without one, by the first line. */
  #columns: Columns | undefined;

  constructor({ sink, ownHosts }: LogReaderContext) {
    this.#sink = sink;
    this.#ownHosts = ownHosts ?? new Set();
  }

  startFile({ name }: LogFile): void {
    this.#file = name;
    this.#columns = undefined;
  }

  readLine(octets: Buffer, start: number, end: number, line: number): LineResult {
    if (start === end) return 'passed-over';
    const header = readExchangeHeader(octets, start, end);
    if (header?.kind === 'fields') return this.#readFieldNames(header.names);
    if (header !== undefined) return 'passed-over';
    const why = this.#fields.read(octets, start, end);
    if (why !== undefined) return { why };
    const { count } = this.#fields;
    this.#columns ??= KNOWN_COLUMNS.get(count);
    if (this.#columns?.count !== count) return { why: wrongCount(count, this.#columns) };
    return this.#readEvent(octets, this.#columns, line);
  }

  end(): void {}

  #readFieldNames(names: readonly string[]): LineResult {
    const columns = columnsOf(names);
    if (columns === undefined) return { why: 'a header without the columns of a message tracking log' };
    this.#columns = columns;
    return 'passed-over';
  }

  #readEvent(octets: Buffer, columns: Columns, line: number): LineResult {
    const fields = this.#fields;
    const isReceived = fields.isWord(columns['event-id'], RECEIVE) && fields.isWord(columns.source, SMTP);
    const stamp = columns['date-time'];
    const at = instantOfOctets(octets, fields.start(stamp), fields.end(stamp));
    if (at === undefined) return { why: 'no instant in date-time' };
    if (!isReceived) return 'passed-over';
    const facts = this.#readFacts(columns);
    if (facts.helo !== undefined && this.#ownHosts.has(facts.helo)) return 'passed-over';
    this.#sink(
      logRecord({
        at,
        moment: 'message',
        facts,
        id: fields.text(columns['internal-message-id']) ?? fields.text(columns['message-id']),
        outcome: ACCEPTED,
        file: this.#file,
        line,
      }),
    );
    return 'used';
  }

  #readFacts(columns: Columns): Facts {
    const fields = this.#fields;
    const client = fields.text(columns['client-ip']);
    const custom = fields.text(columns['custom-data']);
    // Behind a front end or an edge the client of the log is that server; then only the proxy tells the client's name.
    const proxied = fields.text(columns['original-client-ip']) ?? customValue(custom, 'S:ProxiedClientIPAddress=');
    const name = customValue(custom, 'S:ProxiedClientHostname=');
    const isDirect = proxied === undefined || proxied === client;
    return factsFromText({
      'client.address': proxied ?? client,
      helo: name ?? (isDirect ? fields.text(columns['client-hostname']) : undefined),
      'sender.domain': senderDomain(fields.text(columns['return-path']) ?? ''),
      'message.size': fields.text(columns['total-bytes']),
      'message.recipients': fields.text(columns['recipient-count']),
    });
  }
}

/** The value of `S:ProxiedClientHostname=host01;S:…`. */
function customValue(custom: string | undefined, key: string): string | undefined {
  const text = `;${custom}`;
  const at = text.indexOf(`;${key}`);
  if (at < 0) return undefined;
  const start = at + 1 + key.length;
  const end = text.indexOf(';', start);
  return text.slice(start, end < 0 ? text.length : end);
}

/** Undefined where a column is missing that a record needs. */
function columnsOf(names: readonly string[]): Columns | undefined {
  if (COLUMNS.some((name) => !names.includes(name))) return undefined;
  const places = [...COLUMNS, ...OPTIONAL_COLUMNS].map((name) => [name, names.indexOf(name)]);
  return { ...Object.fromEntries(places), count: names.length };
}

function wrongCount(count: number, columns: Columns | undefined): string {
  const expected = columns?.count ?? [...KNOWN_COLUMNS.keys()].join(', ');
  return `${count} columns instead of ${expected}`;
}

function isEvent(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT[\d:.]{8,16}Z,/.test(text)) return false;
  const octets = Buffer.from(text);
  const fields = new CsvFields();
  return fields.read(octets, 0, octets.length) === undefined && KNOWN_COLUMNS.has(fields.count);
}
