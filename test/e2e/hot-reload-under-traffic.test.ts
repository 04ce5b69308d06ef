import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type SluiceProcess, startSluice } from '../harness/sluice-process.js';
import { makeTemporaryFolder, temporaryFolder } from '../harness/temporary-folder.js';
import { POLICY_EDITS } from './policy-edits.js';
import { type PostfixWithSluice, startPostfixWithSluice } from './postfix-with-sluice.js';
import { type Answer, httpAsker, policyAsker, smtpAsker, Traffic } from './traffic.js';
import { type Marker, POLICY_COUNT, policyFile, revisionOf, writeRevision } from './two-revisions.js';

/** What DESIGN and operators are promised: an edit changes the answer within this time. */
const RELOAD_MILLIS = 2000;
const WAYS = ['milter', 'policy service of Postfix', 'policy service', 'HTTP'] as const;
/** Answers of each way that are awaited before and after an edit. */
const ENOUGH = 5;

let sockets: string;
let world: PostfixWithSluice;
let revisions: Readonly<Record<Marker, string>>;

beforeAll(async () => {
  sockets = await makeTemporaryFolder();
  world = await startPostfixWithSluice(sockets);
  const revision = async (marker: Marker) => {
    await writeRevision(join(sockets, marker), marker);
    return revisionOf(join(sockets, marker));
  };
  revisions = { alpha: await revision('alpha'), bravo: await revision('bravo') };
});

afterAll(async () => {
  await world?.postfix.stop();
  await rm(sockets, { recursive: true, force: true });
});

async function startService(policies: string): Promise<SluiceProcess> {
  const listen = { ...world.listen.TCP, http: '127.0.0.1:0' };
  return startSluice({ policies, folder: await temporaryFolder(), listen });
}

/** Messages through Postfix, and questions straight to Sluice, from clients that different policy files judge. */
async function startTraffic(sluice: SluiceProcess): Promise<Traffic> {
  const traffic = new Traffic();
  const client = (first: number) => (turn: number) => `127.0.0.${1 + ((first + turn) % POLICY_COUNT)}`;
  for (const first of [0, 10, 20]) traffic.add('milter', smtpAsker(world.postfix.port('milter'), client(first)));
  for (const first of [5, 15]) {
    traffic.add('policy service of Postfix', smtpAsker(world.postfix.port('policy'), client(first)));
  }
  for (const first of [0, 9, 18, 27]) {
    traffic.add('policy service', await policyAsker(sluice.port('postfixPolicy'), client(first)));
  }
  for (const first of [0, 20]) traffic.add('HTTP', httpAsker(sluice.port('http'), client(first)));
  return traffic;
}

/** The revision whose reply an answer has; fails where it is none, or a mixture. */
function markerOf({ way, text }: Answer): Marker {
  const isAlpha = /550[ -]5\.7\.230 .*alpha refuses by policy-\d+|"code":550,.*"alpha refuses by policy-\d+"/.test(
    text,
  );
  const isBravo = /450[ -]4\.7\.230 .*bravo refuses by policy-\d+|"code":450,.*"bravo refuses by policy-\d+"/.test(
    text,
  );
  if (isAlpha === isBravo) throw new Error(`An answer of neither revision by ${way}: ${text}`);
  return isAlpha ? 'alpha' : 'bravo';
}

/** Waits until each way has had some answers to requests that began after an instant. */
async function enoughAnswers(traffic: Traffic, marker: Marker, since: number): Promise<void> {
  const missing = () =>
    WAYS.filter((way) => {
      const answers = traffic.answers.filter((each) => each.way === way && each.begun >= since);
      return answers.filter((each) => markerOf(each) === marker).length < ENOUGH;
    });
  await expect.poll(missing, { timeout: 30_000, message: `no answers of ${marker}` }).toStrictEqual([]);
  expect(traffic.failures).toStrictEqual([]);
}

