import { versionRangeTokens } from '@sluice/engine/policy/version-range.js';
import type { ValueGrammar } from '../meaning/meaning.js';

/** A way in which a text can be written. */
export interface Form {
  readonly label: string;
  /** The parts of the label that are filled in, and what each stands for. */
  readonly parts: readonly (readonly [text: string, meaning: string])[];
  /** Markdown. */
  readonly documentation: string;
}

/** Which form a text is becoming, and which of its parts is being typed. */
export interface BeingTyped {
  readonly form: number;
  readonly part: number;
}

function form(label: string, documentation: string, ...parts: Form['parts']): Form {
  return { label, documentation, parts };
}

const RANGE_FORMS = {
  begins: form(
    'MAJOR.MINOR.x',
    'All versions that begin so: `8.x`, `15.1.x`; without `.x` it is the same.',
    ['MAJOR', 'the first number'],
    ['MINOR', 'the second number, and so on, four at most'],
    ['x', 'any number'],
  ),
  compares: form(
    '< VERSION',
    'All versions below; `<=`, `>`, `>=` and `=` compare as well.',
    ['<', '<, <=, >, >= or ='],
    ['VERSION', 'one to four numbers: 15.1.2507.39'],
  ),
  and: form(
    '>=FROM <TO',
    'A space means *and*.',
    ['FROM', 'the first version that belongs to it'],
    ['TO', 'the first version that does not'],
  ),
  hyphen: form(
    'FROM - TO',
    'Both ends belong to it. Spaces stand around the hyphen.',
    ['FROM', 'the first version'],
    ['TO', 'the last version'],
  ),
  or: form('RANGE || OTHER', 'Either of them.', ['RANGE', 'any of the other forms'], ['OTHER', 'one more of them']),
  build: form('< "BUILD"', 'The version of a build, by its name in the catalogue, in quotes.', [
    'BUILD',
    'its name, such as Exchange Server 2016 CU23 Aug24SU',
  ]),
};
type RangeForm = keyof typeof RANGE_FORMS;

const UNITS = ['w', 'd', 'h', 'm', 's'];

/** The forms of the texts that have a grammar of their own. */
export const FORMS: Readonly<Partial<Record<ValueGrammar, readonly Form[]>>> = {
  'version-range': Object.values(RANGE_FORMS),
  duration: [
    form(
      '1w2d3h4m5s',
      'Whole numbers with units, from long to short; each may be left out: `30d`, `1d12h`.',
      ['1w', 'weeks'],
      ['2d', 'days of 24 hours'],
      ['3h', 'hours'],
      ['4m', 'minutes'],
      ['5s', 'seconds'],
    ),
  ],
  rate: [
    form('MINUTESm/h', 'Minutes of every hour: `5m/h`.', ['MINUTES', '0 to 60']),
    form('always', 'The whole hour, as `60m/h`.', ['always', 'the word itself']),
  ],
  instant: [
    form(
      'YYYY-MM-DD',
      'A date, which begins at midnight UTC: `2026-09-08`.',
      ['YYYY', 'the year'],
      ['MM', 'the month, two digits'],
      ['DD', 'the day, two digits'],
    ),
    form(
      'YYYY-MM-DDThh:mm:ssZ',
      'An instant (RFC 3339): `2026-09-08T14:30:00Z`, `2026-09-08T16:30:00+02:00`.',
      ['YYYY-MM-DD', 'the date'],
      ['hh:mm:ss', 'hours, minutes, seconds'],
      ['Z', 'Z for UTC, or an offset such as +02:00'],
    ),
  ],
  network: [
    form(
      'ADDRESS/BITS',
      'A network in CIDR notation, IPv4 or IPv6: `192.0.2.0/24`, `2001:db8::/32`.',
      ['ADDRESS', 'its first address'],
      ['BITS', 'how many leading bits are the same in all its addresses'],
    ),
  ],
  'throttle-reply': [replyForm('4')],
  'block-reply': [replyForm('5')],
};

function replyForm(digit: '4' | '5'): Form {
  const [code, status] = [`${digit}yz`, `${digit}.SUBJECT.DETAIL`];
  return form(
    `${code} ${status} TEXT`,
    `One line of US-ASCII, such as \`${digit}50 ${digit}.7.230 Your server is out of date, see {help}.\``,
    [code, 'the reply code (RFC 5321)'],
    [status, 'the enhanced status code (RFC 3463), of the same class'],
    ['TEXT', 'what the sender reads, with placeholders in braces'],
  );
}

/** Finds the form that a text is becoming by what stands before the caret. */
export function formBeingTyped(grammar: ValueGrammar, before: string): BeingTyped {
  switch (grammar) {
    case 'version-range':
      return rangeBeingTyped(before);
    case 'duration':
      return { form: 0, part: unitBeingTyped(before) };
    case 'rate':
      return { form: before.startsWith('a') ? 1 : 0, part: 0 };
    case 'instant':
      return instantBeingTyped(before);
    case 'network':
      return { form: 0, part: before.includes('/') ? 1 : 0 };
    default:
      return { form: 0, part: /^\s*\d{3} +\S+ /.test(before) ? 2 : /^\s*\d{3} /.test(before) ? 1 : 0 };
  }
}

function rangeBeingTyped(before: string): BeingTyped {
  const at = (name: RangeForm, part: number) => ({ form: Object.keys(RANGE_FORMS).indexOf(name), part });
  if ((before.match(/"/g)?.length ?? 0) % 2 === 1 || (before.match(/'/g)?.length ?? 0) % 2 === 1) return at('build', 0);
  if (/\|\s*$/.test(before)) return at('or', 1);
  const tokens = versionRangeTokens(before);
  const alternative = tokens.slice(tokens.findLastIndex(({ kind }) => kind === 'or') + 1);
  const isParted = /\s$/.test(before);
  if (alternative.some(({ kind }) => kind === 'hyphen')) return at('hyphen', 1);
  const comparisons = alternative.filter(({ kind }) => kind === 'comparator').length;
  const last = alternative.at(-1)?.kind;
  if (comparisons > 1) return at('and', 1);
  if (comparisons === 1) return isParted && last !== 'comparator' ? at('and', 1) : at('compares', 1);
  if (isParted && last !== undefined) return at('hyphen', 0);
  return at('begins', Math.min(2, (alternative.at(-1)?.text.split('.').length ?? 1) - 1));
}

/** The unit that stands last, or the next one where a number has none yet; most durations are in days. */
function unitBeingTyped(before: string): number {
  const written = before.replace(/\d/g, '').at(-1);
  const last = written === undefined ? 0 : UNITS.indexOf(written);
  return /\d$/.test(before) || written === undefined ? Math.min(last + 1, UNITS.length - 1) : Math.max(0, last);
}

function instantBeingTyped(before: string): BeingTyped {
  const time = before.search(/[Tt ]/);
  if (time < 0) return { form: 0, part: Math.min(2, before.split('-').length - 1) };
  return { form: 1, part: /[Zz+-]/.test(before.slice(time)) ? 2 : 1 };
}
