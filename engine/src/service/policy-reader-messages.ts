import type { MessagePort } from 'node:worker_threads';
import type { PolicySetPart } from '../decision/handover/policy-set-parts.js';
import type { Finding } from '../policy/finding.js';
import type { PolicyQuery } from './read-policies.js';

/** What the worker is asked; it answers on the port, one message for each that comes there. */
export interface ReaderRequest {
  readonly question: { readonly read: PolicyQuery } | { readonly hash: string };
  readonly port: MessagePort;
}

/** Answers of the worker; all but `part` and `findings` are the last one. */
export type ReaderAnswer =
  | { readonly kind: 'part'; readonly part: PolicySetPart }
  | { readonly kind: 'findings'; readonly findings: readonly Finding[] }
  | { readonly kind: 'read'; readonly contentHash: string; readonly isValid: boolean }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'hash'; readonly hash: string }
  | { readonly kind: 'failed'; readonly message: string };
