import type { Severity } from '@sluice/engine/policy/finding.js';
import { URI } from 'vscode-uri';
import type { DiagnosticsOfFolders } from '../diagnostics/diagnostics-of-folders.js';
import type { PolicySetSummary } from '../protocol.js';
import type { PolicyFolder } from '../workspace/policy-folder.js';

/** How the policy sets stand, the exact analysis included. */
export function summaries(
  folders: readonly PolicyFolder[],
  diagnostics: DiagnosticsOfFolders,
): Promise<PolicySetSummary[]> {
  return Promise.all(
    folders.map(async (folder) => {
      const findings = await diagnostics.wholeFindings(folder);
      const count = (severity: Severity) => findings.filter((each) => each.severity === severity).length;
      const documents = [...folder.snapshot.documents];
      return {
        uri: URI.file(folder.root).toString(),
        files: folder.snapshot.files.length,
        policies: documents.filter(({ kind }) => kind === 'policy').length,
        errors: count('error'),
        warnings: count('warning'),
        infos: count('info'),
      };
    }),
  );
}
