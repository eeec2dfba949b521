// A small sample of the fault harness, so that every change meets it: one seed, a few scenarios, real processes.
// `npm run faults -- --seeds 20` does all of it many times over.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IN_SWEEPS } from '../sweep.ts';
import { explain, isClean, run } from './run.ts';
import { killDatabase } from './scenarios/kill-database.ts';
import { killAt } from './scenarios/kill-points.ts';
import { fullWindowLost } from './scenarios/lost-links.ts';
import { sameKey } from './scenarios/same-key.ts';

const SEED = 20_261_121;
const LIMIT_MS = 150_000;

test(`nothing is lost, mischarged or doubled without a reason when processes die (seed ${SEED})`, {
  ...IN_SWEEPS,
  timeout: LIMIT_MS,
}, async (context) => {
  const scenarios = [
    killAt(
      ['send.written', 'receipt.pre_commit'],
      'kill after the socket write and before a receipt’s commit',
    ),
    killDatabase,
    fullWindowLost,
    sameKey,
  ];
  const result = await run({
    seed: SEED,
    scenarios,
    strength: 0.5,
    keep: true,
    onScenario: (name, seconds) => context.diagnostic(`${seconds.toFixed(1)} s  ${name}`),
  });
  const { report } = result;
  context.diagnostic(
    `${report.accepted} accepted, ${report.submitted} submitted, ${report.receipts} receipts, ` +
      `${report.duplicatesExplained} doubled with a reason, ${report.unknown} unknown, ${report.orphans} orphan receipts`,
  );
  assert.ok(isClean(result), explain(result));
  // The faults did happen: windows were ambiguous, and most messages made it all the same.
  assert.ok(report.duplicatesExplained + report.unknown > 0, 'no window was ambiguous');
  assert.ok(report.accepted >= 50 && report.receipts >= report.accepted, 'the load was too small to tell');
});
