import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ListenAddress, RunningGateway } from './listener.js';
import { startPostfixPolicy } from './postfix-policy.js';
import { RawClient } from './raw-client.fixture.js';
import { ACCEPT, BLOCK, DEFER, RecordingEnforcer, RecordingLog, THROTTLE } from './recording-enforcer.fixture.js';

const LIMITS = { maxConnections: 20, idleTimeoutMillis: 10_000, maxRequestOctets: 8192 };

/** As Postfix 3.7 sends it. */
const REQUEST = `request=smtpd_access_policy
protocol_state=RCPT
protocol_name=ESMTP
client_address=2001:db8::7
client_name=mail.partner.example
client_port=41234
reverse_client_name=mail.partner.example
server_address=2001:db8::1
server_port=25
helo_name=Mail.Partner.Example
sender=user=1@partner.example
recipient=u@example.org
recipient_count=0
queue_id=
instance=23aa.6b064986.b3575.0
size=12345
etrn_domain=
stress=
sasl_method=
sasl_username=
sasl_sender=
ccert_subject=mail+2Epartner.example
ccert_issuer=Test+20CA
ccert_fingerprint=2e:17:53
ccert_pubkey_fingerprint=68:B3
encryption_protocol=TLSv1.3
encryption_cipher=TLS_AES_256_GCM_SHA384
encryption_keysize=256
policy_context=

`;

const open: RunningGateway[] = [];
const folders: string[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((gateway) => gateway.close(0)));
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

async function start(listen: ListenAddress = { kind: 'tcp', host: '127.0.0.1', port: 0 }, limits = LIMITS) {
  const enforcer = new RecordingEnforcer();
  const log = new RecordingLog();
  const gateway = await startPostfixPolicy({ enforcer, listen, limits, log });
  open.push(gateway);
  return { enforcer, log, gateway };
}

/** Whether a client may send on within some turns of the event loop, in each of which the gateway may read. */
async function drainsSoon(client: RawClient): Promise<boolean> {
  for (let turn = 0; turn < 500; turn++) {
    if (!client.socket.writableNeedDrain) return true;
    await new Promise(setImmediate);
  }
  return false;
}

