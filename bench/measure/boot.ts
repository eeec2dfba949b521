// How long a policy holds a start up: from reading its file to the verdict of the boot gate. Every start is a process of
// its own, whose code has not run before, and whose database has just been started; the server says itself how long it
// took.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startSotto } from '../process/sotto-server.ts';
import type { Workshop } from '../process/workshop.ts';
import { median } from '../report/statistics.ts';

export interface BootCheck {
  /** Reading the file, what it extends, compiling it, and its own checks. */
  readonly readingMs: number;
  /** Comparing it with data map, live schema, carriers and configuration. */
  readonly comparingMs: number;
  /** How much of both was waiting for the database. */
  readonly waitingMs: number;
}

export interface BootOfProfile {
  readonly profile: string;
  /** The start that made and migrated its database, and guarded the columns the policy does not hold. */
  readonly first: BootCheck;
  /** Starts against the database as it was left. */
  readonly again: readonly BootCheck[];
}

export interface BootResult {
  readonly profiles: readonly BootOfProfile[];
}

/** Any text serves: the page of metrics is asked for on the loopback interface alone. */
const METRICS_TOKEN = 'bench-reads-how-long-the-check-took';
/** Data about policies, and none itself. */
const NO_PROFILE = 'promises';
const METRIC = /^sotto_policy_check_(?:seconds\{step="(\w+)"\}|(waiting)_seconds) (\S+)$/gm;

/** Every profile of the repository, or those named. `starts`: how often each is started again. */
export async function measureBoot(
  workshop: Workshop,
  { starts, only }: { readonly starts: number; readonly only?: readonly string[] },
): Promise<BootResult> {
  const profiles: BootOfProfile[] = [];
  for (const profile of only ?? (await profilesOf(workshop.root))) {
    profiles.push(
      await workshop.inFolder(async (folder) => {
        const check = () => startOnce(workshop, folder, profile);
        const first = await check();
        const again: BootCheck[] = [];
        while (again.length < starts) again.push(await check());
        return { profile, first, again };
      }),
    );
  }
  return { profiles };
}

const profilesOf = async (root: string): Promise<string[]> =>
  (await readdir(join(root, 'policies')))
    .flatMap((file) => (file.endsWith('.yaml') ? [file.slice(0, -'.yaml'.length)] : []))
    .filter((name) => name !== NO_PROFILE)
    .sort();

async function startOnce(workshop: Workshop, folder: string, profile: string): Promise<BootCheck> {
  const settings = { SOTTO_POLICY: profile, SOTTO_METRICS_TOKEN: METRICS_TOKEN };
  const sotto = await startSotto(workshop.children, { root: workshop.root, folder, settings });
  try {
    const answer = await fetch(`http://${sotto.host}:${sotto.port}/metrics`, {
      headers: { authorization: `Bearer ${METRICS_TOKEN}` },
    });
    return readCheck(await answer.text());
  } finally {
    await sotto.stop();
  }
}

/** What a page of metrics says of the check. Throws where it says nothing: then the server measures no longer. */
export function readCheck(page: string): BootCheck {
  const found = new Map(
    [...page.matchAll(METRIC)].map(([, step, waiting, seconds]) => [
      step ?? waiting!,
      Number(seconds) * 1_000,
    ]),
  );
  const of = (name: string): number => {
    const value = found.get(name);
    if (value === undefined)
      throw new Error(`the server did not say how long its policy check took: ${name}`);
    return value;
  };
  return { readingMs: of('reading'), comparingMs: of('comparing'), waitingMs: of('waiting') };
}

export const checkMs = ({ readingMs, comparingMs }: BootCheck): number => readingMs + comparingMs;

/** Every start of a profile, the first one included. */
export const startsOf = ({ first, again }: BootOfProfile): readonly BootCheck[] => [first, ...again];

export const medianCheckMs = (profile: BootOfProfile): number => median(startsOf(profile).map(checkMs));
