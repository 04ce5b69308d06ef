import { nearestFileName } from '@sluice/engine/policy/file-kind.js';
import type { WorkspaceEdit } from 'vscode-languageserver';
import type { PolicyFolder } from '../workspace/policy-folder.js';

/** Gives a file whose name says no kind the name that was most likely meant, unless there is such a file. */
export function renameFile(
  folder: PolicyFolder,
  path: string,
): { readonly title: string; readonly edit: WorkspaceEdit } | undefined {
  const name = nearestFileName(path);
  if (name === undefined) return undefined;
  const newPath = path.replace(/[^/]*$/, name);
  if (folder.snapshot.files.some((file) => file.path === newPath)) return undefined;
  const rename = { kind: 'rename', oldUri: folder.uriOf(path), newUri: folder.uriOf(newPath) } as const;
  return { title: `Rename to ${name}`, edit: { documentChanges: [rename] } };
}
