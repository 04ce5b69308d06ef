import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatVersion } from '../policy/version.js';
import { detectServer } from './detect-server.js';
import type { Detection, HeaderField } from './detection.js';
import { readHeaderFields } from './header-fields.js';

interface Expectation {
  readonly found: boolean;
  readonly server?: string;
  readonly version?: string;
  readonly id?: string;
  readonly hop?: number;
  readonly reason?: string;
}

interface ReviewedExpectation extends Expectation {
  readonly why: string;
  /** What the receiver that stamped the topmost field saw: the same record without that field. */
  readonly belowTopmost?: Expectation;
}

const FOLDER = new URL('./fixtures/received/', import.meta.url);
const EXPECTED: Readonly<Record<string, ReviewedExpectation>> = JSON.parse(
  readFileSync(new URL('expected.json', FOLDER), 'utf8'),
);
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.eml'));

function headersOf(file: string): HeaderField[] {
  return readHeaderFields(readFileSync(new URL(file, FOLDER)));
}

function summaryOf(detection: Detection): Expectation {
  if (!detection.found) return { found: false, reason: detection.reason };
  const { server, stamped } = detection;
  if (stamped === undefined) return { found: true, server };
  return { found: true, server, version: formatVersion(stamped.version), id: stamped.id, hop: stamped.hop };
}

function received(...values: string[]): HeaderField[] {
  return values.map((value) => ({ name: 'Received', value }));
}

function detectIn(...values: string[]): Expectation {
  return summaryOf(detectServer(received(...values)));
}

describe('detectServer on the sample records', () => {
  it('has 70 records, each with an expectation that was reviewed', () => {
    expect(FILES).toHaveLength(70);
    expect(Object.keys(EXPECTED).toSorted()).toEqual(FILES.toSorted());
    expect(Object.values(EXPECTED).filter(({ why }) => why.trim() === '')).toEqual([]);
  });

  it.each(Object.entries(EXPECTED))(
    '%s gives what was expected',
    (file, { why: _why, belowTopmost: _below, ...rest }) => {
      expect(summaryOf(detectServer(headersOf(file)))).toEqual(rest);
    },
  );

  const behindReceiver = Object.entries(EXPECTED).filter(([, { belowTopmost }]) => belowTopmost !== undefined);
  it.each(behindReceiver)('%s gives what was expected below its topmost field', (file, { belowTopmost }) => {
    expect(summaryOf(detectServer(headersOf(file).slice(1)))).toEqual(belowTopmost);
  });
});

