import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { STATUS } from './command-status.ts';
import { decodePdu } from './decode.ts';
import { decodeByTable } from './decode-table.ts';
import { encodePdu, pduOctets } from './encode.ts';
import { encodeByTable } from './encode-table.ts';
import { FieldError, PduFault } from './pdu-fault.ts';
import { LAYOUTS, RESPONSE_BIT } from './pdu-layouts.ts';
import { makePdu } from './pdu-shapes.ts';
import type { Pdu, PduOf } from './pdu-types.ts';
import { PduWriter } from './pdu-writer.ts';
import { anyPdu, arbitraryPdu, COMMANDS, comparable, SWEEP } from './test/arbitrary-pdu.ts';

const decoded = (octets: Buffer): Pdu => {
  const pdu = decodePdu(octets, 0, octets.length);
  assert.ok(!(pdu instanceof PduFault), pdu instanceof PduFault ? pdu.reason : '');
  return pdu;
};

for (const command of COMMANDS) {
  test(`${command} survives encoding and decoding`, () => {
    fc.assert(
      fc.property(arbitraryPdu(command), (pdu) => {
        assert.deepEqual(comparable(decoded(pduOctets(pdu))), comparable(pdu));
      }),
      { numRuns: 40 * SWEEP },
    );
  });
}

test('the hand-written codec and the table write the same octets and read the same values', () => {
  const hot = fc
    .constantFrom('submit_sm', 'deliver_sm', 'submit_sm_resp', 'deliver_sm_resp')
    .chain((command) => arbitraryPdu(command as 'submit_sm'));
  fc.assert(
    fc.property(hot, (pdu) => {
      const writer = new PduWriter();
      encodeByTable(writer, pdu);
      const byTable = Buffer.from(writer.take());
      assert.deepEqual(pduOctets(pdu), byTable);
      const read = decodeByTable(pdu.command, pdu.status, pdu.sequence, byTable, 0, byTable.length);
      assert.deepEqual(comparable(decoded(byTable)), comparable(read as Pdu));
    }),
    { numRuns: 300 * SWEEP },
  );
});

test('hand-written and table decoding agree on damaged octets, fault for fault', () => {
  const damaged = fc
    .constantFrom('submit_sm', 'deliver_sm')
    .chain((command) => arbitraryPdu(command as 'submit_sm'))
    .chain((pdu) => {
      const octets = pduOctets(pdu);
      return fc.record({
        command: fc.constant(pdu.command),
        octets: fc.constant(octets),
        at: fc.integer({ min: 16, max: octets.length - 1 }),
        value: fc.integer({ min: 0, max: 255 }),
        cut: fc.integer({ min: 16, max: octets.length }),
      });
    });
  fc.assert(
    fc.property(damaged, ({ command, octets, at, value, cut }) => {
      octets[at] = value;
      const hot = decodePdu(octets, 0, cut);
      const sequence = octets.readUInt32BE(12);
      const table = decodeByTable(command, octets.readUInt32BE(8), sequence, octets, 0, cut);
      if (table instanceof PduFault) assert.deepEqual(hot, table);
      else assert.deepEqual(comparable(hot as Pdu), comparable(table));
    }),
    { numRuns: 500 * SWEEP },
  );
});

test('a PDU cut at any octet is an error with the right answer, or a PDU without what was cut; never an exception', () => {
  fc.assert(
    fc.property(anyPdu, (pdu) => {
      const octets = pduOctets(pdu);
      const layout = LAYOUTS[pdu.command];
      for (let cut = 16; cut < octets.length; cut++) {
        const read = decodePdu(octets, 0, cut);
        if (layout.id >= RESPONSE_BIT)
          assert.ok(!(read instanceof PduFault), 'responses are read as far as they go');
        if (!(read instanceof PduFault)) continue;
        assert.equal(read.sequence, pdu.sequence);
        assert.equal(
          read.answerId,
          RESPONSE_BIT + layout.id in ids ? RESPONSE_BIT + layout.id : RESPONSE_BIT,
        );
        assert.notEqual(read.answer, 0);
      }
    }),
    { numRuns: 60 * SWEEP },
  );
});

const ids = Object.fromEntries(COMMANDS.map((command) => [LAYOUTS[command].id, command]));

test('random octets behind any header never throw (checklist 58)', () => {
  fc.assert(
    fc.property(fc.constantFrom(...COMMANDS), fc.uint8Array({ maxLength: 400 }), (command, body) => {
      const octets = Buffer.concat([Buffer.alloc(16), body]);
      octets.writeUInt32BE(octets.length, 0);
      octets.writeUInt32BE(LAYOUTS[command].id, 4);
      const read = decodePdu(octets, 0, octets.length);
      assert.ok(read instanceof PduFault || read.command === command);
    }),
    { numRuns: 1_000 * SWEEP },
  );
});

test('an unknown command is a fault to be answered with generic_nack 0x03 and its sequence number', () => {
  const octets = Buffer.from('00000010000000ff0000000000000007', 'hex');
  const fault = decodePdu(octets, 0, 16);
  assert.ok(fault instanceof PduFault);
  assert.deepEqual([fault.answerId, fault.answer, fault.sequence], [0x80000000, STATUS.RINVCMDID, 7]);
});

