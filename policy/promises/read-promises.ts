// Reads the catalogue of promises and takes nothing on trust: every fault is one sentence with its line, and all of
// them are told at once. A catalogue with a fault has no rows.
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLMap,
} from 'yaml';
import { ASSURANCES, OBLIGATION_KINDS } from '../vocabulary/assurance.ts';
import { PARTS, PROMISING_PROFILES, type PromiseRow, type PromisingProfile } from './promise.ts';
import { RULE_KEYS } from './rules.ts';

export interface PromiseFault {
  /** Counted from 1. */
  readonly line: number;
  /** `wallet-01.rule`, or `promises[3]` where the id itself is at fault. */
  readonly path: string;
  readonly sentence: string;
}

export type ReadPromises =
  | { readonly ok: true; readonly rows: readonly PromiseRow[] }
  | { readonly ok: false; readonly faults: readonly PromiseFault[] };

/** Octets of UTF-16 that are looked at; the catalogue has about a tenth of it. */
const TEXT_MAX = 2_000_000;
const SENTENCE_MAX = 400;
const KEYS = [
  'id',
  'rule',
  'profile',
  'statement',
  'obligation',
  'assurance',
  'must',
  'proof',
  'enforcing',
  'test',
  'status',
  'part',
] as const;
type Key = (typeof KEYS)[number];

/** Promises of all profiles together. */
export const PROMISES_TOTAL = Object.values(PROMISING_PROFILES).reduce(
  (sum, { promises }) => sum + promises,
  0,
);

/** Reads `promises.yaml`. Pure; the same text gives the same answer. */
export function readPromises(text: string): ReadPromises {
  const reading = new Reading(text);
  const rows = reading.rows();
  return reading.faults.length > 0 ? { ok: false, faults: reading.faults } : { ok: true, rows };
}

class Reading {
  readonly faults: PromiseFault[] = [];
  readonly #lines = new LineCounter();
  readonly #document: Document;

  constructor(text: string) {
    const bounded = text.length > TEXT_MAX ? '' : text;
    this.#document = parseDocument(bounded, { lineCounter: this.#lines, uniqueKeys: true, version: '1.2' });
    if (text.length > TEXT_MAX) this.#fault(null, '', `is longer than ${TEXT_MAX} characters`);
    for (const error of this.#document.errors) {
      this.faults.push({
        line: error.linePos?.[0].line ?? 1,
        path: '',
        sentence: `is no YAML: ${error.code}`,
      });
    }
  }

  rows(): PromiseRow[] {
    if (this.faults.length > 0) return [];
    const root = this.#document.contents;
    if (!isMap(root)) {
      this.#fault(root, '', 'must be a mapping with `schema` and `promises`');
      return [];
    }
    for (const { key } of root.items) {
      const name = isScalar(key) ? String(key.value) : '';
      if (name !== 'schema' && name !== 'promises')
        this.#fault(key as Node, name, 'is no key of the catalogue');
    }
    if (root.get('schema') !== 1) this.#fault(root, 'schema', 'must be 1');
    const list = root.get('promises', true);
    if (!isSeq(list)) {
      this.#fault(root, 'promises', 'must be a list');
      return [];
    }
    const rows = list.items.map((item, index) => this.#row(item as Node, index));
    this.#count(
      rows.filter((row) => row !== null),
      list,
    );
    return rows.filter((row) => row !== null);
  }

