import type { PolicyFile } from '@sluice/engine/policy/policy-file.js';
import { CreateFile, DeleteFile, TextDocumentEdit, TextEdit, type WorkspaceEdit } from 'vscode-languageserver';
import { changed, type TextChange, toTextEdit } from '../edits/text-change.js';
import type { FolderSnapshot } from '../workspace/folder-snapshot.js';
import type { PolicyDocument } from '../workspace/policy-document.js';
import type { PolicyFolder } from '../workspace/policy-folder.js';

/** What a refactoring does to the files of a policy set. */
export interface FileChanges {
  readonly edited?: readonly EditedFile[];
  readonly created?: readonly { readonly path: string; readonly text: string }[];
  readonly removed?: readonly string[];
}

export interface EditedFile {
  readonly document: PolicyDocument;
  readonly changes: readonly TextChange[];
}

/** Whether files are made or removed, which not every client can do. */
export function changesFiles({ created = [], removed = [] }: FileChanges): boolean {
  return created.length + removed.length > 0;
}

/** The files of a policy set after the changes. */
export function filesAfter(
  { files }: FolderSnapshot,
  { edited = [], created = [], removed = [] }: FileChanges,
): PolicyFile[] {
  const encoder = new TextEncoder();
  const texts = new Map(
    edited.map(({ document, changes }) => [document.path, changed(document.text.getText(), changes)]),
  );
  const kept = files.filter(({ path }) => !removed.includes(path));
  return [
    ...kept.map((file) => {
      const text = texts.get(file.path);
      return text === undefined ? file : { ...file, content: encoder.encode(text) };
    }),
    ...created.map(({ path, text }) => ({ path, content: encoder.encode(text) })),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The changes as an editor makes them. */
export function workspaceEditOf(folder: PolicyFolder, changes: FileChanges): WorkspaceEdit {
  const { edited = [], created = [], removed = [] } = changes;
  if (!changesFiles(changes)) {
    return { changes: Object.fromEntries(edited.map((each) => [each.document.uri, textEdits(each)])) };
  }
  const made = created.flatMap(({ path, text }) => {
    const uri = folder.uriOf(path);
    const whole = [TextEdit.insert({ line: 0, character: 0 }, text)];
    return [CreateFile.create(uri), TextDocumentEdit.create({ uri, version: null }, whole)];
  });
  const edits = edited.map((each) => {
    const { uri, version = null } = each.document;
    return TextDocumentEdit.create({ uri, version }, textEdits(each));
  });
  return { documentChanges: [...made, ...edits, ...removed.map((path) => DeleteFile.create(folder.uriOf(path)))] };
}

function textEdits({ document, changes }: EditedFile): TextEdit[] {
  return changes.map((change) => toTextEdit(document, change));
}
