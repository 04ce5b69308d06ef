import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sampleMessage } from '../harness/repository.js';

/** Writes a copy of a message of the sample traffic as another server would have sent it; gives the path of the copy. */
export async function messageOf(sample: string, server: string, folder: string): Promise<string> {
  const text = await readFile(sampleMessage(sample), 'utf8');
  const own = /by\s+(\S+\.contoso\.example)/.exec(text)?.[1];
  if (own === undefined) throw new Error(`${sample} names no server`);
  const file = join(folder, `${sample}-${server}.eml`);
  await writeFile(file, text.replaceAll(own, server));
  return file;
}
