// A recipient answers STOP: what stands afterwards, for whom, and what does not count as one.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type SuppressedClass, suppressedAmong } from '#privacy/suppressions';
import { honourStops, type InboundPart, type InboundSink } from './numbers.ts';
import { useInbound } from './test/inbound-fixture.ts';

let senders = 0;
/** Another number each time, as carriers write them: without the plus. */
const aSender = () => `49155580${String(++senders).padStart(5, '0')}`;

describe('a recipient who answers', () => {
  const inbound = useInbound();
  const over = (sink: InboundSink) => honourStops(sink, inbound.database.db, inbound.keyring);
  const receive = (...parts: InboundPart[]) => over(inbound.sink).receive(parts);
  const isStopped = async (
    workspaceId: string,
    sender: string,
    messageClass: SuppressedClass = 'marketing',
  ) => {
    const asked = [{ workspaceId, number: `+${sender}`, class: messageClass }];
    return (await inbound.database.db.batch((tx) => suppressedAmong(tx, inbound.keyring, asked))).size > 0;
  };
  const recorded = () => inbound.count('privacy.suppression');

  test('with a word for it is sent no more marketing by that workspace, and the text arrives as ever', async () => {
    const [shop, other] = [await inbound.tenant(), await inbound.tenant()];
    const from = aSender();
    assert.deepEqual(await receive(shop.part('Stop.', { from })), ['stored']);
    assert.equal(await isStopped(shop.workspaceId, from), true);
    assert.equal(await isStopped(shop.workspaceId, from, 'otp'), false);
    assert.equal(await isStopped(other.workspaceId, from), false);
    assert.deepEqual(await shop.texts(), ['Stop.']);
  });

  test('is recorded once, however often it comes, also from the carrier twice', async () => {
    const shop = await inbound.tenant();
    const from = aSender();
    const before = await recorded();
    await receive(shop.part('STOP', { from }), shop.part('unsubscribe', { from }));
    await receive(shop.part('STOP', { from, possibleRepeat: true }));
    assert.equal(await recorded(), before + 1);
  });

  test('with more than the word, in a part of a long text, or in octets, says nothing of the kind', async () => {
    const shop = await inbound.tenant();
    const before = await recorded();
    await receive(
      shop.part('Stop by at nine', { from: aSender() }),
      ...shop.long(['stop', ' by at nine'], 7, { from: aSender() }),
      shop.part('', { from: aSender(), text: null, octets: Buffer.from('stop') }),
    );
    assert.equal(await recorded(), before);
  });

  test('whose number is a short code or a name, or who writes to a number nobody has, records nothing', async () => {
    const shop = await inbound.tenant();
    const { e164 } = await inbound.number();
    const before = await recorded();
    assert.deepEqual(
      await receive(
        shop.part('stop', { from: '72404' }),
        shop.part('stop', { from: 'SOTTO' }),
        shop.part('stop', { from: aSender(), to: e164 }),
        shop.part('stop', { from: aSender(), connectorId: inbound.otherConnectorId }),
      ),
      ['stored', 'stored', 'unassigned', 'unassigned'],
    );
    assert.equal(await recorded(), before);
  });

  test('is heeded although the text itself could not be taken', async () => {
    const shop = await inbound.tenant();
    const from = aSender();
    const full: InboundSink = { receive: async () => Promise.reject(new Error('no room')) };
    await assert.rejects(over(full).receive([shop.part('stop', { from })]), /no room/);
    assert.equal(await isStopped(shop.workspaceId, from), true);
  });

  test('is known by an index alone: the number is in no row', async () => {
    const shop = await inbound.tenant();
    const from = aSender();
    await receive(shop.part('stop', { from }));
    const [row] = await inbound.database.sql<{ text: string }>(
      'select s::text as text from privacy.suppression s order by id desc limit 1',
    );
    assert.ok(!row!.text.includes(from) && !row!.text.includes(Buffer.from(from).toString('hex')));
  });
});
