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
import { isNoticeKnown } from './notice.sql.ts';
import type { Fact, Feed, NoticeReader, PaymentProvider } from './port.ts';
import { type NoticeOutcome, type Told, takeTogether } from './take-together.ts';

const FEEDS: readonly Feed[] = ['stripe', 'btcpay', 'revenuecat'];

const noticesCounted = counter({
  name: 'sotto_payments_notices_total',
  help: 'Notices of payment providers, by what became of them',
  labels: {
    feed: FEEDS,
    outcome: ['applied', 'repeated', 'ignored', 'kept', 'signature', 'stale', 'malformed', 'environment'],
  },
});

export interface NoticeTaker {
  /**
   * Takes a notice. Throws `notice_refused` for one that is not the provider's, too old, unreadable or of another
   * environment, and `unavailable` when the provider has to be asked and does not answer: it sends it again. May be
   * repeated.
   */
  take(reader: NoticeReader | PaymentProvider, signed: SignedBody): Promise<NoticeOutcome>;
}

/** Notices in one transaction; a wallet that many of them are about is locked once for all. */
const TOGETHER_MAX = 32;

interface Waiting {
  readonly told: Told;
  readonly settle: (outcome: NoticeOutcome) => void;
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
      const reading = reader.read(signed, alignedNowMs());
      if (reading.outcome === 'refused') {
        noticesCounted.add(1, { feed, outcome: reading.fault });
        log.warn('payments.notice_refused', { kind: word(feed), reason: word(reading.fault) });
        throw new AppError('notice_refused');
      }
      const { noticeId, provider, lookUp } = reading;
      const isRepeated = lookUp !== null && (await db.batch((tx) => isNoticeKnown(tx, feed, noticeId)));
      if (isRepeated) return counted(feed, 'repeated');
      const facts = lookUp === null ? reading.facts : await factsAt(reader, lookUp);
      const told = { feed, noticeId, provider, facts };
      const outcome = await new Promise<NoticeOutcome>((settle, fail) => lane.push({ told, settle, fail }));
      return counted(feed, outcome);
    },
  };
}

function counted(feed: Feed, outcome: NoticeOutcome): NoticeOutcome {
  noticesCounted.add(1, { feed, outcome });
  return outcome;
}

async function factsAt(reader: NoticeReader | PaymentProvider, externalId: string): Promise<readonly Fact[]> {
  const found = 'find' in reader ? await reader.find(externalId) : { outcome: 'unknown' as const };
  if (found.outcome === 'found') return found.facts;
  throw new AppError('unavailable', { retryable: true, retryAfterSeconds: 30 });
}
