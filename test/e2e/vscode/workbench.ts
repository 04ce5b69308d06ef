/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

import { type Browser, chromium, type FrameLocator, type Locator, type Page } from 'playwright-core';

const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const CHROMIUM_OPTIONS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
/** Longest time for a step, in milliseconds. */
const STEP_MILLIS = 30_000;

/** The workbench of VS Code as a user sees it in a browser. */
export class Workbench {
  readonly page: Page;
  readonly #browser: Browser;

  static async open(url: string): Promise<Workbench> {
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_OPTIONS });
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.setDefaultTimeout(STEP_MILLIS);
    // The marketplace is not asked for anything.
    await page.route(
      ({ hostname, protocol }) => hostname !== '127.0.0.1' && protocol.startsWith('http'),
      (route) => route.abort(),
    );
    await page.goto(url);
    await page.locator('.monaco-workbench').waitFor({ timeout: 2 * STEP_MILLIS });
    await page
      .locator('.explorer-folders-view .monaco-list-row')
      .first()
      .waitFor({ timeout: 2 * STEP_MILLIS });
    return new Workbench(page, browser);
  }

  private constructor(page: Page, browser: Browser) {
    this.page = page;
    this.#browser = browser;
  }

  close(): Promise<void> {
    return this.#browser.close();
  }

  /** Runs a command of the palette by its title. */
  command(title: string): Promise<void> {
    return this.#pick('F1', `>${title}`, title);
  }

  async openFile(name: string): Promise<void> {
    await this.#pick('Control+p', name, name);
    await this.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    await this.page.locator('.editor-instance .view-lines .view-line').first().waitFor();
  }

  /** Sets the caret into a text of the editor: so many letters into it. */
  async caret(text: string, letters: number): Promise<void> {
    const { left, top, width, height } = await this.#boxOf(text);
    await this.page.mouse.click(left + (width * letters) / text.length, top + height / 2);
  }

  type(text: string): Promise<void> {
    return this.page.keyboard.type(text);
  }

  press(keys: string): Promise<void> {
    return this.page.keyboard.press(keys);
  }

  editorBackground(): Locator {
    return this.page.locator('.editor-instance .monaco-editor-background').first();
  }

  squiggles(severity: 'error' | 'warning' | 'info'): Locator {
    return this.page.locator(`.editor-instance .squiggly-${severity}`);
  }

  /** The rows of the Problems view. */
  async problems(): Promise<Locator> {
    await this.command('Problems: Focus on Problems View');
    const rows = this.page.locator('.markers-panel .monaco-list-row');
    await rows.first().waitFor();
    return rows;
  }

  /** What stands beside the mouse over a text. */
  async hover(text: string): Promise<string> {
    const { left, top, width, height } = await this.#boxOf(text);
    const content = this.page.locator('.monaco-hover-content:visible').first();
    await this.page.mouse.move(left + width / 2 - 1, top + height / 2);
    await this.page.mouse.move(left + width / 2, top + height / 2);
    // One that is still open from before says something else.
    await content.filter({ hasText: text }).waitFor();
    return (await content.textContent()) ?? '';
  }

  /** Labels that the editor proposes at the caret. */
  async completions(): Promise<string[]> {
    await this.press('Control+Space');
    const rows = this.page.locator('.suggest-widget.visible .monaco-list-row');
    await rows.first().waitFor();
    return rows.evaluateAll((all) => all.map((row) => row.querySelector('.label-name')?.textContent ?? ''));
  }

  /** Takes what is proposed under a label. */
  async accept(label: string): Promise<void> {
    const widget = this.page.locator('.suggest-widget.visible');
    const focused = widget.locator('.monaco-list-row.focused .label-name');
    const first = await focused.textContent();
    for (let proposed = first; proposed !== label; proposed = await focused.textContent()) {
      await this.press('ArrowDown');
      if (proposed !== first && (await focused.textContent()) === first) throw new Error(`${label} is not proposed`);
    }
    await this.press('Enter');
    await widget.waitFor({ state: 'hidden' });
  }

  /** Takes the quick fix that is proposed first at the caret; its title has to fit. */
  async quickFix(title: RegExp): Promise<void> {
    await this.press('Control+.');
    const focused = this.page.locator('.action-widget .monaco-list-row.focused');
    await focused.filter({ hasText: title }).waitFor();
    await this.press('Enter');
    await focused.waitFor({ state: 'detached' });
  }

  /** Gives what stands at the caret another name. */
  async rename(newName: string): Promise<void> {
    await this.press('F2');
    const input = this.page.locator('.rename-box input.rename-input');
    await input.waitFor();
    await input.fill(newName);
    await this.press('Enter');
    await input.waitFor({ state: 'hidden' });
  }

  /** A row of the test explorer. */
  tests(label: string): Locator {
    return this.page.locator('.test-explorer .monaco-list-row').filter({ hasText: label });
  }

  async runTests(): Promise<void> {
    await this.command('Testing: Focus on Test Explorer View');
    await this.command('Test: Run All Tests');
  }

  /** How many tests passed in the last run, of how many. */
  async testSummary(): Promise<{ readonly passed: number; readonly all: number }> {
    const text = await this.page.locator('.test-explorer .result-summary > div').nth(2).textContent();
    const [passed = Number.NaN, all = Number.NaN] = (text ?? '').split('/').map(Number);
    return { passed, all };
  }

  /** Replaces a part of a line of the editor that is in sight. */
  async replace(line: string, before: string, after: string): Promise<void> {
    await this.caret(line, line.indexOf(before) + before.length);
    for (const _ of before) await this.press('Backspace');
    await this.type(after);
    await this.press('Escape');
  }

  /** The text of the editor as far as it is in sight. */
  async text(): Promise<string> {
    const lines = await this.page.locator('.editor-instance .view-lines .view-line').evaluateAll((all) =>
      all
        .map((line) => [Number.parseFloat((line as HTMLElement).style.top), line.textContent ?? ''] as const)
        .sort(([a], [b]) => a - b)
        .map(([, text]) => text),
    );
    return lines.join('\n').replaceAll('\u00a0', ' ');
  }

  /** The document of a webview. */
  webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
  }

  async #pick(keys: string, query: string, row: string): Promise<void> {
    const widget = this.page.locator('.quick-input-widget');
    const input = widget.locator('input.input').first();
    await this.press(keys);
    await input.waitFor({ state: 'visible' });
    await input.fill(query);
    // Until the row is there, Enter would take another one.
    await widget.locator('.monaco-list-row.focused').filter({ hasText: row }).waitFor();
    await this.press('Enter');
    await widget.waitFor({ state: 'hidden' });
  }

  /** Where a text is drawn; editors cut lines into many elements. */
  async #boxOf(text: string): Promise<{ left: number; top: number; width: number; height: number }> {
    const handle = await this.page.waitForFunction(boxOfText, text.replaceAll(' ', '\u00a0'));
    const box = await handle.jsonValue();
    if (box === null) throw new Error(`${text} is not in sight`);
    return box;
  }
}

/** Runs in the browser. */
function boxOfText(wanted: string): { left: number; top: number; width: number; height: number } | null {
  for (const line of document.querySelectorAll('.editor-instance .view-lines .view-line')) {
    const at = (line.textContent ?? '').replaceAll(' ', '\u00a0').indexOf(wanted);
    if (at < 0) continue;
    const range = document.createRange();
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    let offset = 0;
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const length = node.textContent?.length ?? 0;
      if (at >= offset && at < offset + length) range.setStart(node, at - offset);
      const end = at + wanted.length;
      if (end > offset && end <= offset + length) range.setEnd(node, end - offset);
      offset += length;
    }
    const { left, top, width, height } = range.getBoundingClientRect();
    return { left, top, width, height };
  }
  return null;
}
