import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { SAMPLE_POLICIES, sampleMessage } from '../harness/repository.js';
import { runSluice } from '../harness/run-program.js';
import { GATEWAY_NAME, type LogLine, type SluiceProcess, startSluice } from '../harness/sluice-process.js';
import { makeTemporaryFolder, temporaryFolder } from '../harness/temporary-folder.js';
import { messageOf } from './message-of.js';
import { type PostfixWithSluice, startPostfixWithSluice, type Transport } from './postfix-with-sluice.js';
import { type SwaksResult, swaks } from './swaks.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The first detection; the exemption of the sample policies holds far beyond day 91. */
const DAY_0 = Date.parse('2026-11-10T08:00:00Z');
const DAY_35 = DAY_0 + 35 * DAY;
const DAY_91 = DAY_0 + 91 * DAY;
/** Some seconds inside or outside a window: the clock runs on while messages are sent. */
const MARGIN = 20_000;

const OUTDATED = sampleMessage('exchange-2016-outdated');
const PATCHED = sampleMessage('exchange-2016-patched');
const SERVER = 'mbx01.contoso.example';
const HELP = 'For more information see https://aka.ms/BlockUnsafeExchange.';
const THROTTLED = `450 4.7.230 Connecting Exchange server version is out-of-date; connection to mail.contoso.example throttled for 5 mins/hr. ${HELP}`;
const BLOCKED = `550 5.7.230 Connecting Exchange server version is out-of-date; connection to mail.contoso.example blocked for 60 mins/hr. ${HELP}`;

/** What swaks had sent when the answer came. */
const AT_MAIL = ['EHLO', 'MAIL'];
const AT_RCPT = ['EHLO', 'MAIL', 'RCPT'];
const BEHIND_HEADERS = ['EHLO', 'MAIL', 'RCPT', 'DATA', '.'];
const ACCEPTED = { commands: BEHIND_HEADERS, reply: expect.stringMatching(/^250 2\.0\.0 Ok: queued as /) };

let folder: string;
let policies: string;
let world: PostfixWithSluice;

beforeAll(async () => {
  folder = await makeTemporaryFolder();
  policies = join(folder, 'policies');
  await cp(SAMPLE_POLICIES, policies, { recursive: true });
  world = await startPostfixWithSluice(folder);
});

afterAll(async () => {
  await world?.postfix.stop();
  await rm(folder, { recursive: true, force: true });
});

/** One gateway as the days pass: its store stays, the service is started anew for each time. */
class Story {
  readonly #folder: string;
  readonly #transport: Transport;
  readonly #configuration: object;
  readonly #log: LogLine[] = [];

  private constructor(ownFolder: string, transport: Transport, configuration: object) {
    this.#folder = ownFolder;
    this.#transport = transport;
    this.#configuration = configuration;
  }

  static async begin(transport: Transport = 'TCP', configuration: object = {}): Promise<Story> {
    const story = new Story(await temporaryFolder(), transport, configuration);
    onTestFinished(() => story.#expectSameReplay());
    return story;
  }

  /** Lets the service run from an instant on while something happens. */
  async at<T>(instant: number, happens: (sluice: SluiceProcess) => Promise<T>): Promise<T> {
    const sluice = await startSluice({
      policies,
      folder: this.#folder,
      listen: world.listen[this.#transport],
      configuration: this.#configuration,
      clock: new Date(instant).toISOString(),
    });
    const result = await happens(sluice);
    await sluice.stop();
    this.#log.push(...sluice.log);
    return result;
  }

  /** Whatever was decided for Postfix is decided again from the log. */
  async #expectSameReplay(): Promise<void> {
    const live = this.#log.filter(({ event }) => event === 'decision').map((line) => line['decision']);
    if (live.length === 0) return;
    const log = join(this.#folder, 'sluice.log');
    await writeFile(log, this.#log.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const args = ['replay', '--policies', policies, '--gateway-name', GATEWAY_NAME, '--format', 'decisions', log];
    const { stdout, stderr } = await runSluice(args);
    expect(stderr).toBe('');
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).decision),
    ).toStrictEqual(live);
  }

