import { DECISION_LOG } from './decision-log.js';
import { EXCHANGE_RECEIVE_LOG } from './exchange-receive-log.js';
import { EXCHANGE_TRACKING_LOG } from './exchange-tracking-log.js';
import { HARAKA_LOG } from './haraka-log.js';
import type { LogFormat, LogFormatName } from './log-format.js';
import { MAPPED_LOG } from './mapped-log.js';
import { MESSAGES_LOG } from './messages-log.js';
import { POSTFIX_LOG } from './postfix-log.js';
import { RSPAMD_LOG } from './rspamd-log.js';
import { SENDMAIL_LOG } from './sendmail-log.js';

/** All formats, in the order in which a log is recognised: those that are told for certain come first. */
export const LOG_FORMATS: readonly LogFormat[] = [
  DECISION_LOG,
  EXCHANGE_TRACKING_LOG,
  EXCHANGE_RECEIVE_LOG,
  POSTFIX_LOG,
  SENDMAIL_LOG,
  RSPAMD_LOG,
  HARAKA_LOG,
  MESSAGES_LOG,
  MAPPED_LOG,
];

export function logFormatNamed(name: LogFormatName): LogFormat | undefined {
  return LOG_FORMATS.find((format) => format.name === name);
}

/** Most lines that are looked at to tell a format: mail logs hold lines of other programs too. */
const MAX_LINES = 200;

/** The format that the first line tells for certain, or that most of the first lines are recognised by; undefined where none recognises any. */
export function recogniseLog(lines: readonly string[]): LogFormat | undefined {
  const start = lines.find((text) => text !== '') ?? '';
  const certain = LOG_FORMATS.find((format) => format.recognisesStart?.(start));
  if (certain !== undefined) return certain;
  let best: { readonly format: LogFormat; readonly count: number } | undefined;
  for (const format of LOG_FORMATS) {
    const count = lines.slice(0, MAX_LINES).filter((text, index) => format.recognises(text, index + 1)).length;
    if (count > (best?.count ?? 0)) best = { format, count };
  }
  return best?.format;
}
