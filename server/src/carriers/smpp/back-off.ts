// How long to wait before the next attempt to bind: exponential with full jitter, so that the binds of all processes
// do not return to a recovering message centre in step.

const FIRST_MS = 500;
const MAX_MS = 30_000;
/** Wrong credentials do not heal by themselves, and carriers lock accounts that insist. */
const REFUSED_FIRST_MS = 5_000;
const REFUSED_MAX_MS = 300_000;

/**
 * Milliseconds before attempt `failures + 1`, after `failures` (1 or more) in a row. At least a tenth of the bound, so
 * that no jitter makes a busy loop. `random` gives 0 to 1.
 */
export function backOffMs(failures: number, refused: boolean, random: () => number = Math.random): number {
  const first = refused ? REFUSED_FIRST_MS : FIRST_MS;
  const max = refused ? REFUSED_MAX_MS : MAX_MS;
  const bound = Math.min(max, first * 2 ** Math.min(20, failures - 1));
  return Math.round(bound * (0.1 + 0.9 * random()));
}
