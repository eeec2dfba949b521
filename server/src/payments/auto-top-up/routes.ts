// A workspace decides that its balance tops itself up, and sees why it does or does not.
import { microsOf } from '@sotto/contract';
import {
  endAutoTopUp as endOperation,
  getAutoTopUp as getOperation,
  setAutoTopUp as setOperation,
  storeCard as storeOperation,
} from '@sotto/contract/auto-top-up';
import { balance, isAmount } from '#ledger';
import { alignedNowMs } from '#platform/clock';
import type { Database, Tx } from '#platform/database';
import { AppError, assertInvariant } from '#platform/errors';
import { type Call, inTransaction, type Route, reads } from '#platform/route';
import type { Keyring } from '#privacy';
import { type AuditEntry, type AuditedCaller, actorOf, record } from '#privacy/audit';
import type { Payments } from '../payments.ts';
import type { CardKeeper } from '../port.ts';
import {
  beginAnew,
  deleteAutoTopUps,
  findLastTry,
  findOwnAutoTopUp,
  lockAutoTopUp,
  setTerms,
  spendingOf,
  type Terms,
} from './auto-top-up.sql.ts';
import { AMOUNT_MICROS_MIN, PAUSE_SECONDS } from './decide-auto-top-up.ts';
import { dropCards } from './forget-card.ts';
import { findStored } from './instrument.sql.ts';
import { leftOf } from './look.ts';
import { presentAutoTopUp } from './present.ts';
import { beginStoring } from './store-card.ts';

interface Decider extends AuditedCaller {
  readonly workspaceId: string;
  readonly currency: string;
  readonly test: boolean;
}

interface AutoTopUpRoutesOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly payments: Payments;
}

export function autoTopUpRoutes({ db, keyring, payments }: AutoTopUpRoutesOptions): readonly Route[] {
  const noted = (
    tx: Tx,
    action: AuditEntry['action'],
    call: { readonly caller: Decider; readonly requestId: string },
  ) =>
    record(tx, keyring, {
      action,
      actor: actorOf(call),
      object: { kind: 'workspace', id: call.caller.workspaceId },
    });
  return [
    reads(getOperation, ({ caller }: Call<typeof getOperation, Decider>) =>
      db.tenant(caller.workspaceId, (tx) => show(tx, caller)),
    ),
    inTransaction(setOperation, async (call: Call<typeof setOperation, Decider>, tx) => {
      const { caller, body } = call;
      const { workspaceId } = caller;
      await setTerms(tx, workspaceId, termsOf(body, caller, keeperOf(payments)));
      await lockAutoTopUp(tx, workspaceId);
      const isStored = (await findStored(tx, workspaceId)) !== undefined;
      await beginAnew(tx, workspaceId, isStored ? 'on' : 'setting_up', PAUSE_SECONDS);
      await noted(tx, 'auto_top_up.set', call);
      return show(tx, caller);
    }),
    // Its own key decides what a repetition finds, since the provider is asked in between; http keeps the answer.
    reads(storeOperation, async (call: Call<typeof storeOperation, Decider>) => {
      const { caller, body, idempotency } = call;
      const { workspaceId, currency } = caller;
      const setup_url = await beginStoring(db, keeperOf(payments), {
        workspaceId,
        currency,
        returnUrl: body.return_url ?? payments.returnUrl(),
        idempotency,
      });
      await db.batch((tx) => noted(tx, 'auto_top_up.card_asked', call));
      return { setup_url };
    }),
    inTransaction(endOperation, async (call: Call<typeof endOperation, Decider>, tx) => {
      const { workspaceId, test } = call.caller;
      if (test) throw new AppError('test_key_refused');
      const ended = await deleteAutoTopUps(tx, [workspaceId]);
      await dropCards(tx, [workspaceId]);
      if (ended.length > 0) await noted(tx, 'auto_top_up.ended', call);
      return undefined;
    }),
  ];
}

function keeperOf({ cards }: Payments): CardKeeper {
  if (cards === null) throw new AppError('feature_off');
  return cards;
}

async function show(tx: Tx, { workspaceId, currency }: Decider) {
  const wallet = await balance(tx, workspaceId);
  assertInvariant(wallet !== undefined, 'every workspace has a wallet');
  return presentAutoTopUp({
    row: await findOwnAutoTopUp(tx, workspaceId),
    spending: await spendingOf(tx, workspaceId),
    lastTry: await findLastTry(tx, workspaceId),
    leftMicros: leftOf(wallet),
    currency,
    nowMs: alignedNowMs(),
  });
}

const FIELDS = ['threshold', 'amount', 'monthly_cap'] as const;

/** Terms a workspace may set: all in its currency, an amount the provider can move, within the cap. */
function termsOf(
  body: Call<typeof setOperation, Decider>['body'],
  { currency }: Decider,
  keeper: CardKeeper,
): Terms {
  for (const field of FIELDS) {
    if (body[field].currency !== currency) {
      throw refusal(`${field}.currency`, 'It is in the currency of the workspace.');
    }
    if (!isAmount(microsOf(body[field]))) {
      throw refusal(`${field}.amount`, 'It is larger than the books take at once.');
    }
  }
  const terms = {
    threshold: microsOf(body.threshold),
    amount: microsOf(body.amount),
    monthly_cap: microsOf(body.monthly_cap),
  };
  const { amount, monthly_cap: cap } = terms;
  if (amount < AMOUNT_MICROS_MIN || keeper.roundDown({ micros: amount, currency }) !== amount) {
    throw refusal('amount.amount', 'It is at least 1.00, and an amount the payment provider takes.');
  }
  if (cap < amount) throw refusal('monthly_cap.amount', 'It is not below the amount of one top-up.');
  return terms;
}

const refusal = (field: string, detail: string) => new AppError('invalid_request', { field, detail });
