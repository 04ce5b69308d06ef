import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
} from 'yaml';
import type { DocumentNode, MapEntry } from './document-node.js';
import { type Finding, finding } from './finding.js';
import type { SourceRange } from './source.js';

/** Largest policy file, in octets. */
export const MAX_FILE_OCTETS = 1024 * 1024;
/** Most values in one file, with aliases expanded. */
export const MAX_NODES = 200_000;
/** Deepest nesting of lists and maps. */
export const MAX_DEPTH = 64;

export interface DocumentResult {
  /** Absent where the file cannot be read at all. */
  readonly root?: DocumentNode;
  readonly findings: readonly Finding[];
}

/** Reads the octets of a YAML or JSON file into values with places. Never throws, whatever the file holds. */
export function readDocument(file: string, octets: Uint8Array): DocumentResult {
  if (octets.length > MAX_FILE_OCTETS) {
    const message = `The file has ${octets.length} octets; at most ${MAX_FILE_OCTETS} are read.`;
    return { findings: [finding('document-limits', { file, range: START }, message, 'Split it into several files.')] };
  }
  const text = new TextDecoder('utf-8').decode(octets);
  const bad = text.indexOf('\uFFFD');
  if (bad >= 0) {
    const before = text.slice(0, bad).split('\n');
    const at = { line: before.length, column: (before.at(-1) ?? '').length + 1 };
    const span = { file, range: { start: at, end: { line: at.line, column: at.column + 1 } } };
    return { findings: [finding('file-encoding', span, 'This is not UTF-8.', 'Save the file as UTF-8.')] };
  }
  try {
    return new DocumentReader(file, text).read();
  } catch (error) {
    if (error instanceof LimitError) return { findings: [error.finding] };
    if (!(error instanceof RangeError)) throw error;
    const message = `Lists and maps are nested too deeply; at most ${MAX_DEPTH} levels are read.`;
    return { findings: [finding('document-limits', { file, range: START }, message)] };
  }
}

const START: SourceRange = { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };

class LimitError extends Error {
  constructor(readonly finding: Finding) {
    super(finding.message);
  }
}

class DocumentReader {
  readonly #lines = new LineCounter();
  readonly #findings: Finding[] = [];
  readonly #openAliases = new Set<Node>();
  #nodes = 0;
  #anchors: ReadonlyMap<string, Node> = new Map();

  constructor(
    readonly file: string,
    readonly text: string,
  ) {}

