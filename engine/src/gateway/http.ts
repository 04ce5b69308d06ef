import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { networkContains, parseIpAddress, parseNetwork } from '../policy/network.js';
import { type HttpAppOptions, httpApp } from './http-app.js';
import { hostAndPort, listenOn } from './listen-on.js';
import type { ListenAddress, ListenerLimits, RunningGateway } from './listener.js';
import { countRefusals } from './socket-server.js';

export interface HttpOptions extends Omit<HttpAppOptions, 'onMalformed' | 'maxRequestOctets'> {
  readonly listen: ListenAddress;
  /** The idle timeout bounds each request's header, each whole request, and the time between two on a connection. */
  readonly limits: ListenerLimits;
}

const LOOPBACK = ['127.0.0.0/8', '::1/128'].map((text) => parseNetwork(text));

/** How often Node looks for connections that are over a time limit. */
const MAX_CHECK_INTERVAL_MILLIS = 5_000;
/** Longest header section of a request in octets; Node answers 431 beyond. */
const MAX_HEADER_OCTETS = 16 * 1024;

/**
 * Starts the HTTP interface: `POST /v1/decisions`, `/healthz`, `/readyz`, `/metrics`.
 *
 * @throws Error where the address cannot be listened on, or could be reached from elsewhere and there is no token
 */
export async function startHttp(options: HttpOptions): Promise<RunningGateway> {
  const { listen, limits, log, token } = options;
  requireTokenUnlessLocal(listen, token);
  const counts = { accepted: 0, malformed: 0 };
  const sockets = new Set<Socket>();
  const onMalformed = () => {
    counts.malformed++;
  };
  const app = httpApp({ ...options, maxRequestOctets: limits.maxRequestOctets, onMalformed });
  const server = createServer(
    {
      headersTimeout: limits.idleTimeoutMillis,
      requestTimeout: limits.idleTimeoutMillis,
      keepAliveTimeout: limits.idleTimeoutMillis,
      connectionsCheckingInterval: Math.min(limits.idleTimeoutMillis, MAX_CHECK_INTERVAL_MILLIS),
      maxHeaderSize: MAX_HEADER_OCTETS,
      noDelay: true,
    },
    getRequestListener(app.fetch),
  );
  server.maxConnections = limits.maxConnections;
  server.on('connection', (socket) => {
    counts.accepted++;
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  let closing: Promise<void> | undefined;
  const answering = new Set<ServerResponse>();
  server.prependListener('request', (_request, response) => {
    answering.add(response);
    response.once('close', () => answering.delete(response));
    if (closing !== undefined) response.setHeader('connection', 'close');
  });
  const refusals = countRefusals(server, 'http', log);
  const { text, port } = await listenOn(server, listen);
  server.on('error', (error) => log.warn('listener-error', { gateway: 'http', err: error }));

  return {
    address: listen.kind === 'tcp' ? `http://${hostAndPort(listen.host, port ?? listen.port)}` : text,
    port,
    counts: () => ({
      openConnections: sockets.size,
      acceptedConnections: counts.accepted,
      refusedConnections: refusals.count,
      malformedRequests: counts.malformed,
    }),
    close: (graceMillis) => {
      closing ??= closeServer(server, sockets, answering, graceMillis).finally(() => refusals.stop());
      return closing;
    },
  };
}

function requireTokenUnlessLocal(listen: ListenAddress, token: string | undefined): void {
  if (token === '') throw new Error('The token of the HTTP gateway is empty. Configure a long random one, or none.');
  if (token !== undefined || listen.kind === 'unix' || isLoopback(listen.host)) return;
  throw new Error(
    `The HTTP gateway would listen on ${hostAndPort(listen.host, listen.port)}, where others can reach it, without a token. ` +
      'Configure a token, or listen on 127.0.0.1 or ::1.',
  );
}

function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  const address = parseIpAddress(host);
  if (address === undefined) return false;
  return LOOPBACK.some((network) => typeof network === 'object' && networkContains(network, address));
}

/** Connections without a request are closed at once, each of the others behind its answer. */
function closeServer(
  server: Server,
  sockets: ReadonlySet<Socket>,
  answering: ReadonlySet<ServerResponse>,
  graceMillis: number,
): Promise<void> {
  return new Promise((resolve) => {
    const grace = setTimeout(() => server.closeAllConnections(), graceMillis);
    server.close(() => {
      clearTimeout(grace);
      resolve();
    });
    const busy = new Set([...answering].map((response) => response.socket));
    for (const socket of sockets) if (!busy.has(socket)) socket.destroySoon();
    for (const response of answering) if (!response.headersSent) response.setHeader('connection', 'close');
  });
}
