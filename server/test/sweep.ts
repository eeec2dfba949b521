// How many times longer than usual tests may take: `SOTTO_SWEEP=2 npm test -- backup` runs what `npm test` leaves out for want
// of time, and multiplies the runs of random tests.

const SWEEP = Math.max(1, Number(process.env.SOTTO_SWEEP ?? 1) || 1);

/** Options of a test that starts many processes: run in sweeps, and skipped with this reason otherwise. */
export const IN_SWEEPS = {
  skip: SWEEP < 2 && 'takes long; SOTTO_SWEEP=2 runs it',
} as const;
