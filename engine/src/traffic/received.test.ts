import { describe, expect, it } from 'vitest';
import { MAX_FIELD_LENGTH } from './header-fields.js';
import { parseReceived } from './received.js';

const DATE = '; Wed, 25 Mar 2026 12:26:37 -0700';

describe('parseReceived', () => {
  it.each([
    [
      'Exchange 2007',
      `from h (192.0.2.1) by S (192.0.2.2) with Microsoft SMTP Server id 8.3.298.1${DATE}`,
      'smtp',
      '8.3.298.1',
    ],
    ['with TLS', `from h by s with Microsoft SMTP Server (TLS) id 14.3.174.1${DATE}`, 'smtp', '14.3.174.1'],
    [
      'with TLS version and cipher',
      `from h by s with Microsoft SMTP Server (version=TLS1_2, cipher=TLS_A) id 15.2.1748.39 via Frontend Transport${DATE}`,
      'smtp',
      '15.2.1748.39',
    ],
    [
      'mapi with a padded id',
      `from h ([::1]) by s ([::1]) with mapi id 15.00.1497.048${DATE}`,
      'mapi',
      '15.00.1497.048',
    ],
    ['mapi without id', `from h ([::1]) by s ([::1]) with mapi${DATE}`, 'mapi', undefined],
    ['the shadow queue', `from h by s with ShadowRedundancy id 15.0.1473.3${DATE}`, 'shadow-redundancy', '15.0.1473.3'],
    [
      'Exchange 5.5',
      `by s with Internet Mail Service (5.5.2653.19)\n\tid <ABC>${DATE}`,
      'internet-mail-service',
      '5.5.2653.19',
    ],
    [
      'Outlook Web Access',
      `from h by s ([::1]) via Exchange Front-End Server f ([::1]) with Microsoft Exchange Server HTTP-DAV ${DATE}`,
      'http-dav',
      undefined,
    ],
    ['SMTPSVC', `from h ([::1]) by s with Microsoft SMTPSVC(8.5.9600.16384)${DATE}`, 'smtpsvc', undefined],
    [
      'SMTPSVC over TLS',
      `from h by s over TLS secured channel with Microsoft SMTPSVC(6.0.3790.4675)${DATE}`,
      'smtpsvc',
      undefined,
    ],
    ['the pickup folder', `from mail pickup service by s with Microsoft SMTPSVC${DATE}`, 'pickup', undefined],
    ['Sendmail', `from h by s (8.17.1.19/8.17.1.19) with ESMTPS id 4AABB1${DATE}`, 'other', undefined],
    [
      'Trustwave',
      `from h (Not Verified[2001:db8::76]) by s with Trustwave SEG (v8,2,6,11305)\n\tid <A1>${DATE}`,
      'other',
      undefined,
    ],
    ['Exim', `from h by s with esmtp (Exim 4.66) id 8.1.1.1${DATE}`, 'other', undefined],
    [
      'Postfix with a queue id like a version',
      `from h by s (Postfix) with ESMTP id 8.3.83.0${DATE}`,
      'other',
      undefined,
    ],
    ['PGP Universal', `from h by s (PGP Universal service)${DATE}`, 'other', undefined],
  ])('reads the software and id of %s', (_name, value, software, id) => {
    expect(parseReceived(value)).toMatchObject({ software, by: 's', ...(id === undefined ? {} : { id }) });
    expect(parseReceived(value).id).toBe(id);
  });

  it.each([
    ['between Microsoft and SMTP', 'from h by s with Microsoft\n SMTP Server (TLS) id 15.2.1.2'],
    ['between SMTP and Server', 'from h by s with Microsoft SMTP\r\n Server (TLS) id 15.2.1.2'],
    ['between id and version', 'from h by s with Microsoft SMTP Server (TLS) id\n\t15.2.1.2'],
    ['before mapi', 'from h by s with\n mapi id 15.2.1.2'],
    ['inside Frontend Transport', 'from h by s with Microsoft SMTP Server id 15.2.1.2 via Frontend\n Transport; Thu'],
    ['between host and address', 'from h\n ([fe80::1]) by s\n ([fe80::1%12]) with mapi id 15.2.1.2'],
    [
      'inside an address literal',
      'from h ([\n        fe80::1\n      ]) by\n s ([\n fe80::1%12\n ]) with mapi id\n 15.2.1.2',
    ],
    ['after trailing blanks', 'from h by s with \n\tmapi id 15.2.1.2; \n Thu'],
    ['inside cipher', 'from h by s with Microsoft SMTP Server (version=TLS1_2,\n cipher=TLS_A) id 15.2.1.2'],
  ])('reads a field that is folded %s', (_name, value) => {
    expect(parseReceived(value)).toMatchObject({ by: 's', from: 'h', id: '15.2.1.2' });
  });

  it.each([
    '(fd00:a1:b2:0:1a1:2b2:33c3:4444)',
    '([fe80::1a1:2b2:33c3:4444%12])',
    '([::1])',
    '((192.168.3.11))',
    '[(172.16.3.11)]',
    '(10.xx.xx.xx)',
    '(Not Verified[2001:db8::76])',
    '(a \\) by forged.example with mapi id 8.1.1.1)',
  ])('reads past the address %s', (address) => {
    expect(
      parseReceived(`from h ${address} by S.corp.example ${address} with mapi id 15.02.1748.039${DATE}`),
    ).toMatchObject({
      by: 's.corp.example',
      id: '15.02.1748.039',
    });
  });

  it.each([
    ['a peer that calls itself by', 'from by (192.0.2.1) by s with mapi id 15.2.1.2', 's'],
    ['no from', 'H (192.0.2.30) by S.X.LOCAL (192.0.2.12) with Microsoft SMTP Server id 8.3.406.0', 's.x.local'],
    ['a final dot', 'from h by s.corp.example. with mapi', 's.corp.example'],
    ['letters beyond ASCII', 'from h by Büro1.corp.example with mapi', 'büro1.corp.example'],
    ['an address literal', 'from h by [192.0.2.1] with mapi', undefined],
    ['only an address', 'from h by (192.0.2.1) with mapi', undefined],
    ['stars', 'from h by ****.corp.example with mapi', undefined],
    ['xxx.xxx', 'from h by xxx.xxx with mapi', undefined],
    ['brackets', 'from h by <host> with mapi', undefined],
    ['an endless name', `from h by ${'a'.repeat(254)} with mapi`, undefined],
    ['nothing at all', 'from h by', undefined],
  ])('reads the by host with %s', (_name, value, by) => {
    expect(parseReceived(value).by).toBe(by);
  });

  it('does not read a host or version out of a recipient or comment that the sender chose', () => {
    const recipient = 'for <"x by forged.example with mapi id 8.1.1.1"@corp.example>';
    expect(parseReceived(`from h by s (Postfix) with ESMTP id 4A ${recipient}${DATE}`)).toEqual({
      software: 'other',
      by: 's',
      from: 'h',
    });
    const helo = 'from h (by forged.example with Microsoft SMTP Server id 8.1.1.1)';
    expect(parseReceived(`${helo} by s with mapi id 15.2.1.2`)).toMatchObject({ by: 's', id: '15.2.1.2' });
  });

  it.each([
    '8.2.x.x',
    '8.2',
    '15.1.2507.39.1',
    '15.1.2507.',
    'v15.1.2507.39',
    '15.1.2507.1234567890',
    '<15.1.2507.39>',
  ])('does not take the id %s for a version', (id) => {
    expect(parseReceived(`from h by s with Microsoft SMTP Server id ${id}; Thu`)).toEqual({
      software: 'smtp',
      by: 's',
      from: 'h',
    });
  });

  it.each(['(', ')', '"', '<', '\\', ';', ' ', 'by ', 'with ', 'id ', '(by ', '((a)', 'a.', 'Microsoft SMTP Server '])(
    'reads the longest field made of %j without hanging',
    (unit) => {
      const prefix = 'from h by s with mapi id 15.2.1.2 ';
      const value = prefix + unit.repeat(Math.floor((MAX_FIELD_LENGTH - prefix.length) / unit.length));
      expect(parseReceived(value).software).toBeTypeOf('string');
      expect(parseReceived(unit.repeat(1024 * 1024))).toEqual({ software: 'other' });
    },
  );
});
