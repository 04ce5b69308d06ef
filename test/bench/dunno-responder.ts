import { createServer, type Socket } from 'node:net';
import type { PostfixAddress } from './postfix-load-worker.js';
import { ownTask } from './worker-process.js';

/**
 * A bare Node responder: reads the attributes of each request and answers `DUNNO`. What a policy service in Node can reach
 * at most.
 */
const address = await ownTask<PostfixAddress>();
const server = createServer({ noDelay: true }, answer);
server.listen('path' in address ? { path: address.path } : { host: '127.0.0.1', port: address.port }, () => {
  process.send?.('listening');
});
process.once('disconnect', () => process.exit());

function answer(socket: Socket): void {
  let text = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    text += chunk;
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end < 0) return;
      const attributes = attributesOf(text.slice(0, end));
      text = text.slice(end + 2);
      if (attributes.get('request') !== 'smtpd_access_policy') return void socket.destroy();
      socket.write('action=DUNNO\n\n');
    }
  });
  socket.on('error', () => socket.destroy());
}

function attributesOf(request: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const line of request.split('\n')) {
    const equals = line.indexOf('=');
    attributes.set(line.slice(0, equals), line.slice(equals + 1));
  }
  return attributes;
}
