import type { Range } from 'vscode-languageserver';
import type { DocumentInSet } from '../workspace/workspace.js';
import type { FileChanges } from './file-changes.js';

/** A change that says the same in another way. It is only offered where the exact diff proves that. */
export interface Refactoring {
  readonly id: string;
  /** Kind of code action of LSP. */
  readonly kind: string;
  /** Works out the change for what is selected; undefined where it does not fit there. */
  readonly propose: (context: DocumentInSet, range: Range) => ProposedRefactoring | undefined;
}

export interface ProposedRefactoring {
  readonly title: string;
  readonly changes: FileChanges;
}
