// Processor time of processes, from /proc (Linux alone; elsewhere nothing is said). It tells where the time of a run
// went, which throughput alone does not.
import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ is 100 on every architecture Node supports on Linux (proc(5)). */
const TICKS_PER_SECOND = 100;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

/** Seconds of processor time used so far by the process and those it has reaped; null where unknown. */
export function cpuSeconds(pid: number): number | null {
  const stat = readStat(pid);
  return stat === null ? null : stat.ticks / TICKS_PER_SECOND;
}

/** The same for a process and all that descend from it, as PostgreSQL's backends do from its postmaster. */
export function cpuSecondsOfTree(pid: number): number | null {
  const stats = allStats();
  if (!stats.some((stat) => stat.pid === pid)) return null;
  let ticks = 0;
  const waiting = [pid];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const stat of stats) {
      if (stat.pid === at) ticks += stat.ticks;
      if (stat.parent === at) waiting.push(stat.pid);
    }
  }
  return ticks / TICKS_PER_SECOND;
}

/** Resident memory in bytes; null where unknown. */
export function residentBytes(pid: number): number | null {
  try {
    const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return found ? Number(found[1]) * 1024 : null;
  } catch {
    return null;
  }
}

function allStats(): Stat[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (readStat(Number(name)) ?? []) : []));
  } catch {
    return [];
  }
}

/** Fields of /proc/pid/stat after the name, which may hold anything: 4 ppid, 14-17 utime, stime, cutime, cstime. */
function readStat(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0);
    return { pid, parent: Number(fields[1]), ticks };
  } catch {
    return null;
  }
}
