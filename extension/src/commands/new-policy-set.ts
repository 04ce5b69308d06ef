import { FileType, Uri, window, workspace } from 'vscode';

/** Writes a commented policy set to start from into a folder; a file that exists is never overwritten. */
export async function newPolicySet(extensionUri: Uri): Promise<void> {
  const folders = workspace.workspaceFolders ?? [];
  const workspaceFolder = folders.length > 1 ? await window.showWorkspaceFolderPick() : folders[0];
  if (workspaceFolder === undefined) return;
  const name = await window.showInputBox({
    title: 'New policy set',
    prompt: `The folder for it, in ${workspaceFolder.name}.`,
    value: 'policies',
    validateInput: (text) => (isWithin(text) ? undefined : 'A folder within the workspace was expected.'),
  });
  if (name === undefined) return;
  const target = Uri.joinPath(workspaceFolder.uri, name);
  const starter = Uri.joinPath(extensionUri, 'dist/starter');
  const files = (await workspace.fs.readDirectory(starter)).filter(([, type]) => type === FileType.File);
  for (const [file] of files) {
    if (!(await exists(Uri.joinPath(target, file)))) continue;
    void window.showErrorMessage(`${name}/${file} exists already; nothing was written.`);
    return;
  }
  for (const [file] of files) await workspace.fs.copy(Uri.joinPath(starter, file), Uri.joinPath(target, file));
  const policy = files.find(([file]) => file.includes('.policy.'));
  if (policy !== undefined) await window.showTextDocument(Uri.joinPath(target, policy[0]));
}

/** Whether a path leads to a folder below the one that it starts from. */
function isWithin(path: string): boolean {
  return path.split('/').every((part) => part !== '' && !part.startsWith('.') && !part.includes('\\'));
}

async function exists(uri: Uri): Promise<boolean> {
  return workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
