import { parentPort } from 'node:worker_threads';
import { checkPolicySet } from '@sluice/engine/decision/check-policies.js';
import { DocumentCache } from '@sluice/engine/policy/document-cache.js';
import type { PolicyFile } from '@sluice/engine/policy/policy-file.js';
import type { AnalysisRequest, AnalysisResponse } from './analysis-messages.js';

/** Runs in a thread of its own, so that an analysis that takes long holds up no keystroke. */
interface KnownFolder {
  readonly files: Map<string, PolicyFile>;
  readonly cache: DocumentCache;
}

const folders = new Map<string, KnownFolder>();

parentPort?.on('message', (request: AnalysisRequest) => {
  parentPort?.postMessage(answer(request));
});

function answer(request: AnalysisRequest): AnalysisResponse {
  const { id, root, now, paths, changed } = request;
  try {
    const folder = folders.get(root) ?? { files: new Map<string, PolicyFile>(), cache: new DocumentCache() };
    folders.set(root, folder);
    for (const file of changed) folder.files.set(file.path, file);
    const current = new Set(paths);
    for (const path of folder.files.keys()) if (!current.has(path)) folder.files.delete(path);
    const files = paths.flatMap((path) => folder.files.get(path) ?? []);
    return { id, findings: checkPolicySet(files, now, folder.cache).findings };
  } catch (error) {
    return { id, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
