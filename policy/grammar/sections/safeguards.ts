// `cookies`, `security`, `logs`, `breach`, `changes`, `verification`, `text` and `weakens`.
import type {
  Attestation,
  Breach,
  Changes,
  CookieStatement,
  Cookies,
  LogStatement,
  Logs,
  Prose,
  Security,
  TrackerStatement,
  Verification,
  Weakening,
} from '../../model.ts';
import {
  CATEGORY_GROUP_KEYS,
  CATEGORY_KEYS,
  type Category,
  type CategoryGroup,
} from '../../vocabulary/categories.ts';
import { LANGUAGES } from '../../vocabulary/people.ts';
import { PURPOSE_KEYS } from '../../vocabulary/purposes.ts';
import { RETENTION_KEY_NAMES } from '../../vocabulary/retention.ts';
import {
  AT_REST_SCHEMES,
  BREAK_GLASS,
  CONTROL_KEYS,
  LOG_CLASSES,
  LOG_FIELDS,
  NEED_TO_KNOW,
  PASSWORD_SCHEMES,
  TRANSPORT_SCHEMES,
} from '../../vocabulary/security.ts';
import { date, duration } from '../formats.ts';
import { list } from '../list.ts';
import { defaulted, map, optional, required } from '../map.ts';
import { dependingOn, type Reader, refined } from '../reader.ts';
import { keyed, record } from '../record.ts';
import { boolean, choice, exactly, text } from '../values.ts';
import { recipientKey } from './messages.ts';

const cookie = map<CookieStatement>({
  name: required(text(100)),
  purpose: required(choice(PURPOSE_KEYS)),
  essential: required(boolean),
  ttl: required(duration),
});

const tracker = map<TrackerStatement>({
  name: required(text(100)),
  purpose: required(choice(PURPOSE_KEYS)),
  via: required(choice(['cookie', 'script', 'device_identifier'])),
  recipient: optional(recipientKey),
});

const cookiesInFull = map<Cookies>({
  promise: required(choice(['none', 'listed'])),
  list: defaulted(list(cookie, 50), []),
  trackers: defaulted(list(tracker, 50), []),
});
const noCookies: Reader<Cookies> = refined(exactly('none'), () => ({
  promise: 'none',
  list: [],
  trackers: [],
}));
const listedCookies: Reader<Cookies> = refined(list(cookie, 50), (cookies) => ({
  promise: 'listed',
  list: cookies,
  trackers: [],
}));

/** `none`, a list of cookies, or both said in full with the trackers. */
export const cookies = dependingOn<Cookies>(
  'none, a list of cookies, or {promise, list, trackers}',
  (node) => {
    if (node.kind === 'scalar') return noCookies;
    return node.kind === 'list' ? listedCookies : cookiesInFull;
  },
);

const attestation = map<Attestation>({
  control: required(choice(CONTROL_KEYS)),
  owner: required(text(100)),
  last: optional(date),
  every: required(duration),
  evidence: optional(text(300)),
});

export const security = map<Security>({
  in_transit: required(choice(TRANSPORT_SCHEMES)),
  at_rest: required(
    map<Security['at_rest']>({
      scheme: required(choice(AT_REST_SCHEMES)),
      scope: required(
        list(
          choice<Category | CategoryGroup>([...CATEGORY_KEYS, ...CATEGORY_GROUP_KEYS]),
          CATEGORY_KEYS.length + CATEGORY_GROUP_KEYS.length,
        ),
      ),
    }),
  ),
  passwords: required(choice(PASSWORD_SCHEMES)),
  access: required(
    map<Security['access']>({
      rbac: required(boolean),
      need_to_know: required(choice(NEED_TO_KNOW)),
      break_glass: required(choice(BREAK_GLASS)),
    }),
  ),
  monitoring: required(boolean),
  audit: required(
    map<Security['audit']>({ chain: required(boolean), retention: required(choice(RETENTION_KEY_NAMES)) }),
  ),
  attestations: required(list(attestation, CONTROL_KEYS.length)),
});

export const logs = map<Logs>({
  classes: required(
    record(
      LOG_CLASSES,
      map<LogStatement>({
        fields: required(list(choice(LOG_FIELDS), LOG_FIELDS.length, 1)),
        retention: required(choice(RETENTION_KEY_NAMES), {
          code: 'E-RET-UNBOUNDED',
          hint: 'Name the rule of the section "retention" that bounds it.',
        }),
      }),
    ),
  ),
  redaction: required(exactly('typed')),
});

export const breach = map<Breach>({
  notify_authority_within: required(duration),
  notify_users_when: required(choice(['high_risk', 'always'])),
  register: required(boolean),
});

export const changes = map<Changes>({
  notice: required(list(choice(['page', 'in_app', 'email']), 3, 1)),
  material_notice_before: optional(duration),
  history: required(choice(['public', 'on_request'])),
});

export const verification = map<Verification>({
  every: required(duration),
  publish: required(choice(['summary', 'full', 'none'])),
  sign: required(choice(['ed25519', 'none'])),
  anchor: optional(text(300)),
});

/** Ids of obligations: `prohibit:user.contact.email`. */
const OBLIGATION_ID = {
  form: /^[a-z_]{1,20}:[a-z0-9_.:-]{1,120}$/,
  says: 'ids of obligations, such as "bound:ledger"',
};

const prose = map<Prose>({
  sentences: defaulted(keyed(OBLIGATION_ID, text(600), 300), {}),
  extra: defaulted(
    list(
      map<Prose['extra'][number]>({ class: required(exactly('disclaimer')), text: required(text(2000)) }),
      50,
    ),
    [],
  ),
});

export const proseByLanguage = record(LANGUAGES, prose);

export const weakens = list(map<Weakening>({ path: required(text(200)), reason: required(text(500)) }), 200);
