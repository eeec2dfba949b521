// docs/abuse.md against the code: every limit with its numbers, every reason with its sentence, and no others.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { reasonCatalogue } from '@sotto/contract/reasons';
import { TIER_DEFAULTS, TIERS, type TierLimits } from './tiers.ts';
import { LIMITS } from './velocity/limits.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../../docs/abuse.md'), 'utf8');

/** Rows of the tables under a heading that begin with a code, as cells. */
const rowsUnder = (heading: string): string[] =>
  page
    .split('\n## ')
    .find((section) => section.startsWith(heading))!
    .split('\n')
    .filter((line) => line.startsWith('| `'));

const span = (seconds: number): string => {
  for (const [unit, name] of [
    [86_400, 'd'],
    [3_600, 'h'],
    [60, 'min'],
  ] as const)
    if (seconds % unit === 0) return `${seconds / unit} ${name}`;
  return `${seconds} s`;
};

test('every limit is documented with its numbers (checklist 11)', () => {
  assert.deepEqual(
    rowsUnder('Limits'),
    Object.entries(LIMITS).map(
      ([name, { kind, burst, refillSeconds, whenUnavailable }]) =>
        `| \`${name}\` | ${kind.replace('_', ' ')} | ${burst} | ${span(refillSeconds)} | ${whenUnavailable === 'refuse' ? 'refuses' : 'lets pass'} |`,
    ),
  );
});

test('every reason is documented with its sentence, and whether it can be appealed', () => {
  assert.deepEqual(
    rowsUnder('Reasons'),
    Object.entries(reasonCatalogue).map(
      ([code, { sentence, appeal }]) => `| \`${code}\` | ${sentence} | ${appeal ? 'yes' : 'no'} |`,
    ),
  );
});

const cell = (value: number | bigint | boolean | null): string => {
  if (value === null) return 'no limit';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(typeof value === 'bigint' ? value / 1_000_000n : value);
};

test('every number of the tiers is documented', () => {
  const named: readonly (readonly [string, keyof TierLimits])[] = [
    ['numbers at once', 'activationsOpenMax'],
    ['numbers a day', 'activationsPerDay'],
    ['balance', 'balanceMicrosMax'],
    ['one top-up', 'topUpMicrosMax'],
    ['days of a rental', 'rentalDaysMax'],
    ['buys by API', 'buysByApi'],
    ['bulk messages a day', 'bulkMessagesPerDay'],
  ];
  assert.equal(named.length, Object.keys(TIER_DEFAULTS.limits.T0).length);
  for (const [name, key] of named) {
    const row = `| ${name} | ${TIERS.map((tier) => cell(TIER_DEFAULTS.limits[tier][key])).join(' | ')} |`;
    assert.ok(page.includes(row), row);
  }
  assert.ok(page.includes(`or ${TIER_DEFAULTS.seasonedDays} days and a paid top-up`));
});
