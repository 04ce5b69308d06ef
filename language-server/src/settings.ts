import { type EpochMillis, parseInstant } from '@sluice/engine/policy/instant.js';

/** What a client may say when it starts the server (`initializationOptions`); all of it may be left out. */
export interface InitializationOptions {
  /** Folders of policy sets, relative to the folders of the workspace; found by their files where absent. */
  readonly policyFolders?: readonly string[];
  /** `push` where a client that could ask for diagnostics wants to be told of them. */
  readonly diagnostics?: 'push' | 'pull';
  /** The instant by which exemptions have expired or not, as RFC 3339; the present one where absent. */
  readonly now?: string;
  /** URI of a page that explains each finding under its code. */
  readonly findingsPage?: string;
  /** Whether the client has the commands `sluice.…`, which lenses then offer. */
  readonly commands?: boolean;
}

/** Reads what a client says. What is none of ours, or of a wrong type, counts as absent. */
export function readInitializationOptions(value: unknown): InitializationOptions {
  const given = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const { diagnostics, now, findingsPage, commands } = given;
  return {
    policyFolders: folderNames(given['policyFolders']),
    ...(diagnostics === 'push' || diagnostics === 'pull' ? { diagnostics } : {}),
    ...(typeof now === 'string' ? { now } : {}),
    ...(typeof findingsPage === 'string' ? { findingsPage } : {}),
    ...(typeof commands === 'boolean' ? { commands } : {}),
  };
}

/** Names of folders from settings. */
export function folderNames(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string' && each !== '') : [];
}

/** A clock that stands still, where a client asks for that. */
export function clockOf({ now }: InitializationOptions): (() => EpochMillis) | undefined {
  const instant = now === undefined ? undefined : parseInstant(now);
  return instant === undefined ? undefined : () => instant;
}
