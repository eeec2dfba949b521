// Obligations of `retention`, `account` and `backups`: ends of things. A worker deletes and a probe looks, so all
// of it is verified.
import type { Obligation, Policy } from '../model.ts';
import { CATEGORY_KEYS, type Category } from '../vocabulary/categories.ts';
import { RETENTION_KEY_NAMES, type RetentionKey } from '../vocabulary/retention.ts';
import { boundOf } from './messages.ts';

export function keepingObligations(policy: Policy): readonly Obligation[] {
  return [...retention(policy), ...account(policy), ...backups(policy)];
}

/** The categories that a rule bounds. */
export function categoriesUnder(policy: Policy, key: RetentionKey): readonly Category[] {
  return CATEGORY_KEYS.filter((category) => {
    const said = policy.data[category];
    return said && said.collect !== 'never' && said.retention.includes(key);
  });
}

function* retention(policy: Policy): Generator<Obligation> {
  for (const key of RETENTION_KEY_NAMES) {
    const rule = policy.retention[key];
    if (!rule) continue;
    yield {
      kind: 'BOUND',
      id: `bound:${key}`,
      path: `retention.${key}`,
      assurance: 'verified',
      what: { type: 'retention', key, categories: categoriesUnder(policy, key) },
      ...boundOf(rule),
    };
  }
}

function* account({
  account: { identity, inactivity, deletion, subscriptions },
}: Policy): Generator<Obligation> {
  yield {
    kind: 'REQUIRE',
    id: 'require:identity',
    path: 'account.identity',
    assurance: 'enforced',
    capability: { type: 'identity', identity },
  };
  yield {
    kind: 'BOUND',
    id: 'bound:inactivity',
    path: 'account.inactivity',
    assurance: 'verified',
    what: { type: 'inactivity', notify: inactivity.notify },
    duration: inactivity.after,
    from: 'last_activity',
    then: inactivity.action,
  };
  yield {
    kind: 'DEADLINE',
    id: 'deadline:deletion',
    path: 'account.deletion.complete_within',
    assurance: 'verified',
    event: 'deletion_requested',
    within: deletion.complete_within,
    calendar: 'every_day',
  };
  if (deletion.self_service) {
    yield {
      kind: 'REQUIRE',
      id: 'require:self_service_deletion',
      path: 'account.deletion.self_service',
      assurance: 'enforced',
      capability: { type: 'self_service_deletion' },
    };
  }
  yield {
    kind: 'REQUIRE',
    id: 'require:balance_on_deletion',
    path: 'account.deletion.balance',
    assurance: 'enforced',
    capability: { type: 'balance_on_deletion', balance: deletion.balance },
  };
  yield {
    kind: 'REQUIRE',
    id: 'require:kept_after_deletion',
    path: 'account.deletion.keep',
    assurance: 'verified',
    capability: { type: 'kept_after_deletion', keys: deletion.keep },
  };
  if (subscriptions) {
    yield {
      kind: 'DEADLINE',
      id: 'deadline:cancellation',
      path: 'account.subscriptions.cancel_before',
      assurance: 'enforced',
      event: 'subscription_cancelled',
      within: subscriptions.cancel_before,
      calendar: 'every_day',
    };
  }
}

function* backups({ backups: said }: Policy): Generator<Obligation> {
  yield {
    kind: 'BOUND',
    id: 'bound:backup',
    path: 'backups.max_age',
    assurance: 'verified',
    what: { type: 'backup' },
    duration: said.max_age,
    from: 'created',
    then: 'erase',
  };
  yield {
    kind: 'BOUND',
    id: 'bound:key_backup',
    path: 'backups.key_max_age',
    assurance: 'verified',
    what: { type: 'key_backup' },
    duration: said.key_max_age,
    from: 'created',
    then: 'erase',
  };
  if (said.encrypted) {
    yield {
      kind: 'REQUIRE',
      id: 'require:backups_encrypted',
      path: 'backups.encrypted',
      assurance: 'verified',
      capability: { type: 'backups_encrypted' },
    };
  }
  if (said.key_custody === 'separate') {
    yield {
      kind: 'PROHIBIT',
      id: 'prohibit:keys_in_backups',
      path: 'backups.key_custody',
      assurance: 'verified',
      what: { type: 'keys_in_backups' },
    };
  }
  yield {
    kind: 'REQUIRE',
    id: 'require:restore_replays_erasures',
    path: 'backups.restore',
    assurance: 'enforced',
    capability: { type: 'restore_replays_erasures' },
  };
  yield {
    kind: 'DEADLINE',
    id: 'deadline:backup_drill',
    path: 'backups.drill_every',
    assurance: 'verified',
    event: 'backup_drill',
    within: said.drill_every,
    calendar: 'every_day',
  };
}
