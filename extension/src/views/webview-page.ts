import { randomBytes } from 'node:crypto';
import { Uri, type Webview } from 'vscode';
import { type Html, html } from './html.js';

/** A whole page for a webview: nothing but our own style and script is loaded, nothing inline is run. */
export function webviewPage(webview: Webview, extensionUri: Uri, title: string, content: Html): string {
  const nonce = randomBytes(16).toString('base64');
  const style = webview.asWebviewUri(Uri.joinPath(extensionUri, 'media/page.css')).toString();
  const script = webview.asWebviewUri(Uri.joinPath(extensionUri, 'dist/webview/page.js')).toString();
  const policy = `default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'`;
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>${title}</title>
</head>
<body>
<main id="content">${content}</main>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`.text;
}
