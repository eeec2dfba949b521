// Payments as the API shows them.
import { encodeId, moneyOf } from '@sotto/contract';
import type { Payment } from '@sotto/contract/admin/payments';
import { formatRate } from '@sotto/contract/rate';
import type { TopUp } from '@sotto/contract/top-ups';
import { isPayable, type PaymentStatus } from './decide.ts';
import type { OwnRow, PaymentRow } from './payment.sql.ts';

function common(row: OwnRow) {
  return {
    id: encodeId('top', row.id),
    status: row.status as PaymentStatus,
    provider: row.provider as TopUp['provider'],
    amount: row.asked === null ? null : moneyOf(row.asked, row.currency),
    credited: moneyOf(row.credited, row.currency),
    rate:
      row.rate === null
        ? null
        : {
            base: row.rate_base!,
            quote: row.rate_quote!,
            rate: formatRate(row.rate),
            valid_from: row.rate_from!.toISOString(),
          },
    taken_back: moneyOf(row.taken_back, row.currency),
    created_at: row.created_at.toISOString(),
    paid_at: row.paid_at?.toISOString() ?? null,
  };
}

/** What its workspace sees. */
export const presentTopUp = (row: OwnRow): TopUp => ({
  ...common(row),
  checkout_url: isPayable(row.status as PaymentStatus) ? row.checkout_url : null,
});

/** What the operator sees. */
export const presentPayment = (row: PaymentRow): Payment => ({
  ...common(row),
  workspace_id: encodeId('wrk', row.workspace_id),
  paid: row.paid === null ? null : moneyOf(row.paid, row.paid_currency!),
  first_approval: row.approved === null || row.status === 'paid' ? null : moneyOf(row.approved, row.currency),
  lost: moneyOf(row.lost, row.currency),
});
