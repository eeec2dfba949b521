import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { STATUS, statusClass, statusMeaning, statusName } from './command-status.ts';
import { canonicalId, idCandidates } from './message-id.ts';
import {
  makeRegisteredDelivery,
  readDataCoding,
  readEsmClass,
  readRegisteredDelivery,
} from './message-options.ts';
import { formatAbsoluteTime, formatRelativeTime, parseSmppTime } from './time-format.ts';
import { TLVS, type TlvName } from './tlv-table.ts';
import { makeTlvs, Tlvs, tlvStreamEnd } from './tlvs.ts';
import {
  buildUserDataHeader,
  concatenationElement,
  parseUserDataHeader,
  shiftElement,
} from './user-data-header.ts';

test('an absolute time is UTC with quarter hours 00 and survives reading back to the tenth', () => {
  assert.equal(formatAbsoluteTime(Date.UTC(2026, 6, 1, 9, 5, 7, 345)), '260701090507300+');
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2100, 0) - 1 }), (epochMs) => {
      const read = parseSmppTime(formatAbsoluteTime(epochMs));
      assert.deepEqual(read, { kind: 'absolute', epochMs: epochMs - (epochMs % 100) });
    }),
  );
  assert.throws(() => formatAbsoluteTime(Date.UTC(2100, 0)), RangeError);
  assert.throws(() => formatAbsoluteTime(Number.NaN), RangeError);
});

test('nn counts quarter hours: 08+ is two hours ahead of UTC, 22- five and a half behind', () => {
  const noon = Date.UTC(2026, 0, 1, 12);
  assert.deepEqual(parseSmppTime('260101140000008+'), { kind: 'absolute', epochMs: noon });
  assert.deepEqual(parseSmppTime('260101063000022-'), { kind: 'absolute', epochMs: noon });
});

test('a relative time is a duration in days and smaller fields, rounded up to seconds', () => {
  assert.equal(formatRelativeTime(0), '000000000000000R');
  assert.equal(formatRelativeTime(90_000), '000000000130000R');
  assert.equal(formatRelativeTime(60_001), '000000000101000R');
  assert.equal(formatRelativeTime(3 * 86_400_000 + 7_200_000), '000003020000000R');
  assert.deepEqual(parseSmppTime('000001000000000R'), { kind: 'relative', milliseconds: 86_400_000 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 99 * 86_400 }), (seconds) => {
      const read = parseSmppTime(formatRelativeTime(seconds * 1000));
      assert.deepEqual(read, { kind: 'relative', milliseconds: seconds * 1000 });
    }),
  );
  for (const bad of [-1_000, 100 * 86_400_000, Number.NaN])
    assert.throws(() => formatRelativeTime(bad), RangeError);
});

test('what is no time reads as null', () => {
  const bad = [
    '',
    '260101120000',
    '26010112000000+',
    '260231120000000+',
    '261301120000000+',
    '260101240000000+',
  ];
  for (const text of [...bad, '260101120000049+', '260101120000000X', 'R60101120000000+', '26 101120000000+'])
    assert.equal(parseSmppTime(text), null, text);
  fc.assert(fc.property(fc.string({ maxLength: 20 }), (text) => void parseSmppTime(text)));
});

test('esm_class is three fields: Kannel sends 0x03 and 0x43 for plain messages', () => {
  assert.deepEqual(readEsmClass(0x03), {
    mode: 'store_and_forward',
    kind: 'message',
    userDataHeader: false,
    replyPath: false,
  });
  assert.deepEqual(readEsmClass(0x43).userDataHeader, true);
  assert.equal(readEsmClass(0x80).replyPath, true);
  const kinds = [0x04, 0x08, 0x10, 0x18, 0x20, 0x44, 0x0c].map((value) => readEsmClass(value).kind);
  assert.deepEqual(kinds, [
    'receipt',
    'delivery_acknowledgement',
    'manual_acknowledgement',
    'conversation_abort',
    'intermediate_notification',
    'receipt',
    'reserved',
  ]);
});

test('registered_delivery is a bit field: 0x11 asks for a receipt and for intermediate notices', () => {
  assert.deepEqual(readRegisteredDelivery(0x11), {
    receipt: 'always',
    deliveryAcknowledgement: false,
    manualAcknowledgement: false,
    intermediate: true,
  });
  for (let value = 0; value < 32; value++)
    assert.equal(makeRegisteredDelivery(readRegisteredDelivery(value)), value);
  assert.equal(readRegisteredDelivery(0x02).receipt, 'on_failure');
});

