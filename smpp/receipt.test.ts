import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { makePdu } from './pdu-shapes.ts';
import { messageOctets, parseReceipt, type ReceiptState } from './receipt.ts';
import { formatReceiptText, makeReceipt, type ReceiptToSend } from './receipt-format.ts';
import { arbitraryPdu } from './test/arbitrary-pdu.ts';
import { makeTlvs } from './tlvs.ts';

const textReceipt = (text: string, esmClass = 0x04) =>
  parseReceipt(makePdu('deliver_sm', { esmClass, message: Buffer.from(text, 'latin1') }));

const toSend: ReceiptToSend = {
  textId: '0000436949',
  tlvId: '6aad5',
  state: 'delivered',
  errorCode: '000',
  submittedAtMs: Date.UTC(2026, 0, 2, 3, 4),
  doneAtMs: Date.UTC(2026, 0, 2, 3, 5),
  excerpt: 'Your code is',
  carriedBy: 'both',
};

test('the layout of appendix B is read in full', () => {
  const text =
    'id:0123456789 sub:001 dlvrd:001 submit date:0809011130 done date:080901113031 stat:DELIVRD err:00A Text:hi';
  assert.deepEqual(textReceipt(text), {
    messageIds: ['0123456789'],
    state: 'delivered',
    stateText: 'DELIVRD',
    final: true,
    errorCode: '00A',
    errorNetwork: null,
    submitDate: '0809011130',
    doneDate: '080901113031',
    submitted: 1,
    delivered: 1,
  });
});

test('fields may be missing, reordered, in any case, with spaces around colons and 10, 12 or 14 digit dates', () => {
  const reordered = textReceipt('STAT:delivrd DONE DATE : 20260102030405 ID: abc-DEF err:');
  assert.equal(reordered?.state, 'delivered');
  assert.deepEqual(reordered?.messageIds, ['abc-DEF']);
  assert.equal(reordered?.doneDate, '20260102030405');
  assert.equal(reordered?.errorCode, null);
  const textFirst = textReceipt('text:hello id:77 stat:EXPIRED');
  assert.deepEqual([textFirst?.messageIds, textFirst?.state], [['77'], 'expired']);
  const vendor = textReceipt(
    'id:550e8400-e29b-41d4-a716-446655440000 vendor:1 stat:FAILED err:EC_ABSENT extra:x',
  );
  assert.deepEqual(vendor?.messageIds, ['550e8400-e29b-41d4-a716-446655440000']);
  assert.deepEqual([vendor?.state, vendor?.errorCode], ['undeliverable', 'EC_ABSENT']);
});

test('an empty field is followed by the next key, not filled with it', () => {
  const read = textReceipt('id:1 sub: dlvrd: submit date: done date: stat: err: text:stat:DELIVRD');
  assert.deepEqual(
    [read?.messageIds, read?.state, read?.errorCode, read?.doneDate],
    [['1'], null, null, null],
  );
  const spaced = textReceipt('id: 5 stat : DELIVRD err : 000');
  assert.deepEqual([spaced?.messageIds, spaced?.state, spaced?.errorCode], [['5'], 'delivered', '000']);
});

test('every state word in use is known, and says whether it is final', () => {
  const words: [string, ReceiptState, boolean][] = [
    ['DELIVRD', 'delivered', true],
    ['ACKED', 'delivered', true],
    ['EXPIRED', 'expired', true],
    ['DELETED', 'deleted', true],
    ['UNDELIV', 'undeliverable', true],
    ['FAILED', 'undeliverable', true],
    ['REJECTD', 'rejected', true],
    ['UNKNOWN', 'unknown', true],
    ['ACCEPTD', 'accepted', false],
    ['ENROUTE', 'enroute', false],
    ['BUFFRED', 'enroute', false],
  ];
  for (const [word, state, final] of words) {
    const read = textReceipt(`id:1 stat:${word} err:000`);
    assert.deepEqual([read?.state, read?.final], [state, final], word);
  }
  const strange = textReceipt('id:1 stat:WHATEVER err:1');
  assert.deepEqual([strange?.state, strange?.final, strange?.stateText], [null, false, 'WHATEVER']);
});

test('a message that quotes a receipt cannot forge one: what follows text: is not read', () => {
  const read = textReceipt('id:1 stat:UNDELIV err:001 text:id:2 stat:DELIVRD');
  assert.deepEqual([read?.messageIds, read?.state], [['1'], 'undeliverable']);
});