/** An edit took effect: in time, at once for everybody, and for good. */
function expectSwitch(
  traffic: Traffic,
  marker: Marker,
  edit: { readonly begun: number; readonly ended: number },
): void {
  const later = traffic.answers.filter((each) => each.ended >= edit.begun);
  const switchedAt = Math.min(...later.filter((each) => markerOf(each) === marker).map((each) => each.ended));
  expect(switchedAt - edit.ended).toBeLessThan(RELOAD_MILLIS);
  expect(later.filter((each) => each.begun >= switchedAt && markerOf(each) !== marker)).toStrictEqual([]);
}

/** Each decision in the log has one of the two revisions, and the reply that belongs to it. */
function expectWholeRevisions(sluice: SluiceProcess): void {
  const { decisions } = sluice;
  const wrong = decisions.filter(({ revision, reply, policy }) => {
    const marker = String(revision).split('@')[0] === revisions.alpha ? 'alpha' : 'bravo';
    const { text } = reply as { text: string };
    return !String(revision).startsWith(revisions[marker]) || text !== `${marker} refuses by ${String(policy)}`;
  });
  expect(wrong.slice(0, 3)).toStrictEqual([]);
  expect(decisions.length).toBeGreaterThan(100);
  expect(sluice.log.filter((line) => line.event === 'decision-fault')).toStrictEqual([]);
}

it.each(POLICY_EDITS)('while messages flow, $name change every answer within 2 seconds', async ({ begin }) => {
  const { policies, edit } = await begin(await temporaryFolder());
  const sluice = await startService(policies);
  const traffic = await startTraffic(sluice);
  await enoughAnswers(traffic, 'alpha', 0);
  for (const marker of ['bravo', 'alpha', 'bravo'] as const) {
    const begun = performance.now();
    await edit(marker);
    const ended = performance.now();
    await enoughAnswers(traffic, marker, ended);
    expectSwitch(traffic, marker, { begun, ended });
  }
  await traffic.stop();
  await sluice.stop();
  expectWholeRevisions(sluice);
});

it('while messages flow, a broken edit changes nothing, is told by file, line and column, and can be repaired', async () => {
  const policies = join(await temporaryFolder(), 'policies');
  await writeRevision(policies, 'alpha');
  const sluice = await startService(policies);
  const traffic = await startTraffic(sluice);
  await enoughAnswers(traffic, 'alpha', 0);
  const readiness = async () => (await fetch(`http://127.0.0.1:${sluice.port('http')}/readyz`)).json();
  expect(await readiness()).toMatchObject({ ready: true, revision: revisions.alpha, policies: 'as on disk' });

  const file = join(policies, policyFile(7));
  const sound = await readFile(file, 'utf8');
  await writeFile(file, sound.replace('fact: client.address', 'fact: client.adress'));
  const isRefused = () => sluice.log.some((line) => line.event === 'policies-refused');
  await sluice.until(isRefused, 'to refuse a broken edit');
  expect(sluice.log.find((line) => line.event === 'policy-finding' && line.level === 'error')).toMatchObject({
    place: `${policyFile(7)}:9:15`,
    code: 'fact-unknown',
    hint: expect.stringContaining('client.address'),
  });
  expect(await readiness()).toMatchObject({
    ready: true,
    revision: revisions.alpha,
    errors: [{ file: policyFile(7), range: { start: { line: 9, column: 15 } }, code: 'fact-unknown' }],
  });
  const refusedAt = performance.now();
  await enoughAnswers(traffic, 'alpha', refusedAt);
  expect(traffic.answers.filter((each) => markerOf(each) !== 'alpha')).toStrictEqual([]);

  const begun = performance.now();
  await writeRevision(policies, 'bravo');
  const ended = performance.now();
  await enoughAnswers(traffic, 'bravo', ended);
  expectSwitch(traffic, 'bravo', { begun, ended });
  expect(await readiness()).toMatchObject({ ready: true, revision: revisions.bravo, policies: 'as on disk' });
  await traffic.stop();
  await sluice.stop();
  expectWholeRevisions(sluice);
});
