import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../harness/run-program.js';
import { filesOf, MARKERS, type Marker, writeRevision } from './two-revisions.js';

/** A policy folder with revision alpha in it, and a way to change it. */
export interface EditedFolder {
  /** What Sluice is told. */
  readonly policies: string;
  edit(marker: Marker): Promise<void>;
}

/** A way in which policy folders change on disk; `begin` makes such a folder below an empty one. */
export interface PolicyEdit {
  readonly name: string;
  begin(folder: string): Promise<EditedFolder>;
}

/** All the ways. */
export const POLICY_EDITS: readonly PolicyEdit[] = [
  { name: 'files written in place', begin: inPlace },
  { name: 'files renamed over the old ones', begin: renamedFiles },
  { name: 'the ..data link of a mounted ConfigMap swapped', begin: configMap },
  { name: 'a link to the folder itself swapped', begin: linkedFolder },
  { name: 'a link further up swapped', begin: linkedParent },
  { name: 'a git checkout of many files', begin: gitCheckout },
  { name: 'the folder removed and made anew', begin: madeAnew },
];

async function inPlace(folder: string): Promise<EditedFolder> {
  const policies = join(folder, 'policies');
  await writeRevision(policies, 'alpha');
  return { policies, edit: (marker) => writeRevision(policies, marker) };
}

async function renamedFiles(folder: string): Promise<EditedFolder> {
  const policies = join(folder, 'policies');
  await writeRevision(policies, 'alpha');
  const edit = async (marker: Marker) => {
    for (const [name, text] of filesOf(marker)) {
      await writeFile(join(policies, `.${name}.new`), text);
      await rename(join(policies, `.${name}.new`), join(policies, name));
    }
  };
  return { policies, edit };
}

/** As Kubernetes does: the files are links through `..data`, a link to a folder of that moment, which is then removed. */
async function configMap(folder: string): Promise<EditedFolder> {
  const policies = join(folder, 'policies');
  await mkdir(policies);
  let previous: string | undefined;
  let count = 0;
  const edit = async (marker: Marker) => {
    const moment = `..2026_11_10_08_00_${String(count++).padStart(2, '0')}`;
    await writeRevision(join(policies, moment), marker);
    await swapLink(moment, join(policies, '..data'));
    if (previous !== undefined) await rm(join(policies, previous), { recursive: true });
    previous = moment;
  };
  await edit('alpha');
  for (const name of filesOf('alpha').keys()) await symlink(join('..data', name), join(policies, name));
  return { policies, edit };
}

async function linkedFolder(folder: string): Promise<EditedFolder> {
  const policies = join(folder, 'policies');
  for (const marker of MARKERS) await writeRevision(join(folder, 'releases', marker), marker);
  const edit = (marker: Marker) => swapLink(join('releases', marker), policies);
  await edit('alpha');
  return { policies, edit };
}

/** As git-sync does: the folder lies in a working tree that a link names. */
async function linkedParent(folder: string): Promise<EditedFolder> {
  const link = join(folder, 'current');
  for (const marker of MARKERS) await writeRevision(join(folder, 'trees', marker, 'mail', 'policies'), marker);
  const edit = (marker: Marker) => swapLink(join('trees', marker), link);
  await edit('alpha');
  return { policies: join(link, 'mail', 'policies'), edit };
}

async function gitCheckout(folder: string): Promise<EditedFolder> {
  const policies = join(folder, 'policies');
  await mkdir(policies);
  await git(policies, 'init', '--quiet', '--initial-branch=main');
  for (const marker of MARKERS) {
    await git(policies, 'checkout', '--quiet', '-b', marker);
    await writeRevision(policies, marker);
    await git(policies, 'add', '.');
    await git(policies, ...IDENTITY, 'commit', '--quiet', '--message', marker);
  }
  await git(policies, 'checkout', '--quiet', 'alpha');
  return { policies, edit: (marker) => git(policies, 'checkout', '--quiet', marker) };
}

async function madeAnew(folder: string): Promise<EditedFolder> {
  const policies = join(folder, 'policies');
  await writeRevision(policies, 'alpha');
  const edit = async (marker: Marker) => {
    await rm(policies, { recursive: true });
    await writeRevision(policies, marker);
  };
  return { policies, edit };
}

async function swapLink(target: string, link: string): Promise<void> {
  await symlink(target, `${link}.new`);
  await rename(`${link}.new`, link);
}

const IDENTITY = ['-c', 'user.name=Test', '-c', 'user.email=test@contoso.example', '-c', 'commit.gpgsign=false'];

async function git(folder: string, ...args: string[]): Promise<void> {
  const { exitCode, stderr } = await runProgram('git', ['-C', folder, ...args]);
  if (exitCode !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
}
