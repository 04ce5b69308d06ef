import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../harness/free-port.js';
import { runProgram } from '../../harness/run-program.js';

/** What keeps the workbench quiet: no welcome page, no lookups on the Internet, no question about trust. */
const SETTINGS = {
  'security.workspace.trust.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'window.restoreWindows': 'none',
  'window.confirmBeforeClose': 'never',
  'files.hotExit': 'off',
  'files.autoSave': 'off',
  'editor.hover.delay': 100,
  'editor.accessibilitySupport': 'off',
};

const START_MILLIS = 30_000;

export interface VsCodeServerOptions {
  /** Where `install-vscode.sh` has put it. */
  readonly installation: string;
  /** The packed extension. */
  readonly vsix: string;
  /** The folder that is opened. */
  readonly folder: string;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A VS Code server with a profile of its own, in which one extension is installed. */
export class VsCodeServer {
  /** Where a browser finds the workbench with the folder open. */
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #profile: string;

  static async start({ installation, vsix, folder, settings = {} }: VsCodeServerOptions): Promise<VsCodeServer> {
    // Socket paths have to stay below 108 characters.
    const profile = await mkdtemp(join(tmpdir(), 'vs-'));
    const program = join(installation, 'node_modules/code-server/lib/vscode/out/server-main.js');
    const data = join(profile, 'user');
    await mkdir(join(data, 'User'), { recursive: true });
    await writeFile(join(data, 'User/settings.json'), JSON.stringify({ ...SETTINGS, ...settings }));
    const places = [
      '--user-data-dir',
      data,
      '--extensions-dir',
      join(profile, 'ext'),
      '--server-data-dir',
      join(profile, 'data'),
    ];
    const shared = [program, '--accept-server-license-terms', ...places];
    const env = { HOME: profile, TMPDIR: profile, XDG_RUNTIME_DIR: profile };
    const installed = await runProgram(process.execPath, [...shared, '--install-extension', vsix], { env });
    if (installed.exitCode !== 0)
      throw new Error(`the extension cannot be installed: ${installed.stdout}${installed.stderr}`);
    const port = await freePort();
    const listen = [
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--without-connection-token',
      '--telemetry-level',
      'off',
    ];
    const child = spawn(process.execPath, [...shared, ...listen], {
      env: { ...process.env, ...env },
      stdio: 'ignore',
      detached: true,
    });
    const base = `http://127.0.0.1:${port}`;
    await untilAnswering(base, child);
    return new VsCodeServer(`${base}/?folder=${encodeURIComponent(folder)}`, child, profile);
  }

  private constructor(url: string, child: ChildProcess, profile: string) {
    this.url = url;
    this.#child = child;
    this.#profile = profile;
  }

  async stop(): Promise<void> {
    const exited = once(this.#child, 'exit');
    // Its extension hosts are processes of the same group.
    process.kill(-(this.#child.pid ?? 0), 'SIGKILL');
    await exited;
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function untilAnswering(url: string, child: ChildProcess): Promise<void> {
  const end = performance.now() + START_MILLIS;
  while (performance.now() < end) {
    if (child.exitCode !== null) throw new Error(`VS Code ended with ${child.exitCode}`);
    const isUp = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await delay(50);
  }
  throw new Error(`VS Code does not answer at ${url}`);
}
