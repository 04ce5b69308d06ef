import type { ClientCapabilities } from 'vscode-languageserver';

/** What a client can do with code actions. */
export interface CodeActionClient {
  /** Whether edits can make, rename and remove files. */
  readonly canChangeFiles: boolean;
  /** Whether the edit of an action may be asked for later. */
  readonly resolvesEdits: boolean;
}

const OPERATIONS = ['create', 'rename', 'delete'] as const;

/** What a client says it can do with code actions. */
export function codeActionClientOf({ workspace, textDocument }: ClientCapabilities): CodeActionClient {
  const { documentChanges, resourceOperations = [] } = workspace?.workspaceEdit ?? {};
  const { dataSupport, resolveSupport } = textDocument?.codeAction ?? {};
  return {
    canChangeFiles: documentChanges === true && OPERATIONS.every((each) => resourceOperations.includes(each)),
    resolvesEdits: dataSupport === true && resolveSupport?.properties.includes('edit') === true,
  };
}
