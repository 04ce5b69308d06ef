import { didYouMean } from '../../policy/did-you-mean.js';
import { type FactName, type Facts, factNamed } from '../../policy/fact.js';
import { describeFactType, parseFactValue } from '../../policy/fact-value.js';
import type { EpochMillis } from '../../policy/instant.js';
import { senderDomain, verifiedClientName } from '../facts-from-text.js';
import { CsvFields } from './csv-fields.js';
import { addressOfEndpoint } from './endpoint.js';
import { type InstantReader, instantReader } from './instant-format.js';
import { JsonFields } from './json-fields.js';
import type {
  Lack,
  LineResult,
  LogFile,
  LogFormat,
  LogReader,
  LogReaderContext,
  LogReadingOptions,
} from './log-format.js';
import type { LogMapping, MappableFact, MappedOutcome, MappedPlace } from './log-mapping.js';
import { ACCEPTED, logRecord, type MailOutcome, type RecordSink, rejected } from './log-record.js';
import { LogInputError } from './log-source.js';
import { outcomeOfReply } from './smtp-reply.js';
import { TimeZone } from './time-zone.js';

/** Any CSV with a header line, or JSON Lines, of which a mapping file tells what is what. Nothing recognises them. */
export const MAPPED_LOG: LogFormat = {
  name: 'mapped',
  title: 'CSV or JSON Lines with a mapping file',
  lacks: ({ mapping }) => (mapping === undefined ? [] : lacksOf(mapping)),
  recognises: () => false,
  instantOf: (text, _, options) => {
    if (options.mapping === undefined) return undefined;
    const { format, separator, at } = options.mapping;
    const read = readerOfInstant(options.mapping, options);
    if (format === 'csv') return at.format.startsWith('epoch') ? undefined : firstInstant(text, separator, read);
    const fields = new JsonFields([at.from]);
    return fields.parse(text) ? read(fields.text(0) ?? '') : undefined;
  },
  open: (context) => new MappedReader(context),
};

/** What stands in a log for a value that is not known. */
const NOT_KNOWN = new Set(['', '-', 'null', 'NULL', 'N/A']);
const MAX_SHOWN = 60;

/** Gives the values of a line by the number of their place. */
interface Row {
  /** @returns what the line is instead, where it has no values */
  read(octets: Buffer, start: number, end: number): LineResult | undefined;
  text(place: number): string | undefined;
  startFile(): void;
}

class MappedReader implements LogReader {
  readonly #sink: RecordSink;
  readonly #mapping: LogMapping;
  readonly #row: Row;
  readonly #readInstant: InstantReader;
  readonly #at: number;
  readonly #id: number;
  readonly #outcome: number;
  readonly #facts: readonly { readonly name: MappableFact; readonly place: number }[];
  #file = '';

  constructor({ sink, mapping, ...options }: LogReaderContext) {
    if (mapping === undefined)
      throw new LogInputError('The format mapped needs a mapping file, which tells its columns.');
    const places: MappedPlace[] = [];
    this.#sink = sink;
    this.#mapping = mapping;
    this.#readInstant = readerOfInstant(mapping, options);
    this.#at = numberOf(places, mapping.at.from);
    this.#id = mapping.id === undefined ? -1 : numberOf(places, mapping.id);
    this.#outcome = mapping.outcome === undefined ? -1 : numberOf(places, mapping.outcome.from);
    this.#facts = Object.entries(mapping.facts).map(([name, place]) => ({
      name: name as MappableFact,
      place: numberOf(places, place),
    }));
    this.#row = mapping.format === 'csv' ? new CsvRow(places, this.#at, mapping.separator) : new JsonRow(places);
  }

  startFile({ name }: LogFile): void {
    this.#file = name;
    this.#row.startFile();
  }

  readLine(octets: Buffer, start: number, end: number, line: number): LineResult {
    if (start === end) return 'passed-over';
    const result = this.#row.read(octets, start, end);
    if (result !== undefined) return result;
    const stamp = this.#row.text(this.#at);
    const at = stamp === undefined ? undefined : this.#readInstant(stamp);
    if (at === undefined) return { why: stamp === undefined ? 'no instant' : `no instant in ${shown(stamp)}` };
    const facts = this.#readFacts();
    if (typeof facts === 'string') return { why: facts };
    this.#sink(
      logRecord({
        at,
        moment: this.#mapping.moment ?? 'message',
        facts,
        id: this.#row.text(this.#id),
        outcome: outcomeOf(this.#row.text(this.#outcome), this.#mapping.outcome),
        file: this.#file,
        line,
      }),
    );
    return 'used';
  }

  end(): void {}

  /** @returns what is wrong, where a value is none of its fact: a column that is mapped to the wrong fact has to show */
  #readFacts(): Facts | string {
    const facts: Partial<Record<FactName, unknown>> = {};
    for (const { name, place } of this.#facts) {
      const written = this.#row.text(place);
      const text = written === undefined || NOT_KNOWN.has(written) ? undefined : asFactText(name, written);
      const definition = factNamed(name);
      if (text === undefined || definition === undefined) continue;
      const value = parseFactValue(definition, text);
      if (value === undefined) return `${name} is not ${describeFactType(definition)}: ${shown(text)}`;
      facts[name] = value;
    }
    return facts as Facts;
  }
}

