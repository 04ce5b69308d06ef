import type { Facts } from '../policy/fact.js';
import { type EpochMillis, formatInstant } from '../policy/instant.js';
import type { Policy, Stage } from '../policy/policy-set.js';
import { maxPlaceholderOctets, type ReplyPlaceholder, type ReplyTemplate } from '../policy/reply-template.js';
import { formatVersion } from '../policy/version.js';
import type { SmtpReply } from './decision.js';

/** What the placeholders of a reply stand for, as far as it is known. */
export interface ReplyValues {
  readonly policy: Policy;
  readonly stage: Stage;
  /** The stage that follows; absent where none does. When it begins, only a server's clock tells. */
  readonly next?: { readonly stage: string; readonly at?: EpochMillis };
  readonly gatewayName?: string;
  /** All facts, derived ones included; asked only where a placeholder needs them. */
  readonly allFacts?: () => Facts;
}

/** Makes a reply. What is not known is `unknown` in it. */
export function renderReply(template: ReplyTemplate, values: ReplyValues): SmtpReply {
  let text = '';
  for (const part of template.parts) {
    text += typeof part === 'string' ? part : (placeholderText(part.placeholder, values) ?? 'unknown');
  }
  return { code: template.code, status: template.status, text };
}

/** Fills in what is known; the placeholders of all else stay. Neighbouring texts become one part. */
export function fillInReply({ code, status, parts }: ReplyTemplate, known: ReplyValues): ReplyTemplate {
  const filled: ReplyTemplate['parts'][number][] = [];
  for (const part of parts) {
    const text = typeof part === 'string' ? part : placeholderText(part.placeholder, known);
    const last = filled.at(-1);
    if (text === undefined) filled.push(part);
    else if (typeof last === 'string') filled[filled.length - 1] = last + text;
    else filled.push(text);
  }
  return { code, status, parts: filled };
}

/** Values come from the wire: what could break a reply line is replaced, what is too long is cut. */
function placeholderText(placeholder: ReplyPlaceholder, values: ReplyValues): string | undefined {
  const text = knownText(placeholder, values);
  return text?.replace(UNPRINTABLE, '?').slice(0, maxPlaceholderOctets(placeholder));
}

const UNPRINTABLE = /[^\x20-\x7e]/g;

function knownText(
  placeholder: ReplyPlaceholder,
  { policy, stage, next, gatewayName, allFacts }: ReplyValues,
): string | undefined {
  switch (placeholder) {
    case 'gateway':
      return gatewayName;
    case 'server':
      return allFacts?.()['server.name'];
    case 'version': {
      const version = allFacts?.()['server.version'];
      return version === undefined ? undefined : formatVersion(version);
    }
    case 'build':
      return allFacts?.()['server.build'];
    case 'product':
      return allFacts?.()['server.product'];
    case 'throttle.minutes':
      return String(stage.throttle);
    case 'block.minutes':
      return String(stage.block);
    case 'stage':
      return stage.name;
    case 'policy':
      return policy.name;
    case 'help':
      return policy.help ?? 'your mail administrator';
    case 'connector':
      return allFacts?.()['connector.name'];
    case 'next.stage':
      return next?.stage ?? 'none';
    case 'next.date':
      if (next === undefined) return 'never';
      return next.at === undefined ? undefined : formatInstant(next.at).slice(0, 10);
  }
}
