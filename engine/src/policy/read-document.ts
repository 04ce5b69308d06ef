import { isUtf8 } from 'node:buffer';
import {
  type Alias,
  Composer,
  type CST,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  type Pair,
  Parser,
  type YAMLError,
  type Document as YamlDocument,
} from 'yaml';
import type { DocumentNode, MapEntry } from './document-node.js';
import { type Finding, type Fix, finding, fixed, relatedTo } from './finding.js';
import { readJsonDocument } from './json-document.js';
import { findJsonProblem } from './json-syntax.js';
import type { SourceRange, SourceSpan } from './source.js';

/** Largest policy file, in octets. */
export const MAX_FILE_OCTETS = 512 * 1024;
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
  if (!isUtf8(octets)) return { findings: [encodingFinding(file, octets)] };
  try {
    return new DocumentReader(file, new TextDecoder('utf-8').decode(octets)).read();
  } catch (error) {
    if (error instanceof UnreadableError) return { findings: [error.finding] };
    throw error;
  }
}

/**
 * Makes of a file what can be made of it, whatever is wrong with it, for editors: half-typed text still has keys and values
 * with places. What it gives is never a policy.
 *
 * @returns undefined where nothing can be read
 */
export function readDraft(file: string, text: string): DocumentNode | undefined {
  if (text.length > MAX_FILE_OCTETS) return undefined;
  try {
    return new DocumentReader(file, text).readDraft();
  } catch (error) {
    if (error instanceof UnreadableError) return undefined;
    throw error;
  }
}

const START: SourceRange = { start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };

const MAX_SYNTAX_FINDINGS = 20;
/** A level puts at most two tokens on the parser's stack (a list in the value of a map), beside the document's. */
const MAX_PARSER_STACK = 2 * MAX_DEPTH + 8;
const COMPOSER_OPTIONS = {
  uniqueKeys: false,
  prettyErrors: false,
  schema: 'core',
  merge: false,
  resolveKnownTags: false,
} as const;
/** What the lexer tells where a list or map in brackets ends without its bracket; what follows seems nested then. */
const FLOW_ERROR = '\u0018';
const UNCLOSED =
  'This is not YAML: a list or map in brackets is not closed before this line, or this line is not indented.';
const UNCLOSED_HINT = 'Close the bracket, or indent the lines within it.';
const TOO_DEEP = `Lists and maps are nested more than ${MAX_DEPTH} levels deep here.`;
const TOO_DEEP_HINT = 'Move parts of a condition to shared conditions.';
const EMPTY_HINT = 'Write the file, or remove it.';
const YAML_HINTS: Partial<Record<YAMLError['code'], string>> = {
  BAD_INDENT: 'Check the indentation of this line and of those above.',
  BLOCK_AS_IMPLICIT_KEY: 'Put text that holds a colon and a space in quotes.',
  MULTILINE_IMPLICIT_KEY: 'A colon may be missing in the line above, or a quote or bracket is not closed.',
};

function encodingFinding(file: string, octets: Uint8Array): Finding {
  const lines = Buffer.from(octets).toString('latin1').split('\n');
  const index = lines.findIndex((line) => !isUtf8(Buffer.from(line, 'latin1')));
  const decoded = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.from(lines[index] ?? '', 'latin1'));
  const line = Math.max(0, index) + 1;
  const column = Math.max(0, decoded.indexOf('\uFFFD')) + 1;
  const range = { start: { line, column }, end: { line, column: column + 1 } };
  return finding('file-encoding', { file, range }, 'The file is not UTF-8: this octet cannot be read.', ENCODING_HINT);
}

const ENCODING_HINT = 'Save the file as UTF-8 (not UTF-16, not Latin-1).';

class UnreadableError extends Error {
  constructor(readonly finding: Finding) {
    super(finding.message);
  }
}

class DocumentReader {
  readonly #lines = new LineCounter();
  readonly #findings: Finding[] = [];
  /** Of anchors of one name, the last one before an alias counts (YAML 1.2 §3.2.2.2). */
  readonly #anchors = new Map<string, Node>();
  readonly #openAliases = new Set<Node>();
  #outermostAlias: SourceSpan | undefined;
  #nodes = 0;

  constructor(
    readonly file: string,
    readonly text: string,
  ) {
    // YAML's parser leaves out line ends within a key of several lines, as a missing colon makes one.
    for (let at = 0; at >= 0; at = text.indexOf('\n', at) + 1 || -1) this.#lines.addNewLine(at);
  }

  read(): DocumentResult {
    return this.file.endsWith('.json') ? this.#readJson() : this.#readYaml();
  }

