import { formatDuration } from '../../policy/duration.js';
import type { Policy, Stage } from '../../policy/policy-set.js';
import type { DiagramNode } from '../diagram/build-diagram.js';
import { describeConnection, describeMinutes, describePolicy, placeOfPolicy } from './describe-found.js';
import { findAtStage, searchRegions } from './find-server.js';
import { HOLDS, type InvariantCheck, type StatementOf } from './invariant-check.js';
import { type InvariantContext, stepsFor } from './invariant-context.js';
import { isWorse, NO_SEVERITY, type Route, reachableStages, routesOf } from './refusal-route.js';

/** `ladder`: how policies that are on may grow more severe; those that decide nowhere do not count. */
export const LADDER_CHECK: InvariantCheck<'ladder'> = {
  kind: 'ladder',
  check(statement, context) {
    const { exact, set } = context;
    const { policies: names } = statement;
    context.spend(stepsFor(set.deciders.length));
    const faults = set.deciders.flatMap((decider, target) => {
      if (!('policy' in decider) || names?.includes(decider.policy.name) === false) return [];
      const fault = faultOf(decider.policy, statement, context);
      return fault === undefined ? [] : [{ ...fault, target }];
    });
    if (faults.length === 0) return HOLDS;
    const root = exact.build(set.formulas.map((formula, target) => ({ target, formula })));
    const reached = targetsOf(root);
    const [first, ...others] = faults.filter(({ target }) => reached.has(target));
    if (first === undefined) return HOLDS;
    const more = others.map(({ route }) => route.policy.name);
    const also = more.length === 0 ? '' : `; also in ${more.slice(0, 5).join(', ')}${more.length > 5 ? ' …' : ''}`;
    const message = `${first.message}${also}${example(first.target, first.route, root, context)}`;
    const related = [first, ...others.slice(0, 5)].map(({ route }) => placeOfPolicy(route.policy));
    return { kind: 'violated', message, hint: HINT, related };
  },
};

const HINT = 'Change the stages of the policy, or the limits of the invariant.';

interface Fault {
  readonly message: string;
  readonly route: Route;
}

function faultOf(policy: Policy, limits: StatementOf<'ladder'>, context: InvariantContext): Fault | undefined {
  return blocksEarly(policy, limits, context) ?? stepsWrongly(policy, limits);
}

function blocksEarly(
  policy: Policy,
  { neverBlockedBefore }: StatementOf<'ladder'>,
  { policySet }: InvariantContext,
): Fault | undefined {
  if (neverBlockedBefore === undefined) return undefined;
  const route = routesOf(policy, policySet).find(
    ({ stage, elapsed }) => stage.block > 0 && elapsed < neverBlockedBefore,
  );
  if (route === undefined) return undefined;
  const { stage, elapsed, refusals } = route;
  const how = refusals === 0 ? '' : ` to a server that was refused ${refusals} times`;
  const message = `${describePolicy(policy)} blocks ${formatDuration(elapsed)} after the first detection, in stage ${stage.name}${how}, and not only after ${formatDuration(neverBlockedBefore)}`;
  return { message, route };
}

function stepsWrongly(policy: Policy, { atMostMore, severityNeverFalls }: StatementOf<'ladder'>): Fault | undefined {
  let before: Stage | undefined;
  for (const stage of reachableStages(policy)) {
    const route = { policy, stage, elapsed: stage.after, refusals: 0 };
    const step = minutesOf(stage) - minutesOf(before);
    const steps = `${describeMinutes(before)} to ${describeMinutes(stage)}`;
    const where = `${describePolicy(policy)} goes in stage ${stage.name} from ${steps}`;
    if (atMostMore !== undefined && step > atMostMore) {
      return { message: `${where}, ${step} minutes more and not at most ${atMostMore}`, route };
    }
    if (severityNeverFalls && isWorse(before ?? NO_SEVERITY, stage))
      return { message: `${where}, which is less`, route };
    before = stage;
  }
  return undefined;
}

function minutesOf(stage: Stage | undefined): number {
  return stage === undefined ? 0 : stage.throttle + stage.block;
}

function targetsOf(root: DiagramNode): ReadonlySet<number> {
  const targets = new Set<number>();
  const seen = new Set([root]);
  for (const node of seen) {
    if (node.kind === 'leaf') targets.add(node.target);
    if (node.kind === 'split') for (const child of node.children) seen.add(child);
  }
  return targets;
}

/** A connection that the policy decides for at this stage; none where none was found, which changes nothing. */
function example(wanted: number, route: Route, root: DiagramNode, context: InvariantContext): string {
  const { found } = searchRegions(
    context,
    root,
    (target) => target === wanted,
    (region) => findAtStage(context, region, route),
  );
  return found === undefined ? '' : `. Example: ${describeConnection(found, route)}`;
}
