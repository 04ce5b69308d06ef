import type { Decision, SmtpReply } from '../../decision/decision.js';
import type { ExpectedPart } from '../../policy/policy-test.js';
import type { ActualValue } from './test-result.js';

/** The part of a decision that an expectation is about. */
export function actualValue(part: ExpectedPart, decision: Decision): ActualValue {
  const { action, policy, stage, exemption, reply, wouldBe } = decision;
  switch (part) {
    case 'action':
      return action;
    case 'policy':
      return policy ?? null;
    case 'stage':
      return stage ?? null;
    case 'exemption':
      return exemption ?? null;
    case 'reply':
      return replyText(reply);
    case 'refusedMinutes.throttle':
      return refusedMinutes(decision, 'throttle');
    case 'refusedMinutes.block':
      return refusedMinutes(decision, 'block');
    case 'wouldBe.action':
      return wouldBe?.action ?? null;
    case 'wouldBe.reply':
      return replyText(wouldBe?.reply);
  }
}

/** The reply as it goes over the wire, after its line's end. */
function replyText(reply: SmtpReply | undefined): string | null {
  return reply === undefined ? null : `${reply.code} ${reply.status} ${reply.text}`;
}

/** Minutes of every hour, wherever its window lies; none where a policy only reports, or a pause holds. */
function refusedMinutes({ window, mode, paused }: Decision, kind: 'throttle' | 'block'): number {
  return window === undefined || mode !== 'enforce' || paused === true ? 0 : window[kind];
}
