import type { Stage } from '@sluice/engine/policy/policy-set.js';
import { counted } from './words.js';

type Minutes = Pick<Stage, 'throttle' | 'block'>;

const MINUTES_A_DAY = 24 * 60;

/** What a stage does in every hour: `5 minutes of 450, then 10 minutes of 550, then 45 minutes in which mail flows`. */
export function hourWords({ throttle, block }: Minutes): string {
  if (throttle + block === 0) return 'nothing is refused';
  if (block >= 60) return 'everything is refused with 550';
  if (throttle >= 60) return 'everything is refused with 450';
  const parts = [
    ...(throttle > 0 ? [`${counted(throttle, 'minute')} of 450`] : []),
    ...(block > 0 ? [`${counted(block, 'minute')} of 550`] : []),
  ];
  const rest = 60 - throttle - block;
  return [...parts, ...(rest > 0 ? [`${counted(rest, 'minute')} in which mail flows`] : [])].join(', then ');
}

/** Minutes of a day in which connections are refused: `120 minutes a day`. */
export function dayWords(minutes: Minutes): string {
  const refused = refusedMinutesADay(minutes);
  return refused === MINUTES_A_DAY ? 'all day' : `${counted(refused, 'minute')} a day`;
}

/** The same in short: `120 min/day`. */
export function shortDayWords(minutes: Minutes): string {
  const refused = refusedMinutesADay(minutes);
  return refused === MINUTES_A_DAY ? 'all day' : `${refused.toLocaleString('en')} min/day`;
}

function refusedMinutesADay({ throttle, block }: Minutes): number {
  return Math.min(60, throttle + block) * 24;
}

/** What a stage does in every hour, and on a day. */
export function refusalWords(minutes: Minutes): string {
  const day = minutes.throttle + minutes.block === 0 ? '' : ` Refused ${dayWords(minutes)}.`;
  return `In every hour of this stage: ${hourWords(minutes)}.${day}`;
}
