import { isAbsolute, sep } from 'node:path';
import type { TrafficParams } from '@sluice/language-server/protocol';
import { Uri, workspace } from 'vscode';

/** Which logs to replay, and how they are read. */
export type Traffic = Omit<TrafficParams, 'uri' | 'workDoneToken'>;

/** What the settings say of traffic, for the workspace folder of a file; their logs may be none. */
export function trafficSettings(file: Uri): Traffic {
  const settings = workspace.getConfiguration('sluice.traffic', file);
  const text = (name: string) => settings.get<string>(name, '');
  const path = (name: string) => {
    const given = text(name);
    return given === '' ? '' : absolute(given, file);
  };
  const ownHosts = settings.get<readonly string[]>('ownHosts', []);
  return {
    logs: settings.get<readonly string[]>('logs', []).map((log) => absolute(log, file)),
    ...(ownHosts.length === 0 ? {} : { ownHosts }),
    ...told({ connector: text('connector'), timeZone: text('timeZone') }),
    ...told({ inventory: path('inventory'), mapping: path('mapping') }),
  };
}

/** Settings are never absent: an empty text says nothing. */
function told<K extends string>(texts: Readonly<Record<K, string>>): Partial<Record<K, string>> {
  return Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== '')) as Partial<Record<K, string>>;
}

/** In patterns, a backslash is no separator. */
function absolute(path: string, file: Uri): string {
  const folder = workspace.getWorkspaceFolder(file)?.uri;
  const whole = isAbsolute(path) || folder === undefined ? path : Uri.joinPath(folder, path).fsPath;
  return sep === '/' ? whole : whole.replaceAll(sep, '/');
}
