import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DeliverSm, makePdu, makeTlvs } from '@sotto/smpp';
import { MessageIds } from '../receipts/message-ids.ts';
import { handsetMessage, receiptFor } from '../test/test-smsc.ts';
import { readDelivery } from './delivery.ts';

const CONNECTOR = '0197a000-0000-7000-8000-000000000001';
const settings = { acceptedIsFinal: false, defaultAlphabet: 'gsm7' } as const;

const read = (pdu: DeliverSm | Parameters<typeof readDelivery>[0], given: object = {}) =>
  readDelivery(pdu, CONNECTOR, { ...settings, ...given }, new MessageIds('learned'));

function receiptOf(pdu: Parameters<typeof readDelivery>[0], given: object = {}) {
  const delivery = read(pdu, given);
  if (delivery.kind !== 'receipt') throw new Error(delivery.kind);
  return delivery.receipt;
}

function inboundOf(pdu: Parameters<typeof readDelivery>[0], given: object = {}) {
  const delivery = read(pdu, given);
  if (delivery.kind !== 'inbound') throw new Error(delivery.kind);
  return delivery.inbound;
}

const withStat = (stat: string, err = '000') =>
  receiptFor('77', {
    message: Buffer.from(`id:77 submit date:2611210300 done date:2611210301 stat:${stat} err:${err} text:hi`),
  });

test('a receipt names its message, number, state, time, and no error when there is none', () => {
  assert.deepEqual(receiptOf(receiptFor('77')), {
    connectorId: CONNECTOR,
    messageIds: ['77', '119', '4d'],
    messageIdForms: ['exact', 'hex_to_dec', 'dec_to_hex'],
    destination: '+491512345001',
    state: 'delivered',
    final: true,
    errorCode: null,
    at: new Date('2026-11-21T03:01:00Z'),
  });
});

test('states are final, or not, and ACCEPTD is what the connector says', () => {
  assert.deepEqual(
    [receiptOf(withStat('UNDELIV', '012')).final, receiptOf(withStat('UNDELIV', '012')).errorCode],
    [true, '012'],
  );
  assert.equal(receiptOf(withStat('ENROUTE')).final, false);
  assert.equal(receiptOf(withStat('ACCEPTD')).final, false);
  assert.equal(receiptOf(withStat('ACCEPTD'), { acceptedIsFinal: true }).final, true);
  assert.deepEqual(
    [receiptOf(withStat('NONSENSE')).state, receiptOf(withStat('NONSENSE')).final],
    ['unknown', false],
  );
});

test('an intermediate notification is never final', () => {
  const pdu = receiptFor('77', { esmClass: 0x20 });
  assert.equal(receiptOf(pdu).final, false);
  const accepted = withStat('ACCEPTD');
  accepted.esmClass = 0x20;
  assert.equal(receiptOf(accepted, { acceptedIsFinal: true }).final, false);
});

test('parameters win over the text, and both ids are candidates', () => {
  const receipt = receiptOf(
    receiptFor('0000436949', { tlvs: makeTlvs({ receiptedMessageId: '6aad5', messageState: 5 }) }),
  );
  assert.equal(receipt.state, 'undeliverable');
  assert.deepEqual(receipt.messageIds.slice(0, 2), ['6aad5', '436949']);
});

test('a receipt may come as data_sm with parameters alone', () => {
  const receipt = receiptOf(
    makePdu('data_sm', {
      esmClass: 0x04,
      source: '491512345001',
      tlvs: makeTlvs({ receiptedMessageId: 'abc', messageState: 2 }),
    }),
  );
  assert.deepEqual([receipt.messageIds[0], receipt.state], ['abc', 'delivered']);
});

test('a receipt without any id, and acknowledgements nobody asked for, are ignored', () => {
  assert.equal(read(receiptFor('', { message: Buffer.from('stat:DELIVRD') })).kind, 'ignored');
  assert.equal(read(handsetMessage({ esmClass: 0x08 })).kind, 'ignored');
  assert.equal(read(handsetMessage({ esmClass: 0x10 })).kind, 'ignored');
});

test('a text from a handset is decoded by data_coding', () => {
  assert.equal(inboundOf(handsetMessage({ message: Buffer.from([0x00, 0x1b, 0x65]) })).text, '@€');
  assert.equal(inboundOf(handsetMessage({ dataCoding: 8, message: Buffer.from('0416', 'hex') })).text, 'Ж');
  assert.equal(inboundOf(handsetMessage({ dataCoding: 3, message: Buffer.from([0xe4]) })).text, 'ä');
  assert.equal(
    inboundOf(handsetMessage({ message: Buffer.from([0xe4]) }), { defaultAlphabet: 'latin1' }).text,
    'ä',
  );
});

test('numbers of an inbound text are E.164', () => {
  const inbound = inboundOf(handsetMessage());
  assert.deepEqual([inbound.from, inbound.to, inbound.concat], ['+491512345001', '+491512345900', null]);
});

test('binary and unknown codings come as octets', () => {
  const inbound = inboundOf(handsetMessage({ dataCoding: 4, message: Buffer.from('0102ff', 'hex') }));
  assert.equal(inbound.text, null);
  assert.equal(inbound.octets?.toString('hex'), '0102ff');
  assert.equal(inbound.dataCoding, 4);
});

test('parts are tied together by header or by parameters', () => {
  const byHeader = inboundOf(
    handsetMessage({ esmClass: 0x40, message: Buffer.from('0608041234020261', 'hex') }),
  );
  assert.deepEqual(byHeader.concat, { reference: 0x1234, bits: 16, total: 2, sequence: 2 });
  assert.equal(byHeader.text, 'a');
  assert.equal(byHeader.octets?.toString('hex'), '61');
  const bySar = inboundOf(
    handsetMessage({ tlvs: makeTlvs({ sarMsgRefNum: 7, sarTotalSegments: 3, sarSegmentSeqnum: 1 }) }),
  );
  assert.deepEqual(bySar.concat, { reference: 7, bits: 16, total: 3, sequence: 1 });
});

test('numbers of parts that make no sense are no concatenation', () => {
  const tlvs = makeTlvs({ sarMsgRefNum: 7, sarTotalSegments: 3, sarSegmentSeqnum: 4 });
  assert.equal(inboundOf(handsetMessage({ tlvs })).concat, null);
  assert.equal(
    inboundOf(handsetMessage({ esmClass: 0x40, message: Buffer.from('05000307000061', 'hex') })).concat,
    null,
  );
});

test('octets of an inbound text are a copy, not a view of the socket’s chunk', () => {
  const chunk = Buffer.from('hello');
  const inbound = inboundOf(handsetMessage({ message: chunk }));
  chunk.fill(0);
  assert.equal(inbound.octets?.toString(), 'hello');
});
