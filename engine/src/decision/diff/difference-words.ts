import { durationMillis, formatDuration } from '../../policy/duration.js';
import { formatInstant } from '../../policy/instant.js';
import type { Decision } from '../decision.js';
import { formatFacts } from '../format-facts.js';
import type { Deciders, Difference, NamedDecider } from './diff-policy-sets.js';
import type { RegionWords } from './region-words.js';

/** The region in one line: `server.version 8.x; on connector partners`. */
export function whereWords({ conditions, opaque }: RegionWords): string {
  const tests = opaque.map(({ test, answer }) => `where ${test} ${answer ? 'holds' : 'does not hold'}`);
  const all = [...conditions, ...tests];
  return all.length === 0 ? 'every connection' : all.join('; ');
}

/** Listed builds in the region; undefined where it does not ask for versions. */
export function buildsWords({ builds }: RegionWords): string | undefined {
  if (builds === undefined) return undefined;
  const { count, first, last } = builds;
  if (first === undefined || last === undefined) return 'no known build';
  const names = [first, last].map(({ name, version }) => `${name} (${version})`);
  return count === 1 ? `known build ${names[0]}` : `${count} known builds, ${names[0]} to ${names[1]}`;
}

/** What decides, one line a side; one line alone where it is the same. */
export function decidersWords({ before, after }: Pick<Difference, 'before' | 'after'>): readonly [string, string][] {
  const [one, other] = [sideWords(before), sideWords(after)];
  return one === other
    ? [['decided by', one]]
    : [
        ['decided before by', one],
        ['decided after by', other],
      ];
}

/** An example, in lines: the connection, and what it gets. */
export function exampleWords({ witness, region }: Difference): readonly [string, string][] {
  if (witness === undefined) {
    const reason = region.opaque.length === 0 ? '' : '; the tests that the region names may exclude each other';
    return [['example', `none was found${reason}`]];
  }
  const { facts, time, record, shows, before, after } = witness;
  const age = record?.firstDetected === undefined ? undefined : durationMillis(time - record.firstDetected);
  const when =
    age === undefined
      ? newWords(record !== undefined)
      : age === 0
        ? 'first detected then'
        : `first detected ${formatDuration(age)} before`;
  const refusals = (record?.refusals ?? []).reduce((sum, { count }) => sum + count, 0);
  const refused = refusals === 0 ? '' : `, ${refusals} refusals`;
  const connection: [string, string] = [
    'example',
    `${formatFacts(facts)}; at ${formatInstant(time)}, ${when}${refused}`,
  ];
  const told = { decision: actionWords, clock: () => undefined, server: (decision: Decision) => decision.connector };
  const [one, other] = [told[shows](before), told[shows](after)];
  if (one === undefined || other === undefined || one === other) return [connection];
  return [connection, ['before', one], ['after', other]];
}

function newWords(isRemembered: boolean): string {
  return isRemembered ? 'seen before, its clock not running' : 'never seen before';
}

function actionWords({ action, reply, wouldBe }: Decision): string {
  const told = reply ?? wouldBe?.reply;
  const text = told === undefined ? '' : `: ${told.code} ${told.status} ${told.text}`;
  if (wouldBe !== undefined && wouldBe.action !== 'accept') return `accept (would ${wouldBe.action})${text}`;
  return `${action}${text}`;
}

function sideWords({ named, more }: Deciders): string {
  if (named.length === 0) return 'no policy';
  const names = named.map(deciderWords);
  return [...names, ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}

function deciderWords({ kind, name, source }: NamedDecider): string {
  return `${kind === 'exemption' ? 'exemption ' : ''}${name} (${source.file}:${source.line})`;
}
