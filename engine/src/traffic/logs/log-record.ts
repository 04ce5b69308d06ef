import type { Facts } from '../../policy/fact.js';
import type { EpochMillis } from '../../policy/instant.js';
import type { Detection, HeaderField } from '../detection.js';
import type { DecisionLogEntry } from './decision-log-entry.js';

/** What the mail server did, as far as its log says. */
export type MailOutcome =
  | { readonly kind: 'accepted' }
  | {
      readonly kind: 'rejected';
      /** Reply code, such as 450 (RFC 5321 §4.2). */
      readonly code?: number;
      /** Enhanced status code, such as `5.7.1` (RFC 3463). */
      readonly status?: string;
    };

/**
 * One connection or message of a log, as far as it can be decided again. Records come in the order of the log, nearly that
 * of their instants: a record may lie behind the one before it by as long as a session lasts, or as the log's clock went back.
 */
export interface LogRecord {
  readonly at: EpochMillis;
  /** `connection`: known before the headers. `message`: known at the end of the headers. */
  readonly moment: 'connection' | 'message';
  /** What is known of the connection; derived facts only where the log tells them. */
  readonly facts: Facts;
  /** What the headers told; absent where the log does not have them. */
  readonly detection: Detection | undefined;
  /** The headers from the top down, as the mail server that judges would see them; only where the source is messages. */
  readonly headers: readonly HeaderField[] | undefined;
  /** Queue id or session id. */
  readonly id: string | undefined;
  /** Names one delivery that asks several times, so that it counts once; only where the log tells. */
  readonly instance: string | undefined;
  readonly outcome: MailOutcome | undefined;
  readonly file: string;
  /** Line of the file, from 1, on which the record stands or ends. */
  readonly line: number;
  /** The whole entry of a decision log. To be called only while the record is handed over: it reads the line. */
  readonly readEntry: (() => DecisionLogEntry) | undefined;
}

/** Takes the records one by one. */
export type RecordSink = (record: LogRecord) => void;

/** Makes a record of what a reader knows of it. */
export function logRecord(
  known: Pick<LogRecord, 'at' | 'moment' | 'facts' | 'file' | 'line'> & Partial<LogRecord>,
): LogRecord {
  // One shape for all, so that what takes them stays fast.
  return {
    at: known.at,
    moment: known.moment,
    facts: known.facts,
    detection: known.detection,
    headers: known.headers,
    id: known.id,
    instance: known.instance,
    outcome: known.outcome,
    file: known.file,
    line: known.line,
    readEntry: known.readEntry,
  };
}

export const ACCEPTED: MailOutcome = { kind: 'accepted' };

/** A refusal by its codes, where they are told. */
export function rejected(code: string | undefined, status: string | undefined): MailOutcome {
  return {
    kind: 'rejected',
    ...(code === undefined ? {} : { code: Number(code) }),
    ...(status === undefined ? {} : { status }),
  };
}
