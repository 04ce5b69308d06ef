import type { Facts } from '../policy/fact.js';
import { formatInstant } from '../policy/instant.js';
import type { Policy, Stage } from '../policy/policy-set.js';
import { maxPlaceholderOctets, type ReplyPlaceholder, type ReplyTemplate } from '../policy/reply-template.js';
import { formatVersion, type Version } from '../policy/version.js';
import type { NextStage, SmtpReply } from './decision.js';

/** What the placeholders of a reply stand for. */
export interface ReplyValues {
  readonly gatewayName: string;
  /** All facts, derived ones included; asked only where a placeholder needs them. */
  readonly allFacts: () => Facts;
  readonly policy: Policy;
  readonly stage: Stage;
  readonly next?: NextStage;
}

/** Fills in a reply. Values come from the wire: what could break a reply line is replaced, what is too long is cut. */
export function renderReply(template: ReplyTemplate, values: ReplyValues): SmtpReply {
  let text = '';
  for (const part of template.parts) text += typeof part === 'string' ? part : harmless(part.placeholder, values);
  return { code: template.code, status: template.status, text };
}

function placeholderText(
  placeholder: ReplyPlaceholder,
  { gatewayName, allFacts, policy, stage, next }: ReplyValues,
): string {
  switch (placeholder) {
    case 'gateway':
      return gatewayName;
    case 'server':
      return allFacts()['server.name'] ?? 'unknown';
    case 'version':
      return versionText(allFacts()['server.version']);
    case 'build':
      return allFacts()['server.build'] ?? 'unknown';
    case 'product':
      return allFacts()['server.product'] ?? 'unknown';
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
      return allFacts()['connector.name'] ?? 'unknown';
    case 'next.stage':
      return next?.stage ?? 'none';
    case 'next.date':
      return next === undefined ? 'never' : formatInstant(next.at).slice(0, 10);
  }
}

function versionText(version: Version | undefined): string {
  return version === undefined ? 'unknown' : formatVersion(version);
}

function harmless(placeholder: ReplyPlaceholder, values: ReplyValues): string {
  const text = placeholderText(placeholder, values);
  const printable = UNPRINTABLE.test(text) ? text.replace(new RegExp(UNPRINTABLE, 'g'), '?') : text;
  return printable.slice(0, maxPlaceholderOctets(placeholder));
}

const UNPRINTABLE = /[^\x20-\x7e]/;
