// Durations in words: the plural of each language, and units kept apart as the law counts them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profile } from '../test/policies.ts';
import { arabic } from './ar.ts';
import { english } from './en.ts';
import { TODAY } from './test/pages.ts';
import { Voice } from './voice.ts';

const policy = profile('standard');
const en = new Voice(policy, english, () => true, TODAY);
const ar = new Voice(policy, arabic, () => true, TODAY);

const CASES: readonly (readonly [iso: string, english: string, arabic: string])[] = [
  ['P1D', '1 day', 'يوم واحد'],
  ['P2D', '2 days', 'يومين'],
  ['P3D', '3 days', '3 أيام'],
  ['P10D', '10 days', '10 أيام'],
  ['P11D', '11 days', '11 يومًا'],
  ['P30D', '30 days', '30 يومًا'],
  ['P99D', '99 days', '99 يومًا'],
  ['P100D', '100 days', '100 يوم'],
  ['P102D', '102 days', '102 يوم'],
  ['P103D', '103 days', '103 أيام'],
  ['P1M', '1 month', 'شهر واحد'],
  ['P6M', '6 months', '6 أشهر'],
  ['P18M', '18 months', '18 شهرًا'],
  ['P24M', '2 years', 'سنتين'],
  ['P60M', '5 years', '5 سنوات'],
  ['P132M', '11 years', '11 سنة'],
  ['PT1H', '1 hour', 'ساعة واحدة'],
  ['PT72H', '72 hours', '72 ساعة'],
  ['PT5H', '5 hours', '5 ساعات'],
  ['PT10M', '10 minutes', '10 دقائق'],
  ['PT45S', '45 seconds', '45 ثانية'],
  ['P1M2DT3H', '1 month, 2 days and 3 hours', 'شهر واحد ويومين و3 ساعات'],
];

for (const [iso, inEnglish, inArabic] of CASES) {
  test(`${iso} is ${inEnglish}, and as much in Arabic`, () => {
    assert.equal(en.duration(iso), inEnglish);
    assert.equal(ar.duration(iso), inArabic);
  });
}

test('a list of things that are made of several keeps them apart', () => {
  assert.equal(en.list(['bread', 'salt and pepper']), 'bread; salt and pepper');
  assert.equal(en.list(['bread', 'salt', 'oil']), 'bread, salt and oil');
  assert.equal(ar.list(['الاسم وعنوانه', 'الرقم']), 'الاسم وعنوانه؛ الرقم');
  assert.equal(en.list([]), '');
});

test('a country is called by its name in the language, one to be named is called that', () => {
  assert.deepEqual([en.country('SA'), ar.country('SA')], ['Saudi Arabia', 'المملكة العربية السعودية']);
  assert.deepEqual([en.country('XX'), ar.country('XX')], ['a country still to be named', 'بلد لم يُسمَّ بعد']);
});
