import { writeFileSync } from 'node:fs';
import { cpus, platform } from 'node:os';
import { parseArgs } from 'node:util';
import { benchmarkCompile } from './compile-benchmark.js';
import { benchmarkDecisions } from './decide-benchmark.js';
import { benchmarkEditor } from './editor-benchmark.js';
import { benchmarkPostfix } from './postfix-benchmark.js';
import { benchmarkReload } from './reload-benchmark.js';
import { replaceFigures } from './replace-figures.js';
import { benchmarkReplay } from './replay-benchmark.js';
import { formatReport } from './report.js';
import { type BenchResults, PARTS, type Part } from './results.js';
import { FULL, SHORT } from './settings.js';

const HELP = `Usage: npm run bench -- [options]

Measures Sluice beside its peers and prints tables.

Options:
  --full          larger sets, longer times, more rounds
  --only PART     only decide, compile, reload, postfix, replay or editor; may be given several times
  --json FILE     write all figures, round by round
  --docs FILE     replace the figures in a Markdown file, such as docs/benchmarks.md
  --help          show this

Exit code: 0 measured, 1 a contender gave a wrong answer or a process failed, 2 wrong usage.
`;

interface Arguments {
  readonly full: boolean;
  readonly parts: readonly Part[];
  readonly json?: string;
  readonly docs?: string;
}

process.exitCode = await main();

async function main(): Promise<number> {
  const args = readArguments();
  if (typeof args === 'string') {
    process.stderr.write(`${args}\n\n${HELP}`);
    return 2;
  }
  if (args === undefined) {
    process.stdout.write(HELP);
    return 0;
  }
  try {
    const results = await measure(args);
    process.stdout.write(`\n${formatReport(results)}`);
    if (args.json !== undefined) writeFileSync(args.json, `${JSON.stringify(results, null, 1)}\n`);
    if (args.docs !== undefined) replaceFigures(args.docs, results);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return 1;
  }
}

async function measure({ full, parts }: Arguments): Promise<BenchResults> {
  const settings = full ? FULL : SHORT;
  const progress = (step: string) => process.stderr.write(`${step}\n`);
  const wants = (part: Part) => parts.includes(part);
  return {
    machine: {
      processors: cpus().length,
      model: cpus()[0]?.model ?? 'unknown processor',
      platform: platform(),
      node: process.versions.node,
    },
    settings,
    ...(wants('decide') ? { decide: await benchmarkDecisions(settings, progress) } : {}),
    ...(wants('compile') ? { compile: await benchmarkCompile(settings, progress) } : {}),
    ...(wants('reload') ? { reload: await benchmarkReload(settings, progress) } : {}),
    ...(wants('postfix') ? { postfix: await benchmarkPostfix(settings, progress) } : {}),
    ...(wants('replay') ? { replay: await benchmarkReplay(settings, progress) } : {}),
    ...(wants('editor') ? { editor: await benchmarkEditor(settings, progress) } : {}),
  };
}

/** The arguments; undefined where help is asked for; a text where they are wrong. */
function readArguments(): Arguments | string | undefined {
  try {
    const { values } = parseArgs({
      options: {
        full: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true, default: [...PARTS] },
        json: { type: 'string' },
        docs: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return undefined;
    const unknown = values.only.find((name) => !PARTS.some((part) => part === name));
    if (unknown !== undefined) return `--only ${unknown}: one of ${PARTS.join(', ')} was expected`;
    const parts = PARTS.filter((part) => values.only.includes(part));
    return {
      full: values.full,
      parts,
      ...(values.json === undefined ? {} : { json: values.json }),
      ...(values.docs === undefined ? {} : { docs: values.docs }),
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
