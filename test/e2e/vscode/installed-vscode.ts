import { fileURLToPath } from 'node:url';
import { REPOSITORY } from '../../harness/repository.js';
import { runProgram } from '../../harness/run-program.js';

/** Kept between runs; the folder is not part of the repository. */
const INSTALLATION = `${REPOSITORY}/.vscode-test`;

/** Installs VS Code from npm where that is not done yet. */
export async function installedVsCode(): Promise<string> {
  const script = fileURLToPath(new URL('./install-vscode.sh', import.meta.url));
  await runOrFail('sh', [script, INSTALLATION]);
  return INSTALLATION;
}

/** Packs the extension as its users get it. */
export async function packedExtension(): Promise<string> {
  const file = `${INSTALLATION}/sluice.vsix`;
  await runOrFail('npm', ['run', '--silent', 'package', '--workspace', 'extension', '--', '--out', file]);
  return file;
}

async function runOrFail(program: string, args: readonly string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await runProgram(program, args, { cwd: REPOSITORY, limitMillis: 600_000 });
  if (exitCode !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${exitCode}: ${stdout}${stderr}`);
}
