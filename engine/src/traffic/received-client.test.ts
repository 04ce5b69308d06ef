import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ReceivedClient, receivedClient } from './received-client.js';

const BY = 'by mx.own.example with ESMTPS id 1; Thu, 25 Jan 2024 15:16:09 +0000';

describe('the client of a Received field', () => {
  it.each<[string, string, ReceivedClient]>([
    [
      'Exchange',
      'from EX1.corp.example (192.0.2.1) by mx.own.example (198.51.100.1) with Microsoft SMTP Server (version=TLS1_2) id 15.1.2507.39; x',
      { address: '192.0.2.1', helo: 'EX1.corp.example' },
    ],
    ['Exchange over IPv6', `from ex1 (2001:db8::1) ${BY}`, { address: '2001:db8::1', helo: 'ex1' }],
    [
      'Postfix',
      `from ex1 (mail.corp.example [192.0.2.1])\n\t(using TLSv1.3 with cipher X (256/256 bits)) ${BY}`,
      { address: '192.0.2.1', helo: 'ex1', name: 'mail.corp.example' },
    ],
    [
      'Postfix without reverse DNS',
      `from ex1 (unknown [IPv6:2001:db8::1]) ${BY}`,
      { address: '2001:db8::1', helo: 'ex1' },
    ],
    [
      'Sendmail that doubts the name',
      `from ex1 (mail.corp.example [192.0.2.1] (may be forged)) ${BY}`,
      { address: '192.0.2.1', helo: 'ex1' },
    ],
    [
      'Sendmail with a user',
      `from ex1 (root@mail.corp.example [192.0.2.1]) ${BY}`,
      { address: '192.0.2.1', helo: 'ex1', name: 'mail.corp.example' },
    ],
    [
      'Gmail',
      `from ex1 (mail.corp.example. [192.0.2.1]) ${BY}`,
      { address: '192.0.2.1', helo: 'ex1', name: 'mail.corp.example' },
    ],
    [
      'Exim',
      `from mail.corp.example ([192.0.2.1]:4711 helo=ex1) ${BY}`,
      { address: '192.0.2.1', helo: 'ex1', name: 'mail.corp.example' },
    ],
    ['Exim without reverse DNS', `from [192.0.2.1] (helo=ex1) ${BY}`, { address: '192.0.2.1', helo: 'ex1' }],
    ['qmail', `from unknown (HELO ex1) (192.0.2.1) ${BY}`, { address: '192.0.2.1', helo: 'ex1' }],
    ['a name alone', `from ex1 ${BY}`, { helo: 'ex1' }],
    ['no client', BY, {}],
    ['no host', 'from ex1 (192.0.2.1)', {}],
    ['nothing', '', {}],
    ['a field beyond all bounds', `from ex1 (${'('.repeat(100_000)}) ${BY}`, {}],
  ])('is told by %s', (_, value, expected) => {
    expect(receivedClient(value)).toEqual(expected);
  });

  it('is no error in any field', () => {
    const piece = fc.constantFrom(
      'from ',
      'by ',
      '(',
      ')',
      '[',
      ']',
      'helo=',
      '192.0.2.1',
      '"',
      '\\',
      ';',
      ' ',
      'IPv6:',
    );
    fc.assert(fc.property(fc.array(piece), (pieces) => void receivedClient(pieces.join(''))));
  });
});
