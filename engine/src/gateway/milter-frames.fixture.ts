import { encodeMilterPacket } from './milter-packet.js';

/** The frames of a mail server, for tests. */
export const frames = {
  negotiate: (version = 6, actions = 0x1ff, steps = 0x1fffff) => {
    const data = Buffer.alloc(12);
    data.writeUInt32BE(version, 0);
    data.writeUInt32BE(actions, 4);
    data.writeUInt32BE(steps, 8);
    return encodeMilterPacket('O', data);
  },
  macros: (command: string, values: Readonly<Record<string, string>>) =>
    text(
      'D',
      `${command}${Object.entries(values)
        .flat()
        .map((part) => `${part}\0`)
        .join('')}`,
    ),
  connect: (name = 'mail.partner.example', family = '4', address = '192.0.2.7') =>
    encodeMilterPacket(
      'C',
      Buffer.concat([Buffer.from(`${name}\0${family}`), Buffer.from([0x9c, 0x40]), Buffer.from(`${address}\0`)]),
    ),
  helo: (name = 'helo.partner.example') => text('H', `${name}\0`),
  mail: (sender = '<user@partner.example>', ...parameters: string[]) =>
    text('M', [sender, ...parameters].map((part) => `${part}\0`).join('')),
  rcpt: (recipient = '<u@example.org>') => text('R', `${recipient}\0`),
  data: () => text('T', ''),
  header: (name: string, value: string) => text('L', `${name}\0${value}\0`),
  endOfHeaders: () => text('N', ''),
  body: (part = 'hello') => text('B', part),
  endOfMessage: () => text('E', ''),
  abort: () => text('A', ''),
  newSession: () => text('K', ''),
  quit: () => text('Q', ''),
  unknown: (command = 'XYZZY') => text('U', `${command}\0`),
};

function text(command: string, data: string): Buffer {
  return encodeMilterPacket(command, Buffer.from(data));
}
