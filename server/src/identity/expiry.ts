// The end of documents by the rule `kyc` of the policy, and of checks with their workspace. Documents of a check that
// was withdrawn or waited too long have no limit to wait for: they go with the next run.
import type { Tx } from '#platform/database';
import type { Keyring } from '#privacy';
import { SYSTEM } from '#privacy/audit';
import { type Due, type ExpiryHandler, rowsExpired } from '#privacy/retention';
import {
  deleteChecks,
  deleteDocuments,
  documentsStanding,
  endedStanding,
  expireWaiting,
  lockOfEnded,
  lockPast,
  markEnded,
} from './expiry.sql.ts';
import { documentsKey } from './sealed-documents.ts';
import { shredDocuments } from './shredding.ts';

/** Each takes its key along, and destroying that is slow: one file each. */
const CHECKS_AT_ONCE_MAX = 20;

export const identityExpiry = (keyring: Keyring): readonly ExpiryHandler[] => [
  {
    key: 'kyc',
    table: 'identity.document_chunk',
    takesAlong: ['identity.document', 'identity.access_window'],
    columns: 'row',
    counts: ['verified', 'created'],
    async expire(tx, due) {
      const limit = Math.min(due.limit, CHECKS_AT_ONCE_MAX);
      const checks = await lockPast(tx, pastOf(due), limit);
      if (checks.length === 0) return rowsExpired(0, limit);
      await expireWaiting(
        tx,
        checks.map(({ id }) => id),
        due.now,
      );
      await shredDocuments(tx, keyring, checks, due.now, SYSTEM);
      return rowsExpired(checks.length, limit);
    },
    standing: (tx, due) => documentsStanding(tx, pastOf(due), due.limit),
  },
  {
    key: 'account',
    table: 'identity.identity_check',
    columns: 'row',
    counts: ['created', 'last_activity', 'account_closed'],
    async expire(tx, due) {
      const limit = Math.min(due.limit, CHECKS_AT_ONCE_MAX);
      const ids = await lockOfEnded(tx, limit);
      if (ids.length === 0) return rowsExpired(0, limit);
      await keyring.destroy(ids.map((id) => documentsKey(keyring, id)));
      await deleteDocuments(tx, ids);
      await deleteChecks(tx, ids);
      return rowsExpired(ids.length, limit);
    },
    standing: (tx, due) => endedStanding(tx, due.limit),
  },
];

const pastOf = ({ now, before, from, held }: Due) => ({
  now,
  before,
  held,
  counted: from === 'verified' ? ('decided' as const) : ('created' as const),
});

/**
 * Says that these workspaces are erased: from the commit on nobody reads their checks, and the same run of retention
 * destroys keys and rows. May be repeated. Needs the transaction that erases them.
 */
export const endIdentityChecksOf = async (tx: Tx, workspaceIds: readonly string[]): Promise<void> => {
  await markEnded(tx, workspaceIds);
};
