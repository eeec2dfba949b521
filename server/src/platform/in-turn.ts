// Work that reads what changes, and is asked for from several sides: each run begins after the one before has ended, so
// that what a run read early never replaces what a later one has seen.

/** Makes each call of `work` wait for the one before, however that ended. */
export function inTurn<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const run = last.catch(() => undefined).then(work);
    last = run;
    return run;
  };
}
