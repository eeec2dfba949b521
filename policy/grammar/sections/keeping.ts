// `retention`, `account` and `backups`: how long things last, and how they end.
import type { Account, Backups, RetentionFor, RetentionRule, RetentionUntil } from '../../model.ts';
import { BALANCE_OUTCOMES, IDENTITIES } from '../../vocabulary/people.ts';
import { DISPOSALS, RETENTION_EVENTS, RETENTION_KEY_NAMES } from '../../vocabulary/retention.ts';
import { KEY_CUSTODIES } from '../../vocabulary/security.ts';
import { duration, keepingTime } from '../formats.ts';
import { list } from '../list.ts';
import { map, optional, required } from '../map.ts';
import { dependingOn, type Reader } from '../reader.ts';
import { record } from '../record.ts';
import { boolean, choice, exactly } from '../values.ts';

const forDuration: Reader<RetentionRule> = map<RetentionFor>({
  for: required(keepingTime, {
    code: 'E-RET-UNBOUNDED',
    hint: 'Add "for" with a duration, or "until" with an event and a "ceiling".',
  }),
  from: required(choice(RETENTION_EVENTS)),
  then: required(choice(DISPOSALS)),
  hold: optional(exactly('legal_hold')),
});

const untilEvent: Reader<RetentionRule> = map<RetentionUntil>({
  until: required(choice(RETENTION_EVENTS)),
  ceiling: required(keepingTime, {
    code: 'E-RET-UNBOUNDED',
    hint: 'Add "ceiling": the longest it is kept when the event does not come.',
  }),
  then: required(choice(DISPOSALS)),
  hold: optional(exactly('legal_hold')),
});

export const retention = record(
  RETENTION_KEY_NAMES,
  dependingOn<RetentionRule>('a map with "for" or "until"', (node) =>
    node.kind === 'map' && node.entries.has('until') ? untilEvent : forDuration,
  ),
);

export const account = map<Account>({
  identity: required(list(choice(IDENTITIES), IDENTITIES.length, 1)),
  inactivity: required(
    map<Account['inactivity']>({
      after: required(keepingTime),
      notify: required(list(duration, 5)),
      action: required(choice(DISPOSALS)),
    }),
    { code: 'E-RET-UNBOUNDED', hint: 'Say after how long an unused account ends: {after, notify, action}.' },
  ),
  deletion: required(
    map<Account['deletion']>({
      self_service: required(boolean),
      complete_within: required(duration),
      balance: required(choice(BALANCE_OUTCOMES)),
      keep: required(list(choice(RETENTION_KEY_NAMES), RETENTION_KEY_NAMES.length)),
    }),
  ),
  subscriptions: optional(map<NonNullable<Account['subscriptions']>>({ cancel_before: required(duration) })),
});

export const backups = map<Backups>({
  max_age: required(keepingTime),
  key_max_age: required(keepingTime),
  encrypted: required(boolean),
  key_custody: required(choice(KEY_CUSTODIES)),
  restore: required(exactly('replay_erasures')),
  drill_every: required(duration),
});
