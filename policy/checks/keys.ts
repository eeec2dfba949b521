// E-KEY-CUSTODY, and whether backups let a deletion become final in time.
import { mayExceed } from '../duration.ts';
import { RETENTION_KEY_NAMES } from '../vocabulary/retention.ts';
import { type Check, refuse } from './finding.ts';

export const checkKeys: Check = function* ({ backups, retention, account, security }) {
  const shredded = RETENTION_KEY_NAMES.find((key) => retention[key]?.then === 'shred');
  const shreds = shredded !== undefined || account.inactivity.action === 'shred';
  const where = shredded === undefined ? 'account.inactivity.action' : `retention.${shredded}.then`;
  if (shreds && backups.key_custody === 'same') {
    yield refuse(
      'E-KEY-CUSTODY',
      'backups.key_custody',
      'Data ends by destroying its key, and the keys lie in the backups of that data.',
      'Write "key_custody: separate", or let nothing end by "shred".',
    );
  }
  if (shreds && security.at_rest.scheme === 'volume') {
    yield refuse(
      'E-CONTRADICTION',
      where,
      'Data ends by destroying its key, and there is one key for the whole volume.',
      'Write "scheme: per_account_dek", or let nothing end by "shred".',
    );
  }
  for (const key of ['key_max_age', 'max_age'] as const) {
    if (!mayExceed(backups[key], account.deletion.complete_within)) continue;
    yield refuse(
      'E-CONTRADICTION',
      `backups.${key}`,
      `Deletion is complete within ${account.deletion.complete_within}, and backups are kept ${backups[key]}.`,
      'Shorten the backups, or promise a later completion.',
    );
  }
};
