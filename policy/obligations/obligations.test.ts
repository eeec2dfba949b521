import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeholders } from '../checks/placeholders.ts';
import type { Obligation, Policy } from '../model.ts';
import { changed, PROFILES, profile } from '../test/policies.ts';
import { OBLIGATION_KINDS } from '../vocabulary/assurance.ts';
import { RIGHT_KEYS } from '../vocabulary/rights.ts';
import { compile } from './compile.ts';
import { dayAfter } from './day-after.ts';

const standard = profile('standard');

const byId = (policy: Policy, id: string): Obligation | undefined =>
  compile(policy).find((each) => each.id === id);

/** The value at an obligation's path, or undefined when the policy says nothing there. */
function at(policy: Policy, path: string): unknown {
  let place: unknown = policy;
  let rest = path;
  while (rest !== '') {
    const index = /^\[(\d+)\]\.?/.exec(rest);
    if (index) {
      place = (place as readonly unknown[])[Number(index[1])];
      rest = rest.slice(index[0].length);
      continue;
    }
    const key = Object.keys(place as object)
      .filter((each) => rest === each || rest.startsWith(`${each}.`) || rest.startsWith(`${each}[`))
      .sort((a, b) => b.length - a.length)[0];
    if (key === undefined) return undefined;
    place = (place as Record<string, unknown>)[key];
    rest = rest.slice(key.length).replace(/^\./, '');
  }
  return place;
}

test('every obligation has one kind, one id that begins with it, and a path the policy has', () => {
  for (const name of PROFILES) {
    const policy = profile(name);
    const obligations = compile(policy);
    for (const { kind, id, path } of obligations) {
      assert.ok(OBLIGATION_KINDS.includes(kind));
      assert.ok(id.startsWith(`${kind.toLowerCase()}:`), id);
      assert.notEqual(at(policy, path), undefined, `${name} ${id}: ${path}`);
    }
  }
});

test('all eight kinds occur, and all three assurances', () => {
  const obligations = compile(standard);
  assert.deepEqual(new Set(obligations.map(({ kind }) => kind)), new Set(OBLIGATION_KINDS));
  assert.deepEqual(
    new Set(obligations.map(({ assurance }) => assurance)),
    new Set(['enforced', 'verified', 'attested']),
  );
});

/** What a policy shows and does not promise; all else has to reach an obligation. */
const SHOWN_ONLY: readonly RegExp[] = [
  /^policy (schema|id|version|effective|strictness)$/,
  /^controller /,
  /^text /,
  // Words for the reader beside what is promised.
  /^data \S+ (note|source)$/,
  // Each can have one value only, here or by the checks.
  /^(acceptance record|backups restore|consent receipt|logs redaction)$/,
  /^purposes \S+ (marketing|consent (mode|default))$/,
  /^cookies promise$/,
];

/** Another value of the same kind; what it means does not matter here. */
function otherThan(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  return /^P[T\d]/.test(value as string) ? (value === 'P9D' ? 'P8D' : 'P9D') : `${value}x`;
}

function leavesOf(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, member]) =>
    leavesOf(member, [...path, Array.isArray(value) ? Number(key) : key]),
  );
}

