import { isInDomain } from './domain.js';
import type { FactType } from './fact.js';
import { type IpAddress, type Network, networkContains } from './network.js';
import type { OperandKind, Pattern } from './operand.js';
import type { Version } from './version.js';
import { rangeContains, type VersionRange } from './version-range.js';

/** An operator of conditions. */
export interface OperatorDefinition {
  readonly name: string;
  /** What its right side is, for each type of fact that it fits. */
  readonly fits: Partial<Record<FactType, OperandKind>>;
  readonly description: string;
  /** Compares; neither side is ever undefined, except that `exists` is asked for absent facts too. */
  readonly evaluate: (factValue: never, operand: never) => boolean;
}

const TEXTS = { text: 'value', domain: 'value' } as const;
const TEXT_LISTS = { text: 'values', domain: 'values' } as const;
const SEARCHED = { text: 'text', domain: 'text', list: 'text' } as const;
const PATTERNS = { text: 'pattern', domain: 'pattern' } as const;
const SCALARS = { ...TEXTS, enum: 'value', number: 'number', boolean: 'boolean' } as const;
const ANYTHING = {
  version: 'boolean',
  instant: 'boolean',
  duration: 'boolean',
  network: 'boolean',
  domain: 'boolean',
  text: 'boolean',
  enum: 'boolean',
  list: 'boolean',
  number: 'boolean',
  boolean: 'boolean',
} as const satisfies Record<FactType, OperandKind>;

/** All operators. To add one: a line here, a row in docs/policy-language.md, and its cases in operator.test.ts. */
export const OPERATORS: readonly OperatorDefinition[] = [
  operator<Version, VersionRange>(
    'versionIn',
    { version: 'version-range' },
    'the version lies in the range',
    (value, range) => rangeContains(range, value),
  ),
  operator<Version, VersionRange>(
    'versionNotIn',
    { version: 'version-range' },
    'the version lies outside the range',
    (value, range) => !rangeContains(range, value),
  ),
  operator<number, number>('before', { instant: 'instant' }, 'the instant is earlier', (value, other) => value < other),
  operator<number, number>(
    'after',
    { instant: 'instant' },
    'the instant is the same or later',
    (value, other) => value >= other,
  ),
  operator<number, number>(
    'longerThan',
    { duration: 'duration' },
    'the duration is longer',
    (value, other) => value > other,
  ),
  operator<number, number>(
    'shorterThan',
    { duration: 'duration' },
    'the duration is shorter',
    (value, other) => value < other,
  ),
  operator<IpAddress, readonly Network[]>(
    'inNetwork',
    { network: 'networks' },
    'the address lies in one of the networks',
    (value, networks) => networks.some((network) => networkContains(network, value)),
  ),
  operator<IpAddress, readonly Network[]>(
    'notInNetwork',
    { network: 'networks' },
    'the address lies in none of the networks',
    (value, networks) => !networks.some((network) => networkContains(network, value)),
  ),
  operator<string, readonly string[]>(
    'inDomain',
    { domain: 'domains' },
    'the name is one of the domains or lies below one',
    (value, domains) => domains.some((domain) => isInDomain(value, domain)),
  ),
  operator<string, readonly string[]>(
    'notInDomain',
    { domain: 'domains' },
    'the name is none of the domains and lies below none',
    (value, domains) => !domains.some((domain) => isInDomain(value, domain)),
  ),
  operator<unknown, unknown>('equal', SCALARS, 'both are the same', (value, other) => value === other),
  operator<unknown, unknown>('notEqual', SCALARS, 'both differ', (value, other) => value !== other),
  operator<unknown, readonly unknown[]>(
    'in',
    { ...TEXT_LISTS, enum: 'values', number: 'values' },
    'it is one of the list',
    (value, others) => others.includes(value),
  ),
  operator<unknown, readonly unknown[]>(
    'notIn',
    { ...TEXT_LISTS, enum: 'values', number: 'values' },
    'it is none of the list',
    (value, others) => !others.includes(value),
  ),
  operator<string | readonly string[], string>(
    'contains',
    SEARCHED,
    'the list has the text as an item, or the text has it as a part',
    (value, part) => value.includes(part),
  ),
  operator<string | readonly string[], string>(
    'doesNotContain',
    SEARCHED,
    'the list has no such item, or the text no such part',
    (value, part) => !value.includes(part),
  ),
  operator<string, Pattern>('matches', PATTERNS, 'the expression (RE2) is found in the text', (value, pattern) =>
    pattern.test(value),
  ),
  operator<number, number>('lessThan', { number: 'number' }, 'it is less', (value, other) => value < other),
  operator<number, number>(
    'lessThanInclusive',
    { number: 'number' },
    'it is less or the same',
    (value, other) => value <= other,
  ),
  operator<number, number>('greaterThan', { number: 'number' }, 'it is greater', (value, other) => value > other),
  operator<number, number>(
    'greaterThanInclusive',
    { number: 'number' },
    'it is greater or the same',
    (value, other) => value >= other,
  ),
  operator<unknown, boolean>(
    'exists',
    ANYTHING,
    'with true: the fact is known; with false: it is not',
    (value, wanted) => (value !== undefined) === wanted,
  ),
];

/** The operator that is asked for absent facts too. */
export const EXISTS = 'exists';

const BY_NAME = new Map(OPERATORS.map((definition) => [definition.name, definition]));

/** Finds an operator by its name, without decorators. */
export function operatorNamed(name: string): OperatorDefinition | undefined {
  return BY_NAME.get(name);
}

/** Names of the operators that fit a type of fact. */
export function operatorsFor(type: FactType): readonly string[] {
  return OPERATORS.filter((each) => each.fits[type] !== undefined).map((each) => each.name);
}

function operator<V, O>(
  name: string,
  fits: OperatorDefinition['fits'],
  description: string,
  evaluate: (factValue: V, operand: O) => boolean,
): OperatorDefinition {
  return { name, fits, description, evaluate };
}
