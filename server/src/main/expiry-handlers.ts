// Every handler that ends something, in one list; what the platform keeps is adapted here, because it stands below
// privacy and may not know it.
import { abuseExpiry, endAppealsOf } from '#abuse/expiry';
import { accountsExpiry } from '#accounts/expiry';
import { carriersExpiry } from '#carriers/expiry';
import { endIdentityChecksOf } from '#identity';
import { identityExpiry } from '#identity/expiry';
import { ledgerExpiry } from '#ledger/expiry';
import { mailExpiries } from '#mail/expiry';
import { messageExpiry, messageKeyDays } from '#messages/expiry';
import { inboundKeyDays, numbersExpiry } from '#numbers/expiry';
import { endAutoTopUpOf, endBillingOf, endSubscriptionsOf, paymentsExpiry } from '#payments/expiry';
import type { Tx } from '#platform/database';
import { dropEmptyKeyDays, expireKeys, findKeyDaysInUse, keysStanding } from '#platform/idempotency';
import { idFloor, idTimeMs } from '#platform/ids';
import { type Keyring, utcDay } from '#privacy';
import { auditExpiry } from '#privacy/audit';
import { privacyExpiry } from '#privacy/expiry';
import { type ExpiryHandler, type KeyDayUser, legalHoldExpiry, noteKeyDays } from '#privacy/retention';
import { endTicketsOf } from '#support';
import { supportExpiry } from '#support/expiry';
import { telemetryExpiry } from '#telemetry/expiry';

const DAY_MS = 86_400_000;
const LOWEST = idFloor(0);
/** Answers to administrators belong to no workspace and are sealed under the operator's key. */
const NO_WORKSPACE = '00000000-0000-0000-0000-000000000000';

/**
 * In the order of what depends on what: accounts say to the ledger, to privacy, to support and to identity that a
 * workspace is gone.
 */
export const expiryHandlers = (keyring: Keyring): readonly ExpiryHandler[] => [
  ...messageExpiry,
  ...numbersExpiry,
  requestExpiry,
  ...accountsExpiry(keyring, [
    endTicketsOf,
    endIdentityChecksOf,
    endAppealsOf,
    endBillingOf(keyring),
    endSubscriptionsOf,
    endAutoTopUpOf,
  ]).map(takesBillingAlong),
  ...supportExpiry(keyring),
  ...identityExpiry(keyring),
  ...paymentsExpiry(keyring),
  ...ledgerExpiry,
  ...carriersExpiry,
  ...mailExpiries,
  ...privacyExpiry,
  legalHoldExpiry,
  auditExpiry,
  ...telemetryExpiry,
  ...abuseExpiry(keyring),
];

/** What `endBillingOf` deletes goes with the workspace, and what `endAutoTopUpOf` drops once the provider forgot it. */
const takesBillingAlong = (handler: ExpiryHandler): ExpiryHandler =>
  handler.table === 'accounts.workspace'
    ? {
        ...handler,
        takesAlong: [...(handler.takesAlong ?? []), 'payments.billing_details', 'payments.instrument'],
      }
    : handler;

/** Everybody who seals under the content key of a workspace and day. */
export const keyDayUsers: readonly KeyDayUser[] = [
  messageKeyDays,
  inboundKeyDays,
  {
    keyClass: 'content_outbound',
    inUse: (tx, days) =>
      findKeyDaysInUse(
        tx,
        days.map(({ workspaceId, day }) => {
          const firstMs = Date.parse(day);
          return { scope: workspaceId, first: idFloor(firstMs), after: idFloor(firstMs + DAY_MS) };
        }),
      ),
  },
];

/** Keys of requests and what was answered. The time in a row's id is the key's birth. */
const requestExpiry: ExpiryHandler = {
  key: 'request',
  table: 'platform.idempotency',
  columns: 'row',
  counts: ['created'],
  async expire(tx, { before, held, limit, progress }) {
    const below = idFloor(before.getTime() + 1);
    const after = progress.after ?? LOWEST;
    const rows = await expireKeys(tx, after, below, held, limit);
    progress.after = youngest(rows) ?? after;
    await noteDays(tx, rows);
    // Days are dropped by a transaction that deletes nothing, so that nobody waits behind it for long.
    if (rows.length > 0) return { rows: rows.length, partitions: 0, more: true };
    return { rows: 0, partitions: await dropEmptyKeyDays(tx, before, below), more: false };
  },
  async standing(tx, { before, held, limit }) {
    const {
      oldest,
      overdue,
      held: kept,
    } = await keysStanding(tx, idFloor(before.getTime() + 1), held, limit);
    return { oldest: oldest === null ? null : new Date(idTimeMs(oldest)), overdue, held: kept };
  },
};

/** The highest id, which is the last in the order of deletion. */
const youngest = (rows: readonly { readonly id: string }[]): string | undefined =>
  rows
    .map(({ id }) => id)
    .sort()
    .at(-1);

const noteDays = (tx: Tx, rows: readonly { readonly id: string; readonly scope: string }[]) =>
  noteKeyDays(
    tx,
    rows
      .filter(({ scope }) => scope !== NO_WORKSPACE)
      .map(({ id, scope }) => ({
        keyClass: 'content_outbound',
        workspaceId: scope,
        day: utcDay(idTimeMs(id)),
      })),
  );
