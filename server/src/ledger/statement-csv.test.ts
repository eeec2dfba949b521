import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { newId } from '#platform/ids';
import { csvText, statementCsv } from './statement-csv.ts';

const amounts = (micros: bigint) => ({ availableMicros: micros, bonusMicros: 0n, heldMicros: 0n });

/** What RFC 4180 makes of a document. */
function parsed(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    if (end === '\r\n') {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

test('no text of a statement begins as a formula does (checklist 49)', () => {
  for (const text of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=cmd|"/c calc"!A1'])
    assert.equal(parsed(`${csvText(text)}\r\n`)[0]![0], `'${text}`);
  fc.assert(
    fc.property(fc.string(), (text) => {
      const [[field]] = parsed(`${csvText(text)}\r\n`) as [[string]];
      assert.doesNotMatch(field, /^[=+\-@\t\r]/);
      assert.ok(field === text || field === `'${text}`);
    }),
  );
});

test('whatever stands in a reason, a statement has one line a movement and eight fields a line', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 5 }), (reasons) => {
      const csv = statementCsv(
        {
          from: new Date('2026-11-01T00:00:00Z'),
          to: new Date('2026-12-01T00:00:00Z'),
          opening: amounts(0n),
          closing: amounts(-5n * BigInt(reasons.length)),
          movements: reasons.map((reason) => ({
            ...amounts(-5n),
            id: newId(),
            kind: 'adjustment' as const,
            reverses: null,
            reason,
            reference: null,
            createdAt: new Date('2026-11-26T09:30:00Z'),
          })),
        },
        'EUR',
      );
      const rows = parsed(csv);
      assert.equal(rows.length, reasons.length + 3);
      assert.ok(rows.every((row) => row.length === 8));
      assert.ok(
        rows.slice(2, -1).every((row) => row[4] === '-0.000005'),
        'an amount stays a number',
      );
    }),
  );
});
