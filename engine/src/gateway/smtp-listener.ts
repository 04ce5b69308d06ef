import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerDataStream,
  type SMTPServerError,
  type SMTPServerSession,
} from 'smtp-server';
import type { Awaitable } from '../policy/awaitable.js';
import { factsFromText, senderDomain } from '../traffic/facts-from-text.js';
import { readHeaderFields } from '../traffic/header-fields.js';
import type { Connection, Enforcer, Verdict } from './enforcer.js';
import type { GatewayLog } from './gateway-log.js';
import { HeaderBlock } from './header-block.js';
import { listenOn } from './listen-on.js';
import type { ListenAddress, ListenerLimits, RunningGateway } from './listener.js';
import { replyOf, replyText } from './reply-line.js';
import { countRefusals } from './socket-server.js';

/** Octets of a message's header that are read. */
const MAX_HEADER_OCTETS = 256 * 1024;

export interface SmtpListenerOptions {
  readonly enforcer: Enforcer;
  readonly listen: ListenAddress;
  /** A request is one message: `maxRequestOctets` is announced as SIZE (RFC 1870). */
  readonly limits: ListenerLimits;
  readonly log: GatewayLog;
  /** Host name in the greeting. */
  readonly hostName: string;
}

/**
 * Starts a small SMTP listener for trying things out: it judges at MAIL FROM and at the end of DATA, as a real mail server
 * with Sluice would, and discards what it accepts. No authentication, no TLS; not for production.
 *
 * @throws Error where the address cannot be listened on
 */
export async function startSmtpListener(options: SmtpListenerOptions): Promise<RunningGateway> {
  const { listen, limits, log } = options;
  const judging = new Set<string>();
  let closing: Promise<void> | undefined;
  let acceptedConnections = 0;

  /** Answers a command, and ends the connection behind the answer where the listener closes. */
  const answer = async (session: SMTPServerSession, judge: () => Promise<void>) => {
    judging.add(session.id);
    await judge();
    judging.delete(session.id);
    if (closing !== undefined) endConnections(server, (id) => id === session.id);
  };
  const server = new SMTPServer({
    name: options.hostName,
    banner: 'Sluice demo listener',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: limits.maxRequestOctets,
    rejectOversized: true,
    socketTimeout: limits.idleTimeoutMillis,
    onMailFrom: (address, session, callback) =>
      void answer(session, async () => callback(await refusalAtMail(options, address, session))),
    onData: (stream, session, callback) =>
      void answer(session, async () => {
        const refusal = await refusalAtData(options, server, stream, session);
        callback(refusal, '2.0.0 accepted and discarded (demo listener)');
      }),
  });
  server.server.maxConnections = limits.maxConnections;
  server.server.on('connection', () => acceptedConnections++);
  const refusals = countRefusals(server.server, 'smtp', log);
  // Errors with an address are those of one client, such as a reset connection.
  server.on('error', (error: Error) => {
    if (!('remoteAddress' in error)) log.warn('listener-error', { gateway: 'smtp', err: error });
  });
  const { text, port } = await listenOn(server.server, listen);

  return {
    address: text.replace(/^inet:/, 'smtp://'),
    port,
    counts: () => ({
      openConnections: server.connections.size,
      acceptedConnections,
      refusedConnections: refusals.count,
      malformedRequests: 0,
    }),
    close: (graceMillis) => {
      closing ??= closeServer(server, judging, graceMillis).finally(() => refusals.stop());
      return closing;
    },
  };
}

async function refusalAtMail(
  { enforcer, log }: SmtpListenerOptions,
  address: SMTPServerAddress,
  session: SMTPServerSession,
): Promise<SMTPServerError | null> {
  const size = address.args === false ? undefined : address.args['SIZE'];
  const connection = connectionOf(session, address, typeof size === 'string' ? size : undefined);
  return refusalOf(() => enforcer.judgeConnection(connection), log);
}

async function refusalAtData(
  { enforcer, limits, log }: SmtpListenerOptions,
  server: SMTPServer,
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
): Promise<SMTPServerError | null> {
  const header = await readHeader(stream, () => {
    // The library answers 552 at the end of a message that is too large; one without an end is cut.
    if (stream.byteLength > 2 * limits.maxRequestOctets) endConnections(server, (id) => id === session.id);
  });
  if (header === undefined) return temporaryFailure();
  const connection = connectionOf(session, session.envelope.mailFrom, String(stream.byteLength));
  return refusalOf(() => enforcer.judgeMessage(connection, readHeaderFields(header)), log);
}

/** Reads a message to its end and keeps its header; undefined where the client went away before. */
async function readHeader(stream: SMTPServerDataStream, onPart: () => void): Promise<string | undefined> {
  const block = new HeaderBlock(MAX_HEADER_OCTETS);
  try {
    for await (const part of stream) {
      block.add(part);
      onPart();
    }
    return block.text();
  } catch {
    return undefined;
  }
}

function connectionOf(session: SMTPServerSession, sender: SMTPServerAddress | false, size?: string): Connection {
  const recipients = session.envelope.rcptTo.length;
  return {
    gateway: 'smtp',
    queueId: session.id,
    facts: factsFromText({
      'client.address': session.remoteAddress,
      helo: session.hostNameAppearsAs,
      'sender.domain': senderDomain(sender === false ? '' : sender.address),
      'tls.verified': 'false',
      'message.size': size,
      'message.recipients': recipients > 0 ? String(recipients) : undefined,
    }),
  };
}

/** The refusal in the library's terms, which writes the code and the message; null where the command is accepted. */
async function refusalOf(judge: () => Awaitable<Verdict>, log: GatewayLog): Promise<SMTPServerError | null> {
  try {
    const reply = replyOf(await judge());
    return reply === undefined ? null : Object.assign(new Error(replyText(reply)), { responseCode: reply.code });
  } catch (error) {
    log.warn('gateway-fault', { gateway: 'smtp', err: error });
    return temporaryFailure();
  }
}

function temporaryFailure(): SMTPServerError {
  return Object.assign(new Error('4.3.0 Temporary failure; please try again later'), { responseCode: 451 });
}

function endConnections(server: SMTPServer, chosen: (sessionId: string) => boolean): void {
  for (const connection of server.connections) {
    if (chosen(connection.id)) connection.send(421, '4.3.2 Closing the connection');
  }
}

function closeServer(server: SMTPServer, judging: ReadonlySet<string>, graceMillis: number): Promise<void> {
  return new Promise((resolve) => {
    // 0 would mean the library's own 30 s.
    server.options.closeTimeout = Math.max(graceMillis, 1);
    server.close(() => resolve());
    endConnections(server, (id) => !judging.has(id));
  });
}
