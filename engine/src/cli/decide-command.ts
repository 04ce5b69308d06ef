import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { assumedRecord } from '../decision/assumed-record.js';
import { decide } from '../decision/decide.js';
import type { Action, Decision } from '../decision/decision.js';
import { decisionToJson } from '../decision/decision-json.js';
import { type Explanation, explain } from '../decision/explain.js';
import { type WhyNot, whyNot } from '../decision/why-not.js';
import { whyNotToJson } from '../decision/why-not-json.js';
import type { Facts } from '../policy/fact.js';
import type { EpochMillis } from '../policy/instant.js';
import { systemClock } from '../service/clock.js';
import type { CommandLine } from './command-line.js';
import { EXIT, UsageError } from './exit-code.js';
import { factsFromArguments, factsFromJson } from './fact-arguments.js';
import { formatDecision, formatExplanation, formatWhyNot } from './format-decision.js';
import { loadPolicies } from './load-policies.js';
import {
  formatOption,
  type InstantOption,
  instantArgument,
  policiesOption,
  relativeInstantArgument,
  resolveInstant,
} from './options.js';

interface DecideOptions {
  readonly policies: string;
  readonly fact: readonly string[];
  readonly facts?: string;
  readonly firstDetected?: EpochMillis;
  readonly at?: InstantOption;
  readonly gatewayName?: string;
  readonly explain?: true;
  readonly whyNot?: Action;
  readonly format: 'text' | 'json';
}

/** Adds `sluice decide`. */
export function addDecideCommand(program: Command, line: CommandLine): void {
  program
    .command('decide')
    .description('Show what the policies say to one connection.')
    .addOption(policiesOption())
    .option('--fact <name=value>', 'a fact of the connection; may be given again', collect, [])
    .option('--facts <file>', 'facts as a JSON object')
    .option(
      '--first-detected <instant>',
      'when the server was first detected; the instant of --at by default',
      instantArgument,
    )
    .option('--at <instant>', 'when to decide: an instant, or +35d from the first detection', relativeInstantArgument)
    .option('--gateway-name <name>', 'name of this gateway in replies')
    .option('--explain', 'show how each condition came out')
    .addOption(
      new Option('--why-not <action>', 'show the nearest changes of one fact or of the time that give it').choices([
        'accept',
        'throttle',
        'block',
      ]),
    )
    .addOption(formatOption('text', 'json'))
    .addHelpText(
      'after',
      `
Examples:
  sluice decide --fact connector.type=OnPremises --fact server.version=15.1.2507.16 \\
    --first-detected 2026-09-08 --at +35d
  sluice decide --facts connection.json --at 2026-10-13T09:00:00Z --format json --explain
  sluice decide --facts connection.json --at 2026-10-13T09:00:00Z --why-not accept

Exit code: 0 the connection is accepted, 1 it is refused, 2 a fault.`,
    )
    .action(async (options: DecideOptions) => {
      const told = { ...(await factsFromFile(options.facts)), ...factsFromArguments(options.fact) };
      const { firstDetected, now } = instants(options);
      const settings = options.gatewayName === undefined ? {} : { gatewayName: options.gatewayName };
      const compiled = await loadPolicies(options.policies, now, line, settings);
      const record = assumedRecord(compiled, told, firstDetected, now);
      const decision = decide(compiled, told, record, now);
      const explanation = options.explain ? await explain(compiled, told, record, now) : undefined;
      const answer = options.whyNot === undefined ? undefined : whyNot(compiled, told, record, now, options.whyNot);
      const parts = { decision, ...(explanation && { explanation }), ...(answer && { answer }) };
      line.out(options.format === 'json' ? jsonOf(parts) : textOf(parts, line.colours));
      line.exit(decision.action === 'accept' ? EXIT.fine : EXIT.findings);
    });
}

interface Parts {
  readonly decision: Decision;
  readonly explanation?: Explanation;
  readonly answer?: WhyNot;
}

function jsonOf({ decision, explanation, answer }: Parts): string {
  const trace = explanation === undefined ? {} : { trace: explanation };
  const whyNotPart = answer === undefined ? {} : { whyNot: whyNotToJson(answer) };
  return `${JSON.stringify({ ...decisionToJson(decision), ...trace, ...whyNotPart }, null, 2)}\n`;
}

function textOf({ decision, explanation, answer }: Parts, colours: boolean): string {
  const trace = explanation === undefined ? '' : formatExplanation(explanation, colours);
  return formatDecision(decision, colours) + (answer === undefined ? '' : formatWhyNot(answer, decision)) + trace;
}

function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

function instants({ firstDetected, at }: DecideOptions): { firstDetected: EpochMillis; now: EpochMillis } {
  if (firstDetected !== undefined)
    return { firstDetected, now: resolveInstant(at ?? { instant: systemClock() }, firstDetected) };
  if (at !== undefined && 'sinceDetection' in at) {
    throw new UsageError('--at with a plus counts from the first detection; give --first-detected as well');
  }
  const now = at?.instant ?? systemClock();
  return { firstDetected: now, now };
}

async function factsFromFile(file: string | undefined): Promise<Facts> {
  if (file === undefined) return {};
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new UsageError(`The facts cannot be read: ${error.message}`);
  });
  return factsFromJson(text, file);
}
