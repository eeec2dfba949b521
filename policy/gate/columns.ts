// What the database holds against what the policy says is held.
import { isHeld } from '../checks/held.ts';
import { CATEGORIES, type Category, isWithin } from '../vocabulary/categories.ts';
import { FEATURES } from '../vocabulary/features.ts';
import type { ColumnFact } from './facts.ts';
import { isLive } from './live.ts';
import { counted, listed, type Rule } from './refusal.ts';

const nameOf = ({ table, column }: ColumnFact): string => `${table}.${column}`;
const means = (category: Category): string => CATEGORIES[category].means;

/** Machinery is about nobody: a policy need not list it. */
const concernsSomebody = ({ category }: ColumnFact): boolean => category !== 'system.operations';

function byCategory(columns: readonly ColumnFact[]): ReadonlyMap<Category, readonly ColumnFact[]> {
  return Map.groupBy(columns, ({ category }) => category);
}

/** E-UNDECLARED: a category that is written and not listed. */
export const undeclared: Rule = function* (context) {
  const { policy, facts } = context;
  const open = facts.columns.filter(
    (column) =>
      concernsSomebody(column) && policy.data[column.category] === undefined && isLive(context, column),
  );
  for (const [category, columns] of byCategory(open)) {
    const feature = columns.find((column) => column.feature)?.feature;
    yield {
      code: 'E-UNDECLARED',
      promise: `limit:${category}`,
      silence: 'We hold only what this policy lists.',
      fact: `${category} (${means(category)}) is written and not listed; columns: ${counted(columns.map(nameOf))}.`,
      waysOut: [
        feature ? `Switch off the feature ${feature}.` : 'Switch off what writes it.',
        `Add data.${category} to the policy.`,
        'Remove the columns by a migration.',
      ],
    };
  }
};

/** E-OVERDECLARED: a category that is listed and that nothing holds; the page says more than is true. */
export const overdeclared: Rule = function* ({ policy, facts, isOn }) {
  for (const category of Object.keys(policy.data) as Category[]) {
    if (!isHeld(policy, category) || facts.columns.some((column) => isWithin(column.category, category)))
      continue;
    // A one-time code is part of a text and has no column of its own.
    if (category === 'user.content.private.otp_code' && facts.columns.some(isText)) continue;
    const waiting = Object.entries(FEATURES).find(
      ([feature, { needs }]) => !isOn(feature) && (needs as readonly Category[]).includes(category),
    );
    yield {
      code: 'E-OVERDECLARED',
      ...(policy.policy.strictness === 'refuse' ? {} : { severity: 'warn' as const }),
      promise: `limit:${category}`,
      fact: `No column holds ${category}${waiting ? `; the feature ${waiting[0]} is off` : ''}.`,
      waysOut: [
        waiting
          ? `Switch on the feature ${waiting[0]}.`
          : 'Write "strictness: degrade", and accept the warning.',
        `Remove data.${category}, or promise it never.`,
        'Nothing has to be migrated.',
      ],
    };
  }
};

const isText = ({ category }: ColumnFact): boolean => category === 'user.content.private.sms_body';

/** E-NEVER-COLUMN, E-NEVER-PRESENT: a category promised never that could be written, or is there. */
export const never: Rule = function* (context) {
  const { policy, facts, isOn } = context;
  const promised = facts.columns.filter((column) => policy.data[column.category]?.collect === 'never');
  for (const [category, columns] of byCategory(promised)) {
    const present = columns.filter((column) => (column.liveValues ?? 0) > 0);
    if (present.length > 0) {
      const values = present.reduce((sum, column) => sum + (column.liveValues ?? 0), 0);
      yield {
        code: 'E-NEVER-PRESENT',
        promise: `prohibit:${category}`,
        fact: `Rows with a value: ${values}, in ${listed(present.map(nameOf))}.`,
        waysOut: [
          'Start on another, empty database.',
          `Declare data.${category} instead of promising it never.`,
          'Erase the values; the promise can then be guarded.',
        ],
      };
    }
    const writable = columns.filter((column) => !column.nullGuard && isOn(column.feature));
    if (writable.length > 0) {
      yield {
        code: 'E-NEVER-COLUMN',
        promise: `prohibit:${category}`,
        fact: `Columns that could be written: ${counted(writable.map(nameOf))}.`,
        waysOut: [
          'Switch off the features that write it.',
          `Declare data.${category} instead of promising it never.`,
          'Install the guards that keep these columns empty.',
        ],
      };
    }
  }
};

