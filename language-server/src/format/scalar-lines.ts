/** The lines of a plain or quoted scalar of several lines, those behind the first at a column; their blanks mean nothing. */
export function indentedScalar(source: string, column: number): string {
  const [first = '', ...others] = source.split(/\r?\n/);
  const lines = others.map((line) => (line.trim() === '' ? '' : ' '.repeat(column) + line.trimStart()));
  return [first, ...lines].join('\n');
}

/** The lines of a block scalar (`|`, `>`) and how many line breaks stand behind them. */
export interface BlockLines {
  readonly lines: readonly string[];
  readonly lineBreaks: number;
}

/** Moves the lines of a block scalar to a column; what stands deeper within it stays so. */
export function indentedBlock(source: string, column: number): BlockLines {
  const lines = source.split(/\r?\n/);
  const first = lines.find((line) => line.trim() !== '') ?? '';
  const indent = /^ */.exec(first)?.[0].length ?? 0;
  const moved = lines.map((line) => {
    const rest = line.slice(indent);
    return rest === '' ? '' : ' '.repeat(column) + rest;
  });
  const end = moved.findLastIndex((line) => line !== '') + 1;
  return { lines: moved.slice(0, end), lineBreaks: moved.length - end };
}