  read(): DocumentResult {
    refuseDeepFlow(this.file, this.text);
    const documents = parseAllDocuments(this.text, {
      lineCounter: this.#lines,
      uniqueKeys: false,
      prettyErrors: false,
      schema: 'core',
      merge: false,
    });
    const [document, second] = Array.isArray(documents) ? documents : [];
    if (document === undefined) {
      return { findings: [finding('yaml-syntax', { file: this.file, range: START }, 'The file is empty.')] };
    }
    for (const problem of [...document.errors, ...document.warnings]) {
      this.#addSyntax(problem.pos, `${problem.message.replace(/\.?$/, '.')}`);
    }
    if (second !== undefined) {
      const at = second.range[0];
      this.#addSyntax([at, at], 'One document a file was expected; another begins here.', 'Remove the ---.');
    }
    if (this.#findings.length > 0) return { findings: this.#findings.slice(0, 20) };
    if (this.file.endsWith('.json')) this.#checkJson();
    if (document.contents === null) {
      return { findings: [finding('yaml-syntax', { file: this.file, range: START }, 'The file is empty.')] };
    }
    this.#anchors = anchorsOf(document.contents);
    const root = this.#convert(document.contents, 0);
    return { root, findings: this.#findings };
  }

  #convert(node: Node | null, depth: number, at: readonly [number, number] = [0, 0]): DocumentNode {
    this.#nodes++;
    const placed = { file: this.file, range: this.#rangeOf(node?.range ?? [at[1], at[1]]) };
    if (depth > MAX_DEPTH || this.#nodes > MAX_NODES) {
      const what = depth > MAX_DEPTH ? `more than ${MAX_DEPTH} levels` : `more than ${MAX_NODES} values`;
      throw new LimitError(finding('document-limits', placed, `The file has ${what}, with aliases written out.`));
    }
    if (isAlias(node)) return this.#expand(node, depth, placed.range);
    if (isMap(node)) return { kind: 'map', ...placed, entries: this.#entries(node.items as Pair[], depth) };
    if (isSeq(node)) {
      return { kind: 'list', ...placed, items: node.items.map((item) => this.#convert(item as Node, depth + 1)) };
    }
    const value: unknown = isScalar(node) ? node.value : null;
    const raw = node?.range == null ? '' : this.text.slice(node.range[0], node.range[1]);
    if (typeof value === 'bigint') return { kind: 'scalar', ...placed, raw, value: Number(value) };
    const known = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return { kind: 'scalar', ...placed, raw, value: known ? value : null };
  }

  #expand(alias: Alias, depth: number, range: SourceRange): DocumentNode {
    const target = this.#anchors.get(alias.source);
    if (target === undefined || this.#openAliases.has(target)) {
      const message = `The alias *${alias.source} stands inside what it names.`;
      throw new LimitError(finding('document-limits', { file: this.file, range }, message));
    }
    this.#openAliases.add(target);
    const converted = this.#convert(target, depth);
    this.#openAliases.delete(target);
    return converted;
  }

  #entries(pairs: readonly Pair[], depth: number): ReadonlyMap<string, MapEntry> {
    const entries = new Map<string, MapEntry>();
    for (const pair of pairs) {
      const keyNode = pair.key as Node | null;
      const range = keyNode?.range ?? [0, 0];
      if (!isScalar(keyNode)) {
        this.#addSyntax([range[0], range[1]], 'A key has to be text.');
        continue;
      }
      const key = typeof keyNode.value === 'string' ? keyNode.value : (keyNode.source ?? String(keyNode.value));
      const keySpan = { file: this.file, range: this.#rangeOf(range) };
      const earlier = entries.get(key);
      if (earlier !== undefined) {
        const message = `The key ${key} is written twice; it stands in line ${earlier.keySpan.range.start.line} already.`;
        this.#findings.push(finding('key-duplicate', keySpan, message, 'Remove one of them.'));
        continue;
      }
      const value = this.#convert(pair.value as Node | null, depth + 1, [range[0], range[1]]);
      entries.set(key, { key, keySpan, value });
    }
    return entries;
  }

  /** YAML reads more than JSON; other JSON tools would stumble over such a file. */
  #checkJson(): void {
    try {
      JSON.parse(this.text.replace(/^\uFEFF/, ''));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const position = Number(/position (\d+)/.exec(message)?.[1] ?? 0);
      this.#addSyntax([position, position + 1], `This is no JSON: ${message}.`);
    }
  }

  #addSyntax(at: readonly [number, number], message: string, hint?: string): void {
    this.#findings.push(finding('yaml-syntax', { file: this.file, range: this.#rangeOf(at) }, message, hint));
  }

  #rangeOf(offsets: readonly number[]): SourceRange {
    const [start = 0, end = start] = offsets;
    const position = (offset: number) => {
      const { line, col } = this.#lines.linePos(Math.min(offset, this.text.length));
      return { line: Math.max(1, line), column: Math.max(1, col) };
    };
    return { start: position(start), end: position(Math.max(start, end)) };
  }
}

function anchorsOf(contents: Node): ReadonlyMap<string, Node> {
  const anchors = new Map<string, Node>();
  const pending: (Node | null)[] = [contents];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node === null || isAlias(node)) continue;
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    if (isSeq(node)) for (const item of node.items) pending.push(item as Node);
    if (isMap(node)) for (const pair of node.items) pending.push(pair.key as Node, pair.value as Node | null);
  }
  return anchors;
}

/** The parser nests its own calls as deeply as the file does; this keeps a hostile file from reaching it. */
function refuseDeepFlow(file: string, text: string): void {
  let depth = 0;
  let line = 1;
  for (let offset = 0; offset < text.length; offset++) {
    const character = text[offset];
    if (character === '\n') line++;
    else if (character === '[' || character === '{') depth++;
    else if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
    if (depth > 4 * MAX_DEPTH) {
      const at = { line, column: 1 };
      const message = `More than ${MAX_DEPTH} levels of lists and maps open here.`;
      throw new LimitError(finding('document-limits', { file, range: { start: at, end: at } }, message));
    }
  }
}
