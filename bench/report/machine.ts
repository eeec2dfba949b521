// The machine that figures belong to: they say nothing without it.
import { statfs } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';

export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly node: string;
  readonly postgres: string | null;
  /** True when data directories lie in memory, where fsync costs nothing and durability figures mean nothing. */
  readonly memoryDisk: boolean;
}

/** statfs(2): tmpfs and ramfs. */
const MEMORY_FILE_SYSTEMS = new Set([0x01021994, 0x858458f6]);

export async function describeMachine(directory: string, postgres: string | null): Promise<Machine> {
  const { type } = await statfs(directory);
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    postgres,
    memoryDisk: MEMORY_FILE_SYSTEMS.has(type),
  };
}

/** Processes that wanted to run in the last minute, on average: above 0 others were at work too. */
export const loadAverage = (): number => Math.round(loadavg()[0]! * 100) / 100;

export const machineSentence = (machine: Machine): string =>
  [
    `${machine.cores} cores (${machine.processor})`,
    `${machine.memoryGb} GB of memory`,
    `Linux ${machine.kernel}`,
    `Node ${machine.node.slice(1)}`,
    ...(machine.postgres === null ? [] : [`PostgreSQL ${machine.postgres}`]),
  ].join(', ');
