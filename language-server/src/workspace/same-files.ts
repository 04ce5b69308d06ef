import type { PolicyFile } from '@sluice/engine/policy/policy-file.js';

/** Whether files have the same names and contents. What is the same object is not looked into: it is asked with each keystroke. */
export function areSameFiles(some: readonly PolicyFile[], others: readonly PolicyFile[]): boolean {
  return some.length === others.length && some.every((file, index) => isSameFile(file, others[index]));
}

function isSameFile({ path, content }: PolicyFile, other: PolicyFile | undefined): boolean {
  if (path !== other?.path) return false;
  if (content === other.content) return true;
  return (
    content instanceof Uint8Array && other.content instanceof Uint8Array && Buffer.compare(content, other.content) === 0
  );
}
