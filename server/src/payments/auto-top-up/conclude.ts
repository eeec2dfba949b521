// What the end of an automatic payment, or money of it that goes back, means for the consent it was made by. Each is called
// in the transaction that ends the payment, once for each payment, with its lock held.
import type { Tx } from '#platform/database';
import { emitAll } from '#platform/outbox';
import { autoTopUpStopped } from '../events.ts';
import { lockAutoTopUp, pauseAutoTopUp, stopAutoTopUp } from './auto-top-up.sql.ts';
import {
  type AutoTopUpStatus,
  afterFailure,
  type Failure,
  PAUSE_SECONDS,
  type Stop,
} from './decide-auto-top-up.ts';
import { dropCards } from './forget-card.ts';
import { findStored } from './instrument.sql.ts';

/** A payment as far as its end concerns the consent. */
interface Automatic {
  readonly workspace_id: string;
  readonly instrument_id: string | null;
}

/** It failed: the next try waits, or there is none. A card that was replaced meanwhile counts for nothing. */
export async function concludeFailed(tx: Tx, payment: Automatic, because: Failure): Promise<void> {
  const { workspace_id: workspaceId } = payment;
  const found = await lockAutoTopUp(tx, workspaceId);
  if (found?.status !== 'on' || (await findStored(tx, workspaceId))?.id !== payment.instrument_id) return;
  const declines = found.declines + 1;
  const next = afterFailure(because, declines);
  if ('stop' in next) await stop(tx, workspaceId, next.stop, next.stop);
  else await pauseAutoTopUp(tx, workspaceId, declines, next.pauseSeconds);
}

/** It was credited: declines are forgotten. */
export async function concludePaid(tx: Tx, { workspace_id: workspaceId }: Automatic): Promise<void> {
  const found = await lockAutoTopUp(tx, workspaceId);
  if (found?.status === 'on') await pauseAutoTopUp(tx, workspaceId, 0, PAUSE_SECONDS);
}

/** Money came and could not be credited: a person looks at it before there is more of it. */
export async function concludeReview(tx: Tx, { workspace_id: workspaceId }: Automatic): Promise<void> {
  const found = await lockAutoTopUp(tx, workspaceId);
  if (found?.status === 'on') await stop(tx, workspaceId, 'needs_you', 'needs_you');
}

/** Money of it went back: it is off, and the card is forgotten. May be repeated. */
export async function concludeTakenBack(
  tx: Tx,
  { workspace_id: workspaceId }: Automatic,
  kind: 'refund' | 'dispute',
): Promise<void> {
  const found = await lockAutoTopUp(tx, workspaceId);
  if (found === undefined || found.status === 'off') return;
  await stop(tx, workspaceId, 'off', kind === 'refund' ? 'refunded' : 'disputed');
  await dropCards(tx, [workspaceId]);
}

async function stop(
  tx: Tx,
  workspaceId: string,
  status: Extract<AutoTopUpStatus, 'off' | 'needs_you' | 'declined'>,
  stoppedBy: Stop,
): Promise<void> {
  await stopAutoTopUp(tx, workspaceId, status, stoppedBy);
  await emitAll(tx, [{ name: autoTopUpStopped.name, payload: { workspace_id: workspaceId } }]);
}
