import type { Finding, RelatedPlace, Severity } from '@sluice/engine/policy/finding.js';
import {
  type Diagnostic,
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  DiagnosticTag,
} from 'vscode-languageserver';
import { toLspRange } from '../text/positions.js';

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
};

/** Codes of what has no effect; editors show that faded. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  'policy-unmatchable',
  'policy-shadowed',
  'exemption-expired',
  'exemption-idle',
  'stage-unreachable',
]);

/**
 * A finding as the editor shows it: what is wrong, and below it what to do.
 *
 * @param findingsPage URI of the page that explains each code under its name
 * @param uriOf URI of a file of the policy set
 */
export function toDiagnostic(
  { range, severity, code, message, hint, related }: Finding,
  findingsPage: string | undefined,
  uriOf: (path: string) => string,
): Diagnostic {
  return {
    range: toLspRange(range),
    severity: SEVERITIES[severity],
    code,
    ...(findingsPage === undefined ? {} : { codeDescription: { href: `${findingsPage}#${code}` } }),
    source: 'sluice',
    message: hint === undefined ? message : `${message}\n${hint}`,
    ...(related === undefined ? {} : { relatedInformation: related.map((place) => relatedInformation(place, uriOf)) }),
    ...(WITHOUT_EFFECT.has(code) ? { tags: [DiagnosticTag.Unnecessary] } : {}),
  };
}

function relatedInformation(
  { file, range, message }: RelatedPlace,
  uriOf: (path: string) => string,
): DiagnosticRelatedInformation {
  return { location: { uri: uriOf(file), range: toLspRange(range) }, message };
}
