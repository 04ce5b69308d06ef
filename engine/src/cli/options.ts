import { InvalidArgumentError, Option } from 'commander';
import { type DurationMillis, parseDuration } from '../policy/duration.js';
import { type EpochMillis, epochMillis, parseInstant } from '../policy/instant.js';
import { systemClock } from '../service/clock.js';

/** An instant as options take it: absolute, or `+35d` from the first detection. */
export type InstantOption = { readonly instant: EpochMillis } | { readonly sinceDetection: number };

/** Reads an absolute instant for an option. */
export function instantArgument(text: string): EpochMillis {
  const instant = parseInstant(text);
  if (instant === undefined)
    throw new InvalidArgumentError('An instant was expected: 2026-09-08 or 2026-09-08T14:30:00Z.');
  return instant;
}

/** Reads an instant, or a duration since the first detection with a plus before it. */
export function relativeInstantArgument(text: string): InstantOption {
  const duration = text.startsWith('+') ? parseDuration(text.slice(1)) : undefined;
  return duration === undefined ? { instant: instantArgument(text) } : { sinceDetection: duration };
}

/** The instant that an option means. */
export function resolveInstant(option: InstantOption, firstDetected: EpochMillis): EpochMillis {
  return 'instant' in option ? option.instant : epochMillis(firstDetected + option.sinceDetection);
}

/** Reads a duration for an option. */
export function durationArgument(text: string): DurationMillis {
  const duration = parseDuration(text);
  if (duration === undefined) throw new InvalidArgumentError('A duration was expected, such as 30d or 12h.');
  return duration;
}

/** Reads a whole number for an option. */
export function countArgument(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('A whole number was expected.');
  return Number(text);
}

/** The option `--policies`, which most commands have. */
export function policiesOption(): Option {
  return new Option('-p, --policies <folder>', 'folder of the policy set').default('policies');
}

/** The option `--format` with its choices; the first one is the default. */
export function formatOption(...choices: readonly string[]): Option {
  return new Option('-f, --format <format>', 'how to print').choices(choices).default(choices[0]);
}

/** The present instant without parts of a second, so that examples read well. */
export function presentSecond(): EpochMillis {
  return epochMillis(Math.floor(systemClock() / 1000) * 1000);
}
