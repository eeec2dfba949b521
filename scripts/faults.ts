// `npm run faults`: real processes are killed, links cut and carriers misbehave, seed after seed; then the client's,
// the carrier's and the database's records are compared. Ends with 1 when anything was lost, mischarged or doubled
// without a reason.
//   npm run faults -- --seeds 20               twenty seeds, drawn
//   npm run faults -- --seed 7 --only kill     one seed again, the scenarios whose name has "kill"
//   npm run faults -- --mutants                builds that break one rule on purpose: each must be caught
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { Report } from '../server/test/faults/check.ts';
import { EVERY_SCENARIO } from '../server/test/faults/every-scenario.ts';
import { MUTANTS } from '../server/test/faults/mutants.ts';
import { catches } from '../server/test/faults/mutation.ts';
import { explain, isClean, type RunOptions, type RunResult, run } from '../server/test/faults/run.ts';
import type { ViolationKind } from '../server/test/faults/violation.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1' },
    seed: { type: 'string' },
    only: { type: 'string', default: '' },
    strength: { type: 'string', default: '2' },
    mutants: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    /** Another copy of the folder `server`, such as that of an earlier revision. */
    source: { type: 'string' },
  },
});

const SEEDS = 2 ** 31;
const seeds =
  values.seed === undefined
    ? Array.from({ length: Number(values.seeds) }, () => randomInt(SEEDS))
    : [Number(values.seed)];
const matching = <Named extends { readonly name: string }>(all: readonly Named[]): Named[] =>
  all.filter(({ name }) => name.includes(values.only));

async function sweep(): Promise<boolean> {
  const scenarios = matching(EVERY_SCENARIO);
  const results: RunResult[] = [];
  const brokenOff: number[] = [];
  for (const seed of seeds) {
    console.log(`seed ${seed}`);
    const result = await attempt(seed, {
      scenarios,
      strength: Number(values.strength),
      keep: values.keep,
      ...(values.source === undefined ? {} : { source: values.source }),
      onScenario: (name, seconds, report) =>
        console.log(`  ${name.padEnd(28)} ${seconds.toFixed(1).padStart(6)} s  ${countsOf(report)}`),
    });
    if (result === null) {
      brokenOff.push(seed);
      continue;
    }
    if (!isClean(result)) console.log(explain(result));
    results.push(result);
  }
  const sum = (field: keyof Report) =>
    results.reduce((total, { report }) => total + Number(report[field]), 0);
  const found = results.flatMap(({ report }) => report.violations);
  const ofKind = (kind: ViolationKind) => found.filter((violation) => violation.kind === kind).length;
  const recoveries = results.flatMap((result) => result.recoveries).sort((a, b) => a - b);
  const at = (share: number) => (recoveries[Math.floor(share * (recoveries.length - 1))] ?? 0).toFixed(1);
  const failed = [...brokenOff, ...results.filter((result) => !isClean(result)).map(({ seed }) => seed)];
  console.log(`
${seeds.length} seeds
accepted               ${sum('accepted')}
submitted              ${sum('submitted')}
receipts acknowledged  ${sum('receipts')}
lost                   ${sum('lost')}
mischarged             ${sum('mischarged')}
duplicates             ${sum('duplicatesUnexplained')} unexplained, ${sum('duplicatesExplained')} explained
receipts lost          ${sum('receiptsLost')}
states moved back      ${ofKind('moved_back')}
leaks into logs        ${ofKind('leaked')}
outcomes unknown       ${sum('unknown')}
orphan receipts        ${sum('orphans')}, ${sum('unresolved')} of them of unknown outcomes
recovery, seconds      p50 ${at(0.5)}, p95 ${at(0.95)}, most ${at(1)}
${failed.length === 0 ? 'nothing lost, mischarged or doubled without a reason' : `FAILED with seeds ${failed.join(', ')}`}`);
  return failed.length === 0;
}

/** A world that cannot be brought up again fails its seed, not the sweep. */
async function attempt(seed: number, options: Omit<RunOptions, 'seed'>): Promise<RunResult | null> {
  try {
    return await run({ seed, ...options });
  } catch (error) {
    console.log(`seed ${seed} broke off: ${error instanceof Error ? error.message : error}`);
    return null;
  }
}

async function sweepMutants(): Promise<boolean> {
  let survived = 0;
  for (const mutant of matching(MUTANTS)) {
    const result = await catches(mutant, seeds[0]!, values.source);
    console.log(
      `${result.caught ? 'caught  ' : 'SURVIVED'} ${mutant.name} (seed ${seeds[0]}): ${result.sentence}`,
    );
    if (!result.caught) survived += 1;
  }
  return survived === 0;
}

const countsOf = (report: Report): string =>
  `${report.accepted} accepted, ${report.submitted} submitted, ${report.duplicatesExplained} doubled with a reason, ` +
  `${report.unknown} unknown, ${report.violations.length} violations`;

process.exitCode = (values.mutants ? await sweepMutants() : await sweep()) ? 0 : 1;
