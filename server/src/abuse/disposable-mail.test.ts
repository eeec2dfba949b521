import assert from 'node:assert/strict';
import { test } from 'node:test';
import { disposableDomains } from './disposable-mail.ts';

const NOTHING_CHANGED = { added: [], allowed: [] };

test('a domain counts with all that lies below it, and with nothing that only ends alike', () => {
  const isDisposable = disposableDomains(NOTHING_CHANGED);
  for (const domain of ['mailinator.com', 'any.mailinator.com', 'a.b.yopmail.com'])
    assert.ok(isDisposable(domain), domain);
  for (const domain of ['example.com', 'notmailinator.com', 'mailinator.com.example.org', 'com', ''])
    assert.ok(!isDisposable(domain), domain);
});

test('services that forward to an address of one’s own are let through', () => {
  const isDisposable = disposableDomains(NOTHING_CHANGED);
  for (const domain of ['privaterelay.appleid.com', 'mozmail.com', 'duck.com', 'simplelogin.com', 'addy.io'])
    assert.ok(!isDisposable(domain), domain);
});

test('an operator adds domains and lets others through; the most precise entry decides', () => {
  const isDisposable = disposableDomains({
    added: ['example.net', 'bad.good.example.org'],
    allowed: ['yopmail.com', 'good.example.net', 'good.example.org'],
  });
  assert.ok(isDisposable('example.net') && isDisposable('a.example.net'));
  assert.ok(!isDisposable('yopmail.com') && !isDisposable('a.good.example.net'));
  assert.ok(isDisposable('bad.good.example.org') && !isDisposable('good.example.org'));
});
