// One run more, with the server profiled: where its time goes. Its rate is not counted, for profiling costs some.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workshop } from '../process/workshop.ts';
import {
  type CpuProfile,
  type ProfileLine,
  type ProfileSummary,
  summariseProfile,
} from '../report/cpu-profile.ts';
import { watchActivity } from './activity.sql.ts';
import { measureSotto, type ThroughputOptions } from './throughput.ts';

const LINES = 25;

export interface SottoProfile {
  readonly server: ProfileSummary;
  /** What the database was busy with, or waited for, as shares of all samples. */
  readonly database: readonly ProfileLine[];
}

/** Leaves `<shape>.cpuprofile` in the folder, which browsers' developer tools open, and returns its sums. */
export async function profileSotto(
  workshop: Workshop,
  shape: 'singles' | 'batch',
  options: ThroughputOptions,
  folder: string,
): Promise<SottoProfile> {
  await mkdir(folder, { recursive: true });
  const name = `${shape}.cpuprofile`;
  let database: readonly ProfileLine[] = [];
  await measureSotto(workshop, shape, options, {
    nodeOptions: ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}`],
    async watch(run) {
      const activity = await watchActivity(run.database.url);
      return async () => {
        database = await activity.stop(LINES);
      };
    },
  });
  const profile = JSON.parse(await readFile(join(folder, name), 'utf8')) as CpuProfile;
  return { server: summariseProfile(profile, LINES), database };
}

export function describeProfile(shape: string, { server, database }: SottoProfile): string {
  const line = ({ name, share }: ProfileLine) => `  ${(100 * share).toFixed(1).padStart(5)} %  ${name}`;
  return [
    `profile of ${shape}: the server's thread was busy ${Math.round(100 * server.busy)} % of its life; of that, by part`,
    ...server.parts.map(line),
    'by function',
    ...server.functions.map(line),
    'the database, in samples of its sessions',
    ...database.map(line),
  ].join('\n');
}
