import { didYouMean, nearestWord } from '../../policy/did-you-mean.js';
import { type DocumentNode, entryOf, itemsOf, type MapNode, textOf } from '../../policy/document-node.js';
import { factNamed } from '../../policy/fact.js';
import { readDocument } from '../../policy/read-document.js';
import type { SourceSpan } from '../../policy/source.js';
import { INSTANT_FORMATS, instantFormatProblem } from './instant-format.js';
import {
  type LogMapping,
  MAPPABLE_FACTS,
  type MappableFact,
  type MappedInstant,
  type MappedOutcome,
  type MappedPlace,
} from './log-mapping.js';
import { TimeZone } from './time-zone.js';

export type LogMappingResult =
  | { readonly ok: true; readonly mapping: LogMapping }
  /** Each with file, line and column, for the user: `mapping.yaml:3:5: …`. */
  | { readonly ok: false; readonly problems: readonly string[] };

const KEYS = ['format', 'separator', 'moment', 'at', 'facts', 'id', 'outcome'] as const;
const FORMATS = ['csv', 'json-lines'] as const;
const MOMENTS = ['message', 'connection'] as const;
const USUAL_ACCEPTED = ['accept', 'accepted', 'ok', 'sent', 'delivered', 'queued'];
const USUAL_REJECTED = ['reject', 'rejected', 'deny', 'denied', 'block', 'blocked', 'defer', 'deferred'];
const EXAMPLE = 'For example: format: csv, at: time, facts: { client.address: ip, server.version: build }';

/** Reads a mapping file, YAML or JSON. */
export function readLogMapping(text: string, fileName: string): LogMappingResult {
  const { root, findings } = readDocument(fileName, Buffer.from(text));
  if (root === undefined || findings.length > 0) {
    return { ok: false, problems: findings.map((each) => problemAt(each, each.message, each.hint)) };
  }
  return new MappingReader(root).read();
}

function problemAt({ file, range }: SourceSpan, message: string, hint?: string): string {
  const { line, column } = range.start;
  return `${file}:${line}:${column}: ${message}${hint === undefined ? '' : ` ${hint}`}`;
}

class MappingReader {
  readonly #root: DocumentNode;
  readonly #problems: string[] = [];

  constructor(root: DocumentNode) {
    this.#root = root;
  }

  read(): LogMappingResult {
    const root = this.#map(this.#root, KEYS, `A map was expected. ${EXAMPLE}`);
    if (root === undefined) return { ok: false, problems: this.#problems };
    const format = this.#oneOf(this.#required(root, 'format'), FORMATS) ?? 'csv';
    const isCsv = format === 'csv';
    const separator = this.#separator(entryOf(root, 'separator'), isCsv);
    const moment = this.#oneOf(entryOf(root, 'moment'), MOMENTS);
    const at = this.#instant(this.#required(root, 'at'), isCsv);
    const facts = this.#facts(this.#required(root, 'facts'), isCsv);
    const id = this.#place(entryOf(root, 'id'), isCsv);
    const outcome = this.#outcome(entryOf(root, 'outcome'), isCsv);
    if (at === undefined || this.#problems.length > 0) return { ok: false, problems: this.#problems };
    const mapping = {
      format,
      at,
      facts,
      ...(separator === undefined ? {} : { separator }),
      ...(moment === undefined ? {} : { moment }),
      ...(id === undefined ? {} : { id }),
      ...(outcome === undefined ? {} : { outcome }),
    };
    this.#refuseNested(mapping);
    return this.#problems.length > 0 ? { ok: false, problems: this.#problems } : { ok: true, mapping };
  }

  #add(at: SourceSpan, message: string, hint?: string): undefined {
    this.#problems.push(problemAt(at, message, hint));
  }

  /** The node where it is a map with no other keys. */
  #map(node: DocumentNode, keys: readonly string[], expected: string): MapNode | undefined {
    if (node.kind !== 'map') return this.#add(node, expected);
    for (const { key, keySpan } of node.entries.values()) {
      if (!keys.includes(key)) this.#add(keySpan, `The key ${key} is not known here.`, didYouMean(key, keys));
    }
    return node;
  }