  #row(item: Node, index: number): PromiseRow | null {
    if (!isMap(item)) {
      this.#fault(item, `promises[${index}]`, 'must be a mapping');
      return null;
    }
    const before = this.faults.length;
    const id = item.get('id');
    const path = typeof id === 'string' ? id : `promises[${index}]`;
    this.#keys(item, path);
    const profile = this.#oneOf(item, path, 'profile', Object.keys(PROMISING_PROFILES) as PromisingProfile[]);
    this.#id(item, path, profile);
    const head = {
      rule: this.#oneOf(item, path, 'rule', RULE_KEYS),
      profile,
      statement: this.#sentence(item, path, 'statement'),
      obligation: this.#oneOf(item, path, 'obligation', OBLIGATION_KINDS),
      assurance: this.#assurance(item, path),
      must: this.#sentence(item, path, 'must'),
      proof: this.#sentence(item, path, 'proof'),
    };
    const enforcing = this.#file(item, path, 'enforcing');
    const test = this.#file(item, path, 'test');
    const status = this.#oneOf(item, path, 'status', ['covered', 'open'] as const);
    if (status === 'covered') {
      if (enforcing === null)
        this.#fault(item, `${path}.enforcing`, 'must name the code of a covered promise');
      if (test === null) this.#fault(item, `${path}.test`, 'must name the test of a covered promise');
      if (item.has('part')) this.#fault(item, `${path}.part`, 'is for open promises alone');
    } else if (status === 'open') {
      this.#oneOf(item, path, 'part', PARTS);
    }
    if (this.faults.length > before) return null;
    const part = item.get('part');
    // Every field was checked above: a row without a fault has the shape its status asks for.
    return {
      id: path,
      ...head,
      status,
      enforcing,
      test,
      ...(part === undefined ? {} : { part }),
    } as PromiseRow;
  }

  #keys(item: YAMLMap, path: string): void {
    for (const { key } of item.items) {
      const name = isScalar(key) ? String(key.value) : '';
      if (!KEYS.includes(name as Key)) this.#fault(key as Node, `${path}.${name}`, 'is no key of a promise');
    }
    for (const name of KEYS) {
      if (name !== 'part' && !item.has(name)) this.#fault(item, `${path}.${name}`, 'is missing');
    }
  }

  #id(item: YAMLMap, path: string, profile: PromisingProfile | null): void {
    const id = item.get('id');
    if (typeof id !== 'string' || !/^[a-z]+-\d{2}$/.test(id)) {
      this.#fault(item, `${path}.id`, 'must be a prefix and a number of two digits: wallet-01');
    } else if (profile && !id.startsWith(`${PROMISING_PROFILES[profile].prefix}-`)) {
      this.#fault(
        item,
        `${path}.id`,
        `must begin with ${PROMISING_PROFILES[profile].prefix}- in this profile`,
      );
    }
  }

  #oneOf<const T extends string>(item: YAMLMap, path: string, key: Key, values: readonly T[]): T | null {
    const value = item.get(key);
    if (values.includes(value as T)) return value as T;
    this.#fault(item.get(key, true) ?? item, `${path}.${key}`, `must be one of ${values.length} known words`);
    return null;
  }

  #sentence(item: YAMLMap, path: string, key: Key): string {
    const value = item.get(key);
    if (typeof value === 'string' && value.length <= SENTENCE_MAX && /^\S.*\.$/u.test(value)) return value;
    this.#fault(
      item.get(key, true) ?? item,
      `${path}.${key}`,
      `must be a sentence of at most ${SENTENCE_MAX} characters`,
    );
    return '';
  }

  #assurance(item: YAMLMap, path: string): unknown[] {
    const list = item.get('assurance', true);
    const values = isSeq(list) ? list.items.map((entry) => (isScalar(entry) ? entry.value : null)) : [];
    const known = values.every((value) => ASSURANCES.some((assurance) => assurance === value));
    if (values.length === 0 || !known || new Set(values).size < values.length) {
      this.#fault(
        list ?? item,
        `${path}.assurance`,
        'must be a list of enforced, verified, attested, each once',
      );
    }
    return values;
  }

  #file(item: YAMLMap, path: string, key: Key): string | null {
    const value = item.get(key);
    if (value === null || value === undefined) return null;
    if (typeof value === 'string' && /^[\w-][\w./-]*\.(?:ts|sql|mjs)$/.test(value) && !value.includes('..'))
      return value;
    this.#fault(
      item.get(key, true) ?? item,
      `${path}.${key}`,
      'must be a path from the root of the repository, or null',
    );
    return null;
  }

  /** Every profile has its own number of promises, numbered from 01 without a gap. */
  #count(rows: readonly PromiseRow[], list: Node): void {
    const seen = new Set<string>();
    for (const { id } of rows) {
      if (seen.has(id)) this.#fault(list, id, 'stands twice');
      seen.add(id);
    }
    if (this.faults.length > 0) return;
    for (const [profile, { prefix, promises }] of Object.entries(PROMISING_PROFILES)) {
      const found = rows.filter((row) => row.profile === profile).length;
      if (found !== promises) this.#fault(list, profile, `must have ${promises} promises and has ${found}`);
      for (let n = 1; n <= promises; n++) {
        const id = `${prefix}-${String(n).padStart(2, '0')}`;
        if (!seen.has(id)) this.#fault(list, id, 'is missing');
      }
    }
  }

  #fault(node: unknown, path: string, sentence: string): void {
    const offset = (node as Node | null)?.range?.[0] ?? 0;
    this.faults.push({ line: this.#lines.linePos(offset).line, path, sentence });
  }
}
