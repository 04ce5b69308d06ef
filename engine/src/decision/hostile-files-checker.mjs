// Run by hostile-files.test.ts in a process with little memory: checks the large hostile folders one after the other.
// Writes how many it checked. Usage: node --max-old-space-size=MEBIBYTES hostile-files-checker.mjs OCTETS
import { checkPolicySet } from '../../dist/decision/check-policies.js';
import { HOSTILE_FOLDERS } from '../../dist/policy/hostile-files.fixture.js';

const [octets] = process.argv.slice(2);
const encoder = new TextEncoder();
const sets = HOSTILE_FOLDERS.map(({ files }) => Object.entries(files)).filter(
  (files) => files.reduce((sum, [, content]) => sum + content.length, 0) >= Number(octets),
);
for (const files of sets) {
  const read = ([path, content]) => ({
    path,
    content: typeof content === 'string' ? encoder.encode(content) : content,
  });
  checkPolicySet(files.map(read), Date.parse('2026-09-08'));
}
process.stdout.write(`${sets.length}\n`);
