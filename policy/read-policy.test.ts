// Whatever is written in a policy, reading it ends in a policy that everything else can work with, or in faults.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalForm } from './canonical.ts';
import { checkPolicy } from './check-policy.ts';
import { diffPolicies } from './diff.ts';
import { checkAgainst } from './gate/check-against.ts';
import { compile } from './obligations/compile.ts';
import { readPolicy } from './read-policy.ts';
import { keeping } from './test/facts.ts';
import { mustRead, PROFILES, profile, profileText, resolving } from './test/policies.ts';

/** Words by what they look like, so that some of the exchanges make a policy again. */
const DURATIONS = ['P1D', 'P7D', 'P30D', 'PT72H', 'P1M', 'P24M', 'P6Y', 'P100Y', 'P0D', 'P'];
const WORDS = [
  ...[
    'none',
    'never',
    'consent',
    'contract',
    'legitimate_interest',
    'P30D',
    'true',
    'false',
    'until_read',
    'XX',
    'DE',
  ],
  ...[
    'erase',
    'shred',
    'anonymise',
    'account',
    'audit',
    'ip',
    'ledger',
    'service',
    'delivery',
    'marketing',
    'security',
  ],
  ...[
    'email',
    'in_app',
    'created',
    'account_closed',
    'user.name',
    'user.contact.email',
    '18',
    '0',
    'carrier',
    '~',
  ],
  ...[
    'scc',
    'processor',
    'partner',
    'same',
    'volume',
    'webhooks',
    'customer_endpoints',
    '[]',
    '{}',
    'required',
  ],
];
const BOOLEANS = ['true', 'false'];
const likeThat = (value: string): readonly string[] => {
  if (/^P[\dT]/.test(value)) return DURATIONS;
  return BOOLEANS.includes(value) ? BOOLEANS : WORDS;
};
/** Places of a text where a single word stands as a value. */
const valuesOf = (text: string) => [...text.matchAll(/(?<=[:[,] )[\w.-]+(?=[\],}\s])/g)];

test('a policy with words exchanged is read or refused, and what is read can be worked with', () => {
  let read = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...PROFILES),
      fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 2 }),
      (name, exchanges) => {
        let text = profileText(name);
        for (const [at, choice] of exchanges) {
          const values = valuesOf(text);
          const value = values[at % values.length]!;
          const words = likeThat(value[0]);
          const word = words[choice % words.length]!;
          text = text.slice(0, value.index) + word + text.slice(value.index + value[0].length);
        }
        const reading = readPolicy(text, resolving());
        if (!reading.ok) {
          assert.ok(reading.faults.length > 0);
          for (const { line, column, sentence, hint } of reading.faults) {
            assert.ok(line >= 1 && column >= 1 && sentence.endsWith('.') && hint !== '');
          }
          return;
        }
        read += 1;
        const { policy, locate } = reading;
        const ids = compile(policy).map(({ id }) => id);
        assert.equal(new Set(ids).size, ids.length);
        assert.deepEqual(diffPolicies(policy, policy), []);
        for (const change of diffPolicies(profile(name), policy))
          assert.ok(!change.weaker || change.path !== '');
        for (const fault of checkPolicy(policy, { now: '2026-11-26', production: true }, locate)) {
          assert.ok(fault.line >= 1 && fault.sentence.endsWith('.'), fault.sentence);
        }
        for (const refusal of checkAgainst(policy, keeping(profile(name)), locate)) {
          assert.ok(refusal.waysOut.every((way) => way.endsWith('.')));
        }
        assert.deepEqual(JSON.parse(canonicalForm(policy)), policy);
      },
    ),
    { numRuns: 60 },
  );
  assert.ok(read > 0, 'none of the exchanged policies could be read');
});

test('a policy written out from its canonical form is the same policy', () => {
  for (const name of PROFILES) {
    const policy = profile(name);
    assert.deepEqual(mustRead(canonicalForm(policy)), policy);
  }
});

test('a place is found again, and what is not written leads to what is above it', () => {
  const text = profileText('standard');
  const reading = readPolicy(text, resolving());
  assert.ok(reading.ok);
  const lineOf = (passage: string) => text.slice(0, text.indexOf(passage)).split('\n').length;
  assert.equal(
    reading.locate('recipients.carrier.redaction.mode').line,
    lineOf('redaction: { mode: discard'),
  );
  assert.equal(reading.locate('data.user.contact.email').line, lineOf('  user.contact.email:'));
  assert.equal(reading.locate('data.user.contact.email.interest').line, lineOf('  user.contact.email:'));
  assert.equal(reading.locate('security.attestations[1].last').line, lineOf('control: access_review'));
  assert.equal(reading.locate('data.user.location.precise').line, lineOf('  user.location:'));
  assert.equal(reading.locate('data.user.contact.phone_number').line, lineOf('data:'));
  assert.equal(reading.locate('nowhere.at.all').line, reading.locate('').line);
});
