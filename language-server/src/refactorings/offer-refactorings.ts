import { type CodeAction, LSPErrorCodes, type Range, ResponseError } from 'vscode-languageserver';
import type { CodeActionClient } from '../features/code-action-client.js';
import { isKindWanted } from '../features/code-action-kinds.js';
import type { DocumentInSet } from '../workspace/workspace.js';
import { convertFormat } from './convert-format.js';
import { extractCondition } from './extract-condition.js';
import { changesFiles, workspaceEditOf } from './file-changes.js';
import { inlineCondition } from './inline-condition.js';
import { preservesBehaviour } from './preserves-behaviour.js';
import { pushNotInward } from './push-not-inward.js';
import type { Refactoring } from './refactoring.js';
import { splitPolicy } from './split-policy.js';

/** All refactorings. To add one: a file with its test, and a line here. */
export const REFACTORINGS: readonly Refactoring[] = [
  extractCondition,
  inlineCondition,
  splitPolicy,
  pushNotInward,
  convertFormat,
];

/** Policies of a set up to which a refactoring is proved before it is offered; beyond, when it is chosen. */
const MAX_PROVED_AT_ONCE = 300;

/** What an action carries whose edit the client asks for later. */
export interface RefactoringData {
  readonly uri: string;
  readonly id: string;
  readonly range: Range;
}

/** The refactorings that fit a selection. All keep what the policy set does: that is proved. */
export function offerRefactorings(
  context: DocumentInSet,
  range: Range,
  client: CodeActionClient,
  only: readonly string[] | undefined,
): CodeAction[] {
  const { snapshot, folder, document } = context;
  const { policySet } = snapshot.reading;
  if (policySet === undefined) return [];
  const isLater = policySet.policies.length > MAX_PROVED_AT_ONCE;
  if (isLater && !client.resolvesEdits) return [];
  return REFACTORINGS.filter(({ kind }) => isKindWanted(only, kind)).flatMap(({ id, kind, propose }): CodeAction[] => {
    const proposed = propose(context, range);
    if (proposed === undefined || (changesFiles(proposed.changes) && !client.canChangeFiles)) return [];
    const { title, changes } = proposed;
    if (isLater) return [{ title, kind, data: { uri: document.uri, id, range } satisfies RefactoringData }];
    return preservesBehaviour(snapshot, changes) ? [{ title, kind, edit: workspaceEditOf(folder, changes) }] : [];
  });
}

/**
 * Works out the edit of an action that was offered without a proof.
 *
 * @throws ResponseError where it would change what the policy set does, or does not fit the text any more
 */
export function resolveRefactoring(
  context: DocumentInSet,
  action: CodeAction,
  { id, range }: RefactoringData,
): CodeAction {
  const proposed = REFACTORINGS.find((each) => each.id === id)?.propose(context, range);
  if (proposed === undefined || !preservesBehaviour(context.snapshot, proposed.changes)) {
    const message = 'That this changes nothing for any connection could not be proved, so it is not done.';
    throw new ResponseError(LSPErrorCodes.RequestFailed, message);
  }
  return { ...action, edit: workspaceEditOf(context.folder, proposed.changes) };
}
