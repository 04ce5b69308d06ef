import { describe, expect, it } from 'vitest';
import { describeReading, logFixture, logSourceOf, readLogText } from './read-log-text.fixture.js';

describe('logs of rspamd', () => {
  it.each(['rspamd.log', 'rspamd-history.jsonl'])(
    'give a record of each message, in whatever parts they come: %s',
    async (file) => {
      const octets = logFixture(file);
      const { records, report } = await readLogText(octets);
      const expected = `fixtures/${file.replace(/\.\w+$/, '')}.records.txt`;
      await expect(describeReading(records, report)).toMatchFileSnapshot(expected);
      expect(await readLogText([logSourceOf(octets, { partOctets: 7 })])).toEqual({ records, report });
    },
  );

  it.each([
    ['a list', (row: string) => `[${row},${row}]`],
    ['the answer of the web interface', (row: string) => `{"version":2,"rows":[${row},${row}]}`],
  ])('read a history that is %s', async (_, wrap) => {
    const { records } = await readLogText(wrap('{"unix_time":1700000300,"action":"no action","ip":"192.0.2.1"}'));
    expect(records).toEqual(Array(2).fill('1 2023-11-14T22:18:20Z message - accepted client.address=192.0.2.1'));
  });
});
