// How often extraction is right on the labelled texts. The floors lie a little below what was measured, so that a
// change of the rules that costs accuracy fails here; text/README.md states the figures.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extractCode } from '../codes/extract-code.ts';
import { FINAL_TEXTS } from './final-texts.ts';
import { CORPUS } from './labelled-set.ts';
import type { Row } from './labelled-text.ts';
import { LATE_TEXTS } from './late-texts.ts';

interface Measured {
  /** Right codes among all codes given. */
  readonly precision: number;
  /** Right codes among all texts with a code. */
  readonly recall: number;
  /** The same for codes called sure. */
  readonly surePrecision: number;
  readonly sureRecall: number;
  /** Texts that went wrong, for the message of a failure. */
  readonly wrong: readonly string[];
}

function measure(rows: readonly Row[]): Measured {
  const withCode = rows.filter(([code]) => code !== null).length;
  let given = 0;
  let right = 0;
  let sure = 0;
  let sureRight = 0;
  const wrong: string[] = [];
  for (const [code, text] of rows) {
    const found = extractCode(text);
    const isRight = found !== null && found.code === code;
    if (found !== null) given++;
    if (isRight) right++;
    if (found !== null && found.confidence !== 'unsure') {
      sure++;
      if (isRight) sureRight++;
    }
    if ((found?.code ?? null) !== code) wrong.push(`${found?.code} for ${code}: ${text}`);
  }
  return {
    precision: right / given,
    recall: right / withCode,
    surePrecision: sureRight / sure,
    sureRecall: sureRight / withCode,
    wrong,
  };
}

const half = (name: 'tuning' | 'held-out'): Row[] =>
  CORPUS.filter((labelledText) => labelledText.half === name).map(({ code, text }) => [code, text]);

const FLOORS = [
  {
    name: 'the tuning half',
    rows: half('tuning'),
    precision: 0.98,
    recall: 0.98,
    surePrecision: 0.99,
    sureRecall: 0.7,
  },
  {
    name: 'the held-out half',
    rows: half('held-out'),
    precision: 0.97,
    recall: 0.96,
    surePrecision: 0.98,
    sureRecall: 0.68,
  },
  {
    name: 'the late texts',
    rows: LATE_TEXTS,
    precision: 0.95,
    recall: 0.95,
    surePrecision: 0.99,
    sureRecall: 0.05,
  },
  {
    name: 'the final texts',
    rows: FINAL_TEXTS,
    precision: 0.9,
    recall: 0.92,
    surePrecision: 0.95,
    sureRecall: 0.9,
  },
];

for (const { name, rows, ...floors } of FLOORS) {
  test(`extraction stays above its floors on ${name}`, (context) => {
    const measured = measure(rows);
    for (const [figure, floor] of Object.entries(floors) as [keyof typeof floors, number][]) {
      context.diagnostic(`${figure} ${measured[figure].toFixed(4)} (floor ${floor})`);
      assert.ok(measured[figure] >= floor, `${figure} ${measured[figure]}\n${measured.wrong.join('\n')}`);
    }
  });
}

test('an origin-bound code is always right', () => {
  for (const { code, text } of CORPUS) {
    const found = extractCode(text);
    if (found?.confidence === 'origin-bound') assert.equal(found.code, code);
  }
});
