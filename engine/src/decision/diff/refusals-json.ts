import { replyWords } from './change-words.js';
import type { Refusals } from './outcome-change.js';

/** What is refused in every hour. */
export interface RefusalsJson {
  readonly mode: Refusals['mode'];
  readonly throttleMinutes: number;
  readonly blockMinutes: number;
  /** With what the connection tells as placeholders in braces. */
  readonly throttleReply?: string;
  readonly blockReply?: string;
}

/** Turns refusals into their JSON form. */
export function refusalsToJson({ mode, throttle, block, throttleReply, blockReply }: Refusals): RefusalsJson {
  return {
    mode,
    throttleMinutes: throttle,
    blockMinutes: block,
    ...(throttleReply === undefined ? {} : { throttleReply: replyWords(throttleReply) }),
    ...(blockReply === undefined ? {} : { blockReply: replyWords(blockReply) }),
  };
}
