import { readFileSync } from 'node:fs';

const PAGE = readFileSync(new URL('../../../docs/findings.md', import.meta.url), 'utf8');

/** A fenced block: YAML that names its file in its first line, or commands that make files. */
export interface FindingExample {
  readonly language: string;
  readonly verdict: string;
  readonly file?: string;
  readonly isPart: boolean;
  readonly text: string;
}

/** What docs/findings.md has on a finding. */
export interface FindingEntry {
  readonly code: string;
  readonly severity: string;
  readonly examples: readonly FindingExample[];
}

/** The entries of docs/findings.md. */
export const FINDING_ENTRIES: readonly FindingEntry[] = PAGE.split(/^### /m)
  .slice(1)
  .map((section) => ({
    code: section.split('\n')[0] ?? '',
    severity: /^\*\*(\w+)\.\*\*/m.exec(section)?.[1]?.toLowerCase() ?? '',
    examples: examplesIn(section),
  }));

function examplesIn(section: string): FindingExample[] {
  return [...section.matchAll(/^```(yaml|sh)\n(# (wrong|right)(?:: ([^\n,]+))?(, in part)?\n.*?)^```/gms)].map(
    ([, language = '', text = '', verdict = '', file, part]) => ({
      language,
      verdict,
      text,
      isPart: part !== undefined,
      ...(file === undefined ? {} : { file }),
    }),
  );
}

/** The text of an example's file; what shows a part is completed by the lines of the whole policy whose keys it does not have. */
export function textOfExample({ isPart, text }: FindingExample): string {
  return isPart ? completed(text) : text;
}

function completed(part: string): string {
  const whole = /^```yaml\n(name: example\n.*?)^```/ms.exec(PAGE)?.[1] ?? '';
  const keys = new Set(part.match(/^\w+(?=:)/gm));
  const others = whole.split('\n').filter((line) => !keys.has(line.split(':')[0] ?? ''));
  return `${part}${others.join('\n')}`;
}
