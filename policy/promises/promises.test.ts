// The catalogue as it stands, and what the reader makes of catalogues that are wrong in one place.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { coverage } from './coverage.ts';
import type { PromiseRow } from './promise.ts';
import { PROMISES_TOTAL, readPromises } from './read-promises.ts';
import { RULE_KEYS } from './rules.ts';

const root = resolve(import.meta.dirname, '../..');
const text = readFileSync(join(root, 'policies/promises.yaml'), 'utf8');
const inTree = (path: string) => existsSync(join(root, path));

function rowsOf(source: string): readonly PromiseRow[] {
  const read = readPromises(source);
  assert.ok(read.ok, read.ok ? '' : JSON.stringify(read.faults.slice(0, 5)));
  return read.rows;
}

type Raw = Record<string, unknown>;
interface RawCatalogue {
  schema: unknown;
  promises: Raw[];
  [key: string]: unknown;
}

const parsed = parse(text) as RawCatalogue;

/** Faults of the catalogue after one change. JSON is YAML, and keeps every value on a line of its own. */
function faultsAfter(
  change: (catalogue: RawCatalogue) => void,
): { path: string; sentence: string; line: number }[] {
  const catalogue = structuredClone(parsed);
  change(catalogue);
  const read = readPromises(JSON.stringify(catalogue, null, 1));
  return read.ok ? [] : [...read.faults];
}

describe('the catalogue of promises', () => {
  const rows = rowsOf(text);

  test('has 241 promises, and every one of the 73 rules is promised by somebody', () => {
    assert.equal(rows.length, 241);
    assert.equal(PROMISES_TOTAL, 241);
    assert.equal(RULE_KEYS.length, 73);
    assert.deepEqual([...new Set(rows.map(({ rule }) => rule))].sort(), [...RULE_KEYS].sort());
  });

  test('names only code and tests that exist, so nothing is called covered without them', () => {
    const found = coverage(rows, inTree);
    assert.deepEqual(
      found.rows.filter(({ faults }) => faults.length > 0),
      [],
    );
    assert.equal(found.totals.faulty, 0);
    assert.equal(found.totals.covered + found.totals.open, 241);
    assert.ok(found.totals.covered > 0);
  });

  test('names as a test what is a test', () => {
    for (const row of rows) {
      if (row.test !== null) assert.match(row.test, /\.test\.ts$/, row.id);
      if (row.enforcing !== null) assert.doesNotMatch(row.enforcing, /\.test\.ts$/, row.id);
    }
  });

  test('states what people attest as attested alone, and never as enforced', () => {
    for (const row of rows.filter(({ obligation }) => obligation === 'ATTEST')) {
      assert.deepEqual(row.assurance, ['attested'], row.id);
    }
  });
});

