// Tiers and verdicts: what raises somebody, what does not, and what each may do.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TIER_DEFAULTS, TIERS, type Tier, type TrustFacts, tierOf } from './tiers.ts';
import { type Action, DEFAULT_RULES, verdict } from './verdict.ts';

const NOBODY: TrustFacts = {
  isVerified: false,
  isOfAge: false,
  accountAgeDays: 0,
  firstTopUpAgeDays: null,
  hasConfirmedPayment: false,
  reviewedTier: null,
  exceptions: new Set(),
  isSuspended: false,
  countries: [],
};
const T0: TrustFacts = { ...NOBODY, isVerified: true, isOfAge: true };
const T1: TrustFacts = { ...T0, hasConfirmedPayment: true };

test('who has confirmed nothing, or is not of age, has no tier', () => {
  assert.equal(tierOf(NOBODY), null);
  assert.equal(tierOf({ ...T1, isVerified: false }), null);
  assert.equal(tierOf({ ...T1, isOfAge: false, reviewedTier: 'T3' }), null);
});

const raised: readonly (readonly [string, Partial<TrustFacts>, Tier])[] = [
  ['nothing else', {}, 'T0'],
  ['age alone', { accountAgeDays: 400 }, 'T0'],
  ['a top-up alone', { firstTopUpAgeDays: 0, accountAgeDays: 6 }, 'T0'],
  ['seven days and a paid top-up', { firstTopUpAgeDays: 0, accountAgeDays: 7 }, 'T1'],
  ['a confirmed instrument', { hasConfirmedPayment: true }, 'T1'],
  ['a review', { reviewedTier: 'T2' }, 'T2'],
  ['a contract', { reviewedTier: 'T3' }, 'T3'],
  ['a review that keeps it down', { reviewedTier: 'T0', hasConfirmedPayment: true }, 'T0'],
];
for (const [what, facts, tier] of raised)
  test(`${what} makes ${tier}`, () => assert.equal(tierOf({ ...T0, ...facts }), tier));

const facts: fc.Arbitrary<TrustFacts> = fc.record({
  isVerified: fc.boolean(),
  isOfAge: fc.boolean(),
  accountAgeDays: fc.nat(5_000),
  firstTopUpAgeDays: fc.option(fc.nat(5_000)),
  hasConfirmedPayment: fc.boolean(),
  reviewedTier: fc.option(fc.constantFrom(...TIERS)),
  exceptions: fc.constant(new Set()),
  isSuspended: fc.boolean(),
  countries: fc.subarray(['DE', 'sa', 'XX']),
});

test('without a review nobody is above T1, whatever their age and payments', () => {
  fc.assert(
    fc.property(facts, (one) => {
      const tier = tierOf({ ...one, reviewedTier: null });
      assert.ok(tier === null || tier === 'T0' || tier === 'T1');
    }),
  );
});

test('a higher tier may do all that a lower one may', () => {
  const order = TIERS.map((tier) => TIER_DEFAULTS.limits[tier]);
  for (const [at, higher] of order.entries()) {
    const lower = order[at - 1];
    if (lower === undefined) continue;
    for (const key of Object.keys(lower) as (keyof typeof lower)[]) {
      const [less, more]: readonly (number | bigint | boolean | null)[] = [lower[key], higher[key]];
      assert.ok(more === null || (less !== null && more! >= less!), `${TIERS[at]} ${key}`);
    }
  }
});

const topUp = (amount: bigint, balance = 0n): Action => ({
  kind: 'top_up',
  amountMicros: amount * 1_000_000n,
  balanceMicros: balance * 1_000_000n,
});
const activation = (open: number, today: number, byApi = false): Action => ({
  kind: 'open_activation',
  open,
  today,
  byApi,
});

