import { type DocumentNode, entryOf, itemsOf, textEntry } from '@sluice/engine/policy/document-node.js';
import { type DurationMillis, parseDuration } from '@sluice/engine/policy/duration.js';
import { type MinutesPerHour, minutesPerHour, parseMinutesPerHour } from '@sluice/engine/policy/hourly-rate.js';
import { type EpochMillis, epochMillis, parseInstant } from '@sluice/engine/policy/instant.js';

/** A stage as far as it is written. */
export interface DraftStage {
  readonly node: DocumentNode;
  readonly after?: DurationMillis;
  readonly throttle: MinutesPerHour;
  readonly block: MinutesPerHour;
  /** Start of the stage for a server that was detected when the policy began; absent where no beginning is given. */
  readonly startsAt?: EpochMillis;
}

/** The stages of a policy, half-typed as it may be. */
export function draftStages(policy: DocumentNode): DraftStage[] {
  const from = parseInstant(textEntry(entryOf(policy, 'effective'), 'from') ?? '');
  return itemsOf(entryOf(policy, 'stages')).map((node) => {
    const after = parseDuration(textEntry(node, 'after') ?? '');
    const isDated = from !== undefined && after !== undefined && from + after <= LAST_INSTANT;
    return {
      node,
      throttle: rateOf(node, 'throttle'),
      block: rateOf(node, 'block'),
      ...(after === undefined ? {} : { after }),
      ...(isDated ? { startsAt: epochMillis(from + after) } : {}),
    };
  });
}

/** The end of the year 9999, after which no date has four digits. */
const LAST_INSTANT = Date.UTC(10_000, 0, 1) - 1;

function rateOf(stage: DocumentNode, key: string): MinutesPerHour {
  return parseMinutesPerHour(textEntry(stage, key) ?? '') ?? minutesPerHour(0);
}
