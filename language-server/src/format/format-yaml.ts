import { type CST, Lexer, Parser } from 'yaml';
import { LineWriter } from './line-writer.js';
import { indentedBlock, indentedScalar } from './scalar-lines.js';

/** Blanks that a dash and the blank behind it take. */
const DASH = 2;

/**
 * Lays a YAML text out: indentation, blanks, empty lines. Words, comments, quotes, order and where lines break within
 * brackets stay.
 *
 * @param indentation blanks of one level
 * @returns undefined for what is seldom written and is left as it is: explicit keys, directives, block scalars with an
 *   indicator of their indentation or with their last line breaks kept
 */
export function formatYaml(text: string, indentation: number): string | undefined {
  const lineBreak = /\r?\n/.exec(text)?.[0] ?? '\n';
  try {
    const formatted = new YamlFormatter(indentation).format(text);
    return formatted.replaceAll('\n', lineBreak);
  } catch (error) {
    if (error instanceof LeftAsItIs) return undefined;
    throw error;
  }
}

/** The comments of a YAML text, in their order. */
export function commentsIn(text: string): string[] {
  return [...new Lexer().lex(text)].filter((lexeme) => lexeme.startsWith('#')).map((comment) => comment.trimEnd());
}

class LeftAsItIs extends Error {}

/** A list or map without brackets: the column of its keys or dashes in the old text, and in the new one. */
interface Level {
  readonly old: number;
  readonly column: number;
}

type Value = CST.Token | null | undefined;

class YamlFormatter {
  readonly #step: number;
  readonly #out = new LineWriter();
  /** Outermost first. */
  readonly #levels: Level[] = [{ old: 0, column: 0 }];
  /** How many brackets are open. */
  #brackets = 0;

  constructor(step: number) {
    this.#step = step;
  }

  format(text: string): string {
    for (const token of new Parser().parse(text)) this.#topLevel(token);
    return this.#out.text;
  }

