import type { EpochMillis } from '../../policy/instant.js';
import type { LineResult, LogFile, LogFormat, LogReader, LogReaderContext } from './log-format.js';
import { type LogRecord, logRecord, type RecordSink } from './log-record.js';
import { clientOf, mailFacts, senderFact } from './mail-facts.js';
import { isWordAt, nextOctet } from './octets.js';
import { parseRspamdHistory } from './rspamd-history.js';
import { parseRspamdTask, type RspamdTask } from './rspamd-task.js';
import { SyslogClock } from './syslog-clock.js';
import { behindPriority, syslogInstant } from './syslog-line.js';

/** The log of rspamd, of its own or by syslog, and the rows of its history in JSON. */
export const RSPAMD_LOG: LogFormat = {
  name: 'rspamd',
  title: 'rspamd log or history',
  lacks: ['version', 'headers', 'helo', 'client-name', 'tls'],
  recognises: (text) => LOG_LINE.test(text.slice(0, MAX_HEAD_LENGTH)) || HISTORY_LINE.test(text),
  instantOf: (text, file, options) => historyInstant(text) ?? syslogInstant(text, file, options),
  open: (context) => new RspamdReader(context),
};

const LOG_LINE = / (?:#\d+\([\w.-]+\) |rspamd\[\d+\]: )<[^>]*>; \w+; /;
const HISTORY_LINE = /^(?:\{|\[).*"unix_time": ?\d/;
const MAX_HEAD_LENGTH = 256;

const TASK = Buffer.from('rspamd_task_write_log: ');
const [OPEN_MAP, OPEN_LIST, SEMICOLON, BLANK] = [0x7b, 0x5b, 0x3b, 0x20];
/** Most rows of a history that are put in order; rspamd itself keeps 200. */
const MAX_ROWS = 100_000;

class RspamdReader implements LogReader {
  readonly #sink: RecordSink;
  readonly #clock: SyslogClock;
  #rows: LogRecord[] = [];
  #file = '';

  constructor({ sink, ...options }: LogReaderContext) {
    this.#sink = sink;
    this.#clock = new SyslogClock(options);
  }

  startFile(file: LogFile): void {
    this.#file = file.name;
    this.#clock.startFile(file);
  }

  readLine(octets: Buffer, start: number, end: number, line: number): LineResult {
    if (start === end) return 'passed-over';
    if (octets[start] === OPEN_MAP || octets[start] === OPEN_LIST) {
      return this.#readRows(octets.toString('utf8', start, end), line);
    }
    const stamp = this.#clock.read(octets, behindPriority(octets, start, end), end);
    if (stamp === undefined) return { why: 'no time stamp' };
    const task = taskStart(octets, stamp.end, end);
    if (task < 0) return 'passed-over';
    const read = parseRspamdTask(octets.toString('utf8', task, end));
    if (read === undefined) return { why: 'a task that breaks off before its action' };
    this.#sink(this.#record(read, stamp.at, line));
    return 'used';
  }

  endFile(): void {
    this.#tellRows();
  }

  end(): void {}

  /** A history has its newest row first. */
  #readRows(text: string, line: number): LineResult {
    const rows = parseRspamdHistory(text);
    if (typeof rows === 'string') return { why: rows };
    for (const row of rows) this.#rows.push(this.#record(row, row.at, line));
    if (this.#rows.length > MAX_ROWS) this.#tellRows();
    return 'used';
  }

  #tellRows(): void {
    for (const row of this.#rows.sort((a, b) => a.at - b.at)) this.#sink(row);
    this.#rows = [];
  }

  #record({ queueId: id, address, sender, size, recipients, outcome }: RspamdTask, at: EpochMillis, line: number) {
    const client = address === undefined ? undefined : clientOf(undefined, address);
    const senderDomain = sender === undefined ? undefined : senderFact(sender);
    const facts = mailFacts({ client, senderDomain, size, recipients });
    return logRecord({ at, moment: 'message', facts, id, outcome, file: this.#file, line });
  }
}

/** Behind `#3001(rspamd_proxy) <abc123>; proxy; rspamd_task_write_log: `; -1 where the line is another. */
function taskStart(octets: Buffer, start: number, end: number): number {
  const identified = nextOctet(octets, SEMICOLON, start, end);
  const module = nextOctet(octets, SEMICOLON, identified + 1, end);
  if (octets[module + 1] !== BLANK || !isWordAt(octets, module + 2, end, TASK)) return -1;
  return module + 2 + TASK.length;
}

function historyInstant(text: string): EpochMillis | undefined {
  if (!HISTORY_LINE.test(text)) return undefined;
  const rows = parseRspamdHistory(text);
  return typeof rows === 'string' ? undefined : rows.at(-1)?.at;
}
