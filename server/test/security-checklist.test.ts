// The security checklist as a page that can be believed: every item is there once, every test it names exists and names
// the item in its title, and every title that names an item is on the page.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '../..');
const PAGE = 'docs/security/checklist.md';
const ITEMS = 58;

interface Item {
  readonly number: number;
  readonly what: string;
  readonly tests: readonly { readonly file: string; readonly title: string }[];
  readonly provenBy: string;
  readonly waitsFor: string;
}

const items: Item[] = readFileSync(join(root, PAGE), 'utf8')
  .split('\n')
  .filter((line) => /^\| \d+ \|/.test(line))
  .map((line) => {
    const [number, what, provenBy, waitsFor] = line
      .slice(2, -2)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()) as [string, string, string, string];
    const tests = [...provenBy.matchAll(/\[[^\]]+\]\(([^)]+)\) “([^”]+)”/g)].map(([, file, title]) => ({
      file: relative(root, resolve(root, 'docs/security', file!)),
      title: title!.replaceAll('\\', ''),
    }));
    return { number: Number(number), what, tests, provenBy, waitsFor };
  });

/** Titles of the tests of a file; what a title is made of at run time reads as an ellipsis. */
const titlesOf = (file: string): string[] =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/\btest\(\s*(['"`])((?:(?!\1)[\s\S])*)\1,/g)].map(
    ([, , title]) => title!.replace(/\$\{[^}]*\}/g, '…'),
  );

const MARK = / \(checklist ([\d, ]+)\)$/;
const numbersOf = (title: string) => (MARK.exec(title)?.[1] ?? '').split(',').map(Number);

test('the page has each of the 58 items once, in order, and each is proven or waits for something', () => {
  assert.deepEqual(
    items.map(({ number }) => number),
    Array.from({ length: ITEMS }, (_, at) => at + 1),
  );
  for (const { number, what, tests, provenBy, waitsFor } of items) {
    assert.match(what, /^[A-Z].{20,}\.$/, `${number} says what holds`);
    assert.ok(tests.length > 0 || waitsFor !== '–', `${number} is neither proven nor waits`);
    assert.equal(
      tests.length,
      provenBy === '–' ? 0 : provenBy.split('](').length - 1,
      `${number} names tests`,
    );
  }
});

test('every test the page names exists and names its item', () => {
  const faults: string[] = [];
  for (const { number, tests } of items)
    for (const { file, title } of tests) {
      const found = titlesOf(file).filter((one) => one.replace(MARK, '') === title);
      if (found.length === 0) faults.push(`${number}: ${file} has no test "${title}"`);
      else if (!found.some((one) => numbersOf(one).includes(number)))
        faults.push(`${number}: "${title}" of ${file} does not name the item`);
    }
  assert.deepEqual(faults, []);
});

test('a title that names an item names one of the 58, and every item that is proven on the page', () => {
  const faults: string[] = [];
  const proven = new Set(items.filter(({ tests }) => tests.length > 0).map(({ number }) => number));
  for (const file of globSync('{contract,policy,smpp,text,server}/**/*.test.ts', { cwd: root })) {
    if (file.includes('node_modules')) continue;
    for (const title of titlesOf(file).filter((one) => MARK.test(one)))
      for (const number of numbersOf(title))
        if (!proven.has(number))
          faults.push(`${file}: "${title}" names ${number}, which the page calls unproven`);
  }
  assert.deepEqual(faults, []);
});
