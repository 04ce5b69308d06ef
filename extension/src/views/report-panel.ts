import { type Disposable, Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import { withEditorTheme } from './editor-theme.js';

/** Shows a report as a page of its own, which needs no script and nothing from elsewhere. */
export class ReportPanel implements Disposable {
  readonly #extensionUri: Uri;
  #panel: WebviewPanel | undefined;

  constructor(extensionUri: Uri) {
    this.#extensionUri = extensionUri;
  }

  show(title: string, html: string): void {
    const panel = this.#panel ?? this.#open();
    panel.title = title;
    panel.webview.html = withEditorTheme(html);
    panel.reveal(undefined, true);
  }

  #open(): WebviewPanel {
    const place = { viewColumn: ViewColumn.Beside, preserveFocus: true };
    const panel = window.createWebviewPanel('sluice.report', 'Sluice', place, { localResourceRoots: [] });
    panel.iconPath = Uri.joinPath(this.#extensionUri, 'images/icon.png');
    panel.onDidDispose(() => {
      this.#panel = undefined;
    });
    this.#panel = panel;
    return panel;
  }

  dispose(): void {
    this.#panel?.dispose();
  }
}
