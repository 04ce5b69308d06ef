import { type Disposable, Range, Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import type { Html } from './html.js';
import type { FromPage, ToPage } from './webview-messages.js';
import { webviewPage } from './webview-page.js';

export interface PagePanelOptions {
  readonly extensionUri: Uri;
  readonly type: string;
  readonly title: string;
  readonly onSubmit?: (values: Readonly<Record<string, string>>) => void;
  readonly onClose: () => void;
}

/** A page beside the editor. */
export class PagePanel implements Disposable {
  readonly #panel: WebviewPanel;
  readonly #options: PagePanelOptions;

  constructor(options: PagePanelOptions, content: Html) {
    const { extensionUri, type, title, onClose } = options;
    this.#options = options;
    this.#panel = window.createWebviewPanel(
      type,
      title,
      { viewColumn: ViewColumn.Beside, preserveFocus: true },
      {
        enableScripts: true,
        retainContextWhenHidden: true,
        localResourceRoots: [Uri.joinPath(extensionUri, 'media'), Uri.joinPath(extensionUri, 'dist/webview')],
      },
    );
    this.#panel.iconPath = Uri.joinPath(extensionUri, 'images/icon.png');
    this.#panel.webview.html = webviewPage(this.#panel.webview, extensionUri, title, content);
    this.#panel.webview.onDidReceiveMessage((message: FromPage) => this.#take(message));
    this.#panel.onDidDispose(onClose);
  }

  reveal(): void {
    this.#panel.reveal(undefined, true);
  }

  /** Gives the element of an id new content. */
  renew(id: string, content: Html): void {
    const message: ToPage = { id, html: content.text };
    void this.#panel.webview.postMessage(message);
  }

  dispose(): void {
    this.#panel.dispose();
  }

  #take(message: FromPage): void {
    if (message.type === 'submit') this.#options.onSubmit?.(message.values);
    else void openAt(message.uri, message.line);
  }
}

async function openAt(uri: string, line: number): Promise<void> {
  const selection = new Range(line, 0, line, 0);
  await window.showTextDocument(Uri.parse(uri), { viewColumn: ViewColumn.One, selection });
}
