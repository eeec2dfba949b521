// How long things last here against how long the policy says.
import { mayExceed } from '../duration.ts';
import type { Direction, IsoDuration, Policy } from '../model.ts';
import { boundOf } from '../obligations/messages.ts';
import { RETENTION_KEYS, type RetentionKey } from '../vocabulary/retention.ts';
import type { ColumnFact } from './facts.ts';
import { isLive } from './live.ts';
import { counted, listed, type Objection, type Rule } from './refusal.ts';

/** E-RET-LONGER: a rule is longer here than in the policy, or ends nothing at all. */
export const retention: Rule = function* (context) {
  const { policy, facts } = context;
  const live = facts.columns.filter((column) => isLive(context, column));
  const used = new Set(live.map((column) => column.retention));
  for (const key of Object.keys(RETENTION_KEYS) as RetentionKey[]) {
    const rule = policy.retention[key];
    const here = facts.config.retention[key];
    if (!rule) {
      if (used.has(key) && here === undefined)
        yield endless(key, facts.columns.filter((c) => c.retention === key).length);
      else if (used.has(key)) yield unsaid(key, here!);
      continue;
    }
    const { duration } = boundOf(rule);
    if (here !== undefined && mayExceed(here, duration)) {
      yield {
        code: 'E-RET-LONGER',
        promise: `bound:${key}`,
        fact: `The setting of the rule ${key} is ${here}.`,
        waysOut: [
          `Set it to ${duration} or less.`,
          `Write ${here} in retention.${key}.`,
          'What is older ends with the next run.',
        ],
      };
    } else if (here === undefined && used.has(key)) {
      yield {
        code: 'E-RET-LONGER',
        promise: `bound:${key}`,
        fact: `Nothing here ends what is under the rule ${key}.`,
        waysOut: [
          `Set the rule to ${duration} or less.`,
          'Promise nothing about what is not ended.',
          'Switch on the worker of this rule.',
        ],
      };
    }
  }
  yield* disposals(policy, live);
  yield* elsewhere(policy, live);
};

const endless = (key: RetentionKey, columns: number): Objection => ({
  code: 'E-RET-LONGER',
  promise: `bound:${key}`,
  silence: 'We keep nothing without a limit.',
  fact: `Columns under the rule ${key}, which neither the policy nor the settings know: ${columns}.`,
  waysOut: [
    `Set the rule ${key}.`,
    `Add retention.${key} to the policy.`,
    'Put the columns under another rule.',
  ],
});

const unsaid = (key: RetentionKey, here: IsoDuration): Objection => ({
  code: 'E-RET-LONGER',
  promise: `bound:${key}`,
  silence: 'We keep nothing longer than this policy says.',
  fact: `The rule ${key} keeps for ${here}, and the policy does not have it.`,
  waysOut: [
    'Switch off what is kept under it.',
    `Add retention.${key} to the policy.`,
    'Put the columns under another rule.',
  ],
});

/** A column that only loses its name does not keep a promise that it goes. */
function* disposals(policy: Policy, columns: readonly ColumnFact[]): Generator<Objection> {
  const gone = (then: string) => then === 'erase' || then === 'shred';
  for (const [key, under] of Map.groupBy(columns, (column) => column.retention)) {
    const rule = policy.retention[key];
    if (!rule || !gone(rule.then)) continue;
    const left = under.filter((column) => !gone(column.dispose));
    if (left.length === 0) continue;
    yield {
      code: 'E-RET-LONGER',
      promise: `bound:${key}`,
      fact: `Columns that only lose what identifies: ${counted(left.map((c) => `${c.table}.${c.column}`))}.`,
      waysOut: [
        'Switch off what writes them.',
        `Write "then: anonymise" in retention.${key}.`,
        'Let the columns be erased by their tags.',
      ],
    };
  }
}

/** A column under a rule that its category does not name is kept for another time than the page says. */
function* elsewhere(policy: Policy, columns: readonly ColumnFact[]): Generator<Objection> {
  for (const [category, under] of Map.groupBy(columns, (column) => column.category)) {
    const said = policy.data[category];
    if (!said || said.collect === 'never' || category === 'system.operations') continue;
    const other = under.filter((column) => !said.retention.includes(column.retention));
    if (other.length === 0) continue;
    const rules = [...new Set(other.map((column) => column.retention))];
    yield {
      code: 'E-RET-LONGER',
      promise: `limit:${category}`,
      fact: `Columns under ${listed(rules)}: ${counted(other.map((c) => `${c.table}.${c.column}`))}.`,
      waysOut: [
        'Switch off what writes them.',
        `Add ${rules.join(', ')} to data.${category}.retention.`,
        'Put the columns under a rule of the policy.',
      ],
    };
  }
}

