import picocolors from 'picocolors';
import type { Action, Decision, SmtpReply } from '../decision/decision.js';
import type { Explanation, TraceLine } from '../decision/explain.js';
import type { WhyNot } from '../decision/why-not.js';
import { formatDuration } from '../policy/duration.js';
import { formatInstant } from '../policy/instant.js';

/** A decision as text for people. */
export function formatDecision(decision: Decision, colours: boolean): string {
  const { action, reply, policy, stage, mode, wouldBe, exemption, paused, elapsed, window, next, source } = decision;
  const lines: (readonly [string, string | undefined])[] = [
    ['action', paintAction(action, colours)],
    ['reply', replyText(reply)],
    ['would be', wouldBe === undefined ? undefined : `${wouldBe.action} ${replyText(wouldBe.reply) ?? ''}`.trim()],
    ['exemption', exemption],
    ['paused', paused === undefined ? undefined : 'yes'],
    ['policy', policy === undefined ? 'none matches' : `${policy} (mode ${mode})`],
    ['stage', stage],
    ['elapsed', elapsed === undefined ? undefined : `${formatDuration(elapsed)} since the first detection`],
    ['window', window === undefined ? undefined : windowText(window)],
    ['next stage', next === undefined ? undefined : `${next.stage} at ${formatInstant(next.at)}`],
    ['server', decision.server],
    ['source', source === undefined ? undefined : `${source.file}:${source.line}:${source.column}`],
    ['revision', decision.revision],
  ];
  return lines.flatMap(([name, value]) => (value === undefined ? [] : `${`${name}:`.padEnd(12)}${value}\n`)).join('');
}

function paintAction(action: Action, colours: boolean): string {
  const paint = picocolors.createColors(colours);
  return { accept: paint.green, throttle: paint.yellow, block: paint.red }[action](action);
}

function replyText(reply: SmtpReply | undefined): string | undefined {
  return reply === undefined ? undefined : `${reply.code} ${reply.status} ${reply.text}`;
}

function windowText({ throttle, block, opensAt, closesAt, phase }: NonNullable<Decision['window']>): string {
  const when = phase === 'open' ? 'next' : 'now';
  return `${throttle} min throttled, ${block} min blocked of every hour; ${when} ${formatInstant(opensAt)} to ${formatInstant(closesAt)}`;
}

/** What would give another outcome: a change a line, and what decides then. */
export function formatWhyNot({ wanted, changes }: WhyNot, { action }: Decision): string {
  const title = `\nwhy not ${wanted}:`;
  if (action === wanted) return `${title} it is\n`;
  if (changes.length === 0) return `${title} no change of one fact gives it\n`;
  return `${title}\n${changes.map(({ text, decision }) => `  ${text}: ${decidedBy(decision)}\n`).join('')}`;
}

function decidedBy({ exemption, policy, stage, mode }: Decision): string {
  if (exemption !== undefined) return `exempted by ${exemption}`;
  if (policy === undefined) return 'no policy matches';
  return `${policy}, stage ${stage}${mode === 'enforce' ? '' : ` (mode ${mode})`}`;
}

/** A trace as an indented tree: ✓ holds, ✗ does not, · was not asked. */
export function formatExplanation({ facts, rules }: Explanation, colours: boolean): string {
  const paint = picocolors.createColors(colours);
  const factLines = Object.entries(facts).map(([name, value]) => `  ${name} = ${value}\n`);
  const ruleLines = rules.map((rule) => {
    const outcome = rule.skipped ?? (rule.matches ? paint.green('matches') : 'does not match');
    return `\n${rule.kind} ${paint.bold(rule.name)}: ${outcome}\n${rule.trace === undefined ? '' : traceText(rule.trace, 1)}`;
  });
  return `\nfacts:\n${factLines.join('')}${ruleLines.join('')}`;
}

function traceText({ text, result, factValue, source, parts }: TraceLine, depth: number): string {
  const mark = result === undefined ? '·' : result ? '✓' : '✗';
  const value = factValue === undefined ? '' : ` (is ${factValue})`;
  const own = `${'  '.repeat(depth)}${mark} ${text}${value}  ${source.file}:${source.line}:${source.column}\n`;
  return own + parts.map((part) => traceText(part, depth + 1)).join('');
}
