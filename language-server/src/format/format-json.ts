/** Columns that a list or map on one line may take. */
const MAX_COLUMNS = 100;

interface JsonScalar {
  readonly kind: 'scalar';
  readonly text: string;
}

interface JsonCollection {
  readonly kind: 'collection';
  readonly open: '{' | '[';
  readonly items: readonly JsonItem[];
  /** Whether its first item stood on a line of its own. */
  readonly isBroken: boolean;
}

interface JsonItem {
  /** The key of an item of a map, in its quotes. */
  readonly key?: string;
  readonly value: JsonValue;
  /** Whether an empty line stood before it. */
  readonly hasBlankLine: boolean;
}

type JsonValue = JsonScalar | JsonCollection;

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * Lays a JSON text out. A list or map that began on a line of its own stays so, as do empty lines between items; others
 * stand on one line where they fit. Strings and numbers stay as they are written.
 *
 * @param text JSON without faults
 * @param unit blanks, or a tab, of one level
 */
export function formatJson(text: string, unit: string): string {
  const lineBreak = /\r?\n/.exec(text)?.[0] ?? '\n';
  const root = new JsonLayoutReader(text).read();
  return `${laidOut(root, '', 0, unit)}\n`.replaceAll('\n', lineBreak);
}

class JsonLayoutReader {
  readonly #text: string;
  readonly #tokens: RegExpExecArray[];
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = [...text.matchAll(TOKEN)];
  }

  read(): JsonValue {
    const token = this.#take();
    if (token !== '{' && token !== '[') return { kind: 'scalar', text: token };
    const isBroken = /\n/.test(this.#gap());
    const items: JsonItem[] = [];
    while (!/^[}\]]$/.test(this.#peek())) {
      const hasBlankLine = items.length > 0 && /\n\s*\n/.test(this.#gap());
      if (token === '{') {
        const key = this.#take();
        this.#take();
        items.push({ key, value: this.read(), hasBlankLine });
      } else items.push({ value: this.read(), hasBlankLine });
      if (this.#peek() === ',') this.#take();
    }
    this.#take();
    return { kind: 'collection', open: token, items, isBroken };
  }

  #peek(): string {
    return this.#tokens[this.#next]?.[0] ?? ']';
  }

  #take(): string {
    const token = this.#peek();
    this.#next++;
    return token;
  }

  /** What stands between the last token and the next one. */
  #gap(): string {
    const last = this.#tokens[this.#next - 1];
    const next = this.#tokens[this.#next];
    return last === undefined ? '' : this.#text.slice(last.index + last[0].length, next?.index);
  }
}

/** @param used columns that are taken in the line, and behind the value */
function laidOut(value: JsonValue, outer: string, used: number, unit: string): string {
  if (value.kind === 'scalar') return value.text;
  const line = onOneLine(value);
  if (line !== undefined && used + line.length <= MAX_COLUMNS) return line;
  const inner = outer + unit;
  const lines = value.items.map(({ key, value: each, hasBlankLine }) => {
    const start = key === undefined ? '' : `${key}: `;
    const text = laidOut(each, inner, inner.length + start.length + 1, unit);
    return `${hasBlankLine ? '\n' : ''}${inner}${start}${text}`;
  });
  return `${value.open}\n${lines.join(',\n')}\n${outer}${value.open === '{' ? '}' : ']'}`;
}

/** The value on one line; undefined where a part of it was not. */
function onOneLine(value: JsonValue): string | undefined {
  if (value.kind === 'scalar') return value.text;
  if (value.items.length === 0) return value.open === '{' ? '{}' : '[]';
  if (value.isBroken) return undefined;
  const parts: string[] = [];
  for (const { key, value: each } of value.items) {
    const text = onOneLine(each);
    if (text === undefined) return undefined;
    parts.push(key === undefined ? text : `${key}: ${text}`);
  }
  return value.open === '{' ? `{ ${parts.join(', ')} }` : `[${parts.join(', ')}]`;
}