test('faults of a request name the field and carry the status that SMPP has for it', () => {
  const octets = pduOctets(makePdu('submit_sm', { source: 'abc', message: Buffer.from('hi') }));
  const faultOf = (change: (copy: Buffer) => Buffer): PduFault => {
    const copy = change(Buffer.from(octets));
    const read = decodePdu(copy, 0, copy.length);
    assert.ok(read instanceof PduFault);
    assert.equal(read.answerId, 0x80000004);
    return read;
  };
  const tooLong = faultOf((copy) =>
    Buffer.concat([copy.subarray(0, 19), Buffer.alloc(30, 0x41), copy.subarray(19)]),
  );
  assert.equal(tooLong.answer, STATUS.RINVSRCADR);
  const lengthLies = faultOf((copy) => {
    copy[copy.length - 3] = 200;
    return copy;
  });
  assert.equal(lengthLies.answer, STATUS.RINVMSGLEN);
  const tailIsNoTlv = faultOf((copy) => Buffer.concat([copy, Buffer.from([1, 2, 3])]));
  assert.equal(tailIsNoTlv.answer, STATUS.RINVOPTPARSTREAM);
  const tlvTooLong = faultOf((copy) => Buffer.concat([copy, Buffer.from('04240010aa', 'hex')]));
  assert.equal(tlvTooLong.answer, STATUS.RINVOPTPARSTREAM);
  assert.equal(faultOf((copy) => copy.subarray(0, 18)).answer, STATUS.RINVCMDLEN);
});

test('error responses are read with no body, one NUL, half a body, a full body, or a missing NUL', () => {
  const header = (length: number) =>
    Buffer.from(`000000${length.toString(16)}80000004000000580000002a`, 'hex');
  const read = (body: Buffer) =>
    decoded(Buffer.concat([header(16 + body.length), body])) as PduOf<'submit_sm_resp'>;
  const bodies: [Buffer, string][] = [
    [Buffer.alloc(0), ''],
    [Buffer.of(0), ''],
    [Buffer.from('ab\0'), 'ab'],
    [Buffer.from('ab'), 'ab'],
  ];
  for (const [body, messageId] of bodies) {
    const response = read(body);
    assert.deepEqual([response.status, response.sequence, response.messageId], [0x58, 42, messageId]);
  }
  for (const id of ['80000009', '80000103', '80000005', '80000003', '80000021']) {
    const bare = decoded(Buffer.from(`00000010${id}0000000800000001`, 'hex'));
    assert.equal(bare.status, 8);
  }
});

test('an error response is written as a bare header, unless parameters explain it', () => {
  const bare = pduOctets(makePdu('submit_sm_resp', { status: 0x58, sequence: 1, messageId: 'x' }));
  assert.equal(bare.toString('hex'), '00000010800000040000005800000001');
  const bind = pduOctets(makePdu('bind_transceiver_resp', { status: 0x0e, sequence: 2, systemId: 'SMSC' }));
  assert.equal(bind.length, 16);
});

test('values that do not fit are refused by name before anything is written', () => {
  const writer = new PduWriter();
  encodePdu(writer, makePdu('enquire_link', { sequence: 1 }));
  const refuse = (pdu: Pdu, field: string, status: number) => {
    assert.throws(
      () => encodePdu(writer, pdu),
      (error) => error instanceof FieldError && error.field === field && error.status === status,
    );
    assert.equal(writer.pending, 16, 'the batch is as it was');
  };
  refuse(makePdu('bind_transmitter', { password: '123456789' }), 'password', STATUS.RINVPASWD);
  refuse(makePdu('bind_transmitter', { systemId: 'x'.repeat(16) }), 'systemId', STATUS.RINVSYSID);
  refuse(makePdu('bind_transmitter', { systemType: 'x'.repeat(13) }), 'systemType', STATUS.RINVSYSTYP);
  refuse(makePdu('submit_sm', { source: '1'.repeat(21) }), 'source', STATUS.RINVSRCADR);
  refuse(makePdu('submit_sm', { source: 'A\0B' }), 'source', STATUS.RINVSRCADR);
  refuse(makePdu('submit_sm', { destination: '+49\u20ac' }), 'destination', STATUS.RINVDSTADR);
  refuse(makePdu('submit_sm', { validityPeriod: '0'.repeat(17) }), 'validityPeriod', STATUS.RINVEXPIRY);
  refuse(makePdu('submit_sm', { message: Buffer.alloc(256) }), 'message', STATUS.RINVMSGLEN);
  refuse(makePdu('submit_sm', { dataCoding: 256 }), 'submit_sm', STATUS.RSYSERR);
  refuse(makePdu('submit_sm', { esmClass: -1 }), 'submit_sm', STATUS.RSYSERR);
  refuse(makePdu('data_sm', { esmClass: 1.5 }), 'esmClass', STATUS.RSYSERR);
  refuse(makePdu('submit_sm_resp', { messageId: 'x'.repeat(65) }), 'messageId', STATUS.RINVMSGID);
});

test('fields hold exactly the characters their limits leave beside the NUL', () => {
  const bind = makePdu('bind_transceiver', {
    systemId: 's'.repeat(15),
    password: 'p'.repeat(8),
    systemType: 't'.repeat(12),
    addressRange: 'r'.repeat(40),
  });
  assert.deepEqual(comparable(decoded(pduOctets(bind))), comparable(bind));
  const submit = makePdu('submit_sm', {
    serviceType: 'v'.repeat(5),
    source: '1'.repeat(20),
    destination: '2'.repeat(20),
    scheduleTime: '260101120000000+',
    validityPeriod: '000001000000000R',
    message: Buffer.alloc(255, 1),
  });
  assert.deepEqual(comparable(decoded(pduOctets(submit))), comparable(submit));
});

test('decoded octets are views of what arrived, not copies', () => {
  const octets = pduOctets(makePdu('submit_sm', { message: Buffer.from('hello') }));
  const pdu = decoded(octets) as PduOf<'submit_sm'>;
  assert.equal(pdu.message.buffer, octets.buffer);
});
