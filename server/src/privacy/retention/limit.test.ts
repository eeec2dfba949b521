import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutoffOf, endOf, limitOf, limitsOf, shortestMs } from './limit.ts';

const at = (text: string) => new Date(text);
const DAY_MS = 86_400_000;

test('a rule counts from the event it names', () => {
  assert.deepEqual(limitOf('request', { for: 'P2D', from: 'created', then: 'erase' }), {
    key: 'request',
    duration: 'P2D',
    from: 'created',
    until: null,
    disposal: 'erase',
  });
});

test('a ceiling on an open account counts from its last use, any other from the creation', () => {
  const account = limitOf('account', { until: 'account_closed', ceiling: 'P24M', then: 'shred' });
  assert.deepEqual(
    [account.duration, account.from, account.until],
    ['P24M', 'last_activity', 'account_closed'],
  );
  const contacts = limitOf('contacts', { until: 'consent_withdrawn', ceiling: 'P12M', then: 'erase' });
  assert.deepEqual([contacts.from, contacts.until], ['created', 'consent_withdrawn']);
});

test('a key without a rule has no limit', () => {
  const limits = limitsOf({ retention: { request: { for: 'P2D', from: 'created', then: 'erase' } } });
  assert.deepEqual([...limits.keys()], ['request']);
});

test('days and hours are counted to the millisecond, months by the calendar', () => {
  const now = at('2026-03-15T12:00:00.250Z');
  assert.equal(cutoffOf('P3D', now).toISOString(), '2026-03-12T12:00:00.250Z');
  assert.equal(cutoffOf('PT90S', now).toISOString(), '2026-03-15T11:58:30.250Z');
  assert.equal(cutoffOf('P24M', now).toISOString(), '2024-03-15T12:00:00.250Z');
  assert.equal(endOf('P6M', at('2026-08-31T10:00:00Z')).toISOString(), '2027-02-28T10:00:00.000Z');
  assert.equal(endOf('P1M2DT3H', at('2028-01-31T10:00:00Z')).toISOString(), '2028-03-02T13:00:00.000Z');
});

test('on the last day of a short month everything of the longer month’s end is past with it', () => {
  assert.equal(cutoffOf('P1M', at('2026-02-28T12:00:00Z')).toISOString(), '2026-01-31T12:00:00.000Z');
  assert.equal(cutoffOf('P1M', at('2026-03-31T12:00:00Z')).toISOString(), '2026-02-28T23:59:59.999Z');
});

test('whatever the calendar: what is past is over, the next is not, and nothing goes a day too early', () => {
  const seed = 20_260_131;
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state % below;
  };
  const durations = ['P1M', 'P6M', 'P13M', 'P24M', 'P72M', 'P1M1D', 'P3D', 'PT36H', 'P1MT1H', 'P11M28D'];
  for (let run = 0; run < 3_000; run++) {
    const duration = durations[random(durations.length)]!;
    const now = new Date(Date.UTC(2024, 0, 1) + random(1_500) * DAY_MS + random(DAY_MS));
    const said = `seed ${seed}, run ${run}: ${duration} at ${now.toISOString()}`;
    const cutoff = cutoffOf(duration, now);
    assert.ok(endOf(duration, cutoff) <= now, said);
    assert.ok(endOf(duration, new Date(cutoff.getTime() + 1)) > now, said);
    for (const offset of [0, random(5 * DAY_MS), random(40 * DAY_MS)]) {
      const end = endOf(duration, new Date(cutoff.getTime() - offset)).getTime();
      assert.ok(end < now.getTime() + DAY_MS, said);
      assert.ok(endOf(duration, new Date(cutoff.getTime() + 1 + offset)) > now, said);
    }
  }
});

test('where only milliseconds fit, the shortest a limit can turn out is the bound', () => {
  assert.equal(shortestMs({ duration: 'P1M' }), 28 * DAY_MS);
  assert.equal(shortestMs({ duration: 'P3D' }), 3 * DAY_MS);
});