const valueAt = (policy: Policy, path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>((place, key) => (place as Record<string | number, unknown>)[key], policy);

test('whatever a policy says reaches an obligation, or is known to be shown only', () => {
  // Between them these three have something in every place.
  for (const name of ['standard', 'activation-dashboard', 'device-app'] as const) {
    const policy = profile(name);
    const before = JSON.stringify(compile(policy));
    const silent = leavesOf(policy)
      .filter((path) => {
        const place = path.join(' ');
        if (SHOWN_ONLY.some((form) => form.test(place))) return false;
        // Without texts, how they are searched says nothing; without numbers, how those are kept.
        const [section, direction, part] = path as readonly string[];
        if (section === 'messages' && part === 'body' && path[3] === 'searchable') {
          if (policy.messages[direction as 'inbound'].body.store === 'none') return false;
        }
        if (
          section === 'messages' &&
          part === 'counterparty' &&
          !policy.data['user.contact.counterparty_number']
        ) {
          return false;
        }
        const value = valueAt(policy, path);
        const isNever = section === 'data' && value === 'never';
        const other = isNever
          ? changed(policy, path.slice(0, -1), undefined)
          : changed(policy, path, otherThan(value));
        return JSON.stringify(compile(other)) === before;
      })
      .map((path) => path.join(' '));
    assert.deepEqual(silent, [], name);
  }
});

test('a category is limited or prohibited, never both', () => {
  for (const name of PROFILES) {
    const ids = new Set(compile(profile(name)).map(({ id }) => id));
    for (const id of ids) {
      const category = id.startsWith('limit:') ? id.slice('limit:'.length) : undefined;
      if (category?.startsWith('user.')) assert.ok(!ids.has(`prohibit:${category}`), category);
    }
  }
});

test('a text that is not stored is prohibited, and one that is stored is bounded', () => {
  const device = profile('device-app');
  assert.equal(byId(device, 'prohibit:body:inbound')?.assurance, 'enforced');
  assert.equal(byId(device, 'bound:body:inbound'), undefined);
  const bound = byId(standard, 'bound:body:inbound');
  assert.ok(bound?.kind === 'BOUND' && bound.duration === 'P3D' && bound.then === 'shred');
  const waiting = changed(standard, ['messages', 'inbound', 'body'], {
    ...standard.messages.inbound.body,
    store: 'until_read',
    ceiling: 'P1D',
  });
  const until = byId(waiting, 'bound:body:inbound');
  assert.ok(until?.kind === 'BOUND' && until.duration === 'P1D' && until.until === 'read');
});

test('a rule with an event and a ceiling is bounded by the ceiling, from the last activity for accounts', () => {
  const account = byId(standard, 'bound:account');
  assert.ok(account?.kind === 'BOUND');
  assert.deepEqual(
    [account.duration, account.from, account.until],
    ['P24M', 'last_activity', 'account_closed'],
  );
  const contacts = byId(standard, 'bound:contacts');
  assert.ok(
    contacts?.kind === 'BOUND' && contacts.from === 'created' && contacts.until === 'consent_withdrawn',
  );
});

test('a rule says which categories are under it', () => {
  const rule = byId(standard, 'bound:message_content');
  assert.ok(rule?.kind === 'BOUND' && rule.what.type === 'retention');
  assert.deepEqual(rule.what.categories, [
    'user.contact.counterparty_number',
    'user.content.private',
    'user.content.private.otp_code',
    'user.content.private.sms_body',
  ]);
});

test('only offered rights are required, with their own deadline or that of all', () => {
  const offered = compile(standard).filter(({ id }) => id.startsWith('require:right:'));
  assert.equal(offered.length, RIGHT_KEYS.length);
  const deadline = (id: string) => {
    const found = byId(standard, id);
    return found?.kind === 'DEADLINE' ? found.within : undefined;
  };
  assert.equal(deadline('deadline:right:access'), 'P28D');
  assert.equal(deadline('deadline:right:opt_out_sale'), 'P15D');
  const wallet = profile('activation-wallet');
  assert.equal(byId(wallet, 'require:right:restriction'), undefined);
  assert.equal(byId(wallet, 'deadline:right:access'), undefined, 'the statute alone holds');
});

test('what others vouch for is attested, and expires', () => {
  const signed = changed(standard, ['recipients', 'carrier', 'dpa'], {
    ref: 'C-1',
    signed: '2026-01-01',
    expires: '2027-01-01',
  });
  const contract = byId(signed, 'attest:contract:carrier');
  assert.ok(
    contract?.kind === 'ATTEST' && contract.assurance === 'attested' && contract.expires === '2027-01-01',
  );
  const reviewed = changed(standard, ['security', 'attestations', 1, 'last'], '2026-08-31');
  const control = byId(reviewed, 'attest:control:access_review');
  assert.ok(control?.kind === 'ATTEST' && control.expires === '2027-02-28');
  const open = byId(standard, 'attest:control:access_review');
  assert.ok(open?.kind === 'ATTEST' && open.last === undefined && open.expires === undefined);
});

test('what an upstream keeps is verified only where a probe sees the redaction', () => {
  assert.equal(byId(standard, 'bound:upstream:carrier')?.assurance, 'attested');
  const seen = changed(standard, ['recipients', 'carrier', 'redaction', 'verified'], true);
  assert.equal(byId(seen, 'bound:upstream:carrier')?.assurance, 'verified');
});

test('ids do not depend on what is said, only on what it is about', () => {
  const ids = (policy: Policy) => compile(policy).map(({ id }) => id);
  const edited = changed(changed(standard, ['retention', 'ip', 'for'], 'P1D'), ['audience', 'min_age'], 21);
  assert.deepEqual(ids(edited), ids(standard));
  assert.ok(placeholders(standard).every(({ path }) => path !== ''));
});

test('a day after a date follows the calendar', () => {
  for (const [from, duration, expected] of [
    ['2026-01-31', 'P1M', '2026-02-28'],
    ['2028-01-31', 'P1M', '2028-02-29'],
    ['2028-02-29', 'P12M', '2029-02-28'],
    ['2026-12-31', 'P2M', '2027-02-28'],
    ['2026-03-01', 'P30D', '2026-03-31'],
    ['2026-03-01', 'PT72H', '2026-03-04'],
    ['2026-03-01', 'PT71H', '2026-03-03'],
    ['2026-01-31', 'P1M1D', '2026-03-01'],
  ] as const) {
    assert.equal(dayAfter(from, duration), expected, `${from} ${duration}`);
  }
});
