// The list that a sweep draws its order from.
import type { Scenario } from './scenario.ts';
import { badCarrier } from './scenarios/bad-carrier.ts';
import { killAnywhen } from './scenarios/kill-anywhen.ts';
import { killDatabase } from './scenarios/kill-database.ts';
import { killAtEveryPoint } from './scenarios/kill-points.ts';
import { fullWindowLost, lostLinks } from './scenarios/lost-links.ts';
import { oddReceipts } from './scenarios/odd-receipts.ts';
import { sameKey } from './scenarios/same-key.ts';
import { stoppedSender, stoppedUnanswered } from './scenarios/stopped-sender.ts';

export const EVERY_SCENARIO: readonly Scenario[] = [
  killAtEveryPoint,
  killAnywhen,
  killDatabase,
  lostLinks,
  fullWindowLost,
  badCarrier,
  oddReceipts,
  sameKey,
  stoppedSender,
  stoppedUnanswered,
];
