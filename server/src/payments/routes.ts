// The routes of payments: a workspace tops itself up and reads its own payments, as the tenant; providers bring notices;
// the operator sees all, returns and approves.
import { decodeId, microsOf, type Operation } from '@sotto/contract';
import {
  approvePayment as approveOperation,
  listPayments as listPaymentsOperation,
  refundPayment as refundOperation,
} from '@sotto/contract/admin/payments';
import {
  noticeFromAppStore,
  noticeFromBtcpay,
  noticeFromPlayStore,
  noticeFromRevenueCat,
  noticeFromStripe,
} from '@sotto/contract/payment-notices';
import {
  reportAppStorePurchase as appStoreOperation,
  reportPlayStorePurchase as playStoreOperation,
} from '@sotto/contract/store-purchases';
import {
  createTopUp as createOperation,
  getTopUp as getOperation,
  listTopUps as listOperation,
} from '@sotto/contract/top-ups';
import { demandAllowed, type Throttle } from '#abuse';
import { handOf } from '#accounts';
import { pageAnswer, positionOf } from '#platform/cursor';
import type { Database } from '#platform/database';
import { AppError } from '#platform/errors';
import { log } from '#platform/log';
import { byItself, type Call, inTransaction, type Route, reads } from '#platform/route';
import type { Keyring } from '#privacy';
import { type AuditedCaller, actorOf, record } from '#privacy/audit';
import { approve } from './approve.ts';
import { autoTopUpRoutes } from './auto-top-up/routes.ts';
import { promoRoutes } from './bonus/promo-routes.ts';
import { referralRoutes } from './bonus/referral-routes.ts';
import { bankTransferRoutes } from './by-hand/routes.ts';
import { invoiceRoutes } from './invoices/routes.ts';
import { settingsRoutes } from './low-balance/routes.ts';
import { createNoticeTaker } from './notices.ts';
import { findById, findOwn, pageOfAll, pageOfOwn } from './payment.sql.ts';
import type { Payments } from './payments.ts';
import { planAdminRoutes } from './plans/admin-routes.ts';
import { planRoutes } from './plans/routes.ts';
import type { Feed, PurchaseProver } from './port.ts';
import { presentPayment, presentTopUp } from './present.ts';
import { namedAtPlay } from './providers/play-store/play-push.ts';
import { rateRoutes } from './rates/routes.ts';
import { requestRefund } from './refunds.ts';
import { reportPurchase } from './report-purchase.ts';
import { beginTopUp } from './top-ups.ts';

export interface PaymentRoutesOptions {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly payments: Payments;
  /** Against guessing codes. */
  readonly throttle: Pick<Throttle, 'take'>;
  /** Most that one of the staff credits alone, in micros. */
  readonly creditAloneMaxMicros: bigint;
}

/** What payments need of a caller: whoever calls is known to contexts below. */
interface Payer {
  readonly workspaceId: string;
  readonly currency: string;
  readonly test: boolean;
}

export const paymentRoutes = (options: PaymentRoutesOptions): readonly Route[] => [
  ...ownRoutes(options),
  ...reportRoutes(options),
  ...noticeRoutes(options),
  ...adminRoutes(options),
  ...bankTransferRoutes(options),
  ...settingsRoutes(options),
  ...autoTopUpRoutes(options),
  ...promoRoutes(options),
  ...referralRoutes({ ...options, referrals: options.payments.referrals }),
  ...planRoutes({ ...options, plans: options.payments.plans }),
  ...planAdminRoutes(options),
  ...rateRoutes(options),
  ...invoiceRoutes({ ...options, invoices: options.payments.invoices }),
];

function ownRoutes({ db, payments }: PaymentRoutesOptions): readonly Route[] {
  return [
    // Its own key decides what a repetition finds, since the provider is asked in between; http keeps the answer.
    reads(createOperation, async ({ caller, body, idempotency }: Call<typeof createOperation, Payer>) => {
      const { workspaceId, currency, test } = caller;
      if (test) throw new AppError('test_key_refused');
      if (body.amount.currency !== currency) {
        throw new AppError('invalid_request', {
          field: 'amount.currency',
          detail: 'It is in the currency of the workspace.',
        });
      }
      const row = await beginTopUp(
        { db, providers: payments.providers },
        {
          workspaceId,
          amount: { micros: microsOf(body.amount), currency },
          provider: body.provider,
          returnUrl: body.return_url ?? payments.returnUrl(),
          idempotency,
        },
      );
      return presentTopUp(row);
    }),
    reads(listOperation, async ({ caller, query }: Call<typeof listOperation, Payer>) => {
      const { workspaceId } = caller;
      const before = positionOf(query.cursor);
      const rows = await db.tenant(workspaceId, (tx) => pageOfOwn(tx, workspaceId, before, query.limit + 1));
      return pageAnswer(rows, query.limit, ({ id }) => id, presentTopUp);
    }),
    reads(getOperation, async ({ caller, params }: Call<typeof getOperation, Payer>) => {
      const { workspaceId } = caller;
      const id = decodeId('top', params.id);
      const row =
        id === null ? undefined : await db.tenant(workspaceId, (tx) => findOwn(tx, workspaceId, id));
      if (row === undefined) throw new AppError('not_found');
      return presentTopUp(row);
    }),
  ];
}

