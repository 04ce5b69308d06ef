import { expect, it } from 'vitest';
import { withEditorTheme } from './editor-theme.js';

it('the style of the editor comes last in the head, and everything else stays', () => {
  const page = '<head><style>own</style>\n</head>\n<body>$& </body>';
  const themed = withEditorTheme(page);
  expect(themed).toMatch(/^<head><style>own<\/style>\n<style>[^<]*<\/style>\n<\/head>\n<body>\$& <\/body>$/);
  expect(themed).toContain('var(--vscode-editor-background)');
});
