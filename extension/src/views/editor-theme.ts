/**
 * Gives a report the colours of the editor's theme. By itself it follows the theme of the system, which may be another; VS Code
 * names the kind of its own in the class of the body, and gives its colours as variables.
 */
export function withEditorTheme(page: string): string {
  return page.replace('</head>', () => `<style>${STYLE}</style>\n</head>`);
}

const STYLE = `
body { --ink: var(--vscode-editor-foreground); --paper: var(--vscode-editor-background);
  --dim: var(--vscode-descriptionForeground); --line: var(--vscode-widget-border, var(--vscode-contrastBorder, #8888)); --band: #8881; }
body.vscode-light, body.vscode-high-contrast-light { --accept: #3f8f5f; --throttle: #d99a1c; --block: #c2402f; --neutral: #3b6ea8; }
body.vscode-dark, body.vscode-high-contrast:not(.vscode-high-contrast-light) {
  --accept: #55ab78; --throttle: #e3ad3d; --block: #e0604f; --neutral: #6c9bd1; }
`;
