import { expect, test } from 'vitest';
import { junitXml } from './junit-xml.js';

test('a suite is a file, a case has its place, a failure its text', () => {
  const passed = { name: 'passes', file: 'a.test.yaml', line: 3, failures: [] };
  const failures = [
    { message: 'stage: expected a, got b', text: 'a.test.yaml:4:9: stage: expected a, got b' },
    { message: 'action: expected accept, got block', text: 'a.test.yaml:5:9: action: expected accept, got block' },
  ];
  const failed = { name: 'fails', file: 'a.test.yaml', line: 4, failures };
  expect(junitXml('sluice test', [{ name: 'a.test.yaml', cases: [passed, failed] }])).toBe(
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="sluice test" tests="2" failures="1">
  <testsuite name="a.test.yaml" tests="2" failures="1">
    <testcase classname="a.test.yaml" name="passes" file="a.test.yaml" line="3"/>
    <testcase classname="a.test.yaml" name="fails" file="a.test.yaml" line="4">
      <failure message="stage: expected a, got b; action: expected accept, got block">a.test.yaml:4:9: stage: expected a, got b&#10;a.test.yaml:5:9: action: expected accept, got block</failure>
    </testcase>
  </testsuite>
</testsuites>
`,
  );
});

test.each([
  ['markup', `<b> & "c" 'd'`, '&#60;b&#62; &#38; &#34;c&#34; &#39;d&#39;'],
  ['white space that an attribute would lose', 'a\tb\r\nc', 'a&#9;b&#13;&#10;c'],
  ['what XML cannot hold', 'a\u0000b\u001bc\uffffd\ud800e', 'a\ufffdb\ufffdc\ufffdd\ufffde'],
  ['characters beyond the first plane', 'a \u{1f4e7} b', 'a \u{1f4e7} b'],
  ['the end of a CDATA section', ']]>', ']]&#62;'],
])('%s is escaped', (_what, name, written) => {
  const xml = junitXml('it', [{ name: 'f', cases: [{ name, file: 'f', line: 1, failures: [] }] }]);
  expect(xml).toContain(` name="${written}" file=`);
});
