import type { Position, SignatureHelp, SignatureInformation } from 'vscode-languageserver';
import { MarkupKind } from 'vscode-languageserver';
import type { ValueGrammar } from '../meaning/meaning.js';
import { meaningsOf } from '../meaning/meanings-of.js';
import { caretContext } from '../text/caret-context.js';
import type { DocumentInSet } from '../workspace/workspace.js';

/** A way in which a text can be written; `fits` tells whether what is typed begins so. */
interface Form {
  readonly label: string;
  /** Parts of the label that are filled in. */
  readonly parameters: readonly (readonly [label: string, documentation: string])[];
  readonly documentation: string;
  readonly fits: RegExp;
}

const FORMS: Readonly<Partial<Record<ValueGrammar, readonly Form[]>>> = {
  'version-range': [
    form('MAJOR.MINOR.x', 'All versions that begin so: `8.x`, `15.1`.', /(?:^|[\s|])[\d.xX*]*$/, [
      'MAJOR.MINOR.x',
      'one to three numbers, then `.x` or nothing',
    ]),
    form('< VERSION', 'All versions below; `<=`, `>`, `>=` and `=` compare as well.', /[<>=]+\s*[\d.]*$/, [
      'VERSION',
      'up to four numbers: `15.1.2507.39`',
    ]),
    form(
      '>=FROM <TO',
      'A space means *and*.',
      />=?\s*[\d.]+\s+<?=?\s*[\d.]*$/,
      ['FROM', 'the first version'],
      ['TO', 'the first one behind'],
    ),
    form(
      'FROM - TO',
      'Both ends are part of it.',
      /[\d.]+\s+-\s*[\d.]*$/,
      ['FROM', 'the first version'],
      ['TO', 'the last version'],
    ),
    form('RANGE || RANGE', 'Either of them.', /\|\|?\s*$/, ['RANGE', 'any of the other forms']),
    form("< 'BUILD'", 'A build by its name in the catalogue, in quotes.', /["'][^"']*$/, [
      'BUILD',
      'its name: Exchange Server 2016 CU23 Aug24SU',
    ]),
  ],
  duration: [
    form(
      '1w2d3h4m5s',
      'Weeks, days, hours, minutes, seconds, in this order; each may be left out: `30d`, `1d12h`.',
      /.*/,
      ['1w2d3h4m5s', 'whole numbers'],
    ),
  ],
  rate: [
    form('MINUTESm/h', 'Minutes of every hour: `5m/h`.', /^\d*m?\/?h?$/, ['MINUTES', '1 to 60']),
    form('always', 'The whole hour, `60m/h`.', /^a/, ['always', 'the word itself']),
  ],
  instant: [
    form('YYYY-MM-DD', 'A date: midnight UTC.', /^[\d-]*$/, ['YYYY-MM-DD', 'year, month, day']),
    form('YYYY-MM-DDTHH:MM:SSZ', 'An instant (RFC 3339), with `Z` or an offset.', /T/, [
      'YYYY-MM-DDTHH:MM:SSZ',
      'date and time',
    ]),
  ],
  network: [
    form(
      'ADDRESS/BITS',
      'A network in CIDR notation, IPv4 or IPv6: `192.0.2.0/24`.',
      /.*/,
      ['ADDRESS', 'its first address'],
      ['BITS', 'leading bits that are fixed'],
    ),
  ],
  'throttle-reply': [replyForm('4yz 4.X.Y TEXT', '4')],
  'block-reply': [replyForm('5yz 5.X.Y TEXT', '5')],
};

/** The ways in which the text at a position can be written, and which of them it is becoming. */
export function signatureHelp({ document }: DocumentInSet, position: Position): SignatureHelp | undefined {
  const caret = caretContext(document, position);
  if (caret === undefined || caret.isKey) return undefined;
  const { start } = caret.node.range;
  const meaning = meaningsOf(document.kind, caret.root).find(
    ({ what, range }) => what === 'value' && range.start.line === start.line && range.start.column === start.column,
  );
  const grammar = meaning?.what === 'value' ? meaning.grammar : undefined;
  const forms = grammar === undefined ? undefined : FORMS[grammar];
  if (forms === undefined) return undefined;
  const activeSignature = Math.max(
    0,
    forms.findLastIndex(({ fits }) => fits.test(caret.before)),
  );
  const active = forms[activeSignature];
  const isSecond = active !== undefined && active.parameters.length > 1 && /[\d.]\s+|\/|^\d{3} \d/.test(caret.before);
  return { signatures: forms.map(signatureOf), activeSignature, activeParameter: isSecond ? 1 : 0 };
}

function signatureOf({ label, parameters, documentation }: Form): SignatureInformation {
  return {
    label,
    documentation: { kind: MarkupKind.Markdown, value: documentation },
    parameters: parameters.map(([part, meaning]) => ({ label: part, documentation: meaning })),
  };
}

function form(label: string, documentation: string, fits: RegExp, ...parameters: Form['parameters']): Form {
  return { label, documentation, fits, parameters };
}

function replyForm(label: string, digit: string): Form {
  const [code = '', status = '', text = ''] = label.split(' ');
  return form(
    label,
    `A code, an enhanced status code (RFC 3463) of the same class, and one line of US-ASCII with placeholders in braces: \`${digit}50 ${digit}.7.230 …\`.`,
    /.*/,
    [code, 'the reply code (RFC 5321)'],
    [status, 'the enhanced status code'],
    [text, 'what the sender reads'],
  );
}
