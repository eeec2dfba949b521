import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageOctets, parseUserDataHeader, STATUS } from '@sotto/smpp';
import { receivedText } from './handset.ts';
import { bindClient, type TestClient, until, withSmsc } from './test/client.ts';

const phone = { from: '491512345678', to: '491599999999' };

/** What the texts of deliveries read as, decoded as a connector would. */
const texts = (client: TestClient) => client.delivered.map((pdu) => receivedText(pdu).text);

test('a handset writes GSM text when it can and UCS-2 when it must', () =>
  withSmsc({}, async (smsc) => {
    const client = await bindClient(smsc, 'receiver');
    assert.deepEqual(await smsc.inbound({ ...phone, text: 'Hi {€}' }), [0]);
    assert.deepEqual(await smsc.inbound({ ...phone, text: 'Привет 👋' }), [0]);
    const [gsm, ucs2] = client.delivered;
    assert.deepEqual([gsm?.dataCoding, gsm?.esmClass, ucs2?.dataCoding], [0, 0, 8]);
    assert.equal(Buffer.from(messageOctets(gsm!)).toString('hex'), '4869201b281b651b29');
    assert.equal(Buffer.from(messageOctets(ucs2!)).swap16().toString('utf16le'), 'Привет 👋');
    assert.deepEqual([gsm?.source, gsm?.destination], [phone.from, phone.to]);
  }));

test('long texts come in parts under one reference, in any order, with holes and doubles on request', () =>
  withSmsc({}, async (smsc) => {
    const client = await bindClient(smsc);
    const text = 'a'.repeat(400);
    await smsc.inbound({ ...phone, text, reference: 7 });
    await smsc.inbound({ ...phone, text, reference: 0x1234, referenceBits: 16, parts: [3, 1, 1] });
    const headers = client.delivered.map((pdu) => {
      assert.equal(pdu.esmClass, 0x40);
      const { reference, total, sequence } = parseUserDataHeader(messageOctets(pdu))!.concatenation!;
      return [reference, total, sequence];
    });
    assert.deepEqual(headers, [
      [7, 3, 1],
      [7, 3, 2],
      [7, 3, 3],
      [0x1234, 3, 3],
      [0x1234, 3, 1],
      [0x1234, 3, 1],
    ]);
  }));

test('parts may be marked by SAR parameters, or the text may come whole in message_payload', () =>
  withSmsc({}, async (smsc) => {
    const client = await bindClient(smsc);
    const text = 'b'.repeat(200);
    await smsc.inbound({ ...phone, text, via: 'sar', reference: 300, referenceBits: 16 });
    await smsc.inbound({ ...phone, text, via: 'payload' });
    const [first, second, whole] = client.delivered;
    const sar = [first!, second!].map(({ tlvs, esmClass }) => [
      tlvs.get('sarMsgRefNum'),
      tlvs.get('sarTotalSegments'),
      tlvs.get('sarSegmentSeqnum'),
      esmClass,
    ]);
    assert.deepEqual(sar, [
      [300, 2, 1, 0],
      [300, 2, 2, 0],
    ]);
    assert.equal(messageOctets(whole!).length, 200);
  }));

test('an inbound message waits for a receiver, is sent again when answered "later", and tells the last status', () =>
  withSmsc({ behaviour: { receipts: { retryMs: 2 } } }, async (smsc) => {
    const done = smsc.inbound({ ...phone, text: 'hi', systemId: 'client' });
    let tries = 0;
    await bindClient(smsc, 'receiver', {
      onDeliver: (_pdu, answer) => answer(++tries === 1 ? STATUS.RX_T_APPN : STATUS.ROK),
    });
    assert.deepEqual(await done, [0]);
    const { inboundSent, inboundAcked } = smsc.counts();
    assert.deepEqual([inboundSent, inboundAcked], [2, 1]);
  }));

test('handsets answer by rule: to a number, to a word, once per message', () =>
  withSmsc(
    {
      behaviour: {
        replies: [
          { contains: 'stop to', text: 'STOP', delayMs: 5 },
          { destinationEnds: '42', text: 'fine', delayMs: 0 },
        ],
      },
    },
    async (smsc) => {
      const client = await bindClient(smsc);
      const fields = { source: '100', registeredDelivery: 0 };
      await client.submit('491512345642', fields);
      await client.submit('491512345699', { ...fields, message: Buffer.from('Send STOP to leave') });
      await client.submit('491512345699', fields);
      const second = Buffer.from('050003070202 stop to', 'latin1');
      Buffer.from('050003070202', 'hex').copy(second);
      await client.submit('491512345699', { ...fields, esmClass: 0x40, message: second });
      await until(() => client.delivered.length === 2);
      await smsc.idle();
      assert.deepEqual(texts(client), ['fine', 'STOP']);
      assert.deepEqual(
        client.delivered.map(({ source, destination }) => [source, destination]),
        [
          ['491512345642', '100'],
          ['491512345699', '100'],
        ],
      );
    },
  ));

test('without a bound client an unaddressed message is refused by name', () =>
  withSmsc({}, (smsc) => assert.rejects(smsc.inbound({ ...phone, text: 'hi' }), /name the account/)));
