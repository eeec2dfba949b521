import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type CookieRequest, judgeCookieRequest, type OriginDecision } from './origin-rules.ts';

const ours = 'https://sms.example.com';
const judge = (request: Partial<CookieRequest>) =>
  judgeCookieRequest(
    {
      method: 'POST',
      origin: undefined,
      secFetchSite: undefined,
      contentType: 'application/json',
      hasOwnHeader: false,
      ...request,
    },
    ours,
  );

const methods = ['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'get', ''];
const foreignOrigins = [
  'https://evil.example',
  'https://sms.example.com.evil.example',
  'https://evil.example/https://sms.example.com',
  'https://app.sms.example.com',
  'https://sms.example.com:444',
  'https://sms.example.com/',
  'https://SMS.example.com',
  'http://sms.example.com',
  'https://sms.example.com, https://evil.example',
  'null',
  '',
];
const foreignSites = ['cross-site', 'same-site', 'none', '', 'Same-Origin', 'same-origin, cross-site'];

test('every combination of origin and fetch metadata is decided (checklist 30)', () => {
  for (const method of methods) {
    const decided: [string | undefined, string | undefined, OriginDecision][] = [
      [ours, 'same-origin', 'allowed'],
      [ours, undefined, 'allowed'],
      [undefined, 'same-origin', 'allowed'],
      [undefined, undefined, 'unknown'],
    ];
    for (const site of foreignSites) {
      decided.push([ours, site, 'foreign'], [undefined, site, 'foreign']);
      for (const origin of foreignOrigins) decided.push([origin, site, 'foreign']);
    }
    for (const origin of foreignOrigins)
      decided.push([origin, 'same-origin', 'foreign'], [origin, undefined, 'foreign']);
    for (const [origin, secFetchSite, expected] of decided)
      assert.equal(judge({ method, origin, secFetchSite }), expected, `${method} ${origin} ${secFetchSite}`);
  }
});

test('what any page may send without asking is refused even from our own origin', () => {
  const own = { origin: ours, secFetchSite: 'same-origin' };
  const simple = [
    'text/plain',
    'TEXT/PLAIN; charset=utf-8',
    'text/plain;application/json',
    'text/plain; x="application/json"',
    'multipart/form-data; boundary=application/json',
    'application/x-www-form-urlencoded',
    ' application/x-www-form-urlencoded ',
    'application/json, text/plain',
    'text/plain, application/json',
    'json',
    '',
    ';',
    'application/json\u0000',
  ];
  for (const contentType of simple) {
    assert.equal(judge({ ...own, contentType }), 'simple', contentType);
    // A header of one's own says nothing where the type says a form was sent.
    assert.equal(judge({ ...own, contentType, hasOwnHeader: true }), 'simple', contentType);
    assert.equal(judge({ ...own, contentType, method: 'DELETE' }), 'simple', contentType);
  }
  for (const contentType of ['application/json', 'Application/JSON;charset=utf-8', 'text/csv', 'image/png'])
    assert.equal(judge({ ...own, contentType }), 'allowed', contentType);
});

test('a request without a body needs a method or a header that is asked for beforehand', () => {
  const own = { origin: ours, secFetchSite: 'same-origin', contentType: undefined };
  assert.equal(judge(own), 'simple');
  assert.equal(judge({ ...own, hasOwnHeader: true }), 'allowed');
  for (const method of ['PUT', 'PATCH', 'DELETE']) assert.equal(judge({ ...own, method }), 'allowed');
});

test('methods that change nothing are let through from anywhere: links and pages have to open', () => {
  for (const method of ['GET', 'HEAD', 'OPTIONS'])
    assert.equal(judge({ method, origin: 'https://evil.example', secFetchSite: 'cross-site' }), 'allowed');
});

test('no header makes the decision throw, and none but ours lets a change through', () => {
  const header = fc.option(fc.string({ maxLength: 40 }), { nil: undefined });
  fc.assert(
    fc.property(header, header, header, fc.boolean(), (origin, secFetchSite, contentType, hasOwnHeader) => {
      const decision = judge({ origin, secFetchSite, contentType, hasOwnHeader });
      if (decision === 'allowed') assert.ok(origin === ours || secFetchSite === 'same-origin');
    }),
  );
  assert.equal(judge({ origin: ours, contentType: 'a'.repeat(1_000_000) }), 'simple');
});