test('data_coding tells alphabet and class, the flash values among them', () => {
  const seen = [0, 1, 2, 3, 4, 8, 0x10, 0x11, 0x18, 0xf0, 0xf5, 0xf6, 0x0e].map((value) => {
    const { alphabet, messageClass } = readDataCoding(value);
    return `${alphabet}:${messageClass}`;
  });
  assert.deepEqual(seen, [
    'default:null',
    'ia5:null',
    'binary:null',
    'latin1:null',
    'binary:null',
    'ucs2:null',
    'default:0',
    'default:1',
    'ucs2:0',
    'default:0',
    'binary:1',
    'binary:2',
    'other:null',
  ]);
});

test('every status has a class, and 0x58 and 0x14 slow the connector down', () => {
  assert.equal(statusClass(STATUS.ROK), 'ok');
  assert.deepEqual([0x58, 0x14].map(statusClass), ['throttle', 'throttle']);
  assert.deepEqual([0x64, 0x08].map(statusClass), ['temporary', 'temporary']);
  for (const code of [0x0a, 0x0b, 0x45, 0x65, 0x66, 0x61, 0x62])
    assert.equal(statusClass(code), 'permanent', statusName(code));
  for (const code of [0x04, 0x05, 0x0d, 0x0e, 0x0f, 0x53]) assert.equal(statusClass(code), 'bind');
  assert.equal(statusClass(0x0401), 'unknown');
  assert.equal(statusName(0x58), 'ESME_RTHROTTLED');
  assert.equal(statusName(0x0401), '0x00000401');
  assert.equal(statusMeaning(0x0b), 'invalid destination address');
});

test('TLVs hold every value of the standard, at its bounds', () => {
  for (const name of Object.keys(TLVS) as TlvName[]) {
    const { kind, min, max } = TLVS[name];
    const value =
      kind === 'flag'
        ? true
        : kind === 'cstring'
          ? 'x'.repeat(max - 1)
          : kind === 'octets'
            ? Buffer.alloc(min, 1)
            : 2 ** (8 * max) - 1;
    const built = makeTlvs({ [name]: value });
    assert.deepEqual(built.get(name), value, name);
    assert.ok(built.has(name));
    assert.equal(tlvStreamEnd(built.buffer, built.start, built.end), built.end);
  }
});

test('an unknown TLV is kept, a mis-sized one reads as absent, and neither hides its neighbours', () => {
  const built = makeTlvs({ messageState: 2 }, [
    { tag: 0x1401, value: Buffer.from('vendor') },
    { tag: TLVS.sarMsgRefNum.tag, value: Buffer.of(1) },
    { tag: TLVS.receiptedMessageId.tag, value: Buffer.from('id') },
  ]);
  assert.equal(built.get('sarMsgRefNum'), undefined);
  assert.ok(built.has('sarMsgRefNum'));
  assert.equal(built.raw(0x1401)?.toString(), 'vendor');
  assert.equal(built.get('receiptedMessageId'), 'id', 'a missing NUL is forgiven');
  assert.equal(built.get('messageState'), 2);
  assert.deepEqual(
    built.list().map(({ tag }) => tag),
    [0x0427, 0x1401, 0x020c, 0x001e],
  );
});

test('a TLV value outside its bounds is refused', () => {
  const bad = [
    () => makeTlvs({ messageState: 256 }),
    () => makeTlvs({ messageState: -1 }),
    () => makeTlvs({ userMessageReference: 1.5 }),
    () => makeTlvs({ receiptedMessageId: 'x'.repeat(65) }),
    () => makeTlvs({ receiptedMessageId: 'a\0b' }),
    () => makeTlvs({ networkErrorCode: Buffer.alloc(2) }),
    () => makeTlvs({ messagePayload: Buffer.alloc(65_536) }),
  ];
  for (const make of bad) assert.throws(make, RangeError);
});

test('a TLV stream that does not divide is recognised at every cut', () => {
  const { buffer } = makeTlvs({ messageState: 2, receiptedMessageId: 'abc' });
  const whole = new Set([0, 5, buffer.length]);
  for (let cut = 0; cut <= buffer.length; cut++)
    assert.equal(tlvStreamEnd(buffer, 0, cut), whole.has(cut) ? cut : -1);
  assert.deepEqual(new Tlvs(buffer, 5, buffer.length).get('receiptedMessageId'), 'abc');
});