describe('detectServer', () => {
  const FIRST =
    'from a (192.0.2.1) by mx.corp.example (192.0.2.2) with Microsoft SMTP Server id 15.1.2507.39; Thu, 1 Jan 2026';

  it('reports no-received where no field is called Received, in whatever case', () => {
    expect(summaryOf(detectServer([{ name: 'X-Received', value: FIRST }]))).toEqual({
      found: false,
      reason: 'no-received',
    });
    expect(detectServer([{ name: 'RECEIVED', value: FIRST }]).found).toBe(true);
  });

  it('keeps the stamping field as evidence, unfolded, with its name, cut to 500 characters', () => {
    const detection = detectServer(
      received(`from ${'a'.repeat(600)}\r\n by mx.corp.example\n\twith mapi id 15.01.2507.039`),
    );
    const header = detection.found ? (detection.stamped?.header ?? '') : '';
    expect(header).toHaveLength(500);
    const short = detectServer(received('from a\r\n by mx.corp.example\n\twith mapi id 15.01.2507.039; Thu'));
    expect(short).toMatchObject({
      stamped: { header: 'Received: from a by mx.corp.example with mapi id 15.01.2507.039; Thu', hop: 0 },
    });
  });

  it.each([
    ['a lower id of the same host below', 'from b by MX.corp.example with mapi id 15.01.2507.001; Thu', '15.1.2507.39'],
    [
      'a higher id of the same host below',
      'from b by MX.corp.example with mapi id 15.01.2507.061; Thu',
      '15.1.2507.61',
    ],
    [
      'a forged lower id of another host',
      'from b by mx.corp.example.evil.example with mapi id 8.1.0.0',
      '15.1.2507.39',
    ],
    ['a cloud id under the name of the same host', 'from b by mx.corp.example with mapi id 15.20.1.1', '15.1.2507.39'],
    ['an unreadable id of the same host', 'from b by mx.corp.example with mapi id 99999999999.1.1.1', '15.1.2507.39'],
  ])('with %s below, the version is the highest that the host stamped', (_name, below, version) => {
    expect(detectIn(FIRST, below)).toMatchObject({ server: 'mx.corp.example', version });
  });

  it('compares ids part by part: 15.1.1034 is above 15.1.845', () => {
    const stampedBy = (id: string) => `from b by mx.corp.example with mapi id ${id}; Thu`;
    expect(detectIn(stampedBy('15.01.0845.034'), stampedBy('15.1.1034.26'))).toMatchObject({ version: '15.1.1034.26' });
  });

  it('finds one server across a loop through the cloud', () => {
    const loop = detectIn(
      'from c by mx8.corp.example with Microsoft SMTP Server id 15.2.2562.17; Thu',
      'from b by zz1.prod.outlook.com with Microsoft SMTP Server id 15.20.9632.12; Thu',
      'from a by mx8.corp.example with Microsoft SMTP Server id 15.2.2562.29; Thu',
    );
    expect(loop).toEqual({
      found: true,
      server: 'mx8.corp.example',
      version: '15.2.2562.29',
      id: '15.2.2562.29',
      hop: 2,
    });
  });

  it.each([
    ['a.prod.outlook.com', '15.1.1075.9', 'cloud'],
    ['A.Mail.Protection.Outlook.COM', '15.20.7249.19', 'cloud'],
    ['a.outlook.office365.com', '15.20.1.1', 'cloud'],
    ['outlook.office365.com', '15.20.1.1', 'cloud'],
    ['a.protection.gbl', '15.20.1.1', 'cloud'],
    ['a.bigfish.com', '14.1.225.8', 'cloud'],
    ['renamed.corp.example', '15.20.9434.6', 'cloud'],
    ['renamed.corp.example', '15.21.92.5', 'cloud'],
    ['smtpo365.corp.example', '15.2.2562.29', undefined],
    ['outlook.corp.example', '15.2.2562.29', undefined],
    ['prod.outlook.com.corp.example', '15.2.2562.29', undefined],
    ['myprod.outlook.com', '15.2.2562.29', undefined],
  ])('%s with the id %s has the reason %s', (host, id, reason) => {
    const detection = detectIn(`from a by ${host} with Microsoft SMTP Server id ${id}; Thu`);
    expect([detection.found, detection.reason]).toEqual([reason === undefined, reason]);
  });

  it.each([
    ['a missing host', 'from a by (192.0.2.2) with Microsoft SMTP Server id 8.1.1.1; Thu', /names no host after "by"/],
    ['a host masked with stars', 'from a by ***.corp.example with Microsoft SMTP Server id 8.1.1.1', /or a masked one/],
    ['a host masked with x', 'from a by xxxx.xxx (10.xx.xx.xx) with mapi', /or a masked one/],
    [
      'another software',
      'from a by mx.corp.example (Postfix) with ESMTP id 8.1.1.1',
      /not stamped by Exchange.*Postfix/,
    ],
    ['SMTPSVC', 'from a by mx.corp.example with Microsoft SMTPSVC(6.0.3790.4675); Thu', /a version of Windows/],
    ['the pickup folder', 'from mail pickup service by mx.corp.example with Microsoft SMTPSVC; Thu', /pickup folder/],
    ['nothing', '', /not stamped by Exchange/],
  ])('a topmost field with %s is not-exchange, whatever lies below', (_name, topmost, message) => {
    const detection = detectServer(received(topmost, FIRST));
    expect(detection).toMatchObject({ found: false, reason: 'not-exchange' });
    expect(detection.found ? '' : detection.message).toMatch(message);
  });

  it.each([
    ['a masked id', 'from a by mx.corp.example (10.xx.xx.xx) with Microsoft SMTP Server id 8.2.x.x; Thu'],
    ['mapi without an id', 'from a by mx.corp.example with mapi; Thu'],
    ['Outlook Web Access', 'from a by mx.corp.example via F ([::1]) with Microsoft Exchange Server HTTP-DAV ; Thu'],
  ])('with %s the server is known and its version is not', (_name, value) => {
    expect(detectIn(value)).toEqual({ found: true, server: 'mx.corp.example' });
  });
});

describe('detectServer, as laws', () => {
  const FIXTURE = fc.constantFrom(...FILES);

  it('does not depend on where a field is folded', () => {
    const fold = fc.constantFrom('\r\n ', '\n\t', '\r\n        ', ' \r\n ', '\n ');
    fc.assert(
      fc.property(FIXTURE, fc.infiniteStream(fold), fc.infiniteStream(fc.boolean()), (file, folds, choices) => {
        const headers = headersOf(file);
        const refolded = headers.map(({ name, value }) => ({
          name,
          value: value.replace(/[ \t\r\n]+/g, (blank) => (choices.next().value ? folds.next().value : blank)),
        }));
        expect(detectServer(refolded)).toEqual(detectServer(headers));
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on zeros before the parts of an id', () => {
    const zeros = fc.infiniteStream(fc.constantFrom('', '0', '00', '000'));
    fc.assert(
      fc.property(FIXTURE, zeros, (file, padding) => {
        const pad = (id: string) => id.replace(/\d+/g, (part) => padding.next().value + part);
        const headers = headersOf(file);
        const padded = headers.map(({ name, value }) => ({ name, value: value.replace(/(?<=\bid\s+)[\d.]+/, pad) }));
        const { id: _id, ...expected } = summaryOf(detectServer(headers));
        expect(summaryOf(detectServer(padded))).toMatchObject(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('never throws, and never finds a server without a name', () => {
    const words = [
      'from',
      'by',
      'with',
      'id',
      'mapi',
      'Microsoft SMTP Server',
      '15.1.2507.39',
      '(',
      ')',
      '"',
      '<',
      ';',
      'a.example',
    ];
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 5 }))).map((parts) => parts.join(' ')),
    );
    const field = fc.record({ name: fc.constantFrom('Received', 'received', 'Subject'), value });
    fc.assert(
      fc.property(fc.array(field), (headers) => {
        const detection = detectServer(headers);
        expect(detection.found ? detection.server : detection.message).not.toBe('');
      }),
      { numRuns: 2000 },
    );
  });
});
