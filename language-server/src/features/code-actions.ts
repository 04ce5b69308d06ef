import type { Finding } from '@sluice/engine/policy/finding.js';
import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  CodeActionTriggerKind,
  type Diagnostic,
  type Range,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { type TextChange, toTextEdit } from '../edits/text-change.js';
import { changesOfPreferredFixes, fixesOf } from '../quick-fixes/propose-fixes.js';
import { renameFile } from '../quick-fixes/rename-file.js';
import { offerRefactorings, type RefactoringData, resolveRefactoring } from '../refactorings/offer-refactorings.js';
import { toLspRange } from '../text/positions.js';
import type { DocumentInSet, FileInFolder, Workspace } from '../workspace/workspace.js';
import type { CodeActionClient } from './code-action-client.js';
import { FIX_ALL_KIND, isKindWanted, isKindWithin } from './code-action-kinds.js';

/** Fixes of the diagnostics that the client shows, and refactorings of what is selected. */
export function codeActions(
  context: DocumentInSet,
  params: CodeActionParams,
  findings: readonly Finding[],
  client: CodeActionClient,
): CodeAction[] {
  const { only, diagnostics } = params.context;
  const own = findings.filter(({ file }) => file === context.document.path);
  return [
    ...(isKindWanted(only, CodeActionKind.QuickFix)
      ? diagnostics.flatMap((each) => quickFixes(context, each, own))
      : []),
    ...(isKindWanted(only, FIX_ALL_KIND) ? fixAll(context, own) : []),
    ...(asksForRefactorings(params) ? offerRefactorings(context, params.range, client, only) : []),
  ];
}

/** Fixes of a file that is no policy file, though it seems to be meant for one. */
export function fileActions(
  { folder, path }: FileInFolder,
  { context }: CodeActionParams,
  client: CodeActionClient,
): CodeAction[] {
  const fix =
    client.canChangeFiles && isKindWanted(context.only, CodeActionKind.QuickFix) ? renameFile(folder, path) : undefined;
  const diagnostics = context.diagnostics.filter(({ code }) => code === 'file-kind-unknown');
  if (fix === undefined || diagnostics.length === 0) return [];
  return [{ ...fix, kind: CodeActionKind.QuickFix, isPreferred: true, diagnostics }];
}

/**
 * Adds the edit to an action that was offered without.
 *
 * @throws ResponseError where it would not keep what the policy set does, or does not fit any more
 */
export function resolveCodeAction(workspace: Workspace, action: CodeAction): CodeAction {
  const data = action.data as RefactoringData | undefined;
  const context = data === undefined ? undefined : workspace.documentAt(data.uri);
  return data === undefined || context === undefined ? action : resolveRefactoring(context, action, data);
}

/** Makes of changes in one document an edit of the workspace. */
function editOf({ document }: Pick<DocumentInSet, 'document'>, changes: readonly TextChange[]): WorkspaceEdit {
  return { changes: { [document.uri]: changes.map((change) => toTextEdit(document, change)) } };
}

function quickFixes(context: DocumentInSet, diagnostic: Diagnostic, findings: readonly Finding[]): CodeAction[] {
  const actions = new Map<string, CodeAction>();
  for (const finding of findings.filter((each) => isSame(each, diagnostic))) {
    for (const { title, isPreferred, changes } of fixesOf(context, finding)) {
      const action: CodeAction = {
        title,
        kind: CodeActionKind.QuickFix,
        diagnostics: [diagnostic],
        edit: editOf(context, changes),
        ...(isPreferred ? { isPreferred } : {}),
      };
      if (!actions.has(title)) actions.set(title, action);
    }
  }
  return [...actions.values()];
}

function fixAll(context: DocumentInSet, findings: readonly Finding[]): CodeAction[] {
  const changes = changesOfPreferredFixes(context, findings);
  if (changes.length === 0) return [];
  return [{ title: 'Fix all that has one certain fix', kind: FIX_ALL_KIND, edit: editOf(context, changes) }];
}

/** Several keys can be missing at one place; the message, with which a diagnostic begins, tells them apart. */
function isSame({ code, range, message }: Finding, diagnostic: Diagnostic): boolean {
  const isThere = diagnostic.code === code && isSameRange(toLspRange(range), diagnostic.range);
  const shown = typeof diagnostic.message === 'string' ? diagnostic.message : diagnostic.message.value;
  return isThere && shown.startsWith(message);
}

function isSameRange(a: Range, b: Range): boolean {
  return (['start', 'end'] as const).every((end) => {
    return a[end].line === b[end].line && a[end].character === b[end].character;
  });
}

/** Refactorings are proved, which takes time: not with each move of the caret. */
function asksForRefactorings({ context: { only, triggerKind }, range }: CodeActionParams): boolean {
  if (only !== undefined) return only.some((kind) => kind === '' || isKindWithin(kind, CodeActionKind.Refactor));
  const isEmpty = isSameRange(range, { start: range.start, end: range.start });
  return !isEmpty || triggerKind !== CodeActionTriggerKind.Automatic;
}
