// What every connector promises, as tests. The SMPP connector and the loopback fake both pass them, so tests above the
// port that use the fake say something about the carrier.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Connector, Lane, PartOutcome, PartToSubmit } from '../port.ts';
import { LANES, WAITING_PARTS } from '../port.ts';
import { aPart, outcomesOf, until } from './under-test.ts';
import type { Cut } from './wire.ts';

/** What the carrier does with a submission. */
export type Verdict = 'accept' | 'permanent' | 'temporary' | 'throttle' | 'nack' | 'silence' | 'lose_link';

export interface ConnectorPlan {
  /** The verdict for the n-th submission that arrives; `accept` beyond the end. */
  readonly verdicts: readonly Verdict[];
  readonly window: number;
  /** Cuts the wire once, at any octet of either direction; ignored by connectors without a wire. */
  readonly cut?: Cut;
}

export interface ConnectorOnTrial {
  readonly connector: Connector;
  /** Texts of the submissions the carrier has seen whole, in order. */
  readonly seen: () => readonly string[];
  readonly stop: () => Promise<void>;
}

const RUNS = 25 * Math.max(1, Number(process.env.SOTTO_SWEEP ?? 1));

const verdict = fc.constantFrom<Verdict[]>(
  'accept',
  'accept',
  'accept',
  'permanent',
  'temporary',
  'throttle',
  'nack',
  'silence',
  'lose_link',
);
const schedule = fc.record({
  lanes: fc.array(fc.constantFrom<Lane[]>(...LANES), { minLength: 1, maxLength: 40 }),
  verdicts: fc.array(verdict, { maxLength: 40 }),
  window: fc.integer({ min: 1, max: 12 }),
  cut: fc.option(
    fc.record<Cut>({
      direction: fc.constantFrom('to_smsc', 'to_us'),
      afterOctets: fc.integer({ min: 0, max: 2_000 }),
      how: fc.constantFrom('fin', 'reset'),
    }),
    { nil: undefined },
  ),
  batch: fc.integer({ min: 1, max: 15 }),
});

export function connectorContract(
  name: string,
  start: (plan: ConnectorPlan) => Promise<ConnectorOnTrial>,
): void {
  test(`${name}: every part gets exactly one outcome, and "not sent" is true`, async () => {
    let number = 0;
    await fc.assert(
      fc.asyncProperty(schedule, async ({ lanes, batch, cut, ...plan }) => {
        const trial = await start({ ...plan, ...(cut === undefined ? {} : { cut }) });
        try {
          const outcomes = new Map<string, PartOutcome[]>();
          const parts = lanes.map((lane) => aPart({ id: `s${++number}`, lane }));
          for (let at = 0; at < parts.length; at += batch) {
            let returned = false;
            trial.connector.submit(parts.slice(at, at + batch), (part, outcome) => {
              assert.ok(returned, 'an outcome came before submit had returned');
              outcomes.set(part.id, [...(outcomes.get(part.id) ?? []), outcome]);
            });
            returned = true;
            await new Promise((resolve) => setImmediate(resolve));
          }
          await until(() => outcomes.size === parts.length);
          await trial.stop();
          const seen = trial.seen();
          assert.equal(new Set(seen).size, seen.length, 'a part reached the carrier twice');
          for (const part of parts) {
            const [outcome, second] = outcomes.get(part.id)!;
            assert.equal(second, undefined, `${part.id} had a second outcome`);
            const there = seen.includes(part.text);
            if (outcome!.kind === 'not_sent') assert.ok(!there, `${part.id} was sent all the same`);
            if (outcome!.kind === 'accepted' || outcome!.kind === 'refused')
              assert.ok(there, `${part.id} was answered without having been sent`);
          }
        } finally {
          await trial.stop();
        }
      }),
      { numRuns: RUNS },
    );
  });

  test(`${name}: one-time codes are written before bulk that was handed over earlier`, async () => {
    const trial = await start({ verdicts: [], window: 4 });
    const bulk = Array.from({ length: 4 }, () => aPart({ lane: 'marketing' }));
    const paid = aPart({ lane: 'transactional' });
    const code = aPart({ lane: 'otp' });
    await outcomesOf(trial.connector, [...bulk, paid, code]);
    assert.deepEqual(trial.seen().slice(0, 2), [code.text, paid.text]);
    await trial.stop();
  });

  test(`${name}: part of the window stays free for one-time codes`, async () => {
    const trial = await start({ verdicts: Array(8).fill('silence'), window: 8 });
    const bulk = trial.connector.capacity('marketing');
    assert.ok(bulk > 0 && bulk < 8);
    trial.connector.submit(
      Array.from({ length: bulk }, () => aPart({ lane: 'marketing' })),
      () => undefined,
    );
    await until(() => trial.seen().length === bulk);
    assert.equal(trial.connector.capacity('marketing'), 0);
    assert.equal(trial.connector.capacity('transactional'), 0);
    assert.equal(trial.connector.capacity('otp'), 8 - bulk);
    await trial.stop();
  });

  test(`${name}: parts handed over beyond every bound come back as not sent`, async () => {
    const trial = await start({ verdicts: Array(2).fill('silence'), window: 2 });
    const outcomes: PartOutcome[] = [];
    trial.connector.submit(
      Array.from({ length: WAITING_PARTS + 50 }, () => aPart()),
      (_part: PartToSubmit, outcome: PartOutcome) => outcomes.push(outcome),
    );
    const returned = () => outcomes.filter(({ kind }) => kind === 'not_sent').length;
    await until(() => returned() >= 40);
    assert.ok(returned() <= 50, 'the others may wait');
    await trial.stop();
  });

  test(`${name}: listeners hear when capacity has grown from zero`, async () => {
    const trial = await start({ verdicts: [], window: 2 });
    let calls = 0;
    trial.connector.onCapacity(() => {
      calls += 1;
    });
    const room = trial.connector.capacity('transactional');
    const done = outcomesOf(
      trial.connector,
      Array.from({ length: room }, () => aPart()),
    );
    assert.equal(trial.connector.capacity('transactional'), 0);
    await done;
    await until(() => calls > 0);
    assert.ok(trial.connector.capacity('transactional') > 0);
    await trial.stop();
  });
}
