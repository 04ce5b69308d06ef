import { nearestWord } from './did-you-mean.js';

/** What a policy file holds; its name says it: `NAME.KIND.yaml`, `.yml` or `.json`. */
export const FILE_KINDS = ['policy', 'connectors', 'conditions', 'exemptions', 'invariants', 'builds', 'test'] as const;
export type FileKind = (typeof FILE_KINDS)[number];

const NAME = /(?:^|[/.])([A-Za-z]+)\.(ya?ml|json)$/;

/** The kind of a file by its path; undefined for a file that is none of ours. */
export function fileKindOf(path: string): FileKind | undefined {
  const match = NAME.exec(path);
  return FILE_KINDS.find((kind) => kind === match?.[1]);
}

/** The kind that was probably meant by a name such as `a.polcy.yaml`, `a.policies.yml` or `a-policy.yaml`. */
export function nearestFileKind(path: string): FileKind | undefined {
  const word = /[-_.]([A-Za-z]+)\.(?:ya?ml|json)$/i.exec(path)?.[1];
  if (word === undefined) return undefined;
  const plural: Record<string, FileKind> = { policies: 'policy', connector: 'connectors', condition: 'conditions' };
  return plural[word.toLowerCase()] ?? (nearestWord(word, FILE_KINDS) as FileKind | undefined);
}

/** The name of a file with the kind that was probably meant: `a.polcy.yaml` is a.policy.yaml. */
export function nearestFileName(path: string): string | undefined {
  const nearest = nearestFileKind(path);
  return nearest === undefined
    ? undefined
    : path.replace(/^.*\//, '').replace(/[-_.][A-Za-z]+(\.[a-z]+)$/i, `.${nearest}$1`);
}
