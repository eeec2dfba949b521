// Acceptance that never asks who opted out or did not consent.

const NOBODY: ReadonlyMap<unknown, never> = new Map<unknown, never>();

export const createUnwantedCheck = () => async () => NOBODY;

/** Every entry stays what it is. */
export const withRefusals = <Entry>(entries: readonly Entry[]): readonly Entry[] => entries;
