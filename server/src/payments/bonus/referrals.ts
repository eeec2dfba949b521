// Customers who bring customers. The referred names the code before the first top-up; both get a bonus when that payment
// has stood long enough:
//
//   named ──► granted ──► taken_back   the payment was refunded or disputed: what is unspent of the bonus goes
//         ──► refused                  self-referral, a payment that went back, or none for half a year
import { isWorkspaceOpen, shareAPerson } from '#accounts';
import { BALANCE_MICROS_MAX, grantBonus, lockWallets, post, type Wallet } from '#ledger';
import type { Database, Tx } from '#platform/database';
import { AppError, assertInvariant } from '#platform/errors';
import { newId } from '#platform/ids';
import { countPaid } from '../payment.sql.ts';
import type { PaymentProvider } from '../port.ts';
import { spelled } from './codes.ts';
import {
  countGranted,
  findByCode,
  findDue,
  findFirstPayment,
  findLatestSettlements,
  findReferral,
  insertReferral,
  isLapsed,
  lockReferral,
  lookLater,
  type ReferralRow,
  updateReferral,
} from './referral.sql.ts';

export interface ReferralRules {
  /** What each of both gets, in micros by currency; who has another currency takes no part. */
  readonly bonusMicros: ReadonlyMap<string, bigint>;
  /** Days for which the first payment has to stand. */
  readonly afterDays: number;
}

/** Bonuses one workspace earns by referrals. */
const GRANTED_MAX = 100;
/** Days after which a referral without a payment is over. */
const LAPSES_DAYS = 180;
/** Looked at in one run. */
const AT_ONCE_MAX = 100;
/** Payments of the referrer whose instruments are compared; each is a call. */
const COMPARED_MAX = 5;

/**
 * Notes who referred a workspace. Needs a transaction; not to be repeated. Throws `code_refused` for a code of nobody, and
 * `conflict` for what is about the workspace: a top-up before, a referral before, itself or its own people.
 */
export async function nameReferrer(
  tx: Tx,
  rules: ReferralRules,
  referred: string,
  code: string,
): Promise<void> {
  const referrer = await findByCode(tx, spelled(code));
  if (referrer === undefined || !(await isWorkspaceOpen(tx, referrer))) throw new AppError('code_refused');
  // The lock under which a payment is credited: none can be while it is asked for.
  const [wallet] = await lockWallets(tx, [referred]);
  assertInvariant(wallet !== undefined, 'every workspace has a wallet');
  if (referrer === referred || (await shareAPerson(tx, referrer, referred))) {
    throw refusal('Nobody refers themselves.');
  }
  if (!rules.bonusMicros.has(wallet.currency)) throw refusal('There is no bonus in this currency.');
  if ((await countPaid(tx, referred, 1)) > 0) throw refusal('It is named before the first top-up.');
  if (!(await insertReferral(tx, newId(), referred, referrer, rules.afterDays))) {
    throw refusal('The workspace has named who referred it.');
  }
}

const refusal = (detail: string) => new AppError('conflict', { detail });

/** Looks at referrals that are due, each in transactions of its own; how many got their bonus. May be repeated. */
export async function settleReferrals(
  db: Database,
  providers: readonly PaymentProvider[],
  rules: ReferralRules,
  signal: AbortSignal,
): Promise<number> {
  const due = await db.batch((tx) => findDue(tx, AT_ONCE_MAX));
  let granted = 0;
  for (const id of due) {
    if (signal.aborted) break;
    const step = await db.batch((tx) => judge(tx, rules, id));
    if (step === null) continue;
    const own = await usesOneInstrument(db, providers, step.referrer, step.payment);
    // Not known: asked again tomorrow.
    if (own === null) await db.batch((tx) => lookLater(tx, id, 1));
    else if (await db.batch((tx) => conclude(tx, rules, id, own))) granted += 1;
  }
  return granted;
}

interface Step {
  readonly referrer: string;
  readonly payment: { readonly provider: string; readonly settlement_id: string | null };
}

/** What is left to find out of a referral; null when it is over or has to wait. */
async function judge(tx: Tx, rules: ReferralRules, id: string): Promise<Step | null> {
  const referral = await findReferral(tx, id);
  if (referral?.state !== 'named') return null;
  const payment = await findFirstPayment(tx, referral.referred_workspace_id, rules.afterDays);
  if (payment?.aged) return { referrer: referral.referrer_workspace_id, payment };
  if (payment === undefined && (await isLapsed(tx, id, LAPSES_DAYS))) {
    await updateReferral(tx, id, { state: 'refused' });
  } else await lookLater(tx, id, 1);
  return null;
}

