import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Facts } from '../policy/fact.js';
import type { Policy } from '../policy/policy-set.js';
import { policySetOf } from '../policy/policy-text.fixture.js';
import {
  MAX_REPLY_OCTETS,
  parseReplyTemplate,
  REPLY_PLACEHOLDERS,
  type ReplyPlaceholder,
  type ReplyTemplate,
} from '../policy/reply-template.js';
import { version } from '../policy/version.js';
import { type ReplyValues, renderReply } from './render-reply.js';
import { daysLater, factsFrom, outdatedPolicy } from './sample-policies.fixture.js';

const [POLICY] = policySetOf({
  'p.policy.json': outdatedPolicy({ help: 'https://help.example/x' }),
}).policies as [Policy];

function templateOf(text: string, use: 'throttle' | 'block' = 'throttle'): ReplyTemplate {
  const { template, problems } = parseReplyTemplate(text, use);
  if (template === undefined) throw new Error(JSON.stringify(problems));
  return template;
}

function valuesWith(facts: Facts, more: Partial<ReplyValues> = {}): ReplyValues {
  const stage = POLICY.stages[2];
  if (stage === undefined) throw new Error('no stage');
  return { gatewayName: 'mx.example.org', allFacts: () => facts, policy: POLICY, stage, ...more };
}

function textWith(placeholder: string, facts: Facts, more: Partial<ReplyValues> = {}): string {
  return renderReply(templateOf(`450 4.7.230 <{${placeholder}}>`), valuesWith(facts, more)).text.slice(1, -1);
}

const KNOWN = {
  ...factsFrom({
    'server.name': 'ex01.example.org',
    'server.version': '15.01.2507.039',
    'server.build': 'CU23',
    'server.product': 'Exchange Server 2016',
    'connector.name': 'ours',
  }),
};
const NEXT = { next: { stage: 'blocked', at: daysLater(90) } };

describe('a rendered reply', () => {
  it.each<[ReplyPlaceholder, string, string]>([
    ['gateway', 'mx.example.org', 'mx.example.org'],
    ['server', 'ex01.example.org', 'unknown'],
    ['version', '15.1.2507.39', 'unknown'],
    ['build', 'CU23', 'unknown'],
    ['product', 'Exchange Server 2016', 'unknown'],
    ['throttle.minutes', '20', '20'],
    ['block.minutes', '10', '10'],
    ['stage', 'mixed', 'mixed'],
    ['policy', 'outdated', 'outdated'],
    ['help', 'https://help.example/x', 'https://help.example/x'],
    ['connector', 'ours', 'unknown'],
    ['next.stage', 'blocked', 'none'],
    ['next.date', '2026-05-30', 'never'],
  ])('has for {%s} %s, and %s where nothing is known', (placeholder, known, unknown) => {
    expect(textWith(placeholder, KNOWN, NEXT)).toBe(known);
    expect(textWith(placeholder, {})).toBe(unknown);
  });

  it('can have every placeholder', () => {
    for (const placeholder of Object.keys(REPLY_PLACEHOLDERS)) expect(textWith(placeholder, KNOWN, NEXT)).not.toBe('');
  });

  it('has the codes of its template', () => {
    const template = templateOf('554 5.7.1 No.', 'block');
    expect(renderReply(template, valuesWith({}))).toEqual({ code: 554, status: '5.7.1', text: 'No.' });
  });

  it.each([
    ['a\r\n250 ok', 'a??250 ok'],
    ['a\u0000b\tc\u007f', 'a?b?c?'],
    ['bücher.example', 'b?cher.example'],
    ['{policy}', '{policy}'],
    ['x'.repeat(65), 'x'.repeat(64)],
    ['\u{1f4e7}', '??'],
  ])('makes %j harmless', (name, expected) => {
    expect(textWith('server', { 'server.name': name })).toBe(expected);
  });

  it('says where help is to be had, also where the policy names no address', () => {
    const { help: _help, ...policy } = POLICY;
    expect(textWith('help', {}, { policy })).toBe('your mail administrator');
  });

  it('is one line of printable US-ASCII of at most 512 octets, whatever the facts', () => {
    const names = Object.keys(REPLY_PLACEHOLDERS);
    const pieces = fc.oneof(
      fc.constantFrom(...names).map((name) => `{${name}}`),
      fc.stringMatching(/^[ -z|~]{1,150}$/),
    );
    const templates = fc
      .array(pieces, { minLength: 1, maxLength: 12 })
      .map((parts) => parseReplyTemplate(`450 4.7.230 x${parts.join('')}`, 'throttle').template)
      .filter((template) => template !== undefined);
    const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 600 }), fc.string({ maxLength: 600 }));
    fc.assert(
      fc.property(templates, anyText, anyText, anyText, anyText, (template, gatewayName, server, build, connector) => {
        const facts: Facts = {
          'server.name': server,
          'server.build': build,
          'server.product': server,
          'connector.name': connector,
          'server.version': version(999_999_999, 999_999_999, 999_999_999, 999_999_999),
        };
        const { code, status, text } = renderReply(template, valuesWith(facts, { gatewayName, ...NEXT }));
        const line = `${code} ${status} ${text}\r\n`;
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(MAX_REPLY_OCTETS);
        expect(text).toMatch(/^[ -~]+$/);
      }),
      { numRuns: 500 },
    );
  });
});
