import { formatDuration } from './duration.js';
import { relatedTo } from './finding.js';
import type { Policy, Stage } from './policy-set.js';
import { writtenMinutes } from './reply-template.js';
import type { Report } from './report.js';

/** Warns of stages that do not do what their author most likely meant. */
export function checkStages(policy: Policy, report: Report): void {
  reportUnreachable(policy, report);
  reportFallingSeverity(policy, report);
  reportMissingBlock(policy, report);
  for (const stage of policy.stages) reportMinutes(stage, report);
}

/** A stage is never the one in force where the next one begins at the same time, or the policy ends before it. */
function reportUnreachable({ stages, effective }: Policy, report: Report): void {
  const { from, until } = effective;
  for (const [index, stage] of stages.entries()) {
    const next = stages[index + 1];
    if (next !== undefined && next.after === stage.after) {
      const message = `The stage ${stage.name} can never be reached: ${next.name} begins at the same time.`;
      const related = relatedTo(next.source, `The stage ${next.name}.`);
      report.add('stage-unreachable', stage.source, message, 'Remove it, or move one of them.', related);
    } else if (from !== undefined && until !== undefined && stage.after > 0 && stage.after >= until - from) {
      const message = `The stage ${stage.name} can never be reached: the policy ends before ${formatDuration(stage.after)} have passed.`;
      report.add('stage-unreachable', stage.source, message, 'Remove it, or let the policy end later.');
    }
  }
}

function reportFallingSeverity({ stages }: Policy, report: Report): void {
  for (const [index, stage] of stages.entries()) {
    const before = stages[index - 1];
    if (before === undefined || !isMilder(stage, before)) continue;
    const message = `The stage ${stage.name} is milder than ${before.name} before it.`;
    const hint = 'A server that is not fixed should not be let off.';
    report.add('severity-falls', stage.source, message, hint, relatedTo(before.source, `The stage ${before.name}.`));
  }
}

/** Milder: fewer minutes are blocked, or equally many, and fewer refused in all. */
function isMilder(stage: Stage, before: Stage): boolean {
  if (stage.block !== before.block) return stage.block < before.block;
  return stage.throttle + stage.block < before.throttle + before.block;
}

function reportMissingBlock({ stages }: Policy, report: Report): void {
  const lastThrottle = stages.findLastIndex((stage) => stage.throttle > 0);
  const last = stages[lastThrottle];
  if (last === undefined || stages.slice(lastThrottle).some((stage) => stage.block > 0)) return;
  const message = `After the stage ${last.name}, which throttles, nothing is ever blocked.`;
  report.add(
    'throttle-without-block',
    last.source,
    message,
    'Mail that waits is delivered in the end; add a stage that blocks.',
  );
}

function reportMinutes(stage: Stage, report: Report): void {
  const pairs = [
    ['throttle', stage.throttle, stage.throttleReply],
    ['block', stage.block, stage.blockReply],
  ] as const;
  for (const [use, minutes, template] of pairs) {
    const wrong = minutes === 0 ? undefined : writtenMinutes(template).find((written) => written !== minutes);
    if (wrong === undefined) continue;
    const message = `The reply says ${wrong} minutes, but the stage ${stage.name} has ${use}: ${minutes}m/h.`;
    report.add('reply-minutes', stage.source, message, `Write {${use}.minutes} in the reply.`);
  }
}
