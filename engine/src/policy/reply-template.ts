import { didYouMean, nearestWord } from './did-you-mean.js';
import type { FindingCode } from './finding.js';
import { nearestReply } from './nearest-reply.js';

/** What can stand in braces in a reply. */
export const REPLY_PLACEHOLDERS = {
  gateway: 'name of this gateway, from the configuration',
  server: 'name of the sending server',
  version: 'its version that counts',
  build: 'name of its build, or of the nearest known one',
  product: 'its product',
  'throttle.minutes': 'minutes of 450 in an hour at this stage',
  'block.minutes': 'minutes of 550 in an hour at this stage',
  stage: 'name of the stage',
  policy: 'name of the policy',
  help: "the policy's help address",
  connector: 'name of the connector',
  'next.stage': 'name of the next stage',
  'next.date': 'date of the next stage, such as 2026-12-08',
} as const;
export type ReplyPlaceholder = keyof typeof REPLY_PLACEHOLDERS;

/** A reply with its codes apart and its text in parts: plain text and placeholders in turn. */
export interface ReplyTemplate {
  /** 4yz or 5yz (RFC 5321 §4.2). */
  readonly code: number;
  /** Enhanced status code (RFC 3463): `4.7.230`. */
  readonly status: string;
  readonly parts: readonly (string | { readonly placeholder: ReplyPlaceholder })[];
}

/** What is wrong with a reply, and where in its text. */
export interface ReplyProblem {
  readonly code: FindingCode;
  readonly message: string;
  readonly hint?: string;
  readonly offset: number;
  readonly length: number;
  /** What is right instead of the part. */
  readonly replacement?: string;
  /** The whole reply as it is right. */
  readonly rewritten?: string;
}

/** Longest reply line with its CRLF, in octets (RFC 5321 §4.5.3.1.5). */
export const MAX_REPLY_OCTETS = 512;
/** Longest value of a placeholder in a reply, in octets; longer ones are cut when the reply is made. */
export function maxPlaceholderOctets(placeholder: ReplyPlaceholder): number {
  return placeholder === 'help' ? 200 : 64;
}

/** What a reply is for: 4yz to throttle, 5yz to block. */
export type ReplyUse = 'throttle' | 'block';

interface ReplyResult {
  /** Absent where there are problems. */
  readonly template?: ReplyTemplate;
  readonly problems: readonly ReplyProblem[];
}

const REPLY = /^(\d{3}) (\d\.\d{1,3}\.\d{1,3}) (\S.*)$/;

/** The programme's own words, for policies that give no reply. */
export const DEFAULT_REPLIES = {
  throttle:
    '450 4.7.230 Connecting server version is out-of-date; connection to {gateway} throttled for {throttle.minutes} mins/hr.',
  block:
    '550 5.7.230 Connecting server version is out-of-date; connection to {gateway} blocked for {block.minutes} mins/hr.',
} as const;

/** Reads a reply such as `450 4.7.230 Text with {placeholders}.` for throttling (4yz) or blocking (5yz). */
export function parseReplyTemplate(text: string, use: ReplyUse): ReplyResult {
  const { template, problems } = readReplyTemplate(text, use);
  if (template !== undefined) return { template, problems };
  const rewritten = nearestReply(text, use);
  const isRight = rewritten !== undefined && readReplyTemplate(rewritten, use).template !== undefined;
  if (!isRight) return { problems };
  return { problems: problems.map((each) => (each.replacement === undefined ? { ...each, rewritten } : each)) };
}

