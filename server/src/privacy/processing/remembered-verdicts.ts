// Verdicts in memory, for uses that happen with every request: whether somebody's data may be used for a purpose, or
// passed on for it. One that is older than REMEMBERED_MS_MAX is asked anew, so a withdrawal counts everywhere after that
// time, and at once in the process that recorded it (`forget`).
import { monotonicMs } from '#platform/clock';
import type { Database } from '#platform/database';
import type { Purpose } from '../map/purposes.ts';
import type { Processing } from './processing.ts';
import type { ProcessingSubject } from './subject.ts';
import type { Verdict } from './verdict.ts';

export interface RememberedVerdicts {
  /** Whether it may be used. Rejects when that cannot be known, and nobody may take that for a yes. */
  mayProcess(subject: ProcessingSubject, purpose: Purpose): Promise<boolean>;
  /** Whether it may be passed on to somebody else. Rejects as the other does. */
  mayShare(subject: ProcessingSubject, purpose: Purpose): Promise<boolean>;
  /** Lets go of all, for the process that has just recorded a decision. */
  forget(): void;
}

export interface RememberedVerdictsOptions {
  readonly db: Database;
  readonly processing: Pick<Processing, 'mayProcess' | 'mayShare'>;
  readonly nowMs?: () => number;
}

export const REMEMBERED_MS_MAX = 2_000;
/** The oldest leaves; whoever is asked about again is read again. */
const VERDICTS_MAX = 10_000;

interface Remembered {
  readonly isAllowed: Promise<boolean>;
  /** Before the statement: what was committed after its snapshot is not in it. */
  readonly askedAtMs: number;
}

export function rememberVerdicts({
  db,
  processing,
  nowMs = monotonicMs,
}: RememberedVerdictsOptions): RememberedVerdicts {
  const known = new Map<string, Remembered>();

  const remembered =
    (use: 'mayProcess' | 'mayShare') =>
    (subject: ProcessingSubject, purpose: Purpose): Promise<boolean> => {
      const key = `${use} ${subject.kind} ${subject.id} ${purpose}`;
      const found = known.get(key);
      if (found && nowMs() - found.askedAtMs <= REMEMBERED_MS_MAX) return found.isAllowed;
      known.delete(key);
      const [oldest] = known.keys();
      if (known.size >= VERDICTS_MAX && oldest !== undefined) known.delete(oldest);
      const askedAtMs = nowMs();
      const isAllowed = db
        .batch((tx): Promise<Verdict> => processing[use](tx, subject, purpose))
        .then((verdict) => verdict === 'allowed');
      const asked = { isAllowed, askedAtMs };
      known.set(key, asked);
      isAllowed.catch(() => {
        if (known.get(key) === asked) known.delete(key);
      });
      return isAllowed;
    };

  return {
    mayProcess: remembered('mayProcess'),
    mayShare: remembered('mayShare'),
    forget: () => known.clear(),
  };
}
