import { cp, mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Bundles the extension, the language server that it starts, and the script of its webviews; copies what it shows. */

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const shared = { bundle: true, minify: true, sourcemap: false, logLevel: 'warning', target: 'node20' };
/** Parts that are CommonJS ask for Node's own modules by `require`. */
const require = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

await rm(here('dist/server'), { recursive: true, force: true });
await mkdir(here('dist'), { recursive: true });
await Promise.all([
  build({
    ...shared,
    entryPoints: [here('src/extension.ts')],
    outfile: here('dist/extension.cjs'),
    platform: 'node',
    format: 'cjs',
    external: ['vscode'],
  }),
  build({
    ...shared,
    entryPoints: {
      main: here('src/server.ts'),
      'analysis-worker': here('../language-server/src/diagnostics/analysis-worker.ts'),
      'dry-run-worker': here('../language-server/src/requests/dry-run-worker.ts'),
      'compare-worker': here('../language-server/src/requests/compare-worker.ts'),
    },
    outdir: here('dist/server'),
    outExtension: { '.js': '.js' },
    platform: 'node',
    format: 'esm',
    splitting: true,
    banner: { js: require },
  }),
  build({
    ...shared,
    entryPoints: [here('src/webview/page.ts')],
    outfile: here('dist/webview/page.js'),
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
  }),
]);
await cp(here('../engine/schemas'), here('dist/schemas'), { recursive: true });
await cp(here('../engine/starter/policies'), here('dist/starter'), { recursive: true });
// What the page of findings leads to comes along.
for (const page of ['findings.md', 'policy-language.md']) await cp(here(`../docs/${page}`), here(`dist/${page}`));
await cp(here('../LICENSE'), here('LICENSE'));
