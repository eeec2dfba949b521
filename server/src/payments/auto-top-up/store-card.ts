// Storing a card at the provider: the row first, then the page under its id, then what the provider says of it. The card
// that was stored last is the one in use; one that nobody waits for any more is forgotten.
import { isWorkspaceOpen } from '#accounts';
import type { Database, Tx } from '#platform/database';
import { AppError, assertInvariant } from '#platform/errors';
import { newId } from '#platform/ids';
import type { RequestMacs } from '#platform/route';
import type { CardKeeper, StoredFact } from '../port.ts';
import { beginAnew, lockAutoTopUp } from './auto-top-up.sql.ts';
import { PAUSE_SECONDS } from './decide-auto-top-up.ts';
import { dropCards, forgetLater } from './forget-card.ts';
import {
  countCards,
  findInstrument,
  findInstrumentByPage,
  findInstrumentByRequest,
  type InstrumentRow,
  insertInstrument,
  lockInstrument,
  updateInstrument,
} from './instrument.sql.ts';

/** Cards of a workspace that the provider may know at once, with those it has to forget. */
const CARDS_MAX = 20;

export interface CardRequest {
  readonly workspaceId: string;
  readonly currency: string;
  readonly returnUrl: string;
  readonly idempotency: RequestMacs | null;
}

/**
 * Begins a page where a card is stored and gives its address; the page before it ends. May be repeated with the same
 * idempotency. Throws `conflict` where no terms are set, the request is over, too many were made, or the provider will not;
 * `unavailable` when it does not answer, and `idempotency_mismatch`.
 */
export async function beginStoring(db: Database, keeper: CardKeeper, asked: CardRequest): Promise<string> {
  const row = await db.batch((tx) => insertOrFind(tx, asked));
  const begun = await keeper.beginSetup({
    setupId: row.id,
    currency: asked.currency,
    returnUrl: asked.returnUrl,
  });
  if (begun.outcome === 'unknown') {
    throw new AppError('unavailable', { retryable: true, retryAfterSeconds: 5 });
  }
  if (begun.outcome === 'refused') throw refusal('The payment provider does not store a card now.');
  const { externalId, checkoutUrl } = begun.begun;
  await db.batch(async (tx) => {
    await lockAutoTopUp(tx, asked.workspaceId);
    const locked = await lockInstrument(tx, row.id);
    // Nobody may open a page that was ended meanwhile: it is not given out.
    if (locked === undefined || locked.state === 'dropped') throw over();
    if (locked.external_id === null) await updateInstrument(tx, row.id, { external_id: externalId });
  });
  return checkoutUrl;
}

async function insertOrFind(tx: Tx, { workspaceId, idempotency }: CardRequest): Promise<InstrumentRow> {
  const terms = await lockAutoTopUp(tx, workspaceId);
  if (terms === undefined || terms.status === 'off') throw refusal('Set the automatic top-up first.');
  const known =
    idempotency === null ? undefined : await findInstrumentByRequest(tx, workspaceId, idempotency.keyMac);
  if (known !== undefined) {
    if (!known.request_digest?.equals(idempotency!.requestMac)) throw new AppError('idempotency_mismatch');
    if (known.state !== 'asked') throw over();
    return known;
  }
  if ((await countCards(tx, workspaceId, CARDS_MAX)) >= CARDS_MAX) {
    throw refusal('Too many pages were asked for; those before have to end first.');
  }
  await dropCards(tx, [workspaceId], ['asked']);
  return insertInstrument(tx, {
    id: newId(),
    workspace_id: workspaceId,
    request_key: idempotency?.keyMac ?? null,
    request_digest: idempotency?.requestMac ?? null,
  });
}

const refusal = (detail: string) => new AppError('conflict', { detail });
const over = () => refusal('This page is over; ask for another.');

/**
 * Takes a card into use, once: the one before it is dropped. One whose page was ended, or whose consent is gone, is
 * forgotten instead. Needs a transaction; may be repeated.
 */
export async function applyStored(tx: Tx, fact: StoredFact): Promise<'applied' | 'repeated' | 'ignored'> {
  const { externalId, paymentId: setupId, card } = fact;
  const found =
    setupId === null ? await findInstrumentByPage(tx, externalId) : await findInstrument(tx, setupId);
  if (found === undefined || (found.external_id !== null && found.external_id !== externalId)) {
    return 'ignored';
  }
  const { id, workspace_id: workspaceId } = found;
  const terms = await lockAutoTopUp(tx, workspaceId);
  const locked = await lockInstrument(tx, id);
  if (locked === undefined) return 'ignored';
  const known = { external_id: externalId, customer_id: card.customerId, method_id: card.methodId };
  if (locked.method_id !== null) return 'repeated';
  if (locked.state === 'asked' && terms !== undefined && (await isWorkspaceOpen(tx, workspaceId))) {
    await dropCards(tx, [workspaceId], ['stored']);
    await updateInstrument(tx, id, { ...known, state: 'stored' });
    await beginAnew(tx, workspaceId, 'on', PAUSE_SECONDS);
    return 'applied';
  }
  await updateInstrument(tx, id, known);
  if (locked.state === 'asked') await dropCards(tx, [workspaceId], ['asked']);
  else await forgetLater(tx, id);
  const after = await findInstrument(tx, id);
  assertInvariant(after?.state === 'dropped', 'a card nobody waits for is dropped');
  return 'applied';
}
