import { createReadStream } from 'node:fs';
import type { Command } from 'commander';
import { BuildCatalogue } from '../policy/build-catalogue.js';
import { readPolicyFolder } from '../policy/read-policy-folder.js';
import { readPolicySet } from '../policy/read-policy-set.js';
import { formatVersion } from '../policy/version.js';
import { systemClock } from '../service/clock.js';
import { detectServer } from '../traffic/detect-server.js';
import type { Detection, StampedVersion } from '../traffic/detection.js';
import { readMessages } from '../traffic/read-messages.js';
import type { CommandLine } from './command-line.js';
import { EXIT, UsageError } from './exit-code.js';
import { formatOption, policiesOption } from './options.js';

interface DetectOptions {
  readonly policies: string;
  readonly format: 'text' | 'json';
}

/** What one message tells, for people and programs. */
interface DetectedMessage {
  readonly file: string;
  /** Line at which the message begins. */
  readonly line: number;
  readonly server?: string;
  readonly product?: string;
  readonly version?: string;
  readonly build?: { readonly name: string; readonly exact: boolean };
  readonly evidence?: Pick<StampedVersion, 'id' | 'hop' | 'header'>;
  readonly reason?: string;
  readonly message?: string;
}

/** Adds `sluice detect`. */
export function addDetectCommand(program: Command, line: CommandLine): void {
  program
    .command('detect')
    .description('Show which server handed messages over, and its version.')
    .argument('<file...>', 'messages, header blocks or mbox files; - for standard input')
    .addOption(policiesOption())
    .addOption(formatOption('text', 'json'))
    .addHelpText(
      'after',
      `
The topmost Received: field tells, as it does to a gateway. Builds are named by the catalogue of the policy set.

Examples:
  sluice detect message.eml
  sluice detect --format json archive.mbox

Exit code: 0 every message was read, 2 a file cannot be read.`,
    )
    .action(async (files: string[], { policies, format }: DetectOptions) => {
      const catalogue = await readCatalogue(policies);
      const all: DetectedMessage[] = [];
      for (const file of files) {
        let count = 0;
        for await (const message of messagesOf(file)) {
          count++;
          const detected = describe(file, message.line, detectServer(message.headers), catalogue);
          if (format === 'json') all.push(detected);
          else line.out(textOf(detected));
        }
        if (count === 0) throw new UsageError(`${file} holds no message: no header field was found`);
      }
      if (format === 'json') line.out(`${JSON.stringify(all, null, 2)}\n`);
      line.exit(EXIT.fine);
    });
}

async function* messagesOf(file: string) {
  try {
    yield* readMessages(file === '-' ? process.stdin : createReadStream(file));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new UsageError(`${file} cannot be read: ${error.message}`);
  }
}

/** Without a policy set, or with one that has errors elsewhere, versions are still told; only names are missing. */
async function readCatalogue(folder: string): Promise<BuildCatalogue> {
  const files = await readPolicyFolder(folder).catch(() => []);
  const builds = files.filter((file) => /\.builds\.(?:ya?ml|json)$/.test(file.path));
  return readPolicySet(builds, systemClock()).policySet?.catalogue ?? new BuildCatalogue([]);
}

function describe(file: string, line: number, detection: Detection, catalogue: BuildCatalogue): DetectedMessage {
  if (!detection.found) return { file, line, reason: detection.reason, message: detection.message };
  const { server, stamped } = detection;
  if (stamped === undefined) return { file, line, server };
  const entry = catalogue.find(stamped.version);
  const { id, hop, header } = stamped;
  return {
    file,
    line,
    server,
    version: formatVersion(stamped.version),
    ...(entry === undefined ? {} : { product: entry.product.name }),
    ...(entry?.build === undefined ? {} : { build: { name: entry.build.name, exact: entry.exact } }),
    evidence: { id, hop, header },
  };
}

function textOf(detected: DetectedMessage): string {
  const { file, line, server, product, version, build, evidence, reason, message } = detected;
  const place = `${file}:${line}: `;
  if (server === undefined) return `${place}no server: ${message} [${reason}]\n`;
  if (version === undefined) return `${place}${server}: Exchange, version unknown\n`;
  const named = build === undefined ? (product ?? 'unknown product') : `${build.exact ? '' : 'at least '}${build.name}`;
  return `${place}${server}: ${version}, ${named}\n    hop ${evidence?.hop}: ${evidence?.header}\n`;
}