function reportRoutes({ db, payments, throttle }: PaymentRoutesOptions): readonly Route[] {
  async function report(
    { workspaceId, test }: Payer,
    feed: PurchaseProver['feed'],
    told: { readonly evidence: string; readonly field: string },
  ) {
    if (test) throw new AppError('test_key_refused');
    const prover = payments.provers.find((each) => each.feed === feed);
    if (prover === undefined) {
      throw new AppError('conflict', { detail: 'This installation takes no purchases of this store.' });
    }
    demandAllowed(await throttle.take([{ limit: 'report_purchase.workspace', subject: workspaceId }]));
    const { outcome, payment } = await reportPurchase(db, prover, workspaceId, told);
    return { outcome, top_up: payment === null ? null : presentTopUp(payment) };
  }
  return [
    reads(appStoreOperation, ({ caller, body }: Call<typeof appStoreOperation, Payer>) =>
      report(caller, 'app_store', { evidence: body.signed_transaction, field: 'signed_transaction' }),
    ),
    reads(playStoreOperation, ({ caller, body }: Call<typeof playStoreOperation, Payer>) =>
      report(caller, 'play_store', {
        evidence: namedAtPlay({ kind: body.kind, token: body.purchase_token }),
        field: 'purchase_token',
      }),
    ),
  ];
}

const NOTICES: Readonly<Record<Feed, Operation>> = {
  stripe: noticeFromStripe,
  btcpay: noticeFromBtcpay,
  revenuecat: noticeFromRevenueCat,
  app_store: noticeFromAppStore,
  play_store: noticeFromPlayStore,
};

function noticeRoutes({ db, payments }: PaymentRoutesOptions): readonly Route[] {
  const taker = createNoticeTaker({ db, log });
  return (Object.keys(NOTICES) as Feed[]).map((feed) =>
    byItself(NOTICES[feed], async ({ signed }: Call<Operation, null>) => {
      const reader = payments.readers.find((each) => each.feed === feed);
      // Nobody can have signed for a provider that is not set up.
      if (reader === undefined || signed === null) throw new AppError('notice_refused');
      return { outcome: await taker.take(reader, signed) };
    }),
  );
}

function adminRoutes(options: PaymentRoutesOptions): readonly Route[] {
  const { db, keyring, payments, creditAloneMaxMicros: aloneMaxMicros } = options;
  return [
    reads(listPaymentsOperation, async ({ query }: Call<typeof listPaymentsOperation, AuditedCaller>) => {
      const before = positionOf(query.cursor);
      const attention = query.attention === 'true';
      const rows = await db.batch((tx) => pageOfAll(tx, before, query.limit + 1, attention));
      return pageAnswer(rows, query.limit, ({ id }) => id, presentPayment);
    }),
    inTransaction(refundOperation, async (call: Call<typeof refundOperation, AuditedCaller>, tx) => {
      const id = decodeId('top', call.params.id);
      const found = id === null ? undefined : await findById(tx, id);
      if (found === undefined) throw new AppError('not_found');
      if (!payments.returnsBalances) {
        throw new AppError('conflict', { detail: 'The privacy policy of this platform forfeits balances.' });
      }
      const micros = call.body.amount === undefined ? null : microsIn(call.body.amount, found.currency);
      const takeback = await requestRefund(tx, payments.providers, found.id, micros);
      await record(tx, keyring, {
        action: 'payment.refund_requested',
        actor: actorOf(call),
        object: { kind: 'payment', id: found.id },
        sealed: { workspaceId: found.workspace_id, ids: { takeback_id: takeback.id } },
      });
      return presentPayment((await findById(tx, found.id))!);
    }),
    inTransaction(approveOperation, async (call: Call<typeof approveOperation, AuditedCaller>, tx) => {
      const id = decodeId('top', call.params.id);
      if (id === null) throw new AppError('not_found');
      const { amount } = call.body;
      const row = await approve(tx, id, {
        amount: amount === undefined ? null : { micros: microsOf(amount), currency: amount.currency },
        hand: await handOf(tx, call.caller),
        aloneMaxMicros,
      });
      await record(tx, keyring, {
        action: row.status === 'paid' ? 'payment.approved' : 'payment.approved_first',
        actor: actorOf(call),
        object: { kind: 'payment', id },
        sealed: { workspaceId: row.workspace_id, ids: { payment_id: id } },
      });
      return presentPayment(row);
    }),
  ];
}

function microsIn(money: Parameters<typeof microsOf>[0], currency: string): bigint {
  if (money.currency === currency) return microsOf(money);
  throw new AppError('invalid_request', {
    field: 'amount.currency',
    detail: 'It is in the currency of the payment.',
  });
}
