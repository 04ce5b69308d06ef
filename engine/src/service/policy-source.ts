import { realpath } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import type { CompiledPolicySet, DecisionSettings } from '../decision/compiled-policy-set.js';
import type { Finding } from '../policy/finding.js';
import type { Clock } from './clock.js';
import type { PolicyReader, PolicyReading } from './policy-reader.js';

/** Time without a change before files are read, in milliseconds. */
const QUIET_MILLIS = 60;
/** Time between two checks of the contents, in milliseconds; longer where reading them takes long. */
const POLL_MILLIS = 1_000;
/** Time between two looks at where the folder really lies, in milliseconds. */
const PLACE_MILLIS = 500;

/** What became of the files on disk. */
export type LoadOutcome =
  | { readonly kind: 'loaded'; readonly revision: string; readonly findings: readonly Finding[] }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }
  | { readonly kind: 'unreadable'; readonly message: string };

export interface PolicySourceOptions {
  readonly folder: string;
  readonly settings: Partial<DecisionSettings>;
  readonly clock: Clock;
  /** Belongs to the source, which closes it. */
  readonly reader: PolicyReader;
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
    const source = new PolicySource(options, await readFirst(options));
    await new Promise<void>((resolve) => source.#watcher.once('ready', resolve));
    options.onOutcome(source.#lastOutcome);
    source.#poll();
    source.#followLinks(place);
    return source;
  }

  private constructor(options: PolicySourceOptions, { compiled, contentHash, findings }: Required<PolicyReading>) {
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
    await this.#options.reader.close();
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
      let tookMillis = performance.now() - start;
      if (hash !== this.#contentHash && !this.#isClosed) await this.reload();
      // What cannot be read is tried again and again, which may take long each time.
      if (this.#lastOutcome.kind === 'unreadable') tookMillis = performance.now() - start;
      if (!this.#isClosed) this.#poll(Math.max(this.#options.pollMillis ?? POLL_MILLIS, 20 * tookMillis));
    }, waitMillis);
    this.#pollTimer.unref();
  }

  async #hashOnDisk(): Promise<string> {
    try {
      return await this.#options.reader.hash(this.#folder);
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
      const { reader, clock, settings } = this.#options;
      const query = { folder: this.#folder, knownHash: this.#contentHash, now: clock(), toleratesViolations: false };
      const reading = await reader.read(query, settings);
      if (reading === undefined) return;
      const { compiled, contentHash, findings } = reading;
      this.#contentHash = contentHash;
      if (compiled === undefined) return this.#finish({ kind: 'refused', findings });
      this.#current = compiled;
      this.#finish({ kind: 'loaded', revision: compiled.policySet.revision, findings });
    } catch (error) {
      if (this.#isClosed) return;
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

/** A policy set that violates its invariants is taken, and told: one has to run. */
async function readFirst({ folder, settings, clock, reader }: PolicySourceOptions): Promise<Required<PolicyReading>> {
  try {
    const reading = await reader.read({ folder, knownHash: '', now: clock(), toleratesViolations: true }, settings);
    const { compiled, contentHash = '', findings = [] } = reading ?? {};
    if (compiled === undefined) throw new NoPoliciesError(`${folder} holds no valid policy set`, findings);
    return { compiled, contentHash, findings };
  } catch (error) {
    await reader.close();
    throw error;
  }
}

function isWatchedInside(path: string, folder: string): boolean {
  if (!path.startsWith(`${folder}${sep}`)) return false;
  return !path
    .slice(folder.length)
    .split(sep)
    .some((part) => part === '.git' || part === 'node_modules');
}
