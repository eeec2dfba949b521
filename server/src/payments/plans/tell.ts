// Telling a workspace, by mail, that its plan is not paid, and that it has ended for that.
import { writeToMembers } from '#accounts';
import { queueMail } from '#mail';
import type { Tx } from '#platform/database';
import type { PlanRow } from './plan.sql.ts';
import type { SubscriptionRow } from './plan-subscription.sql.ts';
import type { SettleParts } from './settle.ts';

/** Who is told. */
const TOLD = ['owner', 'admin', 'billing'] as const;

type Whose = Pick<SubscriptionRow, 'workspace_id'>;

/** Once, when the days of grace begin. Not to be repeated: each call is another mail. */
export async function tellUnpaid(
  tx: Tx,
  { keyring, plans: { mailBaseUrl } }: SettleParts,
  plan: PlanRow,
  { workspace_id: workspaceId }: Whose,
  graceUntil: Date,
): Promise<void> {
  if (mailBaseUrl === null) return;
  await writeToMembers(tx, keyring, workspaceId, TOLD, (reader) =>
    queueMail(tx, keyring, {
      ...reader,
      purpose: 'service',
      template: 'subscription_unpaid',
      params: {
        plan: plan.name,
        amount: { amountMicros: plan.price.toString(), currency: plan.currency },
        endsOn: graceUntil.toISOString(),
        link: `${mailBaseUrl()}/`,
      },
    }),
  );
}

/** Once, when it ended because it was not paid. Not to be repeated. */
export async function tellOfEnd(
  tx: Tx,
  { keyring, plans: { mailBaseUrl } }: SettleParts,
  plan: PlanRow,
  { workspace_id: workspaceId }: Whose,
): Promise<void> {
  if (mailBaseUrl === null) return;
  await writeToMembers(tx, keyring, workspaceId, TOLD, (reader) =>
    queueMail(tx, keyring, {
      ...reader,
      purpose: 'service',
      template: 'subscription_ended',
      params: { plan: plan.name, link: `${mailBaseUrl()}/` },
    }),
  );
}
