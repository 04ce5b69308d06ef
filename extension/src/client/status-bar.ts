import { DiagnosticSeverity, Disposable, languages, StatusBarAlignment, ThemeColor, window } from 'vscode';
import { counted } from '../commands/describe-summary.js';

/** Shows how the policies of the workspace stand. */
export function registerStatusBar(): Disposable {
  const item = window.createStatusBarItem('sluice.status', StatusBarAlignment.Left, 10);
  item.name = 'Sluice';
  item.command = 'workbench.actions.view.problems';
  const update = () => {
    const found = languages
      .getDiagnostics()
      .flatMap(([, diagnostics]) => diagnostics.filter(({ source }) => source === 'sluice'));
    const errors = found.filter(({ severity }) => severity === DiagnosticSeverity.Error).length;
    const warnings = found.filter(({ severity }) => severity === DiagnosticSeverity.Warning).length;
    item.text =
      errors + warnings === 0 ? '$(shield) Sluice' : `$(shield) Sluice $(error) ${errors} $(warning) ${warnings}`;
    item.tooltip = `Policies: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}`;
    item.backgroundColor = errors > 0 ? new ThemeColor('statusBarItem.errorBackground') : undefined;
  };
  update();
  item.show();
  return Disposable.from(item, languages.onDidChangeDiagnostics(update));
}
