// Claims under a name that no sender has any more: made by a process that slept past its lease and accepted once more
// before it knew.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, test } from 'node:test';
import { newId } from '#platform/ids';
import { adoptDeadSenders } from './maintenance.ts';
import { registerSender } from './sender.sql.ts';
import { aRequest, tariffOver } from './test/arrange.ts';
import { useMessaging } from './test/messaging.ts';

describe('messages: nameless claims', () => {
  const at = useMessaging();

  /** Accepts a message whose part is claimed, in the accepting transaction, under this token. */
  async function acceptUnder(token: string, messageClass: 'otp' | 'transactional') {
    const shop = await at.workspace();
    const acceptance = at.acceptance(tariffOver([newId()]), {
      handoff: {
        reserve: () => token,
        deliver: () => undefined,
        cancel: () => undefined,
        queued: () => undefined,
      },
    });
    const { id } = await acceptance.acceptOne(shop, aRequest({ class: messageClass }), null);
    return { shop, id };
  }

  test('claims whose sender was removed are decided as those of a dead one', async () => {
    const token = randomUUID();
    const code = await acceptUnder(token, 'otp');
    const notice = await acceptUnder(token, 'transactional');
    assert.equal(await adoptDeadSenders(at.db), 2);
    assert.equal((await at.read(code.shop, code.id)).status, 'unknown');
    const again = await at.read(notice.shop, notice.id);
    assert.deepEqual([again.status, again.possible_duplicate], ['submitting', true]);
    assert.equal(await adoptDeadSenders(at.db), 0);
  });

  test('claims of a sender that lives are left alone', async () => {
    const token = randomUUID();
    await at.db.batch((tx) => registerSender(tx, token, 60_000));
    await acceptUnder(token, 'transactional');
    assert.equal(await adoptDeadSenders(at.db), 0);
    assert.equal(await at.count('messages.queue', 'sender_token = $1', [token]), 1);
  });
});