  /** A row of `sluice servers`. */
  async server(name: string, instant: number): Promise<Record<string, unknown> | undefined> {
    const at = new Date(instant).toISOString();
    const args = ['--policies', policies, '--store', join(this.#folder, 'store'), '--at', at, '--format', 'json'];
    const { stdout, stderr } = await runSluice(['servers', ...args]);
    expect(stderr).toBe('');
    return (JSON.parse(stdout) as Record<string, unknown>[]).find((row) => row['server'] === name);
  }
}

/** Sends through one of Postfix's SMTP servers. */
async function send(
  way: string,
  file: string,
  client = '127.0.0.1',
): Promise<Pick<SwaksResult, 'commands' | 'reply'> & { readonly transcript: string }> {
  return swaks({ port: world.postfix.port(way), file, client });
}

/** The window of the sample server in the hours from an instant on, as `sluice decide` tells it. */
async function windowAfter(instant: number): Promise<{ readonly opensAt: number; readonly closesAt: number }> {
  const facts = ['client.address=127.0.0.1', `server.name=${SERVER}`, 'server.version=15.1.2507.16'];
  const { stdout } = await runSluice([
    ...['decide', '--policies', policies, '--format', 'json', ...facts.flatMap((fact) => ['--fact', fact])],
    ...['--first-detected', new Date(DAY_0).toISOString(), '--at', new Date(instant + HOUR).toISOString()],
  ]);
  const { window } = JSON.parse(stdout) as { window: { opensAt: string; closesAt: string } };
  return { opensAt: Date.parse(window.opensAt), closesAt: Date.parse(window.closesAt) };
}

describe('a server that is out of date', () => {
  it('is accepted on day 0, and reported', async () => {
    const story = await Story.begin();
    await story.at(DAY_0, async (sluice) => {
      expect(await send('both', OUTDATED)).toMatchObject(ACCEPTED);
      expect(sluice.decisions).toMatchObject([
        {
          gateway: 'milter',
          action: 'accept',
          policy: 'exchange-2016',
          stage: 'report',
          server: `on-premises/${SERVER}`,
        },
      ]);
    });
    const row = await story.server(SERVER, DAY_0 + HOUR);
    expect(row).toMatchObject({
      connector: 'on-premises',
      version: '15.1.2507.16',
      product: 'Exchange Server 2016',
      policy: 'exchange-2016',
      stage: 'report',
      nextStage: 'throttle-5',
      throttleMinutes: 0,
      blockMinutes: 0,
    });
    const firstDetected = Date.parse(String(row?.['firstDetected']));
    expect(firstDetected - DAY_0).toBeGreaterThanOrEqual(0);
    expect(firstDetected - DAY_0).toBeLessThan(MINUTE);
  });

  it.each([
    { transport: 'TCP', milter: 'milter', policy: 'policy' },
    { transport: 'unix sockets', milter: 'milter-unix', policy: 'policy-unix' },
  ] as const)('is throttled on day 35 in its window and accepted outside it, by $transport', async (row) => {
    const story = await Story.begin(row.transport);
    await story.at(DAY_0, async () => expect(await send(row.milter, OUTDATED)).toMatchObject(ACCEPTED));
    const { opensAt, closesAt } = await windowAfter(DAY_35);
    await story.at(opensAt - MARGIN - HOUR / 2, async () => {
      expect(await send(row.milter, OUTDATED)).toMatchObject(ACCEPTED);
      expect(await send(row.policy, OUTDATED)).toMatchObject(ACCEPTED);
    });
    await story.at(opensAt + HOUR + MARGIN, async (sluice) => {
      expect(await send(row.milter, OUTDATED)).toMatchObject({ commands: BEHIND_HEADERS, reply: THROTTLED });
      expect(await send(row.milter, OUTDATED)).toMatchObject({ commands: AT_MAIL, reply: THROTTLED });
      expect(await send(row.policy, OUTDATED)).toMatchObject({
        commands: AT_RCPT,
        reply: `450 4.7.230 <orders@fabrikam.example>: Recipient address rejected: ${THROTTLED.slice('450 4.7.230 '.length)}`,
      });
      expect(sluice.decisions).toMatchObject([
        { gateway: 'milter', action: 'throttle', stage: 'throttle-5' },
        { gateway: 'milter', action: 'throttle', stage: 'throttle-5' },
        { gateway: 'postfix-policy', action: 'throttle', stage: 'throttle-5' },
      ]);
    });
    await story.at(closesAt + HOUR + MARGIN, async () => {
      expect(await send(row.milter, OUTDATED)).toMatchObject(ACCEPTED);
      expect(await send(row.policy, OUTDATED)).toMatchObject(ACCEPTED);
    });
  });

  it('is refused behind its headers first, then before DATA, where Postfix asks both ways', async () => {
    const story = await Story.begin();
    await story.at(DAY_0, async () => expect(await send('both', OUTDATED)).toMatchObject(ACCEPTED));
    const { opensAt } = await windowAfter(DAY_35);
    await story.at(opensAt + MARGIN, async () => {
      expect(await send('both', OUTDATED)).toMatchObject({ commands: BEHIND_HEADERS, reply: THROTTLED });
      const { commands, reply, transcript } = await send('both', OUTDATED);
      expect({ commands, reply }).toStrictEqual({ commands: AT_MAIL, reply: THROTTLED });
      expect(transcript).not.toContain('DATA');
    });
  });

  it('is blocked on day 91 at every time of the hour', async () => {
    const story = await Story.begin();
    await story.at(DAY_0, async () => expect(await send('both', OUTDATED)).toMatchObject(ACCEPTED));
    for (const minute of [0, 13, 29, 44, 59]) {
      await story.at(DAY_91 + minute * MINUTE, async () => {
        const commands = minute === 0 ? BEHIND_HEADERS : AT_MAIL;
        expect(await send('both', OUTDATED)).toMatchObject({ commands, reply: BLOCKED });
        expect((await send('policy', OUTDATED)).reply).toContain(BLOCKED.slice('550 5.7.230 '.length));
      });
    }
    expect(await story.server(SERVER, DAY_91 + HOUR)).toMatchObject({ stage: 'blocked', blockMinutes: 60 });
  });

  it.each([
    { name: 'the default of an hour', configuration: {}, within: 30 * MINUTE, after: 61 * MINUTE },
    { name: 'ten minutes', configuration: { peerWindow: '10m' }, within: 5 * MINUTE, after: 11 * MINUTE },
  ])('is accepted again with a fixed version, once its peer was last seen longer ago than $name', async (row) => {
    const story = await Story.begin('TCP', row.configuration);
    await story.at(DAY_0, async () => expect(await send('both', OUTDATED)).toMatchObject(ACCEPTED));
    await story.at(DAY_91, async () => {
      expect(await send('both', OUTDATED)).toMatchObject({ commands: BEHIND_HEADERS, reply: BLOCKED });
    });
    await story.at(DAY_91 + row.within, async () => {
      expect(await send('both', PATCHED)).toMatchObject({ commands: AT_MAIL, reply: BLOCKED });
    });
    await story.at(DAY_91 + row.after, async () => {
      expect(await send('both', PATCHED)).toMatchObject(ACCEPTED);
      expect(await send('both', PATCHED)).toMatchObject(ACCEPTED);
      expect(await send('policy', PATCHED)).toMatchObject(ACCEPTED);
    });
    const server = await story.server(SERVER, DAY_91 + row.after + MINUTE);
    expect(server).toMatchObject({ version: '15.1.2507.61' });
    expect(server).not.toHaveProperty('firstDetected');
  });

  it('is told by one search for its queue id in both logs', async () => {
    const story = await Story.begin();
    await story.at(DAY_0, async () => expect(await send('milter', OUTDATED)).toMatchObject(ACCEPTED));
    await story.at(DAY_91, async (sluice) => {
      expect((await send('milter', OUTDATED)).reply).toBe(BLOCKED);
      const [decision] = sluice.decisions;
      expect(decision).toMatchObject({ action: 'block', queueId: expect.stringMatching(/^[0-9A-F]{6,}$/) });
      await expect
        .poll(() => world.postfix.log(), { timeout: 10_000 })
        .toMatch(new RegExp(`${String(decision?.['queueId'])}: milter-reject: END-OF-MESSAGE .*: 5\\.7\\.230 `));
    });
  });
});

describe('servers that are not to be refused', () => {
  it('an exempted server is accepted on every day, in its window too', async () => {
    const story = await Story.begin();
    const exempted = sampleMessage('exchange-2010-exempted');
    const days = [0, 30, 35, 60, 75, 85, 91, 120].map((day) => DAY_0 + day * DAY);
    for (const instant of days.flatMap((day) => [day, day + 20 * MINUTE, day + 40 * MINUTE])) {
      await story.at(instant, async (sluice) => {
        expect(await send('both', exempted)).toMatchObject(ACCEPTED);
        expect(await send('policy', exempted)).toMatchObject(ACCEPTED);
        expect(new Set(sluice.decisions.map((line) => line['exemption']))).toStrictEqual(new Set(['fax-gateway']));
      });
    }
    expect(await story.server('fax01.contoso.example', DAY_91)).toMatchObject({ exemption: 'fax-gateway' });
  });

  it('a patched server is never refused for an outdated one behind the same address', async () => {
    const story = await Story.begin();
    const patched = await messageOf('exchange-2016-patched', 'mbx09.contoso.example', folder);
    await story.at(DAY_0, async () => expect(await send('both', OUTDATED)).toMatchObject(ACCEPTED));
    await story.at(DAY_91, async () => {
      for (let round = 0; round < 3; round++) {
        expect(await send('both', patched)).toMatchObject(ACCEPTED);
        expect(await send('both', OUTDATED)).toMatchObject({ commands: BEHIND_HEADERS, reply: BLOCKED });
        expect(await send('policy', patched)).toMatchObject(ACCEPTED);
      }
    });
    // The outdated server sends on, the patched one has been silent for longer than the peer window.
    await story.at(DAY_91 + 5 * HOUR, async () => {
      expect(await send('both', OUTDATED)).toMatchObject({ commands: BEHIND_HEADERS, reply: BLOCKED });
      expect(await send('both', patched)).toMatchObject(ACCEPTED);
    });
  });

  it('a server at another address is not refused for an outdated one', async () => {
    const story = await Story.begin();
    await story.at(DAY_0, async () => expect(await send('both', OUTDATED, '127.0.0.2')).toMatchObject(ACCEPTED));
    await story.at(DAY_91, async () => {
      expect((await send('both', OUTDATED, '127.0.0.2')).reply).toBe(BLOCKED);
      expect(await send('both', OUTDATED, '127.0.0.2')).toMatchObject({ commands: AT_MAIL, reply: BLOCKED });
      expect(await send('both', sampleMessage('postfix'), '127.0.0.3')).toMatchObject(ACCEPTED);
      expect(await send('policy', sampleMessage('exchange-se-current'), '127.0.0.4')).toMatchObject(ACCEPTED);
    });
  });
});

describe('without Sluice', () => {
  it('Postfix goes on as it is configured, and asks again once Sluice is back', async () => {
    const story = await Story.begin();
    await story.at(DAY_0, async () => expect(await send('both', OUTDATED)).toMatchObject(ACCEPTED));
    await story.at(DAY_91, async () => expect((await send('both', OUTDATED)).reply).toBe(BLOCKED));

    for (const way of ['both', 'milter', 'policy', 'milter-unix', 'policy-unix']) {
      expect(await send(way, OUTDATED), way).toMatchObject(ACCEPTED);
    }
    expect((await send('milter-tempfail', OUTDATED)).reply).toMatch(/^451 4\.7\.1 Service unavailable/);
    expect((await send('policy-default', OUTDATED)).reply).toMatch(/^451 4\.3\.5 .*Server configuration problem/);

    await story.at(DAY_91 + MINUTE, async () => {
      expect((await send('both', OUTDATED)).reply).toBe(BLOCKED);
      expect((await send('milter-tempfail', OUTDATED)).reply).toBe(BLOCKED);
      expect((await send('policy-default', OUTDATED)).reply).toContain(BLOCKED.slice('550 5.7.230 '.length));
    });
  });
});
