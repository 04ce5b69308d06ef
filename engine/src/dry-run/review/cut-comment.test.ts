import { describe, expect, it } from 'vitest';
import { cutComment } from './cut-comment.js';

const FOLDED = `<details><summary>More</summary>\n\n${'x'.repeat(500)}\n\n</details>`;

describe('a comment that is cut', () => {
  it('stays as it is where it is short enough', () => {
    expect(cutComment('short', 5)).toBe('short');
  });

  it('loses what is folded away first, the last part before the others', () => {
    const cut = cutComment(`Head\n\n${FOLDED}\n\nBetween\n\n${FOLDED}\n\nTail`, 900);
    expect(cut.length).toBeLessThanOrEqual(900);
    expect(cut).toMatch(/^Head\n\n<details>[\s\S]*<\/details>\n\nBetween\n\n\*Details are too long[\s\S]*Tail$/);
  });

  it.each([
    ['without folds', 'y'.repeat(2000)],
    ['with a fold that has no end', `<details>${'y'.repeat(2000)}`],
  ])('is cut hard %s', (_, text) => {
    const cut = cutComment(text, 300);
    expect(cut.length).toBeLessThanOrEqual(300);
    expect(cut).toContain('sluice review');
  });
});
