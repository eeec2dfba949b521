// What privacy costs: sending with everything on against a plain build of the same server, in pairs. The plain build is
// made by the hooks in `plain/`; here it is made sure that it was plain, and that the other one was not.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPLACEMENTS } from '../plain/replacements.ts';
import { asOwner } from '../process/as-owner.ts';
import { filesWith } from '../process/disk-search.ts';
import { dataDirIn, keysDirIn } from '../process/sotto-server.ts';
import type { Workshop } from '../process/workshop.ts';
import { type Estimate, estimateRatio } from '../report/statistics.ts';
import { TEXT } from './sotto-requests.ts';
import { admitPlain, readForms, type StoredForms } from './stored-form.sql.ts';
import { measureSotto, type Throughput, type ThroughputOptions, type Watching } from './throughput.ts';

type Build = 'full' | 'plain';
export type Shape = 'singles' | 'batch';

export interface PrivacyPair {
  /** Which of the two ran first: they take turns. */
  readonly first: Build;
  readonly full: Throughput;
  readonly plain: Throughput;
}

export interface PrivacyCost {
  readonly pairs: readonly PrivacyPair[];
  /** Rate of the full build over that of the plain one. */
  readonly share: Estimate;
  /** Processor time of server and database for a message, full over plain; null where the system does not tell. */
  readonly processorTime: Estimate | null;
}

export interface PrivacyResult {
  readonly singles: PrivacyCost;
  readonly batch: PrivacyCost;
}

export interface PrivacyOptions extends ThroughputOptions {
  readonly pairs: number;
  /** Told after every run. */
  readonly onRun?: (name: string, run: Throughput) => void;
}

/** Full and plain, plain and full, and so on, of both shapes: what drifts weighs on both builds alike. */
export async function measurePrivacy(workshop: Workshop, options: PrivacyOptions): Promise<PrivacyResult> {
  const pairs: Record<Shape, PrivacyPair[]> = { singles: [], batch: [] };
  for (let pair = 0; pair < options.pairs; pair += 1) {
    const order: readonly Build[] = pair % 2 === 0 ? ['full', 'plain'] : ['plain', 'full'];
    for (const shape of ['singles', 'batch'] as const) {
      const runs: Partial<Record<Build, Throughput>> = {};
      for (const build of order) {
        const run = await measureBuild(workshop, build, shape, options);
        runs[build] = run;
        options.onRun?.(`${build} ${shape} ${pair + 1}`, run);
      }
      pairs[shape].push({ first: order[0]!, full: runs.full!, plain: runs.plain! });
    }
  }
  return { singles: costOf(pairs.singles), batch: costOf(pairs.batch) };
}

/** What pairs say together. Pure. */
export function costOf(pairs: readonly PrivacyPair[]): PrivacyCost {
  const times = pairs.flatMap(({ full, plain }) => {
    const [of, against] = [processorTime(full), processorTime(plain)];
    return of === null || against === null ? [] : [of / against];
  });
  return {
    pairs,
    share: estimateRatio(pairs.map(({ full, plain }) => full.perSecond / plain.perSecond)),
    processorTime: times.length < pairs.length ? null : estimateRatio(times),
  };
}

function processorTime({ cpuSeconds: { server, database }, completed }: Throughput): number | null {
  return server === null || database === null ? null : (server + database) / completed;
}

/** One run of one build. Throws when it was not of that build. */
export function measureBuild(
  workshop: Workshop,
  build: Build,
  shape: Shape,
  options: ThroughputOptions,
): Promise<Throughput> {
  return measureSotto(workshop, shape, options, {
    ...startOf(workshop, build),
    watch:
      async ({ database }, folder) =>
      async () => {
        const forms = await readForms(database.url, TEXT);
        // What the log of the database still buffers is on disk afterwards.
        await asOwner(database.url, (client) => client.query('checkpoint'));
        const found = {
          forms,
          filesWithText: (await filesWith(dataDirIn(folder), TEXT)).length,
          keys: await countKeys(folder),
          replaced: build === 'plain' ? await readReplaced(folder) : [],
        };
        const faults = faultsOfBuild(build, found);
        if (faults.length > 0) throw new Error(`the ${build} build was not ${build}: ${faults.join('; ')}`);
      },
  });
}

/**
 * Both builds start on a database that was made, migrated and shut down before, so that neither has the writes of that
 * in its load. The plain one has the hooks loaded before it, and a database that takes what is not sealed.
 */
const startOf = (workshop: Workshop, build: Build): Watching => ({
  prepare: (folder) =>
    workshop.onDatabase(dataDirIn(folder), ({ url }) =>
      build === 'plain' ? admitPlain(url) : Promise.resolve(),
    ),
  ...(build === 'full'
    ? {}
    : {
        nodeOptions: ['--import', import.meta.resolve('../plain/plain-build-process.ts')],
        settings: (folder) => ({ BENCH_REPLACED: replacedIn(folder) }),
      }),
});

const replacedIn = (folder: string): string => join(folder, 'replaced-modules');

const readReplaced = async (folder: string): Promise<string[]> =>
  (await readFile(replacedIn(folder), 'utf8')).split('\n').filter((line) => line !== '');

/** Key files of the embedded store, living and destroyed. */
async function countKeys(folder: string): Promise<number> {
  const entries = await readdir(join(keysDirIn(folder), 'keys'), { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).length;
}

export interface FoundForms {
  readonly forms: StoredForms;
  /** Files of the database, its log included, in which the text of the messages stands in clear. */
  readonly filesWithText: number;
  /** Data keys in the key store. */
  readonly keys: number;
  /** Modules that were replaced. */
  readonly replaced: readonly string[];
}

/** Why a run was not of the build it was to be; empty when it was. Pure. */
export function faultsOfBuild(build: Build, { forms, filesWithText, keys, replaced }: FoundForms): string[] {
  const { messages, plainTexts, plainRecipients, plainIndexes } = forms;
  const shown = { plainTexts, plainRecipients, plainIndexes };
  if (messages === 0) return ['there are no messages'];
  if (build === 'full') {
    return [
      ...Object.entries(shown).flatMap(([what, count]) =>
        count > 0 ? [`${count} of ${messages} ${what}`] : [],
      ),
      ...(filesWithText > 0 ? [`${filesWithText} files hold the text`] : []),
      ...(keys === 0 ? ['there are no keys'] : []),
    ];
  }
  const missing = REPLACEMENTS.filter(({ module }) => !replaced.includes(module));
  return [
    ...Object.entries(shown).flatMap(([what, count]) =>
      count < messages ? [`${count} of ${messages} ${what}`] : [],
    ),
    ...(filesWithText === 0 ? ['no file holds the text'] : []),
    ...(keys > 0 ? [`${keys} keys were made`] : []),
    ...missing.map(({ module }) => `${module} was not replaced`),
  ];
}
