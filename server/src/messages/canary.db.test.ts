// Invariant 6, searched for: after messages went every way they can go, their texts, numbers and notes are nowhere in
// the database and nowhere in the log (but sealed, which no search finds).
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import type { PartToSubmit } from '#carriers';
import type { LoopbackVerdict } from '#carriers/loopback';
import { cancelMessage, eraseMessage } from './changing.ts';
import { rematchParked } from './maintenance.ts';
import { listMessages, searchMessages } from './reading.ts';
import { aRequest, textOfParts } from './test/arrange.ts';
import { until, useMessaging } from './test/messaging.ts';

describe('messages: canary', () => {
  const at = useMessaging();

  const TEXT = 'Zwetschgendatschi';
  const NUMBER = '+4915559876543';
  const NOTE = 'Quarkkeulchen';

  /** Every table of every schema that is not PostgreSQL's own, partitions by themselves. */
  const tables = () =>
    at.sql<{ name: string }>(
      `select format('%I.%I', n.nspname, c.relname) as name
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')`,
    );

  /** Tables whose rows show one of these, as text or as octets. */
  async function foundIn(needles: readonly string[]): Promise<string[]> {
    // A row's text shows bytea in hexadecimal, so that both ways of keeping a text are found in it.
    const patterns = needles.flatMap((needle) => [`%${needle}%`, `%${Buffer.from(needle).toString('hex')}%`]);
    const found: string[] = [];
    for (const { name } of await tables()) {
      const rows = await at.sql(`select 1 from ${name} t where t::text ilike any($1) limit 1`, [patterns]);
      if (rows.length > 0) found.push(name);
    }
    return found;
  }

  test('neither text nor number nor note of a message is in any table or in any line of the log', async () => {
    const verdicts: LoopbackVerdict[] = [
      { kind: 'accepted', carrierMessageId: 'one' },
      { kind: 'unknown', reason: 'lost' },
      { kind: 'refused', status: 0x0b, errorCode: 'ESME_RINVDSTADR', severity: 'permanent' },
      { kind: 'refused', status: 0x58, errorCode: 'ESME_RTHROTTLED', severity: 'throttled' },
      { kind: 'not_sent' },
    ];
    const script = (part: PartToSubmit): LoopbackVerdict =>
      verdicts.shift() ?? { kind: 'accepted', carrierMessageId: `c-${part.id}` };
    const line = await at.line({ script });
    const shop = await at.workspace();
    const mac = (name: string) => createHash('sha256').update(name).digest().subarray(0, 16);
    const request = (change = {}) =>
      aRequest({
        to: NUMBER,
        text: `${TEXT} 1234`,
        class: 'otp',
        reference: NOTE,
        metadata: { note: NOTE },
        ...change,
      });
    for (let n = 0; n < 5; n++) {
      await line.acceptance.acceptOne(shop, request(), { keyMac: mac(`k${n}`), requestMac: mac('r') });
    }
    await line.acceptance.acceptMany(
      shop,
      [
        request({ text: `${TEXT} ${textOfParts(2)}` }),
        request({ text: textOfParts(11) + TEXT }),
        request({ to: '+1' }),
      ],
      () => ({ keyMac: mac('batch'), requestMac: mac('r') }),
    );
    const later = await line.acceptance.acceptOne(
      shop,
      request({ scheduled_at: new Date(Date.now() + 3_600_000).toISOString() }),
      null,
    );
    await until(async () => (await at.count('messages.part', 'workspace_id = $1', [shop.workspaceId])) === 7);
    const receipt = {
      connectorId: line.connector.id,
      messageIdForms: ['exact' as const],
      destination: NUMBER,
      state: 'delivered' as const,
      final: true,
      errorCode: null,
      at: null,
    };
    await line.receive(
      { ...receipt, messageIds: ['one'] },
      { ...receipt, messageIds: ['nobody-1'] },
      { ...receipt, messageIds: ['nobody-2'] },
    );
    await rematchParked(at.db, at.keyring);
    const { messages } = await listMessages(at.db, at.keyring, shop.workspaceId, { below: null, limit: 50 });
    assert.equal(messages.length, 7);
    assert.ok(
      messages.every((message) => message.to === NUMBER),
      'it is there to be read by its owner',
    );
    assert.equal(
      (await searchMessages(at.db, at.keyring, shop.workspaceId, NUMBER, null, 50)).messages.length,
      7,
    );
    const scheduled = await at.read(shop, later.id);
    await cancelMessage(at.db, at.keyring, shop.workspaceId, scheduled.id);
    await eraseMessage(at, shop.workspaceId, scheduled.id, () => undefined);

    assert.deepEqual(await foundIn([TEXT, NUMBER.slice(1), NOTE]), []);
    const log = at.logged.join('');
    for (const needle of [TEXT, NUMBER.slice(1), NOTE])
      assert.ok(!log.includes(needle), `${needle} is in the log`);
  });

  test('the search would find a text that was kept in clear, and octets too', async () => {
    await at.sql('create table sotto_test.leak (words text, octets bytea)');
    await at.sql('insert into sotto_test.leak values ($1, $2)', [null, Buffer.from(`x${TEXT}x`)]);
    assert.deepEqual(await foundIn([TEXT]), ['sotto_test.leak']);
    await at.sql('update sotto_test.leak set words = $1, octets = null', [`to ${NUMBER}`]);
    assert.deepEqual(await foundIn([NUMBER.slice(1)]), ['sotto_test.leak']);
    await at.sql('drop table sotto_test.leak');
  });
});