const judged: readonly (readonly [string, TrustFacts, Action, string])[] = [
  ['a top-up at the bound', T0, topUp(10n), 'allow'],
  [
    'a micro above it',
    T0,
    { kind: 'top_up', amountMicros: 10_000_001n, balanceMicros: 0n },
    'top_up_above_tier',
  ],
  ['a balance that would be too high', T0, topUp(6n, 5n), 'balance_above_tier'],
  ['a first number', T0, activation(0, 0), 'allow'],
  ['a second at once', T0, activation(1, 1), 'activations_above_tier'],
  ['a fourth in a day', T0, activation(0, 3), 'activations_above_tier'],
  ['the same with T1', T1, activation(2, 9), 'allow'],
  ['a purchase by API below T2', T1, activation(0, 0, true), 'api_purchase_above_tier'],
  ['one with T2', { ...T1, reviewedTier: 'T2' }, activation(0, 0, true), 'allow'],
  ['any rental of T0', T0, { kind: 'rent', days: 1, byApi: false }, 'rental_above_tier'],
  ['a month of T2', { ...T0, reviewedTier: 'T2' }, { kind: 'rent', days: 30, byApi: true }, 'allow'],
  ['bulk that is more than a day has', T0, { kind: 'send_bulk', count: 2, today: 99 }, 'bulk_above_tier'],
  ['one who is not of age', { ...T0, isOfAge: false }, topUp(1n), 'age_not_attested'],
  ['one who confirmed nothing', NOBODY, topUp(1n), 'not_verified'],
  ['one who is suspended', { ...T1, reviewedTier: 'T3', isSuspended: true }, topUp(1n), 'account_suspended'],
];
for (const [what, who, action, expected] of judged)
  test(`${what}: ${expected}`, () => {
    const said = verdict(who, action);
    assert.equal(said.outcome === 'allow' ? 'allow' : said.code, expected);
  });

test('a country that is not served is refused before all else, one that is looked at comes to a person', () => {
  const rules = { ...DEFAULT_RULES, refusedCountries: new Set(['KP']), reviewedCountries: new Set(['SA']) };
  const from = (...countries: string[]) => ({ ...T1, reviewedTier: 'T3' as const, countries });
  assert.deepEqual(verdict(from('DE', 'kp'), topUp(1n), rules), {
    outcome: 'refuse',
    code: 'country_not_served',
    appeal: true,
  });
  assert.deepEqual(verdict(from('sa'), topUp(1n), rules), { outcome: 'review', code: 'country_reviewed' });
  assert.deepEqual(verdict(from('sa'), activation(0, 0), rules), { outcome: 'allow' });
  assert.deepEqual(verdict(from('DE'), topUp(1n), rules), { outcome: 'allow' });
});

test('who may nothing by their facts may nothing by a larger number either', () => {
  fc.assert(
    fc.property(facts, fc.nat(200), fc.nat(200), (one, amount, more) => {
      const small = verdict(one, topUp(BigInt(amount)));
      const large = verdict(one, topUp(BigInt(amount + more)));
      assert.ok(!(small.outcome === 'refuse' && large.outcome !== 'refuse'));
    }),
  );
});

test('what a person has lifted refuses no more, what else there is still does, and some reasons nobody can lift', () => {
  const large: Action = { kind: 'top_up', amountMicros: 50_000_000n, balanceMicros: 0n };
  const codeFor = (more: Partial<TrustFacts>, action: Action = large) => {
    const said = verdict({ ...T0, ...more }, action);
    return said.outcome === 'allow' ? 'allow' : said.code;
  };
  assert.equal(codeFor({}), 'top_up_above_tier');
  assert.equal(codeFor({ exceptions: new Set(['top_up_above_tier']) }), 'balance_above_tier');
  assert.equal(codeFor({ exceptions: new Set(['top_up_above_tier', 'balance_above_tier']) }), 'allow');
  assert.equal(codeFor({ reviewedTier: 'T2' }), 'allow');
  assert.equal(
    codeFor({ isSuspended: true, exceptions: new Set(['account_suspended']) }),
    'top_up_above_tier',
  );
  const young = { isOfAge: false, exceptions: new Set(['age_not_attested'] as const) };
  assert.equal(codeFor(young), 'age_not_attested');
});
