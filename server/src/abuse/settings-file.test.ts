import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from '#platform/errors';
import { parseAbuseSettings, readAbuseSettings } from './settings-file.ts';
import { TIER_DEFAULTS } from './tiers.ts';
import { LIMITS } from './velocity/limits.ts';

const faultsOf = (value: unknown): string => {
  try {
    parseAbuseSettings(JSON.stringify(value));
  } catch (error) {
    assert.ok(error instanceof Refusal);
    return error.message;
  }
  return '';
};

test('numbers of the file stand in place of defaults, and everything else stays', () => {
  const { limits } = parseAbuseSettings(
    '{"limits":{"sign_in.email":{"burst":3},"reset.email":{"refill_seconds":60}}}',
  );
  assert.deepEqual(limits['sign_in.email'], { ...LIMITS['sign_in.email'], burst: 3 });
  assert.deepEqual(limits['reset.email'], { ...LIMITS['reset.email'], refillSeconds: 60 });
  assert.deepEqual(limits['sign_in.address'], LIMITS['sign_in.address']);
  assert.deepEqual(parseAbuseSettings('{}').limits, LIMITS);
});

test('every fault is named at once, by its entry and without its value', () => {
  const message = faultsOf({
    limits: { 'sign_in.email': { burst: 0 }, 'reset.email': { brust: 1 }, 'sign_in.address': {} },
  });
  for (const name of ['limits.sign_in.email.burst', 'limits.reset.email', 'limits.sign_in.address'])
    assert.ok(message.includes(name), name);
  assert.match(faultsOf({ limits: { 'sign_in.everybody': { burst: 1 } } }), /limits/);
  assert.match(faultsOf({ limit: {} }), /the file/);
  assert.match(
    faultsOf({ limits: { 'sign_in.email': { burst: 1_000, refill_seconds: 86_400 } } }),
    /31 days/,
  );
  assert.throws(() => parseAbuseSettings('limits: {}'), /not JSON/);
});

test('domains of the file count as disposable or are let through, and are refused in another spelling', () => {
  const { isDisposable } = parseAbuseSettings(
    '{"disposable_domains":["example.net"],"allowed_domains":["yopmail.com"]}',
  );
  assert.ok(isDisposable('example.net') && !isDisposable('yopmail.com') && isDisposable('mailinator.com'));
  const message = faultsOf({ disposable_domains: ['Example.net'], allowed_domains: ['*.example.com'] });
  assert.match(message, /disposable_domains\.0.*\nallowed_domains\.0/);
  assert.ok(!message.includes('Example.net'));
});

test('without a file the defaults hold, and one that is not there stops the start', async () => {
  assert.deepEqual((await readAbuseSettings(undefined)).limits, LIMITS);
  await assert.rejects(readAbuseSettings('/nowhere/at/all.json'), /cannot be read/);
});

test('tiers and countries of the file stand in place of defaults; null lifts a limit', () => {
  const { rules } = parseAbuseSettings(
    JSON.stringify({
      seasoned_days: 14,
      tiers: { T0: { top_up_max: 25, bulk_messages_per_day: null } },
      refused_countries: ['KP'],
    }),
  );
  assert.equal(rules.tiers.seasonedDays, 14);
  assert.deepEqual(rules.tiers.limits.T0, {
    ...TIER_DEFAULTS.limits.T0,
    topUpMicrosMax: 25_000_000n,
    bulkMessagesPerDay: null,
  });
  assert.deepEqual(rules.tiers.limits.T1, TIER_DEFAULTS.limits.T1);
  assert.deepEqual([...rules.refusedCountries], ['KP']);
  assert.match(faultsOf({ refused_countries: ['kp'] }), /refused_countries/);
  assert.match(faultsOf({ tiers: { T4: { top_up_max: 1 } } }), /tiers/);
  assert.match(faultsOf({ tiers: { T0: { top_up_max: 1.5 } } }), /top_up_max/);
});