  readDraft(): DocumentNode | undefined {
    const contents = this.#compose()[0]?.contents;
    return contents == null ? undefined : this.#convert(contents, 0);
  }

  #readJson(): DocumentResult {
    this.#checkCharacters();
    if (this.#findings.length > 0) return { findings: this.#findings };
    if (this.text.trim() === '') return this.#empty();
    this.#checkJson();
    if (this.#findings.length > 0) return { findings: this.#findings };
    const root = readJsonDocument(this.text, {
      file: this.file,
      onValue: (depth, range) => this.#countValue(depth, { file: this.file, range }),
      onDuplicate: (key, range, earlier) => this.#addDuplicate(key, { file: this.file, range }, earlier),
    });
    return { root, findings: this.#findings };
  }

  #readYaml(): DocumentResult {
    const documents = this.#compose();
    this.#checkCharacters();
    if (this.#findings.length > 0) return { findings: this.#findings };
    const [document, second] = documents;
    for (const problem of [...(document?.errors ?? []), ...(document?.warnings ?? [])]) this.#addYamlProblem(problem);
    if (second !== undefined) {
      const [at] = second.range;
      const message = 'A second document begins here; a policy file holds one.';
      this.#addSyntax([at, at], message, 'Move it to a file of its own, or remove the line ---.');
    }
    if (this.#findings.length > 0) return { findings: this.#findings.slice(0, MAX_SYNTAX_FINDINGS) };
    if (document === undefined || document.contents === null) return this.#empty();
    const root = this.#convert(document.contents, 0);
    return { root, findings: this.#findings };
  }

  #empty(): DocumentResult {
    const message = 'The file is empty; a map was expected.';
    return { findings: [finding('yaml-syntax', { file: this.file, range: START }, message, EMPTY_HINT)] };
  }

  /** Parses token by token: a file that is nested too deeply is refused before the composer, which calls itself, sees it. */
  #compose(): YamlDocument.Parsed[] {
    const parser = new Parser();
    const tokens: CST.Token[] = [];
    let broken: SourceRange | undefined;
    for (const lexeme of new Lexer().lex(this.text)) {
      for (const token of parser.next(lexeme)) tokens.push(token);
      if (lexeme === FLOW_ERROR) broken ??= this.#rangeOf([parser.offset]);
      if (parser.stack.length <= MAX_PARSER_STACK) continue;
      throw this.#tooDeep([parser.offset - lexeme.length, parser.offset], broken);
    }
    tokens.push(...parser.end());
    return [...new Composer(COMPOSER_OPTIONS).compose(tokens)];
  }

  #tooDeep(at: readonly [number, number], broken: SourceRange | undefined): UnreadableError {
    return new UnreadableError(
      broken === undefined
        ? finding('document-limits', { file: this.file, range: this.#rangeOf(at) }, TOO_DEEP, TOO_DEEP_HINT)
        : finding('yaml-syntax', { file: this.file, range: broken }, UNCLOSED, UNCLOSED_HINT),
    );
  }

  #convert(node: Node | null, depth: number, at: readonly [number, number] = [0, 0]): DocumentNode {
    const placed = { file: this.file, range: this.#placeOf(node?.range ?? [at[1], at[1]]) };
    this.#countValue(depth, placed);
    if (isAlias(node)) return this.#expand(node, depth, placed.range);
    this.#noteAnchor(node);
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

  #countValue(depth: number, span: SourceSpan): void {
    this.#nodes++;
    if (depth > MAX_DEPTH) throw new UnreadableError(finding('document-limits', span, TOO_DEEP, TOO_DEEP_HINT));
    if (this.#nodes <= MAX_NODES) return;
    const message = `The file has more than ${MAX_NODES} values, with aliases written out.`;
    const place = this.#outermostAlias ?? span;
    throw new UnreadableError(finding('document-limits', place, message, 'Split it into several files.'));
  }

  #noteAnchor(node: Node | null): void {
    const anchor = isAlias(node) ? undefined : node?.anchor;
    if (node !== null && anchor !== undefined && this.#openAliases.size === 0) this.#anchors.set(anchor, node);
  }

  #expand(alias: Alias, depth: number, range: SourceRange): DocumentNode {
    const target = this.#anchors.get(alias.source);
    if (target === undefined) {
      const message = `The alias *${alias.source} names nothing; an anchor &${alias.source} was expected before it.`;
      throw new UnreadableError(finding('yaml-syntax', { file: this.file, range }, message));
    }
    if (this.#openAliases.has(target)) {
      const message = `The alias *${alias.source} stands inside what it names, so it would have no end.`;
      throw new UnreadableError(
        finding('document-limits', { file: this.file, range }, message, 'Write the value out.'),
      );
    }
    if (this.#openAliases.size === 0) this.#outermostAlias = { file: this.file, range };
    this.#openAliases.add(target);
    const converted = this.#convert(target, depth);
    this.#openAliases.delete(target);
    if (this.#openAliases.size === 0) this.#outermostAlias = undefined;
    return converted;
  }

  #entries(pairs: readonly Pair[], depth: number): ReadonlyMap<string, MapEntry> {
    const entries = new Map<string, MapEntry>();
    for (const pair of pairs) {
      const keyNode = pair.key as Node | null;
      const range = keyNode?.range ?? [0, 0];
      if (!isScalar(keyNode)) {
        this.#addSyntax([range[0], range[1]], 'A key has to be text; this is a list, a map or an alias.');
        continue;
      }
      this.#noteAnchor(keyNode);
      const key = typeof keyNode.value === 'string' ? keyNode.value : (keyNode.source ?? String(keyNode.value));
      const keySpan = { file: this.file, range: this.#rangeOf(range) };
      const earlier = entries.get(key);
      if (earlier !== undefined) {
        this.#addDuplicate(key, keySpan, earlier);
        continue;
      }
      const value = this.#convert(pair.value as Node | null, depth + 1, [range[0], range[1]]);
      entries.set(key, { key, keySpan, value });
    }
    return entries;
  }

  #addDuplicate(key: string, span: SourceSpan, { keySpan }: MapEntry): void {
    const message = `The key ${key} is written twice; it stands in line ${keySpan.range.start.line} already.`;
    const related = relatedTo(keySpan, 'The key that counts.');
    this.#findings.push(finding('key-duplicate', span, message, 'Remove one of them.', related));
  }

  /** YAML reads more than JSON; other JSON tools would stumble over such a file. */
  #checkJson(): void {
    const problem = findJsonProblem(this.text);
    if (problem === undefined) return;
    const { offset, length, expected } = problem;
    const hint = 'JSON has no comments and no comma before } or ]; a file named .yaml may have both.';
    const fix = this.#withoutComma(offset);
    this.#addSyntax([offset, offset + length], `This is not JSON: ${expected} was expected here.`, hint, fix);
  }

  /** Takes out a comma with nothing but a closing bracket behind it. */
  #withoutComma(offset: number): Fix | undefined {
    if (!/[}\]]/.test(this.text[offset] ?? '')) return undefined;
    const end = this.text.slice(0, offset).trimEnd().length;
    return this.text[end - 1] === ',' ? { range: this.#rangeOf([end - 1, end]), text: '' } : undefined;
  }

  /** YAML 1.2 §5.1 allows no control characters but tab and line breaks. */
  #checkCharacters(): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    const offset = this.text.search(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)/);
    if (offset < 0) return;
    const number = this.text.charCodeAt(offset).toString(16).toUpperCase().padStart(4, '0');
    const message = `The control character U+${number} cannot stand in a policy file.`;
    const hint = 'Save the file as text, with LF or CRLF at the ends of lines.';
    const fix = { range: this.#rangeOf([offset, offset + 1]), text: this.text[offset] === '\r' ? '\n' : '' };
    this.#addSyntax([offset, offset + 1], message, hint, fix);
  }

  #addYamlProblem({ code, message, pos }: YAMLError): void {
    if (code === 'TAG_RESOLVE_FAILED') {
      const tag = this.text.slice(...pos).split(/\s/)[0] ?? '';
      const [start] = pos;
      const [written = ''] = /^\S*[ \t]*/.exec(this.text.slice(start)) ?? [];
      const fix = { range: this.#rangeOf([start, start + written.length]), text: '' };
      this.#addSyntax(pos, `The tag ${tag} is not known here.`, 'Remove it: policy files need no tags.', fix);
    } else {
      const hint = code === 'TAB_AS_INDENT' ? 'Indent with spaces.' : YAML_HINTS[code];
      this.#addSyntax(pos, `This is not YAML: ${message.replace(/\.?$/, '.')}`, hint);
    }
  }

  #addSyntax(at: readonly [number, number], message: string, hint?: string, fix?: Fix): void {
    this.#findings.push(
      finding('yaml-syntax', { file: this.file, range: this.#rangeOf(at) }, message, hint, fixed(fix)),
    );
  }

  /** The range of a node without the line breaks that YAML counts to the end of a block. */
  #placeOf([start = 0, end = start]: readonly number[]): SourceRange {
    return this.#rangeOf([start, start + this.text.slice(start, end).trimEnd().length]);
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