function readReplyTemplate(text: string, use: ReplyUse): ReplyResult {
  const lineBreak = text.search(/[\r\n]/);
  if (lineBreak >= 0) {
    const message = 'A reply is one line; a line break stands in it.';
    return { problems: [{ code: 'reply-line-break', message, offset: lineBreak, length: 1, hint: FOLD_HINT }] };
  }
  const foreign = text.search(/[^\x20-\x7e]/);
  if (foreign >= 0) {
    const character = String.fromCodePoint(text.codePointAt(foreign) ?? 0);
    const message = `A reply is printable US-ASCII (RFC 5321 §4.2); ${JSON.stringify(character)} is not.`;
    return {
      problems: [{ code: 'reply-not-ascii', message, offset: foreign, length: character.length, hint: ASCII_HINT }],
    };
  }
  const match = REPLY.exec(text);
  if (match === null) {
    const message = 'A reply has a code, an enhanced status code and a text, with one space between them.';
    const hint = `For example: ${use === 'throttle' ? '450 4.7.230' : '550 5.7.230'} Your server is out of date.`;
    return { problems: [{ code: 'reply-syntax', message, hint, offset: 0, length: text.length }] };
  }
  const [, code = '', status = '', body = ''] = match;
  const problems: ReplyProblem[] = [];
  const first = use === 'throttle' ? '4' : '5';
  if (code[0] !== first || !/^[45][0-5]\d$/.test(code)) {
    const message = `To ${use}, a reply begins with a ${first}yz code (RFC 5321 §4.2.1), not ${code}.`;
    problems.push({ code: 'reply-code', message, hint: `Write ${first}50 ${first}.7.230.`, offset: 0, length: 3 });
  } else if (status[0] !== code[0]) {
    const message = `The class of ${status} has to equal the first digit of ${code} (RFC 3463 §3).`;
    const replacement = `${code[0]}${status.slice(1)}`;
    const hint = `Write ${replacement}.`;
    problems.push({ code: 'reply-status-class', message, hint, offset: 4, length: status.length, replacement });
  }
  const bodyOffset = text.length - body.length;
  const parts = readParts(body, bodyOffset, problems);
  const octets = parts.reduce(
    (sum, part) => sum + (typeof part === 'string' ? part.length : maxPlaceholderOctets(part.placeholder)),
    bodyOffset + 2,
  );
  if (octets > MAX_REPLY_OCTETS) {
    const message = `The reply can have ${octets} octets with placeholders at their longest; at most ${MAX_REPLY_OCTETS} are allowed (RFC 5321 §4.5.3.1.5).`;
    problems.push({ code: 'reply-too-long', message, hint: TOO_LONG_HINT, offset: 0, length: text.length });
  }
  return problems.length > 0 ? { problems } : { problems, template: { code: Number(code), status, parts } };
}

const FOLD_HINT = 'Write it on one line, or fold it with > and - in YAML (>-).';
const ASCII_HINT = 'Write it with plain letters and signs.';
const TOO_LONG_HINT = 'Shorten it: a placeholder counts 64 octets, {help} 200.';
const BRACE_HINT = 'Braces can only stand around a placeholder, such as {gateway}.';

function readParts(body: string, bodyOffset: number, problems: ReplyProblem[]): ReplyTemplate['parts'] {
  const parts: ReplyTemplate['parts'][number][] = [];
  let end = 0;
  for (const match of body.matchAll(/\{([^{}]*)\}|[{}]/g)) {
    if (match.index > end) parts.push(body.slice(end, match.index));
    end = match.index + match[0].length;
    const name = match[1] ?? '';
    if (Object.hasOwn(REPLY_PLACEHOLDERS, name)) {
      parts.push({ placeholder: name as ReplyPlaceholder });
      continue;
    }
    const message = match[1] === undefined ? 'A brace stands alone here.' : `There is no placeholder {${name}}.`;
    const names = Object.keys(REPLY_PLACEHOLDERS);
    const hint = match[1] === undefined ? BRACE_HINT : didYouMean(name, names);
    const nearest = match[1] === undefined ? undefined : nearestWord(name, names);
    problems.push({
      code: 'reply-placeholder',
      message,
      offset: bodyOffset + match.index,
      length: match[0].length,
      ...(hint === undefined ? {} : { hint }),
      ...(nearest === undefined ? {} : { replacement: `{${nearest}}` }),
    });
  }
  if (end < body.length) parts.push(body.slice(end));
  return parts;
}

const WRITTEN_MINUTES = /\b(\d{1,4})(?= ?min(?:ute)?s?\b)/gi;

/** Minutes that stand as plain numbers in a reply's text: `throttled for 5 mins/hr` has 5. */
export function writtenMinutes(template: ReplyTemplate): readonly number[] {
  return template.parts.flatMap((part) =>
    typeof part === 'string' ? [...part.matchAll(WRITTEN_MINUTES)].map((match) => Number(match[1])) : [],
  );
}

/** A reply's text with the placeholder of its stage's minutes instead of other numbers. */
export function withMinutesFilledIn(text: string, use: ReplyUse, minutes: number): string {
  return text.replace(WRITTEN_MINUTES, (written) => (Number(written) === minutes ? written : `{${use}.minutes}`));
}
