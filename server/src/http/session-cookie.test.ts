import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeToken } from '../accounts/token.ts';
import { FORGET_COOKIE, readSessionCookie, setSessionCookie } from './session-cookie.ts';

const token = makeToken('session');
const other = makeToken('session');

test('one cookie of our name with a session in it is read, and nothing else (checklist 29)', () => {
  const table: [string | undefined, string | null][] = [
    [`__Host-sid=${token}`, token],
    [`a=1; __Host-sid=${token}; b=2`, token],
    [`  __Host-sid=${token}  `, token],
    [undefined, null],
    ['', null],
    ['__Host-sid=', null],
    [`sid=${token}`, null],
    [`__Secure-sid=${token}`, null],
    [`__host-sid=${token}`, null],
    [`x__Host-sid=${token}`, null],
    [`__Host-sid2=${token}`, null],
    [`__Host-sid =${token}`, null],
    [`__Host-sid="${token}"`, null],
    [`__Host-sid=${encodeURIComponent(`${token};`)}`, null],
    [`__Host-sid=${token}; __Host-sid=${token}`, null],
    [`__Host-sid=${token}; __Host-sid=${other}`, null],
    [`__Host-sid=${token}; __Host-sid=`, null],
    [`__Host-sid=${token.slice(0, -1)}`, null],
    [`__Host-sid=${token}x`, null],
    [`__Host-sid=${makeToken('live')}`, null],
    [`__Host-sid=${makeToken('admin')}`, null],
    [`__Host-sid=${token}; a=${'x'.repeat(4_096)}`, null],
  ];
  for (const [header, expected] of table) assert.equal(readSessionCookie(header), expected, `${header}`);
});

test('the cookie is for this host, over TLS, out of reach of scripts, and ends with the session (checklist 29)', () => {
  const session = { token, created_at: '2026-01-01T00:00:00.000Z', expires_at: '2026-01-01T00:10:00.999Z' };
  const attributes = 'Path=/; Secure; HttpOnly; SameSite=Lax';
  assert.equal(setSessionCookie(session, 86_400), `__Host-sid=${token}; Max-Age=600; ${attributes}`);
  assert.equal(setSessionCookie(session, 60), `__Host-sid=${token}; Max-Age=60; ${attributes}`);
  assert.equal(FORGET_COOKIE, `__Host-sid=; Max-Age=0; ${attributes}`);
});
