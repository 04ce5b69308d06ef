import type { Policy, PolicyMode, Stage, Threshold } from '../policy/policy-set.js';
import type { ReplyTemplate } from '../policy/reply-template.js';
import { positionOf, type SourcePosition } from '../policy/source.js';
import type { Action, NextStage, SmtpReply } from './decision.js';
import { type Decider, policyAt } from './policy-selector.js';
import { fillInReply, renderReply } from './render-reply.js';
import type { Selection } from './selection.js';

/** A policy made ready for deciding: what is the same in all its decisions is worked out once. */
export class PolicyEnforcement {
  readonly name: string;
  readonly mode: PolicyMode;
  readonly effective: Policy['effective'];
  readonly stages: readonly Stage[];
  readonly thresholds: readonly Threshold[];
  readonly source: SourcePosition;
  /** When the stages begin: numbers side by side, where the stages themselves lie far apart in memory. */
  readonly #starts: readonly number[];
  readonly #policy: Policy;
  readonly #gatewayName: string;
  readonly #throttleReplies: (StageReply | undefined)[] = [];
  readonly #blockReplies: (StageReply | undefined)[] = [];

  constructor(policy: Policy, gatewayName: string) {
    this.name = policy.name;
    this.mode = policy.mode;
    this.effective = policy.effective;
    this.stages = policy.stages;
    this.thresholds = policy.thresholds;
    this.source = positionOf(policy.source);
    this.#policy = policy;
    this.#starts = policy.stages.map((stage) => stage.after);
    this.#gatewayName = gatewayName;
  }

  /** Index of the last stage whose time has come. */
  stageAt(elapsed: number): number {
    let index = this.#starts.length - 1;
    while (index > 0 && (this.#starts[index] as number) > elapsed) index--;
    return index;
  }

  /** The reply of a stage; what it tells of the connection is taken from there. */
  reply(
    action: Exclude<Action, 'accept'>,
    index: number,
    next: NextStage | undefined,
    selection: Selection,
  ): SmtpReply {
    const replies = action === 'throttle' ? this.#throttleReplies : this.#blockReplies;
    replies[index] ??= this.#prepare(action, index);
    const { whole, template } = replies[index];
    return whole ?? this.#render(template, index, next, selection);
  }

  #render(template: ReplyTemplate, index: number, next: NextStage | undefined, selection: Selection): SmtpReply {
    return renderReply(template, {
      policy: this.#policy,
      stage: this.stages[index] as Stage,
      allFacts: () => selection.allFacts(),
      ...(next === undefined ? {} : { next }),
    });
  }

  #prepare(action: Exclude<Action, 'accept'>, index: number): StageReply {
    const stage = this.stages[index] as Stage;
    const following = this.stages[index + 1];
    const known = {
      policy: this.#policy,
      stage,
      gatewayName: this.#gatewayName,
      ...(following === undefined ? {} : { next: { stage: following.name } }),
    };
    const template = fillInReply(action === 'throttle' ? stage.throttleReply : stage.blockReply, known);
    const isWhole = template.parts.every((part) => typeof part === 'string');
    return isWhole ? { template, whole: renderReply(template, known) } : { template };
  }
}

/** A reply as far as policy and gateway tell it. */
interface StageReply {
  readonly template: ReplyTemplate;
  /** Where nothing is asked for of the connection. */
  readonly whole?: SmtpReply;
}

/** The policies among deciders made ready, each when it first decides. */
export class PolicyEnforcements {
  readonly #deciders: readonly Decider[];
  readonly #gatewayName: string;
  readonly #made: (PolicyEnforcement | undefined)[];

  constructor(deciders: readonly Decider[], gatewayName: string) {
    this.#deciders = deciders;
    this.#gatewayName = gatewayName;
    this.#made = Array.from({ length: deciders.length });
  }

  /** Of the policy at an index among the deciders; undefined where an exemption stands there. */
  at(index: number): PolicyEnforcement | undefined {
    return this.#made[index] ?? this.#make(index);
  }

  #make(index: number): PolicyEnforcement | undefined {
    const policy = policyAt(this.#deciders, index);
    if (policy !== undefined) this.#made[index] = new PolicyEnforcement(policy, this.#gatewayName);
    return this.#made[index];
  }
}
