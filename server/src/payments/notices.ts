// A notice, from its octets to its effect: read and proved without the database, looked up at the provider where it does
// not tell enough, applied in one transaction together with its id, and with the notices that came meanwhile. The notice
// itself is kept nowhere.
import { alignedNowMs } from '#platform/clock';
import type { Database } from '#platform/database';
import { AppError } from '#platform/errors';
import { createLane } from '#platform/lane';
import { type Log, word } from '#platform/log';
import { counter } from '#platform/metrics';
import type { SignedBody } from '#platform/route';
import { knownNotices } from './notice.sql.ts';
import type { Fact, Feed, NoticeReader, PaymentProvider, Store } from './port.ts';
import { type NoticeOutcome, type Taken, type Told, takeTogether } from './take-together.ts';

type Reader = NoticeReader | PaymentProvider | Store;

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
  /**
   * Takes a notice. Throws `notice_refused` for one that is not the provider's, too old, unreadable or of another
   * environment, and `unavailable` when the provider has to be asked and does not answer: it sends it again. May be
   * repeated.
   */
  take(reader: Reader, signed: SignedBody): Promise<NoticeOutcome>;
}

/** Notices in one transaction; a wallet that many of them are about is locked once for all. */
const TOGETHER_MAX = 32;

interface Waiting {
  readonly told: Told;
  readonly settle: (taken: Taken) => void;
  readonly fail: (error: unknown) => void;
}

export function createNoticeTaker({ db, log }: { readonly db: Database; readonly log: Log }): NoticeTaker {
  const lane = createLane<Waiting>(flush, { weightMax: TOGETHER_MAX });

  /** One that cannot be taken costs the others only their company: each is then taken alone, and fails alone. */
  async function flush(waiting: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await db.batchEnding((tx) =>
        takeTogether(
          tx,
          waiting.map(({ told }) => told),
        ),
      );
      for (const [at, { settle }] of waiting.entries()) settle(outcomes[at]!);
    } catch (error) {
      if (waiting.length === 1) waiting[0]!.fail(error);
      else await Promise.all(waiting.map((each) => flush([each])));
    }
  }

  return {
    async take(reader, signed) {
      const { feed } = reader;
      const reading = await reader.read(signed, alignedNowMs());
      if (reading.outcome === 'unknown') throw notNow();
      if (reading.outcome === 'refused') {
        noticesCounted.add(1, { feed, outcome: reading.fault });
        log.warn('payments.notice_refused', { kind: word(feed), reason: word(reading.fault) });
        throw new AppError('notice_refused');
      }
      const { noticeId, provider, lookUp } = reading;
      // Not asked of the provider again where it was taken before.
      const known = lookUp === null ? [] : await db.batch((tx) => knownNotices(tx, [{ feed, noticeId }]));
      if (known.length > 0) return counted(feed, 'repeated');
      const facts = lookUp === null ? reading.facts : await factsAt(reader, lookUp);
      const told = { feed, noticeId, provider, facts: facts ?? [] };
      const { outcome, unowned } = await new Promise<Taken>((settle, fail) =>
        lane.push({ told, settle, fail }),
      );
      if (unowned > 0) unownedCounted.add(unowned, { feed });
      if (facts !== null) return counted(feed, outcome);
      // The store tells of purchases of its testers like of any others: it is no fault of the sender's.
      noticesCounted.add(1, { feed, outcome: 'test' });
      log.warn('payments.test_purchase_ignored', { kind: word(feed) });
      return outcome;
    },
  };
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