/** E-BODY-STORE: texts kept although none are, longer than promised, or where none belong. */
export const bodies: Rule = function* ({ policy, facts }) {
  for (const direction of ['inbound', 'outbound'] satisfies Direction[]) {
    const { store, ceiling } = policy.messages[direction].body;
    const here = facts.config.contentStored[direction];
    if (here === undefined) continue;
    const longest = store === 'none' ? undefined : (ceiling ?? store);
    if (longest !== undefined && !mayExceed(here, longest)) continue;
    yield {
      code: 'E-BODY-STORE',
      promise: longest === undefined ? `prohibit:body:${direction}` : `bound:body:${direction}`,
      fact: `The setting stores ${direction} texts for ${here}.`,
      waysOut: [
        longest === undefined ? 'Set the storage to none.' : `Set the storage to ${longest} or less.`,
        `Write ${here} in messages.${direction}.body.store.`,
        'Erase the texts stored so far.',
      ],
    };
  }
  if (!facts.config.logBodies) return;
  const silent = policy.messages.inbound.body.store === 'none';
  yield {
    code: 'E-BODY-STORE',
    promise: silent ? 'prohibit:body:inbound' : 'limit:body:inbound',
    fact: 'A log, queue, trace or dead letter is set to carry texts.',
    waysOut: ['Switch that setting off.', 'No policy permits it.', 'Erase the logs written so far.'],
  };
};

/** E-BACKUP-OVERHANG: a backup outlives what is promised about the end of its content. */
export const backups: Rule = function* ({ policy, facts }) {
  const { databaseBackupMaxAge, keyBackupMaxAge } = facts.config;
  const overhang = (
    here: IsoDuration | undefined,
    promised: IsoDuration,
    promise: string,
    what: string,
  ): Objection | undefined =>
    here !== undefined && mayExceed(here, promised)
      ? {
          code: 'E-BACKUP-OVERHANG',
          promise,
          fact: `Backups of ${what} are kept for ${here}.`,
          waysOut: [
            `Keep them for ${promised} or less.`,
            `Write ${here} in the section "backups".`,
            'Destroy the older ones.',
          ],
        }
      : undefined;
  const found = [
    overhang(databaseBackupMaxAge, policy.backups.max_age, 'bound:backup', 'the database'),
    overhang(keyBackupMaxAge, policy.backups.key_max_age, 'bound:key_backup', 'the keys'),
    ...overdue(policy, facts.columns, databaseBackupMaxAge),
  ];
  yield* found.filter((each) => each !== undefined);
};

/** What is promised gone within a time, and stands in clear in backups that are older. */
function* overdue(
  policy: Policy,
  columns: readonly ColumnFact[],
  backupAge: IsoDuration | undefined,
): Generator<Objection> {
  const within = policy.account.deletion.complete_within;
  if (backupAge === undefined || !mayExceed(backupAge, within)) return;
  const clear = columns.filter(
    (column) =>
      column.protection === 'clear' &&
      column.category !== 'system.operations' &&
      !policy.account.deletion.keep.includes(column.retention),
  );
  if (clear.length === 0) return;
  yield {
    code: 'E-BACKUP-OVERHANG',
    promise: 'deadline:deletion',
    fact: `Columns in clear in backups that are kept ${backupAge}: ${clear.length}.`,
    waysOut: [
      `Keep backups for ${within} or less.`,
      'Promise a later completion in account.deletion.complete_within.',
      `Seal these columns: ${listed(clear.map((c) => `${c.table}.${c.column}`))}.`,
    ],
  };
}

/** E-KEY-CUSTODY: keys in the backups of what they seal. */
export const keyCustody: Rule = function* ({ policy, facts }) {
  if (policy.backups.key_custody !== 'separate' || !facts.config.keysInsideBackup) return;
  yield {
    code: 'E-KEY-CUSTODY',
    promise: 'prohibit:keys_in_backups',
    fact: 'The key store lies inside what the backups of the database copy.',
    waysOut: [
      'Move the key store out of the data directory, or name another cluster for it.',
      'Write "key_custody: same"; then nothing can end by "shred".',
      'Destroy the backups that hold keys.',
    ],
  };
};
