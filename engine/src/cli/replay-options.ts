import type { Command } from 'commander';
import type { ReplayOptions } from '../dry-run/replay/replay.js';
import { type DurationMillis, durationMillis } from '../policy/duration.js';
import { DEFAULT_CONFIGURATION } from '../service/configuration.js';
import { knownServers } from './known-servers.js';
import { countArgument, durationArgument } from './options.js';

/** What the options say of replaying. */
export interface ReplayArguments {
  readonly firstDetected: string;
  readonly store: string;
  readonly shift: DurationMillis;
  readonly top: number;
}

/** Adds the options of commands that replay logs and report on servers. */
export function addReplayOptions(command: Command): Command {
  return command
    .option('--first-detected <source>', 'log-start, store, or a file of sluice servers --format json', 'log-start')
    .option('--store <folder>', 'folder of the embedded store, for --first-detected store', '.sluice')
    .option('--shift <duration>', 'move the clock: what the same traffic would meet later', durationArgument, NO_SHIFT)
    .option('--top <count>', 'servers that are shown; JSON and CSV have all', countArgument, 20);
}

/** @throws UsageError where the servers that are known beforehand cannot be read */
export async function replayOptionsOf({ firstDetected, store, shift }: ReplayArguments): Promise<ReplayOptions> {
  const servers = await knownServers(firstDetected, store);
  return { peerWindow: DEFAULT_CONFIGURATION.peerWindow, shift, servers };
}

const NO_SHIFT = durationMillis(0);
