// The trail's part in retention. Its links hang on each other, so it ends by whole months: the job that prunes takes
// its days from the same limit, and what stands here says so to the check of completeness and to the report.
import type { ExpiryHandler } from '../retention/handler.ts';
import { oldestEntry } from './oldest.sql.ts';

const DAY_MS = 86_400_000;
/** The first entry of a month may be this much older than the last. */
const MONTH_DAYS = 31;

/**
 * How many days entries are kept so that a month is gone before its first entry is older than the limit: at most the
 * limit, at least 31 days less.
 */
export const daysKept = (limitMs: number): number => Math.max(1, Math.floor(limitMs / DAY_MS) - MONTH_DAYS);

export const auditExpiry: ExpiryHandler = {
  key: 'audit',
  table: 'privacy.audit_entry',
  takesAlong: ['privacy.audit_link', 'privacy.audit_pending'],
  columns: 'row',
  counts: ['created'],
  expire: async () => ({ rows: 0, partitions: 0, more: false }),
  async standing(tx, { before }) {
    const oldest = await oldestEntry(tx);
    return { oldest, overdue: oldest !== null && oldest <= before ? 1 : 0, held: 0 };
  },
};
