import { describe, expect, it } from 'vitest';
import { code, codeBlock, paragraphs, plain } from './markdown.js';

describe('Markdown', () => {
  it('shows what an author wrote as it is, never as formatting', () => {
    expect(plain('*a* <b> [c](d) `e` \\f | # g\n\nh')).toBe('\\*a\\* \\<b\\> \\[c\\](d) \\`e\\` \\\\f \\| \\# g h');
  });

  it.each([
    ['a', '`a`'],
    ['a`b', '`` a`b ``'],
    ['``', '``` `` ```'],
  ])('shows %j as code', (text, expected) => {
    expect(code(text)).toBe(expected);
  });

  it('fences a block with more backticks than stand in it', () => {
    expect(codeBlock('a: 1', 'yaml')).toBe('```yaml\na: 1\n```');
    expect(codeBlock('```\n````', 'text')).toBe('`````text\n```\n````\n`````');
  });

  it('leaves out paragraphs that say nothing', () => {
    expect(paragraphs('a', undefined, '', 'b')).toBe('a\n\nb');
  });
});
