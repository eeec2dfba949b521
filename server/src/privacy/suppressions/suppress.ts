// Suppressions: who is not written to, and when that ends.
//
//   absent --recorded--> standing (again: the same one; it can widen to `all`, never narrow)
//   standing --the recipient's own consent, given later--> lifted
//   standing --older than the policy keeps suppressions--> gone (expiry.ts)
//
// A complaint and an operator's block are not lifted here. A suppression outlives the account, the messages and the
// number's erasure, or the next campaign would write to whoever asked it not to.
import type { Tx } from '#platform/database';
import { newId } from '#platform/ids';
import { type Actor, SYSTEM } from '../audit/entry.ts';
import { record } from '../audit/record.ts';
import type { Keyring } from '../keys/keyring.ts';
import type { BlindIndex } from '../map/domains.ts';
import { numberIndex, numberIndexes } from './number-index.ts';
import { type Asked, findSuppressed, insertSuppression, liftRow, renewRows } from './suppression.sql.ts';

export type SuppressionKind = 'stop' | 'objection' | 'complaint' | 'operator_block';
/** `marketing`: messages of that class; `all`: every class. */
export type Covers = 'marketing' | 'all';
export type SuppressionSource = 'recipient' | 'workspace' | 'operator' | 'carrier';

export interface Suppression {
  readonly id: string;
  readonly kind: SuppressionKind;
  readonly covers: Covers;
  readonly source: SuppressionSource;
  readonly createdAt: Date;
}

export interface NewSuppression {
  /** Whose messages it stops; null: everybody's. */
  readonly workspaceId: string | null;
  readonly kind: SuppressionKind;
  readonly covers: Covers;
  readonly source: SuppressionSource;
}

/** Classes of messages, as far as suppressions tell them apart. */
export type SuppressedClass = 'otp' | 'transactional' | 'marketing';

/**
 * Records that a number is not written to, in the caller's transaction. `number` is E.164 with a plus. May be
 * repeated: the first one stays, and widens when the new one covers all.
 */
export async function suppress(
  tx: Tx,
  keyring: Keyring,
  number: string,
  wanted: NewSuppression,
  actor: Actor = SYSTEM,
): Promise<Suppression> {
  await renewSuppressions(tx, keyring, number);
  return suppressIndex(tx, keyring, numberIndex(keyring, number), wanted, actor);
}

/**
 * Brings what stands for a number under the newest index key, as old as it is. Called where the number itself is known,
 * so that after a change of a key's epoch a consent still finds the stop it answers, and a stop the one it repeats. May
 * be repeated.
 */
export async function renewSuppressions(tx: Tx, keyring: Keyring, number: string): Promise<void> {
  const [newest, ...older] = numberIndexes(keyring, number);
  if (older.length > 0) await renewRows(tx, newest!, older);
}

/** As `suppress`, for a number of which only the index is known. */
export async function suppressIndex(
  tx: Tx,
  keyring: Keyring,
  index: BlindIndex,
  wanted: NewSuppression,
  actor: Actor,
): Promise<Suppression> {
  const row = await insertSuppression(tx, { id: newId(), numberIndex: index, ...wanted });
  if (row.added) {
    await record(tx, keyring, {
      action: 'suppression.added',
      actor,
      object: { kind: 'suppression', id: row.id },
    });
  }
  return asSuppression(row);
}

export const asSuppression = (row: {
  readonly id: string;
  readonly kind: string;
  readonly covers: string;
  readonly source: string;
  readonly created_at: Date;
}): Suppression => ({
  id: row.id,
  kind: row.kind as SuppressionKind,
  covers: row.covers as Covers,
  source: row.source as SuppressionSource,
  createdAt: row.created_at,
});

export type Lifted = 'lifted' | 'unknown' | 'not_allowed';

/**
 * Lifts a suppression of a workspace. `not_allowed` unless it is a stop or an objection and the recipient has since
 * consented to marketing of this workspace (GDPR Art. 21(3); the consent is a record of the ledger that stands).
 */
export async function liftSuppression(
  tx: Tx,
  keyring: Keyring,
  workspaceId: string,
  id: string,
  actor: Actor,
): Promise<Lifted> {
  const lifted = await liftRow(tx, workspaceId, id);
  if (lifted === undefined) return 'unknown';
  if (!lifted) return 'not_allowed';
  await record(tx, keyring, {
    action: 'suppression.lifted',
    actor,
    object: { kind: 'suppression', id },
  });
  return 'lifted';
}

/** A number that somebody wants to write to. */
export interface AskedRecipient {
  readonly workspaceId: string;
  /** E.164 with a plus. */
  readonly number: string;
  /** Of what would be sent. */
  readonly class: SuppressedClass;
}

/**
 * Which of these may not be sent what they would be, as positions in the list. One statement, whoever they are of;
 * about 5 microseconds a number besides. Reads only, and needs the batch role: blocks of the operator count too.
 */
export async function suppressedAmong(
  tx: Tx,
  keyring: Keyring,
  recipients: readonly AskedRecipient[],
): Promise<ReadonlySet<number>> {
  const asked = recipients.flatMap(({ workspaceId, number, class: messageClass }, at): Asked[] =>
    numberIndexes(keyring, number).map((index) => ({
      at,
      workspaceId,
      numberIndex: index,
      marketing: messageClass === 'marketing',
    })),
  );
  if (asked.length === 0) return NOBODY;
  return new Set(await findSuppressed(tx, asked));
}

const NOBODY: ReadonlySet<number> = new Set();