/** E-PURPOSE: code reads under a purpose that the policy does not have, or not for this category. */
export const purposes: Rule = function* (context) {
  const { policy, facts } = context;
  const used = facts.columns.filter(
    (column) => concernsSomebody(column) && isHeld(policy, column.category) && isLive(context, column),
  );
  for (const [category, columns] of byCategory(used)) {
    const said = policy.data[category];
    if (!said || said.collect === 'never') continue;
    const surplus = columns.flatMap((column) =>
      column.purposes.filter((purpose) => !said.purposes.includes(purpose)),
    );
    if (surplus.length === 0) continue;
    const names = [...new Set(surplus)];
    yield {
      code: 'E-PURPOSE',
      promise: `limit:${category}`,
      fact: `Code may use it for ${listed(names)}, in ${listed(columns.filter((c) => c.purposes.some((p) => names.includes(p))).map(nameOf))}.`,
      waysOut: [
        'Switch off the feature that reads it so.',
        `Add ${names.join(', ')} to data.${category}.purposes.`,
        'Remove the purpose from the tags of these columns.',
      ],
    };
  }
};

/** E-BASIS: a column stands on another lawful basis than the policy gives its category or its purposes. */
export const bases: Rule = function* (context) {
  const { policy, facts } = context;
  for (const column of facts.columns) {
    const said = policy.data[column.category];
    if (!said || said.collect === 'never' || !concernsSomebody(column) || !isLive(context, column)) continue;
    const allowed = [said.basis, ...said.purposes.map((purpose) => policy.purposes[purpose]?.basis)];
    if (allowed.includes(column.basis)) continue;
    yield {
      code: 'E-BASIS',
      promise: `limit:${column.category}`,
      fact: `${nameOf(column)} stands on ${column.basis}.`,
      waysOut: [
        'Switch off the feature that writes it.',
        `Write the basis ${column.basis} in data.${column.category}, if it is true.`,
        'Correct the tag of the column.',
      ],
    };
  }
};

/** E-REST: a column of a category promised encrypted that is not sealed, indexed or hashed. */
export const rest: Rule = function* (context) {
  const { policy, facts } = context;
  const { scheme, scope } = policy.security.at_rest;
  if (scheme !== 'per_account_dek') return;
  const open = facts.columns.filter(
    (column) =>
      column.protection === 'clear' &&
      isLive(context, column) &&
      scope.some((covered) => isWithin(column.category, covered)),
  );
  if (open.length === 0) return;
  yield {
    code: 'E-REST',
    promise: 'require:at_rest',
    fact: `Columns in clear: ${counted(open.map(nameOf))}.`,
    waysOut: [
      'Switch off the feature that writes them.',
      'Take the category out of security.at_rest.scope.',
      'Seal the columns by a migration.',
    ],
  };
};

/** E-SCHEMA-DRIFT: what the data map does not know, no promise covers. */
export const drift: Rule = function* ({ facts }) {
  const { unknownColumns, missingColumns } = facts.schema;
  if (unknownColumns.length + missingColumns.length === 0) return;
  const found = [
    ...(unknownColumns.length > 0 ? [`${unknownColumns.length} unknown: ${listed(unknownColumns)}`] : []),
    ...(missingColumns.length > 0 ? [`${missingColumns.length} missing: ${listed(missingColumns)}`] : []),
  ];
  yield {
    code: 'E-SCHEMA-DRIFT',
    promise: 'deadline:deletion',
    fact: `The database and the data map differ; ${found.join('; ')}.`,
    waysOut: [
      'Start against the database this release belongs to.',
      'No policy can speak of columns nobody declared.',
      'Run the migrations, or remove what was added by hand.',
    ],
  };
};
