import { realpath } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type FSWatcher, watch } from 'chokidar';
import { checkPolicySet } from '../decision/check-policies.js';
import { compilePolicySetSteps } from '../decision/compile-policy-set.js';
import type { CompiledPolicySet, DecisionSettings } from '../decision/compiled-policy-set.js';
import { fileKindOf } from '../policy/file-kind.js';
import type { Finding } from '../policy/finding.js';
import type { PolicyFile } from '../policy/policy-file.js';
import { readPolicyFolder } from '../policy/read-policy-folder.js';
import { readPolicySet } from '../policy/read-policy-set.js';
import { revisionOf } from '../policy/revision.js';
import type { Clock } from './clock.js';
import { finishInSlices } from './finish-in-slices.js';
import { gitCommitOf } from './git-commit.js';

/** Time without a change before files are read, and between two readings that have to agree, in milliseconds. */
const QUIET_MILLIS = 60;
/** Time between two checks of the contents, in milliseconds; longer where reading them takes long. */
const POLL_MILLIS = 1_000;
/** Time between two looks at where the folder really lies, in milliseconds. */
const PLACE_MILLIS = 500;
/** Longest time for which compiling holds up connections, in milliseconds. */
const SLICE_MILLIS = 5;
/** Readings before a folder that keeps changing is read as it is. */
const MAX_READINGS = 20;

/** What became of the files on disk. */
export type LoadOutcome =
  | { readonly kind: 'loaded'; readonly revision: string; readonly findings: readonly Finding[] }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }
  | { readonly kind: 'unreadable'; readonly message: string };

export interface PolicySourceOptions {
  readonly folder: string;
  readonly settings: Partial<DecisionSettings>;
  readonly clock: Clock;
  /** Time between two checks of the contents that back up the watcher, in milliseconds; 1,000 by default. */
  readonly pollMillis?: number;
  readonly onOutcome: (outcome: LoadOutcome) => void;
  readonly onWatchError: (message: string) => void;
}

/** Thrown where there is no valid policy set to begin with. */
export class NoPoliciesError extends Error {
  constructor(
    message: string,
    readonly findings: readonly Finding[],
  ) {
    super(message);
  }
}

/**
 * The policy set of a folder, kept up to date. Changes are read into one snapshot, checked and compiled; only a whole, valid
 * policy set replaces the running one, in one assignment.
 */
export class PolicySource {
  readonly #options: PolicySourceOptions;
  readonly #folder: string;
  #current: CompiledPolicySet;
  #contentHash: string;
  #lastOutcome: LoadOutcome;
  readonly #watcher: FSWatcher;
  #quietTimer: NodeJS.Timeout | undefined;
  #pollTimer: NodeJS.Timeout | undefined;
  #placeTimer: NodeJS.Timeout | undefined;
  #reloading: Promise<void> | undefined;
  #isReloadDue = false;
  #isClosed = false;

  /**
   * Loads the folder and watches it.
   *
   * @throws NoPoliciesError where it holds no valid policy set; Error where it cannot be read
   */
  static async open(options: PolicySourceOptions): Promise<PolicySource> {
    const place = await realpath(options.folder);
    const files = await readSettled(options.folder);
    const { compiled, findings } = await compileFiles(files, options, isOnlyAgainstInvariants);
    if (compiled === undefined) throw new NoPoliciesError(`${options.folder} holds no valid policy set`, findings);
    const source = new PolicySource(options, compiled, revisionOf(files), findings);
    await new Promise<void>((resolve) => source.#watcher.once('ready', resolve));
    options.onOutcome(source.#lastOutcome);
    source.#poll();
    source.#followLinks(place);
    return source;
  }

  private constructor(
    options: PolicySourceOptions,
    compiled: CompiledPolicySet,
    contentHash: string,
    findings: readonly Finding[],
  ) {
    this.#options = options;
    this.#folder = resolve(options.folder);
    this.#current = compiled;
    this.#contentHash = contentHash;
    this.#lastOutcome = { kind: 'loaded', revision: compiled.policySet.revision, findings };
    this.#watcher = this.#watch();
  }

  /** The policy set that runs. */
  get current(): CompiledPolicySet {
    return this.#current;
  }

  /** What became of the files as they are on disk. */
  get lastOutcome(): LoadOutcome {
    return this.#lastOutcome;
  }

  /** Reads the folder now, whatever the watcher has seen (SIGHUP). */
  reload(): Promise<void> {
    this.#isReloadDue = true;
    this.#reloading ??= this.#reloadWhileDue().finally(() => {
      this.#reloading = undefined;
    });
    return this.#reloading;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#quietTimer);
    clearTimeout(this.#pollTimer);
    clearTimeout(this.#placeTimer);
    await this.#watcher.close();
    await this.#reloading;
  }

  /** The parent is watched as well: a folder that is removed and made anew, or a swapped symlink, shows only there. */
  #watch(): FSWatcher {
    const parent = dirname(this.#folder);
    const watcher = watch([this.#folder, parent], {
      ignoreInitial: true,
      ignored: (path) => path !== parent && path !== this.#folder && !isWatchedInside(path, this.#folder),
    });
    watcher.on('all', (event, path) => {
      if (event === 'addDir' && path === this.#folder) watcher.unwatch(this.#folder).add(this.#folder);
      this.#onChange();
    });
    watcher.on('error', (error) => {
      this.#options.onWatchError(error instanceof Error ? error.message : String(error));
    });
    return watcher;
  }

  #onChange(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#quietTimer);
    this.#quietTimer = setTimeout(() => void this.reload(), QUIET_MILLIS);
  }

  /** A link that is swapped, the folder itself or one on the way to it, often shows to no watcher. */
  #followLinks(place: string): void {
    this.#placeTimer = setTimeout(async () => {
      const now = await realpath(this.#folder).catch(() => place);
      if (this.#isClosed) return;
      if (now !== place) {
        this.#watcher.unwatch(this.#folder).add(this.#folder);
        this.#onChange();
      }
      this.#followLinks(now);
    }, PLACE_MILLIS);
    this.#placeTimer.unref();
  }

  /** Backs up the watcher, which misses some changes (a link swapped to files that it has seen). */
  #poll(waitMillis = this.#options.pollMillis ?? POLL_MILLIS): void {
    this.#pollTimer = setTimeout(async () => {
      const start = performance.now();
      const hash = await this.#hashOnDisk();
      const tookMillis = performance.now() - start;
      if (hash !== this.#contentHash) await this.reload();
      if (!this.#isClosed) this.#poll(Math.max(this.#options.pollMillis ?? POLL_MILLIS, 20 * tookMillis));
    }, waitMillis);
    this.#pollTimer.unref();
  }

