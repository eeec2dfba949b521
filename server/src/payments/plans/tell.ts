// Telling a workspace, by mail, that its plan is not paid, and that it has ended for that.
import { contactsOf } from '#accounts';
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
  parts: SettleParts,
  plan: PlanRow,
  whose: Whose,
  graceUntil: Date,
): Promise<void> {
  for (const { to, locale, link, subject } of await readersOf(tx, parts, whose)) {
    await queueMail(tx, parts.keyring, {
      to,
      locale,
      subject,
      purpose: 'service',
      template: 'subscription_unpaid',
      params: {
        plan: plan.name,
        amount: { amountMicros: plan.price.toString(), currency: plan.currency },
        endsOn: graceUntil.toISOString(),
        link,
      },
    });
  }
}

/** Once, when it ended because it was not paid. Not to be repeated. */
export async function tellOfEnd(tx: Tx, parts: SettleParts, plan: PlanRow, whose: Whose): Promise<void> {
  for (const { to, locale, link, subject } of await readersOf(tx, parts, whose)) {
    await queueMail(tx, parts.keyring, {
      to,
      locale,
      subject,
      purpose: 'service',
      template: 'subscription_ended',
      params: { plan: plan.name, link },
    });
  }
}

/** Whoever pays for the workspace and has an address; nobody where the policy sends no such mails. */
async function readersOf(tx: Tx, { keyring, plans: { mailBaseUrl } }: SettleParts, { workspace_id }: Whose) {
  if (mailBaseUrl === null) return [];
  const link = `${mailBaseUrl()}/`;
  const contacts = await contactsOf(tx, keyring, workspace_id, TOLD);
  return contacts.flatMap(({ personId, email, language }) =>
    email === null
      ? []
      : [
          {
            to: email,
            locale: language === 'ar' ? ('ar' as const) : ('en' as const),
            link,
            subject: { kind: 'person' as const, id: personId },
          },
        ],
  );
}
