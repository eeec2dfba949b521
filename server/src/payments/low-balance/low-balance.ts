// Telling a workspace that its balance is low. A job looks at watched balances in turn; postings know nothing of it.
import { isWorkspaceOpen, writeToMembers } from '#accounts';
import { balance } from '#ledger';
import { queueMail } from '#mail';
import type { Database, Tx } from '#platform/database';
import { emitAll } from '#platform/outbox';
import type { Keyring } from '#privacy';
import { lowBalance } from '../events.ts';
import { setArmed, takeWatches, unwatch, type WatchRow } from './balance-watch.sql.ts';
import { stepOf } from './decide-low-balance.ts';

/** Looked at in one transaction. */
const AT_ONCE_MAX = 200;
/** Transactions of one run: what is left waits for the next. */
const ROUNDS_MAX = 50;
/** A balance is looked at no more often. */
const QUIET_SECONDS = 45;

/** Who is told. */
const TOLD = ['owner', 'admin', 'billing'] as const;

export interface LowBalanceParts {
  readonly db: Database;
  readonly keyring: Keyring;
  /** Where people reach this installation; null where the policy sends no such mails. */
  readonly mailBaseUrl: (() => string) | null;
}

/** Looks at the balances that are due; how many were found low. May be repeated. */
export async function tellLowBalances(parts: LowBalanceParts, signal: AbortSignal): Promise<number> {
  let told = 0;
  for (let round = 0; round < ROUNDS_MAX && !signal.aborted; round++) {
    const done = await parts.db.batch((tx) => lookAtSome(tx, parts));
    told += done.told;
    if (done.looked < AT_ONCE_MAX) break;
  }
  return told;
}

async function lookAtSome(tx: Tx, parts: LowBalanceParts): Promise<{ looked: number; told: number }> {
  const watches = await takeWatches(tx, QUIET_SECONDS, AT_ONCE_MAX);
  // Sent together, so one round trip for all.
  const wallets = await Promise.all(watches.map(({ workspace_id }) => balance(tx, workspace_id)));
  const low: { readonly watch: WatchRow; readonly leftMicros: bigint; readonly currency: string }[] = [];
  const high: string[] = [];
  for (const [at, watch] of watches.entries()) {
    const wallet = wallets[at];
    if (wallet === undefined) continue;
    const leftMicros = wallet.availableMicros + wallet.bonusMicros;
    const step = stepOf({ armed: watch.armed, thresholdMicros: watch.threshold, leftMicros });
    if (step === 'tell') low.push({ watch, leftMicros, currency: wallet.currency });
    if (step === 'arm') high.push(watch.workspace_id);
  }
  if (high.length > 0) await setArmed(tx, high, true);
  let told = 0;
  for (const { watch, leftMicros, currency } of low) {
    const { workspace_id: workspaceId } = watch;
    if (!(await isWorkspaceOpen(tx, workspaceId))) {
      await unwatch(tx, [workspaceId]);
      continue;
    }
    await setArmed(tx, [workspaceId], false);
    await emitAll(tx, [{ name: lowBalance.name, payload: { workspace_id: workspaceId } }]);
    await mail(tx, parts, workspaceId, { amountMicros: leftMicros.toString(), currency });
    told += 1;
  }
  return { looked: watches.length, told };
}

async function mail(
  tx: Tx,
  { keyring, mailBaseUrl }: LowBalanceParts,
  workspaceId: string,
  left: { readonly amountMicros: string; readonly currency: string },
): Promise<void> {
  if (mailBaseUrl === null) return;
  await writeToMembers(tx, keyring, workspaceId, TOLD, (reader) =>
    queueMail(tx, keyring, {
      ...reader,
      template: 'low_balance',
      purpose: 'service',
      params: { balance: left, link: `${mailBaseUrl()}/` },
    }),
  );
}