describe('the Postfix policy server', () => {
  it('turns the attributes into facts', async () => {
    const { enforcer, gateway } = await start();
    const client = await RawClient.connect(gateway);
    client.send(REQUEST);
    expect(await client.receiveText('\n\n')).toBe('action=DUNNO\n\n');
    expect(enforcer.asked).toEqual([
      {
        connection: {
          gateway: 'postfix-policy',
          instance: '23aa.6b064986.b3575.0',
          facts: {
            'client.address': expect.objectContaining({ family: 6, text: '2001:db8::7' }),
            'client.name': 'mail.partner.example',
            helo: 'mail.partner.example',
            'sender.domain': 'partner.example',
            'tls.protocol': 'TLSv1.3',
            'tls.verified': true,
            'tls.name': 'mail.partner.example',
            'tls.fingerprint': '2E:17:53',
            'message.size': 12345,
          },
        },
      },
    ]);
  });

  it('takes unknown, zero and empty values for facts that are not known', async () => {
    const { enforcer, gateway } = await start();
    const client = await RawClient.connect(gateway);
    client.send(
      'request=smtpd_access_policy\nclient_address=nonsense\nclient_name=unknown\nhelo_name=\nsender=\nsize=0\n' +
        'recipient_count=0\nccert_subject=\nccert_fingerprint=\nencryption_protocol=\nqueue_id=ABC\ninstance=\n\n',
    );
    await client.receiveText('\n\n');
    expect(enforcer.asked[0]?.connection).toEqual({
      gateway: 'postfix-policy',
      queueId: 'ABC',
      facts: { 'tls.verified': false },
    });
  });

  it.each([
    ['accept', ACCEPT, 'action=DUNNO'],
    ['throttle', THROTTLE, 'action=450 4.7.230 Server is 100% out-of-date; throttled for 5 mins/hr.'],
    ['block', BLOCK, 'action=550 5.7.230 Server is blocked.'],
    ['defer', DEFER, 'action=451 4.3.2 Try again later.'],
    [
      'a refusal without a reply',
      { action: 'block' } as const,
      'action=451 4.3.0 Temporary failure; please try again later',
    ],
  ])('answers %s', async (_name, verdict, action) => {
    const { enforcer, gateway } = await start();
    enforcer.answer = () => verdict;
    const client = await RawClient.connect(gateway);
    client.send(REQUEST);
    expect(await client.receiveText('\n\n')).toBe(`${action}\n\n`);
  });

  it('answers pipelined requests in order, one at a time', async () => {
    const { enforcer, gateway } = await start();
    let turn = 0;
    enforcer.answer = async ({ connection }) => {
      // Earlier requests take more turns of the event loop than later ones.
      for (let wait = 50 - turn++; wait > 0; wait--) await new Promise(setImmediate);
      return { action: 'block', reply: { code: 550, status: '5.7.230', text: connection.queueId ?? '' } };
    };
    const client = await RawClient.connect(gateway);
    const ids = Array.from({ length: 50 }, (_, index) => `Q${index}`);
    client.send(ids.map((id) => `request=smtpd_access_policy\nqueue_id=${id}\n\n`).join(''));
    const replies = await client.receive((received) => received.toString().split('\n\n').length > 50);
    expect(replies.toString()).toBe(ids.map((id) => `action=550 5.7.230 ${id}\n\n`).join(''));
    expect(enforcer.mostOpen).toBe(1);
  });

  it('holds back a client that sends without reading', async () => {
    // The kernel buffers less for a unix socket than for TCP, so it is full sooner.
    const folder = await mkdtemp(join(tmpdir(), 'policy-'));
    folders.push(folder);
    const { enforcer, gateway } = await start({ kind: 'unix', path: join(folder, 'policy.sock'), mode: 0o600 });
    enforcer.answer = () => THROTTLE;
    const client = await RawClient.connect(gateway);
    client.socket.pause();
    const batch = 'request=smtpd_access_policy\n\n'.repeat(1000);
    let sent = 0;
    let stalled = false;
    while (!stalled && sent < 100_000) {
      client.send(batch);
      sent += 1000;
      if (client.socket.writableNeedDrain) stalled = !(await drainsSoon(client));
    }
    expect(stalled).toBe(true);
    expect(enforcer.asked.length).toBeLessThan(sent);
    client.socket.resume();
    let replies = 0;
    while (replies < sent) {
      const part = await client.receive((received) => received.length > 0);
      replies += part.toString().split('action=').length - 1;
    }
    expect(enforcer.asked).toHaveLength(sent);
  });

  it('closes without a reply, and tells why, where a request is malformed', async () => {
    const { log, gateway } = await start();
    const client = await RawClient.connect(gateway);
    client.send('hello\n\n');
    await client.closed();
    expect(client.received).toHaveLength(0);
    expect(log.entries).toEqual([
      {
        event: 'request-malformed',
        details: {
          gateway: 'postfix-policy',
          client: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
          problem: 'a line that is not name=value',
        },
      },
    ]);
    expect(gateway.counts()).toMatchObject({ acceptedConnections: 1, malformedRequests: 1 });
  });

  it('closes without a reply where the enforcer breaks its promise', async () => {
    const { enforcer, log, gateway } = await start();
    enforcer.answer = () => Promise.reject(new Error('a bug'));
    const client = await RawClient.connect(gateway);
    client.send(REQUEST);
    await client.closed();
    expect(client.received).toHaveLength(0);
    expect(log.events).toEqual(['gateway-fault']);
  });

  it('speaks through a unix socket of the mode that was asked for', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'policy-'));
    folders.push(folder);
    const path = join(folder, 'policy.sock');
    const { gateway } = await start({ kind: 'unix', path, mode: 0o620 });
    expect((await stat(path)).mode & 0o777).toBe(0o620);
    expect(gateway).toMatchObject({ address: `unix:${path}`, port: undefined });
    const client = await RawClient.connect(gateway);
    client.send(REQUEST);
    expect(await client.receiveText('\n\n')).toBe('action=DUNNO\n\n');
  });

  it('speaks IPv6', async () => {
    const { gateway } = await start({ kind: 'tcp', host: '::1', port: 0 });
    expect(gateway.address).toBe(`inet:[::1]:${gateway.port}`);
    const client = await RawClient.connect(gateway, '::1');
    client.send(REQUEST);
    expect(await client.receiveText('\n\n')).toBe('action=DUNNO\n\n');
  });
});
