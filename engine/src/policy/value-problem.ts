import type { FindingCode } from './finding.js';
import {
  nearestDomain,
  nearestDuration,
  nearestInstant,
  nearestNetwork,
  nearestRate,
  nearestVersionRange,
  nonEmptyRange,
} from './nearest-value.js';
import { RANGE_HINTS, type VersionRangeProblem } from './version-range.js';

/** What is wrong with a text that has a grammar of its own. */
export interface ValueProblem {
  readonly code: FindingCode;
  readonly message: string;
  readonly hint: string;
  /** The right text that was most likely meant. */
  readonly replacement?: string;
}

/** For a text that is no instant. */
export function instantProblem(text: string): ValueProblem {
  const lacksZone = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?$/.test(text);
  return {
    code: 'instant-syntax',
    message: `${quote(text)} is no instant; a date or an RFC 3339 date and time with its zone was expected.`,
    hint: lacksZone ? `Add the zone: ${text.replace(' ', 'T')}Z.` : 'For example 2026-09-08 or 2026-09-08T14:30:00Z.',
    ...near(nearestInstant(text)),
  };
}

/** For a text that is no duration. */
export function durationProblem(text: string): ValueProblem {
  return {
    code: 'duration-syntax',
    message: `${quote(text)} is no duration; whole numbers with w, d, h, m, s were expected, from long to short.`,
    hint: 'For example 30d or 1d12h.',
    ...near(nearestDuration(text)),
  };
}

/** For a text that is no part of an hour. */
export function rateProblem(text: string): ValueProblem {
  return {
    code: 'rate-syntax',
    message: `${quote(text)} is no part of an hour; whole minutes from 0m/h to 60m/h, or always, were expected.`,
    hint: 'For example 5m/h.',
    ...near(nearestRate(text)),
  };
}

/** For a text that is no network, or has bits set behind its prefix. */
export function networkProblem(text: string, reading: 'host-bits' | undefined): ValueProblem {
  return {
    code: 'network-syntax',
    message:
      reading === 'host-bits'
        ? `${quote(text)} has bits set behind its prefix.`
        : `${quote(text)} is no network; one in CIDR notation was expected.`,
    hint:
      reading === 'host-bits'
        ? 'Write the first address of the network, such as 192.0.2.0/24.'
        : 'For example 192.0.2.0/24, or 192.0.2.1 for one address.',
    ...near(nearestNetwork(text)),
  };
}

/** For a text that is no domain name. */
export function domainProblem(text: string): ValueProblem {
  const bare = text.replace(/^\*?\./, '');
  return {
    code: 'domain-syntax',
    message: `${quote(text)} is no domain name; one without a star or blanks was expected.`,
    hint: bare === text ? 'For example contoso.example.' : `Write ${bare}; inDomain includes all names below it.`,
    ...near(nearestDomain(text)),
  };
}

/** For a text that can be no name in a certificate. */
export function tlsNameProblem(text: string): ValueProblem {
  return {
    code: 'domain-syntax',
    message: `${quote(text)} is no name of a certificate; a host name was expected.`,
    hint: 'For example mail.contoso.example, or *.contoso.example for all names below a domain.',
  };
}

/** For a text that is no version range, or one that holds no version. */
export function rangeProblem(text: string, problem: VersionRangeProblem): RangeProblem {
  const { code, message, offset, length } = problem;
  const hint = RANGE_HINTS[code];
  const rewritten = code === 'version-range-empty' ? nonEmptyRange(text) : nearestVersionRange(text);
  return {
    code,
    message,
    offset,
    length,
    ...(hint === undefined ? {} : { hint }),
    ...(rewritten === undefined ? {} : { rewritten }),
  };
}

interface RangeProblem extends Omit<ValueProblem, 'hint'> {
  readonly hint?: string;
  readonly offset: number;
  readonly length: number;
  /** The whole range as it was most likely meant. */
  readonly rewritten?: string;
}

function near(replacement: string | undefined): Pick<ValueProblem, 'replacement'> {
  return replacement === undefined ? {} : { replacement };
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
