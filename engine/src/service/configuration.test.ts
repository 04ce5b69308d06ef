import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIGURATION, parseListenAddress, readConfiguration } from './configuration.js';

function read(text: string, environment: Record<string, string> = {}) {
  return readConfiguration('sluice.yaml', new TextEncoder().encode(text), environment);
}

describe('readConfiguration', () => {
  it('reads the starter, whose values are the defaults', async () => {
    const starter = await readFile(new URL('../../starter/sluice.yaml', import.meta.url));
    const { configuration, findings } = readConfiguration('sluice.yaml', starter, {});
    expect(findings).toEqual([]);
    const { gatewayName: _name, policies: _policies, listen: _listen, ...rest } = configuration ?? {};
    const { gatewayName: _defaultName, listen: _defaultListen, ...defaults } = DEFAULT_CONFIGURATION;
    expect(rest).toEqual({ ...defaults, store: { kind: 'lmdb', path: resolve('.sluice') } });
  });

  it('takes paths as relative to the folder of the file', () => {
    const text = 'policies: rules\nstore: { path: state }';
    const { configuration } = readConfiguration('/etc/sluice/sluice.yaml', new TextEncoder().encode(text), {});
    expect(configuration).toMatchObject({ policies: '/etc/sluice/rules', store: { path: '/etc/sluice/state' } });
  });

  it.each([
    ['an unknown key', 'gatwayName: x', 'key-unknown', 1, 1],
    ['a wrong type', 'limits: { connections: many }', 'type-wrong', 1, 24],
    ['no duration', 'peerWindow: 1 hour', 'duration-syntax', 1, 13],
    ['no address', 'listen:\n  milter: localhost', 'value-unknown', 2, 11],
    ['a choice that is none', 'onFault: reject', 'value-unknown', 1, 10],
    ['a missing token', 'http: { tokenVariable: SLUICE_TOKEN }', 'value-unknown', 1, 24],
    ['no YAML', 'listen: [', 'yaml-syntax', 1, 10],
  ])('tells of %s at its place', (_what, text, code, line, column) => {
    const { configuration, findings } = read(text);
    expect(configuration).toBeUndefined();
    expect(findings[0]).toMatchObject({ code, range: { start: { line, column } } });
  });

  it('takes the token from the environment, not from the file, and refuses a short one', () => {
    const text = 'http: { tokenVariable: SLUICE_TOKEN }';
    expect(read(text, { SLUICE_TOKEN: '0123456789abcdef' }).configuration?.httpToken).toBe('0123456789abcdef');
    expect(read(text, { SLUICE_TOKEN: 'short' }).findings[0]?.message).toContain('fewer than 16');
  });
});

describe('parseListenAddress', () => {
  it.each([
    ['127.0.0.1:8891', { kind: 'tcp', host: '127.0.0.1', port: 8891 }],
    ['[::1]:0', { kind: 'tcp', host: '::1', port: 0 }],
    ['localhost:25', { kind: 'tcp', host: 'localhost', port: 25 }],
    ['unix:/run/sluice/milter.sock', { kind: 'unix', path: '/run/sluice/milter.sock', mode: 0o660 }],
    ['unix:policy.sock?mode=666', { kind: 'unix', path: 'policy.sock', mode: 0o666 }],
    ['127.0.0.1', undefined],
    ['127.0.0.1:65536', undefined],
    ['[localhost]:1', undefined],
    ['unix:', undefined],
    ['unix:/a?mode=999', undefined],
  ])('reads %s', (text, expected) => {
    expect(parseListenAddress(text)).toEqual(expected);
  });
});
