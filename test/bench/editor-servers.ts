import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LanguageClient } from '../harness/language-client.js';
import { LANGUAGE_SERVER, SCHEMAS } from './places.js';

export const EDITOR_SERVERS = ['sluice', 'yaml-language-server'] as const;
export type EditorServer = (typeof EDITOR_SERVERS)[number];

/** Starts a language server on a folder. */
export function startEditorServer(name: EditorServer, folder: string): Promise<LanguageClient> {
  return name === 'sluice' ? startOurs(folder) : startYamlLanguageServer(folder);
}

function startOurs(folder: string): Promise<LanguageClient> {
  return LanguageClient.start({
    folder,
    command: [process.execPath, LANGUAGE_SERVER, '--stdio'],
    capabilities: { textDocument: { completion: { completionItem: COMPLETION_ITEM } } },
  });
}

/** As VS Code has it, which asks for the documentation of the completion that is chosen. */
const COMPLETION_ITEM = { snippetSupport: true, resolveSupport: { properties: ['documentation', 'detail'] } };

/** With our JSON Schema for each kind of file, as an author would configure it who has no Sluice. */
async function startYamlLanguageServer(folder: string): Promise<LanguageClient> {
  const require = createRequire(import.meta.url);
  const server = join(dirname(require.resolve('yaml-language-server/package.json')), 'bin/yaml-language-server');
  const schemas = Object.fromEntries(
    readdirSync(SCHEMAS)
      .filter((file) => file.endsWith('.schema.json'))
      .map((file) => [pathToFileURL(join(SCHEMAS, file)).href, `*.${file.split('.')[0]}.yaml`]),
  );
  const yaml = { schemas, validate: true, completion: true, hover: true, schemaStore: { enable: false } };
  return LanguageClient.start({
    folder,
    command: [process.execPath, server, '--stdio'],
    capabilities: {
      workspace: { configuration: true, workspaceFolders: true, didChangeConfiguration: { dynamicRegistration: true } },
      textDocument: { completion: { completionItem: COMPLETION_ITEM } },
    },
    configuration: { yaml },
  });
}
