import { describe, expect, it } from 'vitest';
import { html } from './html.js';

describe('html', () => {
  it.each<[string | number | undefined | false, string]>([
    ['<script>', '&lt;script&gt;'],
    [`"a" & 'b'`, '&quot;a&quot; &amp; &#39;b&#39;'],
    [7, '7'],
    [undefined, ''],
    [false, ''],
  ])('puts in %j as %j', (part, expected) => {
    expect(html`<p title="${part}">${part}</p>`.text).toBe(`<p title="${expected}">${expected}</p>`);
  });

  it('takes HTML as it is, and joins lists', () => {
    expect(html`<ul>${['a<', 'b'].map((item) => html`<li>${item}</li>`)}</ul>`.text).toBe(
      '<ul><li>a&lt;</li><li>b</li></ul>',
    );
  });
});
