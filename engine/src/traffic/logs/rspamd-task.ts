import type { MailOutcome } from './log-record.js';
import { ACCEPTED, rejected } from './log-record.js';

/** What rspamd tells of a message that it looked at. */
export interface RspamdTask {
  readonly queueId: string | undefined;
  readonly address: string | undefined;
  /** Without angle brackets. */
  readonly sender: string | undefined;
  readonly size: number | undefined;
  readonly recipients: number | undefined;
  readonly outcome: MailOutcome;
}

const VERDICT = /\(default: [FT] \(([^)]{1,64})\): \[/;
const LENGTH = /\]\), len: (\d{1,15}), /;
/** The actions that keep mail out; what is greylisted comes as a soft reject. */
const REFUSING_ACTIONS = new Set(['reject', 'soft reject']);

/** What the mail server did with a message that has the action. */
export function outcomeOf(action: string): MailOutcome {
  return REFUSING_ACTIONS.has(action) ? rejected(undefined, undefined) : ACCEPTED;
}

/**
 * Reads what follows `rspamd_task_write_log: `:
 * `id: <…>, qid: <…>, ip: 192.0.2.1, from: <…>, (default: F (no action): [-0.50/15.00] […]), len: 1234, …, rcpts: <…,…>`.
 * Message ids and symbols have any characters, so the parts are looked for between those that are for certain.
 *
 * @returns undefined where the line breaks off before the verdict
 */
export function parseRspamdTask(text: string): RspamdTask | undefined {
  const verdict = VERDICT.exec(text);
  if (verdict === null) return undefined;
  const head = text.slice(0, verdict.index);
  const length = LENGTH.exec(text);
  const recipients = length === null ? -1 : text.indexOf(', rcpts: <', length.index);
  return {
    queueId: between(head, ', qid: <', '>, '),
    address: between(head, ', ip: ', ', '),
    sender: between(head, ', from: <', '>, '),
    size: length === null ? undefined : Number(length[1]),
    recipients: recipients < 0 ? undefined : countRecipients(text, recipients + ', rcpts: <'.length),
    outcome: outcomeOf(verdict[1] ?? ''),
  };
}

function between(text: string, before: string, after: string): string | undefined {
  const at = text.indexOf(before);
  const start = at + before.length;
  const end = at < 0 ? -1 : text.indexOf(after, start);
  return end < 0 ? undefined : text.slice(start, end);
}

/** Undefined where the list breaks off. */
function countRecipients(text: string, start: number): number | undefined {
  const end = text.indexOf('>', start);
  return end < 0 ? undefined : text.slice(start, end).split(',').length;
}
