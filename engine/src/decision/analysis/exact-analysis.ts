import type { FindingDetails } from '../../policy/finding.js';
import type { EpochMillis } from '../../policy/instant.js';
import type { Policy, PolicySet } from '../../policy/policy-set.js';
import { headOf } from '../../policy/source.js';
import { type DiagramNode, DiagramTooLargeError, type Residual } from '../diagram/build-diagram.js';
import { type ExactDiagrams, type ExactSet, exactDiagrams } from '../diagram/exact-diagrams.js';
import type { Formula } from '../diagram/formula.js';
import type { Witness } from '../diagram/witness.js';
import { type Decider, ruleOf } from '../policy-selector.js';
import { ExampleFinder, formatWitness } from './find-example.js';
import { impossibleResiduals } from './impossible.js';
import { targetOf } from './walk-together.js';

/** Conditions that may be looked at in splitting: in all, for a diagram of the whole set, and for one of few conditions. */
const STEPS = { inAll: 8_000_000, whole: 2_000_000, few: 100_000 };

/**
 * What the analyses of one policy set share. The targets of its diagrams are indexes of deciders, -1 for none and IMPOSSIBLE
 * for what no connection can be. Comparisons that cannot be split count as if each could come out either way.
 */
export class ExactAnalysis {
  readonly exact: ExactDiagrams;
  /** Exemptions and policies that are on, in the order in which they decide. */
  readonly deciders: readonly Decider[];
  readonly formulas: readonly Formula[];
  readonly examples: ExampleFinder;
  readonly #impossible: readonly Residual[];
  readonly #alone = new Map<number, DiagramNode>();
  #deciding: DiagramNode | DiagramTooLargeError | undefined;
  #policies: DiagramNode | DiagramTooLargeError | undefined;

  /** @param now the instant of the check */
  constructor(
    readonly policySet: PolicySet,
    readonly now: EpochMillis,
  ) {
    this.exact = exactDiagrams([policySet], false, STEPS.inAll);
    const [set] = this.exact.sets as readonly [ExactSet];
    this.deciders = set.deciders;
    this.formulas = set.formulas;
    this.#impossible = impossibleResiduals(this.exact);
    this.examples = new ExampleFinder(policySet, this.exact, now);
  }

  /**
   * The diagram of what decides.
   *
   * @throws DiagramTooLargeError
   */
  get deciding(): DiagramNode {
    this.#deciding ??= orTooLarge(() => this.build(this.residuals(), STEPS.whole));
    return orThrow(this.#deciding);
  }

  /**
   * The diagram of the policy that decides, exemptions aside.
   *
   * @throws DiagramTooLargeError
   */
  get policies(): DiagramNode {
    const { exemptions } = this.policySet;
    if (exemptions.length === 0) return this.deciding;
    this.#policies ??= orTooLarge(() => this.build(this.residuals().slice(exemptions.length), STEPS.whole));
    return orThrow(this.#policies);
  }

  /**
   * The diagram of what one decider holds for by itself; its target is the decider's index.
   *
   * @throws DiagramTooLargeError
   */
  alone(index: number): DiagramNode {
    const known = this.#alone.get(index);
    if (known !== undefined) return known;
    const formula = this.formulas[index];
    const made = this.build(formula === undefined ? [] : [{ target: index, formula }]);
    this.#alone.set(index, made);
    return made;
  }

  /** Each decider with its condition. */
  residuals(): Residual[] {
    return this.formulas.map((formula, target) => ({ target, formula }));
  }

  /**
   * Builds a diagram with what no connection can be apart.
   *
   * @throws DiagramTooLargeError
   */
  build(residuals: readonly Residual[], most = STEPS.few): DiagramNode {
    return this.exact.build([...this.#impossible, ...residuals], most);
  }

  /** The policy at an index; undefined for exemptions, none and what cannot be. */
  policyAt(index: number): Policy | undefined {
    const decider = this.deciders[index];
    return decider !== undefined && 'policy' in decider ? decider.policy : undefined;
  }

  /** Names of deciders for a message: `partners (priority 200)`, `the exemption fax`; some, where there are many. */
  namesOf(indexes: Iterable<number>): string {
    const names = [...indexes].sort((a, b) => a - b).flatMap((index) => this.#nameOf(index) ?? []);
    const shown =
      names.length <= MAX_NAMES ? names : [...names.slice(0, MAX_NAMES), `${names.length - MAX_NAMES} others`];
    const last = shown.pop() ?? 'none';
    return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
  }

  /** Where deciders stand; some, where there are many. */
  placesOf(indexes: Iterable<number>): FindingDetails {
    const shown = [...indexes].sort((a, b) => a - b).slice(0, MAX_NAMES);
    const related = shown.flatMap((index) => {
      const decider = this.deciders[index];
      if (decider === undefined) return [];
      const { name, source } = ruleOf(decider);
      return [{ ...headOf(source), message: `The ${'policy' in decider ? 'policy' : 'exemption'} ${name}.` }];
    });
    return related.length === 0 ? {} : { related };
  }

  /** A connection in words; whether it was seen before is told where conditions ask for it. */
  inWords(witness: Witness): string {
    return formatWitness(witness, this.exact.variables.ofFact('server.known') !== undefined);
  }

  #nameOf(index: number): string | undefined {
    const decider = this.deciders[index];
    if (decider === undefined) return undefined;
    return 'policy' in decider
      ? `${decider.policy.name} (priority ${decider.policy.priority})`
      : `the exemption ${ruleOf(decider).name}`;
  }
}

const MAX_NAMES = 5;

/** The targets that a diagram has. */
export function targetsIn(root: DiagramNode): ReadonlySet<number> {
  const targets = new Set<number>();
  const seen = new Set<DiagramNode>();
  const pending = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.kind === 'split') pending.push(...node.children);
    else targets.add(targetOf(node));
  }
  return targets;
}

function orTooLarge(make: () => DiagramNode): DiagramNode | DiagramTooLargeError {
  try {
    return make();
  } catch (error) {
    if (error instanceof DiagramTooLargeError) return error;
    throw error;
  }
}

function orThrow(made: DiagramNode | DiagramTooLargeError): DiagramNode {
  if (made instanceof DiagramTooLargeError) throw made;
  return made;
}
