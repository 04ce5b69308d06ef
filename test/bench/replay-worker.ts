import { createReadStream } from 'node:fs';
import { checkPolicySet, compilePolicySet, epochMillis } from '@sluice/engine';
import { Replay } from '@sluice/engine/dry-run/replay/replay.js';
import { ReplayTally } from '@sluice/engine/dry-run/replay/replay-tally.js';
import { durationMillis } from '@sluice/engine/policy/duration.js';
import { readPolicyFolder } from '@sluice/engine/policy/read-policy-folder.js';
import { fileSource } from '@sluice/engine/traffic/logs/log-source.js';
import { readLogs } from '@sluice/engine/traffic/logs/read-logs.js';
import { answerParent } from './worker-process.js';

/** `parse` and `split` are bare loops that decide nothing, for comparison. */
export type ReplayWork = 'parse' | 'split' | 'replay';

export interface ReplayTask {
  readonly work: ReplayWork;
  readonly log: string;
  /** Folder of the policy set. */
  readonly policies: string;
}

export interface ReplayFigures {
  readonly millis: number;
  readonly peakOctets: number;
  /** Lines, or records that were decided. */
  readonly count: number;
}

const CHECK_TIME = epochMillis(Date.UTC(2026, 8, 8));
const KIBI = 1024;
/** What a script for one purpose would ask of a line of Postfix. */
const POSTFIX_LINE =
  /postfix\/(?:smtpd|qmgr)\[\d+\]: ([0-9A-F]+): (?:client=(\S+)\[([^\]]+)\]|from=<([^>]*)>, size=(\d+))/;

await answerParent(measure);

async function measure({ work, log, policies }: ReplayTask): Promise<ReplayFigures> {
  const run = work === 'replay' ? await prepareReplay(log, policies) : () => bareLoop(log, work);
  const start = performance.now();
  const count = await run();
  const millis = performance.now() - start;
  return { millis, count, peakOctets: process.resourceUsage().maxRSS * KIBI };
}

/** Loads the policies; only what the log takes is measured. */
async function prepareReplay(log: string, policies: string): Promise<() => Promise<number>> {
  const { policySet } = checkPolicySet(await readPolicyFolder(policies), CHECK_TIME);
  if (policySet === undefined) throw new Error(`${policies} has errors`);
  const run = new Replay(compilePolicySet(policySet), {
    peerWindow: durationMillis(3_600_000),
    shift: durationMillis(0),
  });
  return async () => {
    const tally = new ReplayTally();
    const report = await readLogs([await fileSource(log)], {}, (record) => tally.add(run.take(record)));
    return tally.report(policySet.revision, report, durationMillis(0)).records;
  };
}

/** Splits the file into lines, and parses each or asks it one regular expression. */
async function bareLoop(log: string, work: 'parse' | 'split'): Promise<number> {
  let [rest, count, found] = ['', 0, 0];
  const take = (line: string) => {
    count++;
    const isFound = work === 'parse' ? Object.hasOwn(JSON.parse(line), 'at') : POSTFIX_LINE.test(line);
    if (isFound) found++;
  };
  for await (const part of createReadStream(log, { encoding: 'utf8', highWaterMark: KIBI * KIBI })) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  }
  if (found === 0) throw new Error(`${log} holds none of the lines that were expected`);
  return count;
}
