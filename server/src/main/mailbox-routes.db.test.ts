import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { listDevelopmentMails } from '@sotto/contract/simulator';
import { developmentMailbox } from '#mail';
import { newId } from '#platform/ids';
import { useApi } from '../../test/api.ts';
import { callOperation } from '../../test/route-contract.ts';
import { MAILS_PAGE } from './mailbox-routes.ts';

describe('the mailbox of development', () => {
  const mailbox = developmentMailbox();
  const app = useApi({ mailbox });

  test('mails of development are read as a list and on a page, links can be followed, and markup is text', async () => {
    const letter = {
      to: 'somebody@example.org',
      subject: 'Choose a <b>password</b>',
      text: 'Hello:\nhttps://sms.example.com/in?token=a&b=1\n<script>alert(1)</script>\n',
      html: '<p>Hello</p>',
      locale: 'en',
      replyTo: null,
      unsubscribe: null,
    } as const;
    for (let count = 0; count < 105; count++)
      await mailbox.send(
        { ...letter, id: newId(), subject: `${count} ${letter.subject}` },
        AbortSignal.timeout(1),
      );
    const listed = await callOperation(app.server, listDevelopmentMails, { token: app.admin });
    assert.equal(listed.status, 200, listed.text);
    assert.equal(listed.body.data.length, 100, 'the oldest left');
    assert.equal(listed.body.data[0].subject, `104 ${letter.subject}`);
    assert.equal(listed.body.data[0].text, letter.text);
    const page = await app.server.fastify.inject({ method: 'GET', url: MAILS_PAGE });
    assert.equal(page.statusCode, 200);
    assert.match(String(page.headers['content-type']), /^text\/html/);
    assert.match(String(page.headers['content-security-policy']), /^default-src 'none'/);
    assert.match(page.body, /<a href="https:\/\/sms\.example\.com\/in\?token=a&#38;b=1"/);
    assert.doesNotMatch(page.body, /<script|<b>/);
  });
});