  #topLevel(token: CST.Token): void {
    if (token.type === 'document') {
      this.#trivia(token.start, '', 0);
      this.#value(token.value, 0, 0);
      this.#trivia(token.end ?? [], ' ', 0);
    } else if (token.type === 'comment' || token.type === 'newline' || token.type === 'space') {
      this.#trivia([token], ' ', 0);
    } else if (token.type === 'doc-end') this.#out.write('...', '', 0);
    else throw new LeftAsItIs();
  }

  /**
   * Writes a value.
   *
   * @param column where it begins if it begins a line and has no keys or dashes of its own
   * @param gap blanks before it otherwise
   */
  #value(value: Value, column: number, gap: number): void {
    if (value === null || value === undefined) return;
    switch (value.type) {
      case 'block-map':
        this.#within({ old: value.indent, column }, () => this.#map(value, column, gap));
        break;
      case 'block-seq':
        this.#within({ old: value.indent, column }, () => this.#list(value, column, gap));
        break;
      case 'flow-collection':
        this.#inBrackets(value, column, gap);
        break;
      case 'block-scalar':
        this.#blockScalar(value, column);
        break;
      case 'alias':
      case 'scalar':
      case 'single-quoted-scalar':
      case 'double-quoted-scalar':
        this.#out.write(indentedScalar(value.source, column), ' '.repeat(gap), column);
        this.#trivia(value.end ?? [], ' ', this.#columnBehind(column));
        break;
      default:
        throw new LeftAsItIs();
    }
  }

  #map(map: CST.BlockMap, column: number, gap: number): void {
    for (const item of map.items) {
      this.#trivia(item.start, ' '.repeat(gap), column);
      if (item.key === undefined && item.sep === undefined) continue;
      this.#key(item.key, column, gap);
      const level = this.#levelOf(item.value, column + this.#step);
      const write = () => this.#trivia(item.sep ?? [], ' ', level.column);
      if (isBlock(item.value)) this.#within(level, write);
      else write();
      this.#value(item.value, level.column, 1);
    }
  }

  #list(list: CST.BlockSequence, column: number, gap: number): void {
    const below = column + DASH;
    for (const item of list.items) {
      const dash = item.start.findIndex(({ type }) => type === 'seq-item-ind');
      if (dash < 0) {
        this.#trailing(list, item.start, column);
        continue;
      }
      this.#trivia(item.start.slice(0, dash), ' ', column);
      this.#out.write('-', ' '.repeat(gap), column);
      const write = () => this.#trivia(item.start.slice(dash + 1), ' ', below);
      if (isBlock(item.value)) this.#within(this.#levelOf(item.value, below), write);
      else write();
      this.#value(item.value, below, 1);
    }
  }

  /** What follows a list whose dashes stood below its key belongs to the map around it. */
  #trailing(list: CST.BlockSequence, tokens: readonly CST.SourceToken[], column: number): void {
    const outer = this.#levels.at(-2);
    const own = outer?.old === list.indent ? this.#levels.pop() : undefined;
    this.#trivia(tokens, ' ', column);
    if (own !== undefined) this.#levels.push(own);
  }

  #key(key: Value, column: number, gap: number): void {
    const isPlain =
      key?.type === 'scalar' || key?.type === 'single-quoted-scalar' || key?.type === 'double-quoted-scalar';
    if (!isPlain) throw new LeftAsItIs();
    this.#value(key, column, gap);
  }

  /** @param outer column of the closing bracket where that begins a line */
  #inBrackets(collection: CST.FlowCollection, outer: number, gap: number): void {
    const out = this.#out;
    const { start, items, end } = collection;
    out.write(start.source, ' '.repeat(gap), outer);
    const column = Math.max(out.lineIndent, outer);
    const inner = column + this.#step;
    const padding = start.type === 'flow-map-start' ? 1 : 0;
    let before = padding;
    this.#brackets++;
    for (const item of items) {
      for (const token of item.start) {
        if (token.type === 'comma') before = 1;
        this.#trivium(token, ' '.repeat(before), inner);
      }
      if (item.key !== undefined) this.#itemInBrackets(item.key, inner, before);
      else if (item.sep !== undefined) throw new LeftAsItIs();
      this.#trivia(item.sep ?? [], ' ', inner);
      this.#itemInBrackets(item.value, inner, item.key === undefined ? before : 1);
    }
    const [closing, ...rest] = end;
    const isEmpty = items.every(({ key, value }) => key === undefined && value === undefined);
    out.write(closing?.source ?? '', isEmpty ? '' : ' '.repeat(padding), column);
    this.#brackets--;
    this.#trivia(rest, ' ', this.#columnBehind(outer));
  }

  #itemInBrackets(value: Value, column: number, gap: number): void {
    if (isBlock(value)) throw new LeftAsItIs();
    this.#value(value, column, gap);
  }

  #blockScalar({ props, source }: CST.BlockScalar, column: number): void {
    for (const token of props) {
      if (token.type === 'block-scalar-header' && /[+\d]/.test(token.source)) throw new LeftAsItIs();
      if (token.type !== 'newline') this.#trivium(token, ' ', column);
    }
    const { lines, lineBreaks } = indentedBlock(source, column);
    if (lines.length > 0) this.#out.write(`\n${lines.join('\n')}`, '', 0);
    this.#out.lineBreak(lineBreaks);
  }

  #trivia(tokens: readonly CST.Token[], gap: string, column: number): void {
    for (const token of tokens) this.#trivium(token, gap, column);
  }

  /** Writes what stands between values. */
  #trivium(token: CST.Token, gap: string, column: number): void {
    const out = this.#out;
    switch (token.type) {
      case 'space':
        break;
      case 'newline':
        out.lineBreak();
        break;
      case 'comment':
        out.write(token.source.trimEnd(), ' ', this.#columnOfComment(token, column));
        break;
      case 'map-value-ind':
      case 'comma':
        out.write(token.source, '', column);
        break;
      case 'doc-start':
        out.write(token.source, '', 0);
        break;
      case 'anchor':
      case 'tag':
      case 'block-scalar-header':
        out.write(token.source, gap, column);
        break;
      default:
        throw new LeftAsItIs();
    }
  }

  /** Comments in lines of their own behind a value belong to what follows it. */
  #columnBehind(column: number): number {
    return this.#brackets > 0 ? column : (this.#levels.at(-1)?.column ?? 0);
  }

  /** A comment belongs to the innermost level that stands no deeper than it did. */
  #columnOfComment({ indent }: CST.SourceToken, column: number): number {
    const level = this.#levels.findLast(({ old }) => old <= indent);
    return level === this.#levels.at(-1) ? column : (level?.column ?? 0);
  }

  #levelOf(value: Value, column: number): Level {
    return { old: isBlock(value) ? value.indent : 0, column };
  }

  #within(level: Level, write: () => void): void {
    this.#levels.push(level);
    write();
    this.#levels.pop();
  }
}

function isBlock(value: Value): value is CST.BlockMap | CST.BlockSequence {
  return value?.type === 'block-map' || value?.type === 'block-seq';
}