describe('a catalogue is refused, with the place,', () => {
  const first = (catalogue: RawCatalogue) => catalogue.promises[0]!;
  const covered = (catalogue: RawCatalogue) => catalogue.promises.find(({ status }) => status === 'covered')!;
  const cases: [string, RegExp, (catalogue: RawCatalogue) => void][] = [
    ['when a row has a key nobody knows', /^wallet-01\.colour$/, (c) => (first(c).colour = 'red')],
    ['when the catalogue has a key nobody knows', /^extra$/, (c) => (c.extra = [])],
    ['when the schema is another', /^schema$/, (c) => (c.schema = 2)],
    ['when an id stands twice', /^wallet-01$/, (c) => (c.promises[1]!.id = 'wallet-01')],
    ['when an id has another form', /^wallet-1\.id$/, (c) => (first(c).id = 'wallet-1')],
    ['when an id has the prefix of another profile', /^device-01\.id$/, (c) => (first(c).id = 'device-01')],
    ['when a rule does not exist', /^wallet-01\.rule$/, (c) => (first(c).rule = 'R-VERY')],
    [
      'when a kind of obligation does not exist',
      /^wallet-01\.obligation$/,
      (c) => (first(c).obligation = 'HOPE'),
    ],
    ['when an assurance does not exist', /^wallet-01\.assurance$/, (c) => (first(c).assurance = ['certain'])],
    [
      'when an assurance stands twice',
      /^wallet-01\.assurance$/,
      (c) => (first(c).assurance = ['enforced', 'enforced']),
    ],
    ['when no assurance is named', /^wallet-01\.assurance$/, (c) => (first(c).assurance = [])],
    ['when a profile does not exist', /^wallet-01\.profile$/, (c) => (first(c).profile = 'standard')],
    ['when a status does not exist', /^wallet-01\.status$/, (c) => (first(c).status = 'soon')],
    ['when a part does not exist', /^wallet-01\.part$/, (c) => (first(c).part = 'magic')],
    ['when an open promise names no part', /^wallet-01\.part$/, (c) => delete first(c).part],
    ['when a covered promise names no code', /\.enforcing$/, (c) => (covered(c).enforcing = null)],
    ['when a covered promise names no test', /\.test$/, (c) => (covered(c).test = null)],
    ['when a covered promise names an open part', /\.part$/, (c) => (covered(c).part = 'audit')],
    ['when a path leaves the repository', /\.enforcing$/, (c) => (covered(c).enforcing = '../x.ts')],
    ['when a path begins at the root of the disk', /\.test$/, (c) => (covered(c).test = '/x.test.ts')],
    ['when a statement is missing', /^wallet-01\.statement$/, (c) => delete first(c).statement],
    ['when a statement is no sentence', /^wallet-01\.statement$/, (c) => (first(c).statement = 'we may')],
    ['when one promise is missing', /^wallet-43$|^activation-wallet$/, (c) => c.promises.splice(42, 1)],
    [
      'when there is one too many',
      /^wallet-44|^activation-wallet$/,
      (c) => c.promises.splice(43, 0, { ...first(c), id: 'wallet-44' }),
    ],
    ['when a row is no mapping', /^promises\[0\]$/, (c) => (c.promises[0] = 'x' as unknown as Raw)],
  ];
  for (const [when, path, change] of cases) {
    test(when, () => {
      const faults = faultsAfter(change);
      assert.ok(faults.length > 0, 'it was accepted');
      assert.ok(
        faults.some((fault) => path.test(fault.path) && fault.line > 0 && fault.sentence.length > 5),
        JSON.stringify(faults.slice(0, 3)),
      );
    });
  }

  test('when it is no YAML, has a key twice, or is not a mapping at all', () => {
    for (const source of [
      'promises: [',
      'schema: 1\nschema: 1\npromises: []',
      '- 1',
      '',
      'schema: 1\npromises: x',
    ]) {
      const read = readPromises(source);
      assert.equal(read.ok, false, source);
      assert.ok(!read.ok && read.faults.length > 0 && read.faults.every(({ sentence }) => sentence !== ''));
    }
  });

  test('and all of its faults are told at once, each with its own line', () => {
    const faults = faultsAfter((catalogue) => {
      catalogue.promises[0]!.rule = 'R-VERY';
      catalogue.promises[9]!.obligation = 'HOPE';
      catalogue.promises[200]!.colour = 'red';
    });
    assert.equal(faults.length, 3);
    assert.equal(new Set(faults.map(({ line }) => line)).size, 3);
  });
});

describe('coverage', () => {
  const rows = rowsOf(text);

  test('turns a covered promise faulty when its code or its test is gone', () => {
    const row = rows.find(({ status }) => status === 'covered')!;
    for (const gone of [row.enforcing!, row.test!]) {
      const found = coverage(rows, (path) => path !== gone && inTree(path));
      const judged = found.rows.find(({ id }) => id === row.id)!;
      assert.equal(judged.status, 'faulty');
      assert.equal(judged.faults.length, 1);
      const naming = rows.filter((r) => r.enforcing === gone || r.test === gone);
      assert.equal(found.totals.faulty, naming.filter(({ status }) => status === 'covered').length);
    }
  });

  test('counts every promise once by status, by rule and by profile', () => {
    const found = coverage(rows, inTree);
    const sum = (totals: readonly { covered: number; open: number; faulty: number }[]) =>
      totals.reduce((all, each) => all + each.covered + each.open + each.faulty, 0);
    assert.equal(sum([found.totals]), 241);
    assert.equal(sum(Object.values(found.byRule)), 241);
    assert.equal(sum(Object.values(found.byProfile)), 241);
    assert.equal(sum([found.byProfile['device-app']]), 77);
  });

  test('of an empty tree has no covered promise', () => {
    const found = coverage(rows, () => false);
    assert.equal(found.totals.covered, 0);
    assert.ok(found.totals.faulty > 0);
  });
});