test('a part is found in any element of the header, under 8 and 16 bit references', () => {
  const eight = buildUserDataHeader([
    { id: 0x05, data: Buffer.from('0b8423f0', 'hex') },
    concatenationElement({ reference: 300, referenceBits: 8, total: 3, sequence: 2 }),
  ]);
  assert.equal(eight.toString('hex'), '0b05040b8423f000032c0302');
  assert.deepEqual(parseUserDataHeader(Buffer.concat([eight, Buffer.from('text')])), {
    elements: [
      { id: 0x05, data: Buffer.from('0b8423f0', 'hex') },
      { id: 0x00, data: Buffer.from('2c0302', 'hex') },
    ],
    concatenation: { reference: 44, referenceBits: 8, total: 3, sequence: 2 },
    singleShift: null,
    lockingShift: null,
    octets: 12,
  });
  const sixteen = parseUserDataHeader(Buffer.from('0608040a2b020141', 'hex'));
  assert.deepEqual(sixteen?.concatenation, { reference: 0x0a2b, referenceBits: 16, total: 2, sequence: 1 });
  assert.equal(sixteen?.octets, 7);
});

test('national tables are found beside a concatenation', () => {
  const header = buildUserDataHeader([
    shiftElement('single', 1),
    shiftElement('locking', 3),
    concatenationElement({ reference: 7, referenceBits: 8, total: 2, sequence: 1 }),
  ]);
  const read = parseUserDataHeader(header);
  assert.deepEqual([read?.singleShift, read?.lockingShift, read?.concatenation?.sequence], [1, 3, 1]);
});

test('part 0, part beyond total, total 0 and mis-sized elements are no concatenation', () => {
  for (const hex of ['050003010200', '050003010203', '050003010001', '0400020102', '0608030a020141'])
    assert.equal(parseUserDataHeader(Buffer.from(hex, 'hex'))?.concatenation ?? null, null, hex);
  assert.throws(
    () => concatenationElement({ reference: 1, referenceBits: 8, total: 2, sequence: 3 }),
    RangeError,
  );
  assert.throws(() => buildUserDataHeader([{ id: 1, data: Buffer.alloc(140) }]), RangeError);
});

test('a header that does not fit its lengths reads as null, and random octets never throw', () => {
  for (const hex of ['', '05', '050003', '02000f', '010000'.slice(0, 4)])
    assert.equal(parseUserDataHeader(Buffer.from(hex, 'hex')), null, hex);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 160 }), (octets) => void parseUserDataHeader(octets)));
});

test('an id is looked up as spelled, folded, and in the other base, without losing digits', () => {
  // A stored vector of another gateway: text 0000436949, parameter 6aad5, one message.
  assert.deepEqual(
    idCandidates('0000436949').map(({ form, id }) => `${form} ${id}`),
    ['exact 0000436949', 'folded 436949', 'decimal_to_hex 6aad5', 'hex_to_decimal 4417865'],
  );
  assert.ok(idCandidates('6AAD5').some(({ id }) => id === '436949'));
  const long = '1311768467463790320';
  assert.ok(
    idCandidates(long).some(({ id }) => id === '123456789abcdef0'),
    'beyond 2^53 exactly',
  );
  assert.ok(idCandidates('123456789ABCDEF0').some(({ id }) => id === long));
  assert.deepEqual(
    idCandidates('0198C5D2-7E1F-7AAA-8000-0123456789AB').map(({ form }) => form),
    ['exact', 'folded'],
  );
  assert.deepEqual(idCandidates('7'), [{ form: 'exact', id: '7' }], 'no spelling twice');
  assert.equal(canonicalId('000'), '0');
  assert.deepEqual(idCandidates(''), [{ form: 'exact', id: '' }]);
});

test('any id leads back from the other base to itself', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 200n }), (value) => {
      const hex = value.toString(16).toUpperCase().padStart(10, '0');
      assert.ok(idCandidates(hex).some(({ id }) => id === value.toString(10)));
      assert.ok(
        idCandidates(value.toString(10).padStart(12, '0')).some(({ id }) => id === value.toString(16)),
      );
    }),
  );
});
