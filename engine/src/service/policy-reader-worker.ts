import { once } from 'node:events';
import { type MessagePort, parentPort } from 'node:worker_threads';
import { transfersOf } from '../decision/handover/policy-set-parts.js';
import type { ReaderAnswer, ReaderRequest } from './policy-reader-messages.js';
import { hashPolicies, type PolicyQuery, readPolicies } from './read-policies.js';

/** Findings in one message. */
const FINDINGS_AT_A_TIME = 200;

// The script of the worker of `WorkerPolicyReader`.
parentPort?.on('message', ({ question, port }: ReaderRequest) => {
  void answer('read' in question ? answersTo(question.read) : hashOf(question.hash), port);
});

/** Sends each answer when it is asked for, so that the other thread takes over no more at a time than it wants to. */
async function answer(answers: AsyncIterable<ReaderAnswer>, port: MessagePort): Promise<void> {
  for await (const each of answers) {
    await once(port, 'message');
    port.postMessage(each, each.kind === 'part' ? transfersOf(each.part) : []);
  }
}

async function* hashOf(folder: string): AsyncGenerator<ReaderAnswer> {
  yield { kind: 'hash', hash: await hashPolicies(folder) };
}

async function* answersTo(query: PolicyQuery): AsyncGenerator<ReaderAnswer> {
  try {
    const read = await readPolicies(query);
    if (read === undefined) {
      yield { kind: 'unchanged' };
      return;
    }
    const { contentHash, findings, parts } = read;
    for (let start = 0; start < findings.length; start += FINDINGS_AT_A_TIME) {
      yield { kind: 'findings', findings: findings.slice(start, start + FINDINGS_AT_A_TIME) };
    }
    for (const part of parts ?? []) yield { kind: 'part', part };
    yield { kind: 'read', contentHash, isValid: parts !== undefined };
  } catch (error) {
    yield { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}
