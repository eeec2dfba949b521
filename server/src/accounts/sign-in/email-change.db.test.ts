// Changing the address of an account: it is confirmed by its owner, the old one is told, and nobody learns who has one.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { api } from '@sotto/contract';
import { useApi } from '../../../test/api.ts';
import type { TestPerson } from '../../../test/people.ts';
import { callOperation } from '../../../test/route-contract.ts';

describe('changing the e-mail address', () => {
  const app = useApi();
  let made = 0;
  const fresh = () => `address-${++made}@example.com`;
  const ask = (person: TestPerson, email: string) =>
    callOperation(app.server, api.account.email.change, { token: person.token, body: { email } });
  const confirm = (token: string) =>
    callOperation(app.server, api.account.email.confirm, { body: { token } });
  const accountOf = (token: string) => callOperation(app.server, api.account.get, { token });
  const latest = () => app.letters.at(-1)!;
  async function link(person: TestPerson, email: string): Promise<string> {
    assert.equal((await ask(person, email)).status, 202);
    const letter = latest();
    assert.ok(letter.kind === 'confirm_new_address');
    assert.equal(letter.to, email);
    return letter.secret;
  }
  const emailOf = async ({ id }: TestPerson) => {
    const [row] = await app.database.sql<{ email_index: Buffer }>(
      'select email_index from accounts.person where id = $1',
      [id],
    );
    return row!.email_index.toString('hex');
  };

  test('the link gives the account its new address, ends every session and tells the old one (checklist 28)', async () => {
    const [old, next] = [fresh(), fresh()];
    const person = await app.person({ email: old });
    const secret = await link(person, next);
    assert.equal((await accountOf(person.token)).body.email, old, 'until it is confirmed nothing changes');
    assert.equal((await confirm(secret)).status, 204);
    assert.equal((await accountOf(person.token)).body.code, 'session_ended');
    const told = latest();
    assert.deepEqual([told.kind, told.to], ['email_changed', old]);
    const reset = (email: string) =>
      callOperation(app.server, api.passwordReset.start, { body: { email } }).then(() => latest());
    assert.deepEqual([(await reset(next)).kind, latest().to], ['reset_password', next]);
    assert.equal((await reset(old)).to, next, 'the old address opens nothing any more');
    const audit = await app.database.sql(
      `select 1 from privacy.audit_entry where action = 'account.email_changed' and object is not null`,
    );
    assert.equal(audit.length, 1);
    const again = await confirm(secret);
    assert.deepEqual([again.status, again.body.code], [422, 'link_invalid']);
  });

  test('the answer does not tell whether the new address has an account, whose owner is told', async () => {
    const taken = fresh();
    const owner = await app.person({ email: taken });
    const person = await app.person();
    const [known, unknown] = [await ask(person, taken), await ask(person, fresh())];
    assert.deepEqual([known.status, known.text], [unknown.status, unknown.text]);
    const letter = app.letters.findLast(({ to }) => to === taken)!;
    assert.ok(letter.kind === 'account_exists');
    assert.equal(letter.personId, owner.id);
  });

  test('it wants a fresh sign-in, an account with an address, and one that mail can be sent to', async () => {
    const device = await app.person({ email: null });
    const none = await ask(device, fresh());
    assert.deepEqual([none.status, none.body.code], [403, 'forbidden']);
    const person = await app.person();
    const bad = await ask(person, 'раураl@example.com');
    assert.deepEqual([bad.status, bad.body.field], [400, 'email']);
    await app.database.advance(601_000);
    app.authenticator.forget(person.id);
    const stale = await ask(person, fresh());
    assert.deepEqual([stale.status, stale.body.code], [403, 'reauthentication_required']);
  });

  test('the newest link alone works, for half an hour, and not as another kind of link', async () => {
    const person = await app.person();
    const first = await link(person, fresh());
    const second = await link(person, fresh());
    assert.equal((await confirm(first)).body.code, 'link_invalid');
    const reset = await callOperation(app.server, api.passwordReset.finish, {
      body: { token: second, new_password: 'nine red kites over the fen' },
    });
    assert.equal(reset.body.code, 'link_invalid');
    await app.database.advance(1_801_000);
    assert.equal((await confirm(second)).body.code, 'link_invalid');
  });

  test('a link to a new password that went to the old address dies with it', async () => {
    const old = fresh();
    const person = await app.person({ email: old });
    await callOperation(app.server, api.passwordReset.start, { body: { email: old } });
    const letter = latest();
    assert.ok(letter.kind === 'reset_password');
    const secret = await link(person, fresh());
    assert.equal((await confirm(secret)).status, 204);
    const reset = await callOperation(app.server, api.passwordReset.finish, {
      body: { token: letter.secret, new_password: 'nine red kites over the fen' },
    });
    assert.equal(reset.body.code, 'link_invalid');
  });

  test('of many who confirm one address at once, one gets it, and one link is used once', async () => {
    const wanted = fresh();
    const people = await Promise.all(Array.from({ length: 3 }, () => app.person()));
    const secrets: string[] = [];
    for (const person of people) secrets.push(await link(person, wanted));
    const answers = await Promise.all([...secrets, ...secrets].map(confirm));
    assert.equal(answers.filter(({ status }) => status === 204).length, 1);
    assert.ok(answers.every(({ status, body }) => status === 204 || body.code === 'link_invalid'));
    assert.equal(new Set(await Promise.all(people.map(emailOf))).size, people.length);
  });
});
