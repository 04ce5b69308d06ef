/** Signs beyond US-ASCII that have a plain form. */
const PLAIN: readonly (readonly [RegExp, string])[] = [
  [/[\u2010-\u2015\u2212]/g, '-'],
  [/[\u2018\u2019\u201a\u2032]/g, "'"],
  [/[\u201c-\u201e\u00ab\u00bb]/g, '"'],
  [/\u2026/g, '...'],
  [/[\u00a0\u2000-\u200a\u202f\u3000]/g, ' '],
  [/[\u200b-\u200d\ufeff\u00ad]/g, ''],
  [/ß/g, 'ss'],
];

const CODES = /^(?:(\d{3})\b[\s-]*)?(?:(\d(?:\.\d{1,3}){2})\b\s*)?(.*)$/;

/**
 * A reply as it was most likely meant: on one line, in plain letters, with the codes of its use before the text. It may
 * still be wrong in other ways.
 */
export function nearestReply(text: string, use: 'throttle' | 'block'): string | undefined {
  const line = PLAIN.reduce((rest, [sign, plain]) => rest.replace(sign, plain), text)
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .replace(/\s*[\r\n]+\s*/g, ' ')
    .trim();
  const [, code = '', status = '', body = ''] = CODES.exec(line) ?? [];
  if (body === '') return undefined;
  const first = use === 'throttle' ? '4' : '5';
  const rightCode = code[0] === first && /^.[0-5]/.test(code) ? code : `${first}50`;
  const rightStatus = status === '' ? `${first}.7.230` : `${first}${status.slice(1)}`;
  return `${rightCode} ${rightStatus} ${body}`;
}
