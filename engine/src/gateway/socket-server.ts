import { createServer, type Server } from 'node:net';
import type { GatewayLog } from './gateway-log.js';
import { listenOn } from './listen-on.js';
import type { ListenAddress, ListenerLimits, RunningGateway } from './listener.js';
import { type Peer, type ProtocolHandler, SocketConnection } from './socket-connection.js';

/** At most one line a minute tells of refused connections: they come in floods. */
const REFUSAL_LOG_INTERVAL_MILLIS = 60_000;

export interface SocketServerOptions {
  /** Name of the gateway in logs. */
  readonly gateway: string;
  readonly listen: ListenAddress;
  readonly limits: ListenerLimits;
  readonly log: GatewayLog;
  /** Makes the protocol of a new connection. */
  readonly handlerFor: (peer: Peer) => ProtocolHandler;
}

/**
 * Listens on TCP or a unix socket and runs a protocol on each connection.
 *
 * @throws Error where the address cannot be listened on
 */
export async function startSocketServer(options: SocketServerOptions): Promise<RunningGateway> {
  const { gateway, limits, log } = options;
  const connections = new Set<SocketConnection>();
  let acceptedConnections = 0;
  let malformedRequests = 0;
  const onMalformed = () => {
    malformedRequests++;
  };
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    acceptedConnections++;
    const connection = new SocketConnection(socket, {
      gateway,
      idleTimeoutMillis: limits.idleTimeoutMillis,
      log,
      onMalformed,
    });
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
    connection.run(options.handlerFor(connection));
  });
  server.maxConnections = limits.maxConnections;
  const refusals = countRefusals(server, gateway, log);
  const { text, port } = await listenOn(server, options.listen);
  server.on('error', (error) => log.warn('listener-error', { gateway, err: error }));

  let closing: Promise<void> | undefined;
  return {
    address: text,
    port,
    counts: () => ({
      openConnections: connections.size,
      acceptedConnections,
      refusedConnections: refusals.count,
      malformedRequests,
    }),
    close: (graceMillis) => {
      closing ??= closeServer(server, connections, graceMillis).finally(() => refusals.stop());
      return closing;
    },
  };
}

/** Counts the connections that a server drops over `maxConnections`, and logs them in summary. */
export function countRefusals(server: Server, gateway: string, log: GatewayLog): { count: number; stop(): void } {
  let logged = 0;
  let timer: NodeJS.Timeout | undefined;
  const tell = () => {
    if (counter.count > logged) log.warn('connections-refused', { gateway, count: counter.count - logged });
    logged = counter.count;
  };
  const counter = { count: 0, stop: () => clearTimeout(timer) };
  server.on('drop', () => {
    counter.count++;
    if (timer !== undefined) return;
    tell();
    timer = setTimeout(() => {
      timer = undefined;
      tell();
    }, REFUSAL_LOG_INTERVAL_MILLIS).unref();
  });
  return counter;
}

function closeServer(server: Server, connections: ReadonlySet<SocketConnection>, graceMillis: number): Promise<void> {
  return new Promise((resolve) => {
    const grace = setTimeout(() => {
      for (const connection of connections) connection.cut();
    }, graceMillis);
    server.close(() => {
      clearTimeout(grace);
      resolve();
    });
    for (const connection of connections) connection.drain();
  });
}
