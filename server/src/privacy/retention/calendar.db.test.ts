// Readers ask PostgreSQL when something ends, expiry asks this process: both must name the same moment.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { useDatabase } from '../../../test/harness.ts';
import { cutoffOf, endOf } from './limit.ts';

describe('privacy: calendar', () => {
  const database = useDatabase({ connections: 1 });
  const DAY_MS = 86_400_000;

  test('PostgreSQL and this process agree to the millisecond on when something ends', async () => {
    const seed = 20_260_229;
    let state = seed;
    const random = (below: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      return state % below;
    };
    const durations = ['P3D', 'PT72H', 'P1M', 'P6M', 'P24M', 'P72M', 'P1M2DT3H', 'PT90S', 'P1M30D'];
    const cases = Array.from({ length: 500 }, () => ({
      duration: durations[random(durations.length)]!,
      began: new Date(Date.UTC(2023, 11, 1) + random(900) * DAY_MS + random(DAY_MS)),
    }));
    const rows = await database.sql<{ at: string; ends: Date }>(
      `select c.at, (c.began at time zone 'UTC' + c.duration::interval) at time zone 'UTC' as ends
       from unnest($1::timestamptz[], $2::text[]) with ordinality as c(began, duration, at)
      order by c.at`,
      [cases.map(({ began }) => began), cases.map(({ duration }) => duration)],
    );
    for (const [n, { duration, began }] of cases.entries()) {
      const { ends } = rows[n]!;
      const said = `seed ${seed}, case ${n}: ${duration} from ${began.toISOString()}`;
      assert.equal(ends.toISOString(), endOf(duration, began).toISOString(), said);
      // Whatever readers no longer show, the next run takes.
      assert.ok(began <= cutoffOf(duration, ends), said);
    }
  });
});
