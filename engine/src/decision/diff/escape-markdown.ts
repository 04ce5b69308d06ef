/**
 * Escapes text for Markdown (CommonMark): names come from whoever wrote them, and nothing in them is Markdown or HTML, begins a
 * line of its own, or moves a cursor.
 */
export function escapeMarkdown(text: string): string {
  return withoutControls(text).replace(/[\\`*_{}[\]<>#|~!&@]/g, (character) =>
    character === '@' ? '&#64;' : `\\${character}`,
  );
}

/** Text as a code span (CommonMark §6.1), whatever it holds. */
export function codeSpan(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return `${fence}${pad}${withoutControls(text)}${pad}${fence}`;
}

function withoutControls(text: string): string {
  return text.replace(/\p{Cc}/gu, '·');
}
