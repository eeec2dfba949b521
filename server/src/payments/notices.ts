// A notice, from its octets to its effect: read and proved without the database, looked up at the provider where it does
// not tell enough, applied in one transaction together with its id. The notice itself is kept nowhere.
import { alignedNowMs } from '#platform/clock';
import type { Database, Ending, Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { newId } from '#platform/ids';
import { type Log, word } from '#platform/log';
import { counter } from '#platform/metrics';
import type { SignedBody } from '#platform/route';
import { applyFact, type Effect } from './apply-fact.ts';
import { insertNotice, isNoticeKnown } from './notice.sql.ts';
import type { Fact, Feed, NoticeReader, PaymentProvider, Provider, Store } from './port.ts';

export type NoticeOutcome = Effect['outcome'];

const FEEDS: readonly Feed[] = ['stripe', 'btcpay', 'revenuecat', 'app_store', 'play_store'];

const noticesCounted = counter({
  name: 'sotto_payments_notices_total',
  help: 'Notices of payment providers, by what became of them',
  labels: {
    feed: FEEDS,
    outcome: [
      'applied',
      'repeated',
      'ignored',
      'kept',
      'signature',
      'stale',
      'malformed',
      'environment',
      'audience',
      'test',
    ],
  },
});

const unownedCounted = counter({
  name: 'sotto_payments_unowned_purchases_total',
  help: 'Purchases in stores that were told of and are no workspace’s here',
  labels: { feed: FEEDS },
});

export interface NoticeTaker {
  readonly db: Database;
  readonly log: Log;
}

type Reader = NoticeReader | PaymentProvider | Store;

/**
 * Takes a notice. Throws `notice_refused` for one that is not the provider's, too old, unreadable or of another
 * environment, and `unavailable` when the provider has to be asked and does not answer: it sends it again. May be
 * repeated.
 */
export async function takeNotice(
  { db, log }: NoticeTaker,
  reader: Reader,
  signed: SignedBody,
): Promise<NoticeOutcome> {
  const { feed } = reader;
  const reading = await reader.read(signed, alignedNowMs());
  if (reading.outcome === 'unknown') throw notNow();
  if (reading.outcome === 'refused') {
    noticesCounted.add(1, { feed, outcome: reading.fault });
    log.warn('payments.notice_refused', { kind: word(feed), reason: word(reading.fault) });
    throw new AppError('notice_refused');
  }
  const { noticeId, provider, lookUp } = reading;
  const isRepeated = lookUp !== null && (await db.batch((tx) => isNoticeKnown(tx, feed, noticeId)));
  if (isRepeated) return counted(feed, 'repeated');
  const facts = lookUp === null ? reading.facts : await factsAt(reader, lookUp);
  const { outcome, unowned } = await db.batchEnding((tx) =>
    take(tx, { feed, noticeId, provider, facts: facts ?? [] }),
  );
  if (unowned > 0) unownedCounted.add(unowned, { feed });
  if (facts !== null) return counted(feed, outcome);
  // The store tells of purchases of its testers like of any others: it is no fault of the sender's.
  noticesCounted.add(1, { feed, outcome: 'test' });
  log.warn('payments.test_purchase_ignored', { kind: word(feed) });
  return outcome;
}

function counted(feed: Feed, outcome: NoticeOutcome): NoticeOutcome {
  noticesCounted.add(1, { feed, outcome });
  return outcome;
}

/** What a notice names, read at the provider; null for what was bought with no money. */
async function factsAt(reader: Reader, named: string): Promise<readonly Fact[] | null> {
  const found = 'find' in reader ? await reader.find(named) : { outcome: 'unknown' as const };
  if (found.outcome === 'unknown') throw notNow();
  return found.outcome === 'found' ? found.facts : null;
}

const notNow = () => new AppError('unavailable', { retryable: true, retryAfterSeconds: 30 });

interface Told {
  readonly feed: Feed;
  readonly noticeId: string;
  readonly provider: Provider;
  readonly facts: readonly Fact[];
}

interface Taken {
  readonly outcome: NoticeOutcome;
  /** Purchases among what it told that are nobody's here. */
  readonly unowned: number;
}

/**
 * What it says is applied whether or not its id is new: facts bear repetition by themselves. The id goes out with COMMIT,
 * so that the locks end one round trip sooner.
 */
async function take(tx: Tx, { feed, noticeId, provider, facts }: Told): Promise<Ending<Taken>> {
  if (await isNoticeKnown(tx, feed, noticeId))
    return { value: { outcome: 'repeated', unowned: 0 }, writes: [] };
  const effects: Effect[] = [];
  for (const fact of facts) effects.push(await applyFact(tx, provider, fact));
  const outcome = strongest(effects);
  const unowned = facts.filter(
    ({ kind }, at) => kind === 'purchased' && effects[at]?.outcome === 'ignored',
  ).length;
  const noted = insertNotice(tx, {
    id: newId(),
    feed,
    notice_id: noticeId,
    payment_id: effects.find(({ paymentId }) => paymentId !== null)?.paymentId ?? null,
    outcome: outcome === 'repeated' ? 'ignored' : outcome,
  });
  return { value: { outcome, unowned }, writes: [noted] };
}

const ORDER: readonly NoticeOutcome[] = ['applied', 'kept', 'repeated', 'ignored'];

const strongest = (effects: readonly Effect[]): NoticeOutcome =>
  ORDER.find((outcome) => effects.some((effect) => effect.outcome === outcome)) ?? 'ignored';
