import { isUtf8 } from 'node:buffer';
import { nearestWord } from '../../policy/did-you-mean.js';
import { normalizeDomain } from '../../policy/domain.js';
import type { Facts } from '../../policy/fact.js';
import { parseIpAddress } from '../../policy/network.js';
import { parseVersion, type Version } from '../../policy/version.js';
import { CsvFields } from './csv-fields.js';
import type { LogRecord, RecordSink } from './log-record.js';

/** Which server has which version, as the operator knows it. */
export interface Inventory {
  /** By host name or name in HELO, normalised, or by the canonical text of the address. */
  readonly servers: ReadonlyMap<string, readonly InventoryEntry[]>;
}

export interface InventoryEntry {
  readonly version: Version;
  /** Only of connections by the connector of this name. */
  readonly connector?: string;
  /** Line of the file, from 1. */
  readonly line: number;
}

export type InventoryResult =
  | { readonly ok: true; readonly inventory: Inventory }
  /** Each with file and line, for the user. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Largest file, in octets. */
export const MAX_INVENTORY_OCTETS = 64 * 1024 * 1024;
const MAX_PROBLEMS = 20;
const COLUMNS = ['server', 'version', 'connector'] as const;
type Columns = Readonly<Record<(typeof COLUMNS)[number], number>>;
const EXAMPLE = 'For example: server,version, and below it ex1.corp.example,15.1.2507.39.';

/**
 * Reads a CSV of `server,version[,connector]` with a header line; columns may stand in any order, and others beside them.
 * Empty lines and lines that begin with `#` are left out.
 */
export function readInventory(octets: Buffer, fileName: string): InventoryResult {
  if (octets.length > MAX_INVENTORY_OCTETS) {
    return refused(`${fileName} has ${octets.length} octets; at most ${MAX_INVENTORY_OCTETS} are read.`);
  }
  if (!isUtf8(octets)) return refused(`${fileName} is not UTF-8. Save the file as UTF-8.`);
  return new InventoryReader(fileName).read(octets.toString('utf8').replace(/^\uFEFF/, ''));
}

function refused(problem: string): InventoryResult {
  return { ok: false, problems: [problem] };
}

class InventoryReader {
  readonly #file: string;
  readonly #servers = new Map<string, InventoryEntry[]>();
  readonly #problems: string[] = [];
  #columns: Columns | undefined;
  #fields = new CsvFields();

  constructor(file: string) {
    this.#file = file;
  }

  read(text: string): InventoryResult {
    for (const [index, line] of text.split(/\r?\n/).entries()) {
      if (line.trim() === '' || line.startsWith('#')) continue;
      if (this.#columns === undefined) this.#fields = new CsvFields(separatorOf(line));
      const octets = Buffer.from(line);
      const problem = this.#fields.read(octets, 0, octets.length);
      if (problem !== undefined) this.#add(index + 1, `The line has ${problem}.`);
      else if (this.#columns === undefined) this.#readHeader(index + 1);
      else this.#readServer(index + 1, this.#columns);
      if (this.#problems.length >= MAX_PROBLEMS || this.#columns === undefined) break;
    }
    if (this.#columns === undefined && this.#problems.length === 0) this.#add(1, `The file is empty. ${EXAMPLE}`);
    if (this.#problems.length > 0) return { ok: false, problems: this.#problems };
    return { ok: true, inventory: { servers: this.#servers } };
  }

  #add(line: number, problem: string): void {
    this.#problems.push(`${this.#file}:${line}: ${problem}`);
  }

  #readHeader(line: number): void {
    const names = this.#fields.texts().map((name) => name.trim().toLowerCase());
    for (const name of ['server', 'version']) {
      if (names.includes(name)) continue;
      const nearest = nearestWord(name, names);
      this.#add(line, `The header has no column ${name}. ${nearest === undefined ? EXAMPLE : `Is it ${nearest}?`}`);
    }
    if (this.#problems.length > 0) return;
    const [server = 0, version = 1, connector = -1] = COLUMNS.map((name) => names.indexOf(name));
    this.#columns = { server, version, connector };
  }

  #readServer(line: number, columns: Columns): void {
    const [server, written, connector] = COLUMNS.map((name) => this.#fields.text(columns[name])?.trim() ?? '');
    const version = parseVersion(written ?? '');
    if (!server) {
      this.#add(line, 'The line names no server.');
      return;
    }
    if (version === undefined) {
      this.#add(line, `"${written}" is no version; one such as 15.1.2507.39 was expected.`);
      return;
    }
    const key = keyOf(server);
    const entries = this.#servers.get(key) ?? [];
    const earlier = entries.find((each) => (each.connector ?? '') === connector);
    if (earlier !== undefined) this.#add(line, `${server} stands in line ${earlier.line} already. Remove one of them.`);
    entries.push({ version, line, ...(connector ? { connector } : {}) });
    this.#servers.set(key, entries);
  }
}

/** Spreadsheets write semicolons or tabs where the comma is the decimal sign. */
function separatorOf(header: string): number {
  const separator = [',', ';', '\t'].find((each) => header.includes(each)) ?? ',';
  return separator.charCodeAt(0);
}

function keyOf(server: string): string {
  return parseIpAddress(server)?.text ?? normalizeDomain(server);
}

/**
 * Gives records that lack a version the one that the inventory has for their server, which is looked up by `server.name`, the
 * server that the headers told, `helo`, `client.name` and `client.address`, in that order.
 */
export function withInventory(sink: RecordSink, inventory: Inventory): RecordSink {
  return (record) => sink(withVersion(record, inventory));
}

function withVersion(record: LogRecord, { servers }: Inventory): LogRecord {
  const { facts, detection } = record;
  const told = detection?.found ? detection : undefined;
  if (facts['server.version'] !== undefined || told?.stamped !== undefined) return record;
  const names = [facts['server.name'], told?.server, facts.helo, facts['client.name'], facts['client.address']?.text];
  for (const name of names) {
    const version = name === undefined ? undefined : versionOf(servers.get(name), facts);
    if (version !== undefined) return { ...record, facts: { ...facts, 'server.version': version } };
  }
  return record;
}

/** Where a log does not tell the connector, a version of one connector is taken only if there is no other. */
function versionOf(entries: readonly InventoryEntry[] | undefined, facts: Facts): Version | undefined {
  if (entries === undefined) return undefined;
  const connector = facts['connector.name'];
  const ofAny = entries.find((entry) => entry.connector === undefined);
  const ofConnector = connector === undefined ? undefined : entries.find((entry) => entry.connector === connector);
  const only = connector === undefined && entries.length === 1 ? entries[0] : undefined;
  return (ofConnector ?? ofAny ?? only)?.version;
}