  async #hashOnDisk(): Promise<string> {
    try {
      return revisionOf(await readPolicyFolder(this.#folder));
    } catch {
      return '';
    }
  }

  async #reloadWhileDue(): Promise<void> {
    while (this.#isReloadDue && !this.#isClosed) {
      this.#isReloadDue = false;
      await this.#reloadOnce();
    }
  }

  async #reloadOnce(): Promise<void> {
    try {
      const files = await readSettled(this.#folder);
      const contentHash = revisionOf(files);
      if (contentHash === this.#contentHash) return;
      const { compiled, findings } = await compileFiles(files, this.#options, () => false);
      this.#contentHash = contentHash;
      if (compiled === undefined) return this.#finish({ kind: 'refused', findings });
      this.#current = compiled;
      this.#finish({ kind: 'loaded', revision: compiled.policySet.revision, findings });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const isNews = this.#lastOutcome.kind !== 'unreadable' || this.#lastOutcome.message !== message;
      this.#contentHash = '';
      if (isNews) this.#finish({ kind: 'unreadable', message });
    }
  }

  #finish(outcome: LoadOutcome): void {
    this.#lastOutcome = outcome;
    this.#options.onOutcome(outcome);
  }
}

/** Reads a folder until two readings agree, so that a file that is half written is not taken for whole. */
async function readSettled(folder: string): Promise<readonly PolicyFile[]> {
  let files = await readPolicyFolder(folder);
  for (let reading = 1; reading < MAX_READINGS; reading++) {
    await delay(QUIET_MILLIS);
    const again = await readPolicyFolder(folder);
    if (revisionOf(again) === revisionOf(files)) break;
    files = again;
  }
  // A folder that a checkout has just emptied would let everything pass.
  if (!files.some((file) => fileKindOf(file.path) === 'policy')) {
    throw new Error(`${folder} holds no policy file; at least one *.policy.yaml was expected`);
  }
  return files;
}

async function compileFiles(
  files: readonly PolicyFile[],
  { folder, settings, clock }: PolicySourceOptions,
  isTolerable: (findings: readonly Finding[]) => boolean,
): Promise<{ compiled?: CompiledPolicySet; findings: readonly Finding[] }> {
  const now = clock();
  const { policySet: faultless, findings } = checkPolicySet(files, now);
  const policySet = faultless ?? (isTolerable(findings) ? readPolicySet(files, now).policySet : undefined);
  if (policySet === undefined) return { findings };
  const commit = await gitCommitOf(folder);
  const revision = commit === undefined ? policySet.revision : `${policySet.revision}@${commit}`;
  const steps = compilePolicySetSteps({ ...policySet, revision }, settings);
  return { findings, compiled: await finishInSlices(steps, SLICE_MILLIS) };
}

/**
 * A change that violates an invariant is refused. But what runs already may come to violate one as time passes (a product
 * leaves support), and a service that then would not start again protects nobody: it starts, and tells.
 */
function isOnlyAgainstInvariants(findings: readonly Finding[]): boolean {
  return findings.every(({ severity, code }) => severity !== 'error' || code === 'invariant-violated');
}

function isWatchedInside(path: string, folder: string): boolean {
  if (!path.startsWith(`${folder}${sep}`)) return false;
  return !path
    .slice(folder.length)
    .split(sep)
    .some((part) => part === '.git' || part === 'node_modules');
}
