import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodePdu, pduOctets, type SubmitSm } from '@sotto/smpp';
import { decodePart } from '@sotto/text';
import type { PartToSubmit } from '../port.ts';
import type { ConnectorSettings } from '../settings/connector-settings.ts';
import { aPart, testSettings } from '../test/under-test.ts';
import { SubmitWriter } from './submit-pdu.ts';

const write = (settings: Partial<ConnectorSettings>, part: Partial<PartToSubmit>) =>
  new SubmitWriter(testSettings(2775, settings)).write(aPart(part));

/** What the carrier reads: the PDU after encoding and decoding. */
function read(settings: Partial<ConnectorSettings>, part: Partial<PartToSubmit>): SubmitSm {
  const pdu = write(settings, part);
  if (typeof pdu === 'string') throw new Error(pdu);
  pdu.sequence = 1;
  const octets = pduOctets(pdu);
  return decodePdu(octets, 0, octets.length) as SubmitSm;
}

const hex = (octets: Buffer) => octets.toString('hex');
const concat = { reference: 0x1234, total: 3, sequence: 2 };

test('a GSM text travels one septet an octet, with the extension table', () => {
  const pdu = read({}, { text: 'a@€' });
  assert.equal(hex(pdu.message), '61001b65');
  assert.equal(pdu.dataCoding, 0);
  assert.equal(pdu.esmClass, 0);
  assert.equal(pdu.registeredDelivery, 1);
  assert.equal(pdu.destination, '491512345001');
  assert.deepEqual([pdu.destinationTon, pdu.destinationNpi], [1, 1]);
});

test('a UCS-2 text is UTF-16BE under data_coding 8, without byte order mark', () => {
  const pdu = read({}, { text: 'Ж😀', encoding: 'ucs2' });
  assert.equal(hex(pdu.message), '0416d83dde00');
  assert.equal(pdu.dataCoding, 8);
});

test('udh8 uses the low octet of the reference and sets the header indicator', () => {
  const pdu = read({ longMessages: 'udh8' }, { text: 'x', concat });
  assert.equal(hex(pdu.message), '050003340302' + '78');
  assert.equal(pdu.esmClass, 0x40);
  assert.equal(pdu.tlvs.octets, 0);
});

test('udh16 uses the whole reference', () => {
  const pdu = read({ longMessages: 'udh16' }, { text: 'x', concat });
  assert.equal(hex(pdu.message), '06080412340302' + '78');
});

test('sar states concatenation in parameters and never in a header as well', () => {
  const pdu = read({ longMessages: 'sar' }, { text: 'x', concat });
  assert.equal(hex(pdu.message), '78');
  assert.equal(pdu.esmClass, 0);
  assert.equal(pdu.tlvs.get('sarMsgRefNum'), 0x1234);
  assert.equal(pdu.tlvs.get('sarTotalSegments'), 3);
  assert.equal(pdu.tlvs.get('sarSegmentSeqnum'), 2);
});

test('payload leaves sm_length zero and puts header and text into message_payload', () => {
  const pdu = read({ longMessages: 'payload' }, { text: 'x', concat });
  assert.equal(pdu.message.length, 0);
  assert.equal(hex(Buffer.from(pdu.tlvs.get('messagePayload')!)), '050003340302' + '78');
  assert.equal(pdu.esmClass, 0x40);
});

test('payload carries a whole long text without concatenation', () => {
  const pdu = read({ longMessages: 'payload' }, { text: 'x'.repeat(500) });
  assert.equal(pdu.message.length, 0);
  assert.equal(pdu.tlvs.get('messagePayload')!.length, 500);
});

test('a PDU does not keep anything of the part before it', () => {
  const writer = new SubmitWriter(testSettings(2775, { longMessages: 'sar' }));
  writer.write(aPart({ concat, from: 'Example', validitySeconds: 60, encoding: 'ucs2' }));
  const second = writer.write(aPart({ text: 'plain', from: null })) as SubmitSm;
  assert.equal(second.tlvs.octets, 0);
  assert.equal(second.source, '');
  assert.equal(second.sourceTon, 0);
  assert.equal(second.validityPeriod, '');
  assert.equal(second.dataCoding, 0);
  assert.equal(second.message.toString('latin1'), 'plain');
});

test('packed septets read back through fill bits behind a header', () => {
  for (const part of [{ text: 'hello 7 bits' }, { text: 'hello 7 bits', concat }]) {
    const pdu = read({ defaultAlphabet: 'gsm7_packed' }, part);
    const decoded = decodePart(pdu.message, {
      charset: 'gsm7',
      hasHeader: pdu.esmClass === 0x40,
      packed: true,
      septets: part.text.length,
    });
    assert.equal(decoded.text, part.text);
  }
});

test('a Latin-1 connector gets Latin-1, and UCS-2 for what Latin-1 lacks', () => {
  assert.equal(hex(read({ defaultAlphabet: 'latin1' }, { text: 'ä@' }).message), 'e440');
  const greek = read({ defaultAlphabet: 'latin1' }, { text: 'ΔΦ' });
  assert.equal(greek.dataCoding, 8);
  assert.equal(hex(greek.message), '039403a6');
  const ascii = read({ defaultAlphabet: 'ascii' }, { text: 'ä' });
  assert.equal(ascii.dataCoding, 8);
});

test('a text that no alphabet of the connector carries in one part is refused here', () => {
  assert.equal(write({ defaultAlphabet: 'latin1' }, { text: 'Δ'.repeat(71) }), 'LOCAL_TEXT');
  assert.equal(write({ defaultAlphabet: 'ascii' }, { text: 'Δ'.repeat(68), concat }), 'LOCAL_TEXT');
  assert.equal(typeof write({ defaultAlphabet: 'ascii' }, { text: 'Δ'.repeat(67), concat }), 'object');
  assert.equal(write({}, { text: 'x'.repeat(255) }), 'LOCAL_TEXT');
  assert.equal(write({}, { text: 'Ж' }), 'LOCAL_TEXT');
});

test('senders and recipients that cannot be expressed are refused here', () => {
  assert.equal(write({}, { from: 'much too long a name' }), 'LOCAL_SENDER');
  assert.equal(write({}, { to: 'nobody' }), 'LOCAL_DESTINATION');
});

test('validity is written as the connector wants it', () => {
  assert.equal(read({}, { validitySeconds: 90_061 }).validityPeriod, '000001010101000R');
  assert.equal(read({ validity: 'none' }, { validitySeconds: 60 }).validityPeriod, '');
  assert.match(read({ validity: 'absolute' }, { validitySeconds: 60 }).validityPeriod, /^\d{12}\d00\+$/);
  assert.equal(read({}, { validitySeconds: null }).validityPeriod, '');
});
