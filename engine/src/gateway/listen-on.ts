import { lstat, unlink } from 'node:fs/promises';
import { connect, type Server } from 'node:net';
import type { ListenAddress } from './listener.js';

/** Longest path of a unix socket in octets (`sun_path` of unix(7) less its NUL; the BSDs have 103). */
export const MAX_SOCKET_PATH_OCTETS = process.platform === 'linux' ? 107 : 103;

/** Where a server listens now. */
export interface Listening {
  /** `inet:127.0.0.1:8891`, `inet:[::1]:8891` or `unix:/run/sluice/milter.sock`. */
  readonly text: string;
  readonly port: number | undefined;
}

/**
 * Makes a server listen.
 *
 * A unix socket has its mode from the first instant; a file that a dead process left at its path is removed before, one on
 * which somebody answers is not. Node removes the socket's file as it stops listening.
 *
 * @throws Error that names the address, the cause and what to do
 */
export async function listenOn(server: Server, address: ListenAddress): Promise<Listening> {
  if (address.kind === 'unix') {
    await clearSocketPath(address.path);
    await listening(server, () => bindUnixSocket(server, address.path, address.mode), `unix:${address.path}`);
    return { text: `unix:${address.path}`, port: undefined };
  }
  const { host, port } = address;
  await listening(server, () => server.listen({ host, port }), inetText(host, port));
  const bound = server.address();
  const boundPort = typeof bound === 'object' && bound !== null ? bound.port : port;
  return { text: inetText(host, boundPort), port: boundPort };
}

/** `127.0.0.1:8891`, `[::1]:8891`: an address with its port as RFC 3986 §3.2 writes it. */
export function hostAndPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function inetText(host: string, port: number): string {
  return `inet:${hostAndPort(host, port)}`;
}

/** With `exclusive` the bind happens within `listen`, also in a cluster's worker, so the mask covers just this one file. */
function bindUnixSocket(server: Server, path: string, mode: number): void {
  const before = process.umask(0o777 & ~mode);
  try {
    server.listen({ path, exclusive: true });
  } finally {
    process.umask(before);
  }
}

function listening(server: Server, listen: () => void, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      reject(new Error(`Cannot listen on ${text}: ${whyNot(error)}`, { cause: error }));
    };
    server.once('error', onError);
    server.once('listening', () => {
      server.off('error', onError);
      resolve();
    });
    listen();
  });
}

function whyNot(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return 'another process listens there. Stop it, or configure another address.';
    case 'EACCES':
      return 'permission denied. Ports below 1024 need CAP_NET_BIND_SERVICE; a socket file needs a folder that may be written.';
    case 'EADDRNOTAVAIL':
      return 'this machine has no such address.';
    case 'ENOENT':
      return 'the folder does not exist. Create it first.';
    default:
      return error.message;
  }
}

async function clearSocketPath(path: string): Promise<void> {
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH_OCTETS) {
    throw new Error(`Cannot listen on unix:${path}: the path is longer than ${MAX_SOCKET_PATH_OCTETS} octets.`);
  }
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isSocket()) {
    throw new Error(`Cannot listen on unix:${path}: a file that is no socket is in the way. Remove it first.`);
  }
  if (await somebodyAnswers(path)) {
    throw new Error(
      `Cannot listen on unix:${path}: another process listens there. Stop it, or configure another path.`,
    );
  }
  await unlink(path);
}

/** Only a refused connection shows that nobody listens: with any other error somebody might. */
function somebodyAnswers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED'));
  });
}
