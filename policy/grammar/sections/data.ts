// `data` and `purposes`: what is held, what is never held, and what it may be used for.
import type { DataHeld, DataNever, DataStatement, PurposeStatement } from '../../model.ts';
import { LEGAL_BASIS_KEYS } from '../../vocabulary/bases.ts';
import {
  CATEGORY_GROUP_KEYS,
  CATEGORY_KEYS,
  type Category,
  type CategoryGroup,
  categoriesWithin,
  NEVER_HELD,
} from '../../vocabulary/categories.ts';
import { FEATURE_KEYS } from '../../vocabulary/features.ts';
import { PURPOSE_KEYS } from '../../vocabulary/purposes.ts';
import { RETENTION_KEY_NAMES } from '../../vocabulary/retention.ts';
import { list } from '../list.ts';
import { defaulted, map, optional, required } from '../map.ts';
import { dependingOn, type Reader, refined } from '../reader.ts';
import { record } from '../record.ts';
import { boolean, choice, exactly, text } from '../values.ts';

const basis = required(choice(LEGAL_BASIS_KEYS), {
  code: 'E-BASIS',
  hint: `Name the lawful basis: ${LEGAL_BASIS_KEYS.join(', ')} (GDPR Art. 6(1)).`,
});
const retention = required(list(choice(RETENTION_KEY_NAMES), RETENTION_KEY_NAMES.length, 1), {
  code: 'E-RET-UNBOUNDED',
  hint: 'Name the rule of the section "retention" that bounds it.',
});

const held: Reader<DataStatement> = map<DataHeld>({
  collect: required(choice(['required', 'optional', 'derived'])),
  source: optional(text(200)),
  purposes: required(list(choice(PURPOSE_KEYS), PURPOSE_KEYS.length, 1)),
  basis,
  interest: optional(text(300)),
  retention,
  visible_to: defaulted(list(choice(['owner', 'workspace', 'staff']), 3, 1), ['owner']),
  note: optional(text(500)),
});

const never: Reader<DataStatement> = map<DataNever>({
  collect: required(exactly('never')),
  note: optional(text(500)),
});

const statement = dependingOn<DataStatement>('a map with "collect"', (node) => {
  const collect = node.kind === 'map' ? node.entries.get('collect')?.value : undefined;
  return collect?.kind === 'scalar' && collect.value === 'never' ? never : held;
});

/** A `never` covers everything below its key; a group can be promised `never` and nothing else. */
export const data = refined(
  record<Category | CategoryGroup, DataStatement>([...CATEGORY_KEYS, ...CATEGORY_GROUP_KEYS], statement),
  (written, at, path, reading) => {
    const resolved = new Map<Category, DataStatement>();
    const entries = Object.entries(written) as [Category | CategoryGroup, DataStatement][];
    let complete = true;
    for (const [key, said] of entries) {
      if (said.collect !== 'never' && (CATEGORY_GROUP_KEYS as readonly string[]).includes(key)) {
        complete = false;
        reading.report(
          at,
          'E-VALUE',
          `${path}.${key}`,
          `"${key}" is a group; it can only be promised never.`,
          `List what is held: ${categoriesWithin(key).join(', ')}.`,
        );
      }
    }
    for (const [key, said] of entries) {
      if (said.collect === 'never') {
        for (const category of categoriesWithin(key)) resolved.set(category, { collect: 'never' });
      }
    }
    for (const category of NEVER_HELD) resolved.set(category, { collect: 'never' });
    for (const [key, said] of entries as [Category, DataStatement][]) {
      if (resolved.has(key) && said.collect !== 'never') {
        complete = false;
        reading.report(
          at,
          'E-CONTRADICTION',
          `${path}.${key}`,
          NEVER_HELD.includes(key)
            ? `"${key}" is never held by this software, whatever the policy says.`
            : `"${key}" is collected, and a statement above it says never.`,
          'Remove one of the two statements.',
        );
      } else if (!(CATEGORY_GROUP_KEYS as readonly string[]).includes(key)) {
        resolved.set(key, said);
      }
    }
    return complete
      ? (Object.fromEntries(resolved) as { readonly [C in Category]?: DataStatement })
      : undefined;
  },
);

const purpose = map<PurposeStatement>({
  basis,
  interest: optional(text(300)),
  balancing: optional(text(300)),
  consent: optional(
    map<NonNullable<PurposeStatement['consent']>>({
      mode: required(exactly('opt_in', 'E-CONSENT-IMPLIED')),
      default: required(exactly(false, 'E-CONSENT-IMPLIED')),
    }),
  ),
  marketing: defaulted(boolean, false),
  feature_gate: defaulted(list(choice(FEATURE_KEYS), FEATURE_KEYS.length), []),
});

export const purposes = record(PURPOSE_KEYS, purpose);