test('parameters win over the text, and both spellings of the id are kept', () => {
  const read = parseReceipt(
    makePdu('deliver_sm', {
      esmClass: 0x04,
      message: Buffer.from('id:0000436949 stat:ENROUTE err:999'),
      tlvs: makeTlvs({
        receiptedMessageId: '6aad5',
        messageState: 2,
        networkErrorCode: Buffer.of(3, 0, 42),
      }),
    }),
  );
  assert.deepEqual(read?.messageIds, ['6aad5', '0000436949']);
  assert.deepEqual(
    [read?.state, read?.final, read?.errorCode, read?.errorNetwork],
    ['delivered', true, '042', 3],
  );
});

test('a network_error_code of three ASCII digits is read as its digits', () => {
  const tlvs = makeTlvs({ receiptedMessageId: 'x', messageState: 5, networkErrorCode: Buffer.from('014') });
  const read = parseReceipt(makePdu('deliver_sm', { esmClass: 0x04, tlvs }));
  assert.deepEqual([read?.errorCode, read?.errorNetwork], ['014', null]);
});

test('a receipt is read from message_payload, from data_sm, and by parameters alone', () => {
  const text = Buffer.from('id:9 stat:DELIVRD err:000');
  const payload = makePdu('deliver_sm', { esmClass: 0x04, tlvs: makeTlvs({ messagePayload: text }) });
  assert.deepEqual(parseReceipt(payload)?.messageIds, ['9']);
  const dataSm = makePdu('data_sm', { esmClass: 0x04, tlvs: makeTlvs({ messagePayload: text }) });
  assert.equal(parseReceipt(dataSm)?.state, 'delivered');
  const bare = makePdu('deliver_sm', {
    esmClass: 0,
    tlvs: makeTlvs({ receiptedMessageId: 'z', messageState: 8 }),
  });
  assert.equal(parseReceipt(bare)?.state, 'rejected', 'some carriers forget the bit');
});

test('an ordinary message is no receipt, even when it looks like one', () => {
  assert.equal(textReceipt('id:1 stat:DELIVRD err:000', 0x00), null);
  assert.equal(textReceipt('id:1 stat:DELIVRD err:000', 0x43), null);
  const reference = makeTlvs({ receiptedMessageId: 'x' });
  assert.equal(parseReceipt(makePdu('deliver_sm', { tlvs: reference })), null);
});

test('an intermediate notification is never final', () => {
  assert.deepEqual(textReceipt('id:1 stat:DELIVRD', 0x20)?.final, false);
});

test('a receipt whose data_coding says UCS-2 is still read as text', () => {
  const pdu = makePdu('deliver_sm', {
    esmClass: 4,
    dataCoding: 8,
    message: Buffer.from('id:1 stat:DELIVRD'),
  });
  assert.equal(parseReceipt(pdu)?.state, 'delivered');
});

test('what an SMSC writes is what a client reads, in all three ways of saying it', () => {
  assert.equal(
    formatReceiptText(toSend),
    'id:0000436949 sub:001 dlvrd:001 submit date:2601020304 done date:2601020305 stat:DELIVRD err:000 text:Your code is',
  );
  for (const state of [
    'enroute',
    'delivered',
    'expired',
    'deleted',
    'undeliverable',
    'accepted',
    'rejected',
  ] as const)
    for (const carriedBy of ['text', 'tlv', 'both'] as const) {
      const read = parseReceipt(makeReceipt({ ...toSend, state, carriedBy }));
      assert.equal(read?.state, state);
      const ids = { text: ['0000436949'], tlv: ['6aad5'], both: ['6aad5', '0000436949'] };
      assert.deepEqual(read?.messageIds, ids[carriedBy]);
    }
});

test('nothing that can arrive makes the reader throw', () => {
  fc.assert(
    fc.property(arbitraryPdu('deliver_sm'), fc.string({ maxLength: 200 }), (pdu, text) => {
      assert.ok(pdu.command === 'deliver_sm');
      parseReceipt(pdu);
      messageOctets(pdu);
      pdu.esmClass = 0x44;
      pdu.message = Buffer.from(`id:${text} stat:`, 'latin1');
      parseReceipt(pdu);
    }),
    { numRuns: 500 },
  );
});
