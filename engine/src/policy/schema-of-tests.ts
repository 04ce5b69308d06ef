import { CONNECTOR_TYPES, FACTS, type FactType } from './fact.js';
import { TESTED_ACTIONS } from './policy-test.js';
import { DURATION, grammar, INSTANT, list, map, type Schema, text } from './schema-node.js';

/** How each type of fact is written; the address of a client is no network. */
const FACT_VALUES: Readonly<Record<FactType, (description: string) => Schema>> = {
  version: (description) => ({ ...grammar('version', description, '15.1.2507.39'), 'x-finding': 'version-unquoted' }),
  instant: INSTANT,
  duration: DURATION,
  network: (description) => ({ type: 'string', description, examples: ['192.0.2.10'] }),
  domain: text,
  text,
  enum: (description) => ({ type: 'string', enum: CONNECTOR_TYPES, description }),
  list: (description) => list(text('A word.'), description, 0),
  number: (description) => ({ type: 'integer', minimum: 0, description }),
  boolean: (description) => ({ type: 'boolean', description }),
};

function facts(description: string): Schema {
  // The time of a test is its own `at`.
  const told = FACTS.filter(({ name }) => name !== 'time');
  const properties = told.map((fact) => [fact.name, FACT_VALUES[fact.type](fact.description)] as const);
  return map(Object.fromEntries(properties), [], description);
}

/** A map, or a scalar in its place. */
function mapOr(whole: Schema, scalar: Schema): Schema {
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema's keyword
  return { description: scalar['description'], if: { type: 'object' }, then: whole, else: scalar };
}

function textOrNull(description: string): Schema {
  return { type: ['string', 'null'], minLength: 1, maxLength: 2000, description };
}

const REPLY = mapOr(
  map(
    { matches: text('A regular expression in RE2 syntax, found anywhere in the reply.') },
    ['matches'],
    'What the reply matches.',
  ),
  textOrNull('The whole reply, such as 450 4.7.230 …; null for none; or { matches: REGULAR EXPRESSION }.'),
);

const ACTION: Schema = { type: 'string', enum: TESTED_ACTIONS, description: 'What is done with the connection.' };

function minutes(description: string): Schema {
  return { type: 'integer', minimum: 0, maximum: 60, description };
}

const EXPECT = mapOr(
  map(
    {
      action: ACTION,
      policy: textOrNull('Name of the policy that decides; null for none.'),
      stage: textOrNull('Name of its stage; null for none.'),
      exemption: textOrNull('Name of the exemption that lets the connection through; null for none.'),
      reply: REPLY,
      refusedMinutes: map(
        {
          throttle: minutes('Minutes of the hour that are answered with 4yz.'),
          block: minutes('Minutes of the hour that are answered with 5yz.'),
        },
        [],
        'How long the server is refused in every hour, wherever in the hour that is.',
      ),
      wouldBe: mapOr(map({ action: ACTION, reply: REPLY }, [], 'What it would have done.'), {
        enum: [...TESTED_ACTIONS, null],
        description: 'What a policy in mode report would have done; null where none decides.',
      }),
    },
    [],
    'What is expected of the decision; what is not named may be anything.',
  ),
  text('Name of the stage, or what is expected of the decision.'),
);

const FACTS_OF = {
  file: facts('Facts of all tests of the file, where a test does not tell them itself.'),
  test: facts('What is known of the connection.'),
  row: facts('Facts of this row, beside those of the test.'),
};

const FIRST_DETECTED = INSTANT('When the server was first detected; a server that was never seen before where absent.');
const AT: Schema = {
  type: 'string',
  description: 'When the decision is made: an instant, or +35d since the first detection, which is the default.',
  examples: ['2026-10-13T10:17:00Z', '+35d'],
};
const NAME = text('What the test says, unique in the file.');

const MOMENT = map(
  {
    day: { type: 'integer', minimum: 0, maximum: 365_250, description: 'Whole days since the first detection.' },
    at: {
      type: 'string',
      pattern: '^(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?$',
      description: 'The first such time of day (UTC) from then on: "10:17"; at once where absent.',
    },
    expect: EXPECT,
  },
  ['day'],
  'A day on the clock of the server.',
);

const ROW = map(
  {
    name: text('What tells the row from the others.'),
    facts: FACTS_OF.row,
    firstDetected: FIRST_DETECTED,
    at: AT,
    expect: EXPECT,
  },
  [],
  'A row: what differs from the test.',
);

const TEST = map(
  {
    name: NAME,
    description: text('Why.'),
    facts: FACTS_OF.test,
    firstDetected: FIRST_DETECTED,
    at: AT,
    expect: EXPECT,
    cases: list(ROW, 'The same with other facts, instants or expectations, a row each.'),
    timeline: list(MOMENT, 'The same on several days since the first detection.'),
  },
  ['name'],
  'A test: a connection, an instant, and what is expected of the decision.',
);

/** What an `*.test.yaml` holds. */
export const TESTS = map(
  { facts: FACTS_OF.file, firstDetected: FIRST_DETECTED, at: AT, tests: list(TEST, 'Tests.') },
  ['tests'],
  'Tests of the policy set.',
);
