import { REPLY_PLACEHOLDERS, type ReplyPlaceholder } from '@sluice/engine/policy/reply-template.js';

/** A part of a reply; `offset` counts in the text as it stands in the file. */
export interface ReplyPart {
  readonly kind: 'code' | 'status' | 'placeholder';
  /** Without the braces of a placeholder. */
  readonly text: string;
  readonly offset: number;
  /** With the braces of a placeholder. */
  readonly length: number;
}

const CODES = /^(?:["']|[>|][-+\d]*\s+)?(\d{3})(?: +(\d\.\d{1,3}\.\d{1,3}))?(?![\d.])/d;
const PLACEHOLDER = /\{([^{}\n]*)\}/g;

/** The codes and placeholders of a reply, in the text of a scalar with its quotes, folded or not. */
export function replyParts(raw: string): ReplyPart[] {
  const parts: ReplyPart[] = [];
  const codes = CODES.exec(raw);
  for (const [kind, group] of [['code', 1] as const, ['status', 2] as const]) {
    const [offset, end] = codes?.indices?.[group] ?? [0, 0];
    if (end > 0) parts.push({ kind, text: raw.slice(offset, end), offset, length: end - offset });
  }
  for (const match of raw.matchAll(PLACEHOLDER)) {
    if (!isReplyPlaceholder(match[1] ?? '')) continue;
    parts.push({ kind: 'placeholder', text: match[1] ?? '', offset: match.index, length: match[0].length });
  }
  return parts;
}

/** Whether the text in braces is a placeholder that replies can have. */
export function isReplyPlaceholder(text: string): text is ReplyPlaceholder {
  return Object.hasOwn(REPLY_PLACEHOLDERS, text);
}
