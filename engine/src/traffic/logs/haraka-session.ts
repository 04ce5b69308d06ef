import type { EpochMillis } from '../../policy/instant.js';
import { logRecord, type MailOutcome, type RecordSink, rejected } from './log-record.js';
import { clientOf, heloFact, mailFacts, type Tls } from './mail-facts.js';

/** A message of a session, after its data. */
export interface HarakaMessage {
  readonly at: EpochMillis;
  readonly file: string;
  readonly line: number;
  /** Of the transaction: `UUID.1`. */
  readonly id: string;
  readonly senderDomain: string | undefined;
  readonly size: number;
  readonly recipients: number;
  outcome: MailOutcome | undefined;
}

/** A connection to Haraka, by what its lines have told so far. */
export interface HarakaSession {
  readonly id: string;
  /** Of its connect line; undefined where that was not seen. */
  at: EpochMillis | undefined;
  address: string | undefined;
  tls: Tls | undefined;
  /** Of the last transaction. */
  senderDomain: string | undefined;
  isDenied: boolean;
  readonly messages: HarakaMessage[];
}

/** What the last line of a session tells. */
export interface HarakaEnd {
  readonly address: string;
  readonly helo: string;
  /** Reply code of the last reply, where it was a refusal. */
  readonly code: string | undefined;
  readonly durationMillis: number;
}

/** Where and when the end of a session was told. */
export interface EndPlace {
  readonly at: EpochMillis;
  readonly file: string;
  readonly line: number;
}

export function newHarakaSession(id: string): HarakaSession {
  return {
    id,
    at: undefined,
    address: undefined,
    tls: undefined,
    senderDomain: undefined,
    isDenied: false,
    messages: [],
  };
}

/** Tells the messages of a session that ends; one without messages is a record itself. */
export function tellSession(
  session: HarakaSession,
  end: HarakaEnd,
  { at, file, line }: EndPlace,
  sink: RecordSink,
): void {
  const { id, tls, senderDomain, messages } = session;
  if (messages.length > 0) {
    const last = messages.at(-1);
    if (last?.outcome?.kind === 'rejected') last.outcome = rejected(end.code, undefined);
    tellMessages(session, end, sink);
    return;
  }
  const facts = mailFacts({ client: clientOf(undefined, end.address), tls, helo: heloFact(end.helo), senderDomain });
  const isRejected = session.isDenied || end.code !== undefined;
  const outcome = isRejected ? rejected(end.code, undefined) : undefined;
  const start = session.at ?? ((at - end.durationMillis) as EpochMillis);
  sink(logRecord({ at: start, moment: 'connection', facts, id, outcome, file, line }));
}

/** Tells the messages of a session so far, with what is known of its end. */
export function tellMessages(session: HarakaSession, end: HarakaEnd | undefined, sink: RecordSink): void {
  const address = end?.address ?? session.address;
  const client = address === undefined ? undefined : clientOf(undefined, address);
  const helo = end && heloFact(end.helo);
  for (const { at, file, line, id, senderDomain, size, recipients, outcome } of session.messages) {
    const facts = mailFacts({ client, tls: session.tls, helo, senderDomain, size, recipients });
    sink(logRecord({ at, moment: 'message', facts, id, outcome, file, line }));
  }
  session.messages.length = 0;
}
