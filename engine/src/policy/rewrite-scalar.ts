import { stringify } from 'yaml';
import { type DocumentNode, partOfText, type ScalarNode } from './document-node.js';
import type { Fix } from './finding.js';

/**
 * Puts another value in the place of a scalar, or another text in the place of a part of it, in quotes of the same kind.
 *
 * @param offset where the part begins in the value, `length` how long it is; the whole value where absent
 * @returns undefined where the node is no scalar
 */
export function rewriteScalar(
  node: DocumentNode,
  value: string | number | boolean,
  offset?: number,
  length = 1,
): Fix | undefined {
  if (node.kind !== 'scalar') return undefined;
  if (offset === undefined) return { range: node.range, text: writeLike(node, value) };
  const part = String(value);
  const { range } = partOfText(node, offset, length);
  const isPart = range !== node.range;
  if (isPart && /^[^"'\\\r\n#:]*$/.test(part)) return { range, text: part };
  const text = String(node.value);
  const whole = text.slice(0, offset) + part + text.slice(offset + length);
  return { range: node.range, text: writeLike(node, whole) };
}

/** Writes a value as JSON, or as YAML that can stand in a list in brackets as well, quoted as another scalar is. */
export function writeLike({ file, raw }: Pick<ScalarNode, 'file' | 'raw'>, value: string | number | boolean): string {
  if (typeof value !== 'string') return String(value);
  if (file.endsWith('.json') || raw.startsWith('"')) return JSON.stringify(value);
  if (raw.startsWith("'") && !/[\r\n]/.test(value)) return `'${value.replaceAll("'", "''")}'`;
  return stringify([value], { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 })
    .trim()
    .slice(1, -1);
}
