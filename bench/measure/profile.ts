// One run more, with the server profiled: where its time goes. Its rate is not counted, for profiling costs some.
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Workshop } from '../process/workshop.ts';
import { type CpuProfile, type ProfileSummary, summariseProfile } from '../report/cpu-profile.ts';
import { measureSotto, type ThroughputOptions } from './throughput.ts';

const LINES = 30;

/** Leaves `<shape>.cpuprofile` in the folder, which browsers' developer tools open, and returns its sums. */
export async function profileSotto(
  workshop: Workshop,
  shape: 'singles' | 'batch',
  options: ThroughputOptions,
  folder: string,
): Promise<ProfileSummary> {
  await mkdir(folder, { recursive: true });
  const name = `${shape}.cpuprofile`;
  const nodeOptions = ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-name=${name}`];
  await measureSotto(workshop, shape, options, nodeOptions);
  return summariseProfile(JSON.parse(await readFile(join(folder, name), 'utf8')) as CpuProfile, LINES);
}

export function describeProfile(shape: string, { busy, parts, functions }: ProfileSummary): string {
  const line = ({ name, share }: { name: string; share: number }) =>
    `  ${(100 * share).toFixed(1).padStart(5)} %  ${name}`;
  return [
    `profile of ${shape}: the thread was busy ${Math.round(100 * busy)} % of its life; of that, by part`,
    ...parts.map(line),
    'and by function',
    ...functions.map(line),
  ].join('\n');
}
