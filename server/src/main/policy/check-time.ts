// How long the policy held this start up: reading its file with everything it stands on, then comparing it with the
// installation. Shown as metrics and in one line of the log, so that an operator whose schema or list of carriers grows
// sees what a restart costs.
import { performance } from 'node:perf_hooks';
import { monotonicMs } from '#platform/clock';
import { log } from '#platform/log';
import { gauge } from '#platform/metrics';

const STEPS = ['reading', 'comparing'] as const;
type Step = (typeof STEPS)[number];

const took = gauge({
  name: 'sotto_policy_check_seconds',
  help: 'How long the check of the policy took at start, by step: reading its file, comparing it with the installation',
  labels: { step: STEPS },
});
const waited = gauge({
  name: 'sotto_policy_check_waiting_seconds',
  help: 'How much of both steps this process did nothing but wait for the database',
});

export interface CheckTime {
  /** Runs a step of the check and counts its time. */
  timed<T>(step: Step, work: () => Promise<T>): Promise<T>;
  /** Publishes what was counted; called once the policy may be run. */
  publish(): void;
}

/** Counts the check of one start. */
export function checkTime(): CheckTime {
  const spentMs: Record<Step, number> = { reading: 0, comparing: 0 };
  let waitedMs = 0;
  return {
    async timed(step, work) {
      const before = performance.eventLoopUtilization();
      const startedMs = monotonicMs();
      try {
        return await work();
      } finally {
        spentMs[step] += monotonicMs() - startedMs;
        // Idle is the loop that waits for the system: nothing else of this process is under way during the check.
        waitedMs += performance.eventLoopUtilization(before).idle;
      }
    },
    publish() {
      for (const step of STEPS) took.set(spentMs[step] / 1_000, { step });
      waited.set(waitedMs / 1_000);
      log.info('policy.checked', { durationMs: spentMs.reading + spentMs.comparing, waitedMs });
    },
  };
}