/** Whether both paid with one card or account. The providers say; nothing of it is kept. Null when they do not answer. */
async function usesOneInstrument(
  db: Database,
  providers: readonly PaymentProvider[],
  referrer: string,
  payment: Step['payment'],
): Promise<boolean | null> {
  const instrumentOf = async ({ provider: feed, settlement_id: settlementId }: Step['payment']) => {
    const provider = providers.find((each) => each.feed === feed);
    if (provider === undefined || settlementId === null) return null;
    const found = await provider.instrumentOf(settlementId);
    return found.outcome === 'unknown' ? undefined : found.instrument;
  };
  const own = await instrumentOf(payment);
  if (own === undefined) return null;
  if (own === null) return false;
  const theirs = await db.batch((tx) => findLatestSettlements(tx, referrer, COMPARED_MAX));
  for (const each of theirs.filter(({ provider }) => provider === payment.provider)) {
    const other = await instrumentOf(each);
    if (other === undefined) return null;
    if (other === own) return true;
  }
  return false;
}

/** Gives the bonus to both, or ends the referral; whether it was given. Once for each. */
async function conclude(tx: Tx, rules: ReferralRules, id: string, ownInstrument: boolean): Promise<boolean> {
  const found = await findReferral(tx, id);
  if (found === undefined) return false;
  const { referred_workspace_id: referred, referrer_workspace_id: referrer } = found;
  const wallets = await lockWallets(tx, [referrer, referred]);
  const referral = await lockReferral(tx, id);
  if (referral?.state !== 'named') return false;
  const payment = await findFirstPayment(tx, referred, rules.afterDays);
  const mayHave =
    !ownInstrument &&
    payment?.aged === true &&
    !payment.gone &&
    wallets.length === 2 &&
    (await isWorkspaceOpen(tx, referrer)) &&
    (await isWorkspaceOpen(tx, referred)) &&
    !(await shareAPerson(tx, referrer, referred)) &&
    (await countGranted(tx, referrer, GRANTED_MAX)) < GRANTED_MAX;
  if (!mayHave) {
    await updateReferral(tx, id, { state: 'refused' });
    return false;
  }
  const give = async (workspaceId: string): Promise<bigint> => {
    const wallet = wallets.find((each) => each.workspaceId === workspaceId)!;
    const micros = rules.bonusMicros.get(wallet.currency) ?? 0n;
    if (micros === 0n || !fits(wallet, micros)) return 0n;
    const posted = await grantBonus(tx, {
      workspaceId,
      amountMicros: micros,
      currency: wallet.currency,
      key: `referral:${id}`,
      reason: 'referral',
      reference: id,
    });
    assertInvariant(posted.outcome === 'posted', 'a referral is booked once');
    return micros;
  };
  const change = { referred_bonus: await give(referred), referrer_bonus: await give(referrer) };
  await updateReferral(tx, id, { state: 'granted', payment_id: payment.id, ...change });
  return true;
}

const fits = ({ availableMicros, heldMicros, bonusMicros }: Wallet, micros: bigint): boolean =>
  availableMicros + heldMicros + bonusMicros + micros <= BALANCE_MICROS_MAX;

/** Takes back what is unspent of a bonus whose payment went back. Needs a transaction; may be repeated. */
export async function takeReferralBack(tx: Tx, id: string): Promise<void> {
  const found = await findReferral(tx, id);
  if (found === undefined) return;
  const { referred_workspace_id: referred, referrer_workspace_id: referrer } = found;
  const wallets = await lockWallets(tx, [referrer, referred]);
  const referral = await lockReferral(tx, id);
  if (referral?.state !== 'granted') return;
  for (const wallet of wallets) await takeBonus(tx, referral, wallet);
  await updateReferral(tx, id, { state: 'taken_back' });
}

async function takeBonus(tx: Tx, referral: ReferralRow, wallet: Wallet): Promise<void> {
  const { workspaceId, currency, bonusMicros } = wallet;
  const given =
    workspaceId === referral.referred_workspace_id ? referral.referred_bonus : referral.referrer_bonus;
  const micros = smallerOf(given, bonusMicros);
  if (micros <= 0n) return;
  const posted = await post(tx, {
    key: `referral_undone:${referral.id}`,
    kind: 'adjustment',
    workspaceId,
    currency,
    reason: 'referral_undone',
    reference: referral.id,
    entries: [
      { account: 'bonus', workspaceId, amountMicros: -micros },
      { account: 'bonus_granted', amountMicros: micros },
    ],
  });
  assertInvariant(posted.outcome === 'posted', 'what is taken was decided under the lock of the wallet');
}

/** Math.min takes no bigint. */
function smallerOf(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}
