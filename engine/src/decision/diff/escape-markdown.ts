/** Escapes text for Markdown (CommonMark): names come from whoever wrote them, and nothing in them is Markdown or HTML. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~!&@]/g, (character) => (character === '@' ? '&#64;' : `\\${character}`));
}