  #required(parent: MapNode, key: string): DocumentNode | undefined {
    const node = entryOf(parent, key);
    if (node === undefined) this.#add(parent, `The key ${key} is missing.`, EXAMPLE);
    return node;
  }

  #oneOf<T extends string>(node: DocumentNode | undefined, words: readonly T[]): T | undefined {
    if (node === undefined) return undefined;
    const text = textOf(node);
    const word = words.find((each) => each === text);
    const nearest = nearestWord(text ?? '', words);
    const hint = nearest === undefined ? undefined : `Did you mean ${nearest}?`;
    return word ?? this.#add(node, `One of ${words.join(', ')} was expected.`, hint);
  }

  #separator(node: DocumentNode | undefined, isCsv: boolean): string | undefined {
    if (node === undefined) return undefined;
    if (!isCsv) return this.#add(node, 'Only a CSV has a separator.');
    const text = textOf(node) === 'tab' ? '\t' : textOf(node);
    const isOne = text !== undefined && /^[\x20-\x7e\t]$/.test(text) && text !== '"';
    return isOne ? text : this.#add(node, 'One ASCII character was expected, such as ";", or tab.');
  }

  #instant(node: DocumentNode | undefined, isCsv: boolean): MappedInstant | undefined {
    if (node === undefined) return undefined;
    if (node.kind !== 'map') {
      const from = this.#place(node, isCsv);
      return from === undefined ? undefined : { from, format: 'rfc3339' };
    }
    this.#map(node, ['from', 'format', 'zone'], '');
    const from = this.#place(this.#required(node, 'from'), isCsv);
    const format = this.#instantFormat(entryOf(node, 'format'));
    const zone = this.#zone(entryOf(node, 'zone'));
    if (from === undefined) return undefined;
    return { from, format, ...(zone === undefined ? {} : { zone }) };
  }

  #instantFormat(node: DocumentNode | undefined): string {
    const text = node === undefined ? 'rfc3339' : textOf(node);
    const problem = text === undefined ? 'A format of instants was expected.' : instantFormatProblem(text);
    if (node !== undefined && problem !== undefined) this.#add(node, problem, didYouMean(text ?? '', INSTANT_FORMATS));
    return text ?? '';
  }

  #zone(node: DocumentNode | undefined): string | undefined {
    if (node === undefined) return undefined;
    const text = textOf(node);
    try {
      if (text !== undefined) return new TimeZone(text) && text;
    } catch {}
    return this.#add(node, 'The name of a time zone was expected, such as Europe/Berlin or UTC.');
  }

  #facts(node: DocumentNode | undefined, isCsv: boolean): LogMapping['facts'] {
    const facts: Partial<Record<MappableFact, MappedPlace>> = {};
    if (node === undefined) return facts;
    if (node.kind !== 'map' || node.entries.size === 0) {
      this.#add(
        node,
        `A map of facts was expected, such as client.address: ip. There are ${MAPPABLE_FACTS.join(', ')}.`,
      );
      return facts;
    }
    for (const { key, keySpan, value } of node.entries.values()) {
      const name = MAPPABLE_FACTS.find((each) => each === key);
      if (name === undefined) this.#add(keySpan, ...whyNoFact(key));
      const place = this.#place(value, isCsv);
      if (name !== undefined && place !== undefined) facts[name] = place;
    }
    return facts;
  }

  #place(node: DocumentNode | undefined, isCsv: boolean): MappedPlace | undefined {
    if (node === undefined) return undefined;
    const text = node.kind === 'scalar' && node.value !== null ? String(node.value) : undefined;
    if (text !== undefined && text !== '') return isCsv ? [text] : text.split('.');
    const keys = isCsv ? [] : itemsOf(node).map((item) => textOf(item) ?? '');
    if (keys.length > 0 && keys.every((key) => key !== '')) return keys;
    const expected = isCsv
      ? 'The name of a column was expected.'
      : 'A key was expected, or several with dots such as client.ip, or a list of keys such as [client.ip, address].';
    return this.#add(node, expected);
  }

  #outcome(node: DocumentNode | undefined, isCsv: boolean): MappedOutcome | undefined {
    if (node === undefined) return undefined;
    const isMap = node.kind === 'map';
    if (isMap) this.#map(node, ['from', 'accepted', 'rejected'], '');
    const from = this.#place(isMap ? this.#required(node, 'from') : node, isCsv);
    const accepted = this.#words(entryOf(node, 'accepted')) ?? USUAL_ACCEPTED;
    const rejected = this.#words(entryOf(node, 'rejected')) ?? USUAL_REJECTED;
    return from === undefined ? undefined : { from, accepted, rejected };
  }

  #words(node: DocumentNode | undefined): readonly string[] | undefined {
    if (node === undefined) return undefined;
    const words = itemsOf(node).map((item) => (item.kind === 'scalar' ? String(item.value).toLowerCase() : ''));
    const isList = words.length > 0 && words.every((word) => word !== '');
    return isList ? words : this.#add(node, 'A list of words was expected, such as [reject, drop].');
  }

  /** A key cannot hold a value and at the same time keys with values. */
  #refuseNested(mapping: LogMapping): void {
    const { at, facts, id, outcome } = mapping;
    const places = [at.from, ...Object.values(facts), ...(id ? [id] : []), ...(outcome ? [outcome.from] : [])];
    for (const place of places) {
      const inner = places.find(
        (each) => each.length > place.length && place.every((key, index) => key === each[index]),
      );
      if (inner === undefined) continue;
      this.#add(this.#root, `${place.join('.')} cannot be a value where ${inner.join('.')} is one.`);
    }
  }
}

function whyNoFact(name: string): [string, string?] {
  if (name === 'time') return ['The instant is told by the key at, beside facts.'];
  if (factNamed(name) === undefined) return [`There is no fact ${name}.`, nearestFact(name)];
  return [`${name} is worked out, no log can tell it.`, 'It follows from server.version, client.address and the like.'];
}

function nearestFact(name: string): string {
  return didYouMean(name, MAPPABLE_FACTS) ?? `One of: ${MAPPABLE_FACTS.join(', ')}.`;
}
