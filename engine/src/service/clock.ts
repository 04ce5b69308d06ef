import { parseDuration } from '../policy/duration.js';
import { type EpochMillis, epochMillis, parseInstant } from '../policy/instant.js';

/** Tells the time to the service. */
export type Clock = () => EpochMillis;

/** The machine's own time. */
export const systemClock: Clock = () => epochMillis(Date.now());

/**
 * A clock moved for trying out: `+35d` runs 35 days ahead, an instant makes it start there.
 *
 * @returns undefined where the text is neither
 */
export function movedClock(text: string, base: Clock = systemClock): Clock | undefined {
  const start = base();
  const ahead = text.startsWith('+') ? parseDuration(text.slice(1)) : undefined;
  const instant = parseInstant(text);
  const offset = ahead ?? (instant === undefined ? undefined : instant - start);
  return offset === undefined ? undefined : () => epochMillis(base() + offset);
}