class CsvRow implements Row {
  readonly #places: readonly MappedPlace[];
  readonly #at: number;
  readonly #fields: CsvFields;
  /** Of each place its column; -1 where the header does not have it. */
  #columns: readonly number[] = [];
  #isAtHeader = true;

  constructor(places: readonly MappedPlace[], at: number, separator = ',') {
    this.#places = places;
    this.#at = at;
    this.#fields = new CsvFields(separator.charCodeAt(0));
  }

  startFile(): void {
    this.#isAtHeader = true;
  }

  read(octets: Buffer, start: number, end: number): LineResult | undefined {
    const why = this.#fields.read(octets, start, end);
    if (why !== undefined) return { why };
    if (this.#isAtHeader) return this.#readHeader();
    // Logs that were joined have their headers in the middle.
    if (this.text(this.#at)?.trim() === this.#places[this.#at]?.[0]) return 'passed-over';
    return this.#columns[this.#at] === -1 ? { why: 'no header with the column of the instant' } : undefined;
  }

  text(place: number): string | undefined {
    const column = this.#columns[place] ?? -1;
    return column < 0 ? undefined : this.#fields.text(column)?.trim();
  }

  #readHeader(): LineResult | undefined {
    this.#isAtHeader = false;
    const names = this.#fields.texts().map((name) => name.trim());
    const columns = this.#places.map(([name = '']) => names.indexOf(name));
    // A file that goes on from the one before may have no header of its own.
    if (this.#columns.length > 0 && columns.every((column) => column < 0)) return undefined;
    this.#columns = columns;
    const missing = this.#places.find((_, place) => columns[place] === -1)?.[0];
    if (missing === undefined) return 'passed-over';
    return { why: `no column ${shown(missing)} in the header. ${didYouMean(missing, names) ?? ''}`.trim() };
  }
}

class JsonRow implements Row {
  readonly #fields: JsonFields;

  constructor(places: readonly MappedPlace[]) {
    this.#fields = new JsonFields(places);
  }

  startFile(): void {}

  read(octets: Buffer, start: number, end: number): LineResult | undefined {
    return this.#fields.read(octets, start, end) ? undefined : { why: 'no JSON object' };
  }

  text(place: number): string | undefined {
    const text = place < 0 ? undefined : this.#fields.text(place);
    return text === '' ? undefined : text;
  }
}

function lacksOf({ facts }: LogMapping): readonly Lack[] {
  const told = new Set(Object.keys(facts));
  return [
    ...(told.has('server.version') ? [] : (['version'] as const)),
    'headers',
    ...(told.has('helo') ? [] : (['helo'] as const)),
    ...(told.has('client.name') ? [] : (['client-name'] as const)),
    ...(told.has('tls.protocol') ? [] : (['tls'] as const)),
  ];
}

/** The number of a place; two facts may stand in the same. */
function numberOf(places: MappedPlace[], place: MappedPlace): number {
  const known = places.findIndex((each) => each.length === place.length && each.every((key, at) => key === place[at]));
  return known >= 0 ? known : places.push(place) - 1;
}

function readerOfInstant({ at }: LogMapping, { timeZone }: LogReadingOptions): InstantReader {
  return instantReader(at.format, new TimeZone(at.zone ?? timeZone));
}

/** Logs write some facts with more around them. */
function asFactText(name: MappableFact, text: string): string | undefined {
  if (name === 'client.address') return addressOfEndpoint(text);
  if (name === 'client.name') return verifiedClientName(text);
  if (name === 'sender.domain') return /[@<]/.test(text) ? senderDomain(text) : text;
  if (name === 'tls.verified')
    return /^(?:true|1|yes)$/i.test(text) ? 'true' : text.replace(/^(?:false|0|no)$/i, 'false');
  return text;
}

function outcomeOf(text: string | undefined, outcome: MappedOutcome | undefined): MailOutcome | undefined {
  if (text === undefined || outcome === undefined) return undefined;
  const word = text.toLowerCase();
  if (outcome.accepted.includes(word)) return ACCEPTED;
  return outcome.rejected.includes(word) ? rejected(undefined, undefined) : outcomeOfReply(text);
}

/** The first field that is an instant: where it stands is told by a header that the line does not have. */
function firstInstant(text: string, separator = ',', read: InstantReader): EpochMillis | undefined {
  const octets = Buffer.from(text);
  const fields = new CsvFields(separator.charCodeAt(0));
  if (fields.read(octets, 0, octets.length) !== undefined) return undefined;
  for (const field of fields.texts()) {
    const instant = read(field.trim());
    if (instant !== undefined) return instant;
  }
  return undefined;
}

function shown(text: string): string {
  return `"${text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text}"`;
}
