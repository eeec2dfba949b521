// The day by which attestations and contracts are judged.
import { alignedNowMs } from '#platform/clock';

/** Today in UTC, `2026-01-31`, as the database sees it where this process has one. */
export const today = (): string => new Date(alignedNowMs()).toISOString().slice(0, 10);
