/** A file of tests. */
export interface JunitSuite {
  readonly name: string;
  readonly cases: readonly JunitCase[];
}

export interface JunitCase {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly failures: readonly { readonly message: string; readonly text: string }[];
}

/** Writes JUnit XML as Jenkins, GitLab and others read it: one failure of a case, with all that was not met in its text. */
export function junitXml(name: string, suites: readonly JunitSuite[]): string {
  const cases = suites.flatMap((suite) => suite.cases);
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name, ...countsOf(cases) })}>`,
    ...suites.flatMap((suite) => [
      `  <testsuite ${attributes({ name: suite.name, ...countsOf(suite.cases) })}>`,
      ...suite.cases.map((each) => caseXml(suite.name, each)),
      '  </testsuite>',
    ]),
    '</testsuites>',
  ];
  return `${lines.join('\n')}\n`;
}

function caseXml(suite: string, { name, file, line, failures }: JunitCase): string {
  const head = `    <testcase ${attributes({ classname: suite, name, file, line })}`;
  if (failures.length === 0) return `${head}/>`;
  const message = failures.map((failure) => failure.message).join('; ');
  const text = failures.map((failure) => failure.text).join('\n');
  return `${head}>\n      <failure ${attributes({ message })}>${escaped(text)}</failure>\n    </testcase>`;
}

function countsOf(cases: readonly JunitCase[]): { readonly tests: number; readonly failures: number } {
  return { tests: cases.length, failures: cases.filter(({ failures }) => failures.length > 0).length };
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escaped(String(value))}"`)
    .join(' ');
}

/** Escapes text for content and attributes; what XML 1.0 cannot hold (§2.2) is replaced. */
function escaped(text: string): string {
  return text.replace(NOT_IN_XML, '\ufffd').replace(SPECIAL, (character) => `&#${character.codePointAt(0)};`);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const NOT_IN_XML = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu;
/** White space but blanks too: an attribute would have a blank in its place (§3.3.3). */
const SPECIAL = /[&<>"'\t\n\r]/g;
