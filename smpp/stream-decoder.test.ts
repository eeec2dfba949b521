import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pduOctets } from './encode.ts';
import type { FramingFault, PduFault } from './pdu-fault.ts';
import { makePdu } from './pdu-shapes.ts';
import type { Pdu } from './pdu-types.ts';
import { PDU_OCTETS_MAX, StreamDecoder } from './stream-decoder.ts';
import { anyPdu, comparable, SWEEP } from './test/arbitrary-pdu.ts';
import { makeTlvs } from './tlvs.ts';

interface Heard {
  readonly decoder: StreamDecoder;
  readonly pdus: (Pdu | PduFault)[];
  readonly faults: FramingFault[];
}

function listen(limit?: number): Heard {
  const pdus: (Pdu | PduFault)[] = [];
  const faults: FramingFault[] = [];
  const decoder = new StreamDecoder(
    (pdu) => pdus.push(pdu),
    (fault) => faults.push(fault),
    limit,
  );
  return { decoder, pdus, faults };
}

const compare = (pdus: readonly (Pdu | PduFault)[]) => pdus.map((pdu) => comparable(pdu as Pdu));

test('PDUs split at any octet and glued together come out whole and in order', () => {
  const pdus: Pdu[] = [
    makePdu('submit_sm', { sequence: 1, message: Buffer.from('one') }),
    makePdu('enquire_link', { sequence: 2 }),
    makePdu('deliver_sm', { sequence: 3, tlvs: makeTlvs({ messageState: 2 }) }),
  ];
  const stream = Buffer.concat(pdus.map(pduOctets));
  for (let first = 0; first <= stream.length; first++) {
    const { decoder, pdus: heard } = listen();
    decoder.push(Buffer.from(stream.subarray(0, first)));
    decoder.push(Buffer.from(stream.subarray(first)));
    assert.deepEqual(compare(heard), compare(pdus), `split at ${first}`);
    assert.equal(decoder.heldOctets, 0);
  }
  const octetByOctet = listen();
  for (const octet of stream) octetByOctet.decoder.push(Buffer.of(octet));
  assert.deepEqual(compare(octetByOctet.pdus), compare(pdus));
});

test('any PDUs in any chunks come out as they went in', () => {
  fc.assert(
    fc.property(
      fc.array(anyPdu, { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 20 }),
      (pdus, sizes) => {
        const stream = Buffer.concat(pdus.map(pduOctets));
        const { decoder, pdus: heard } = listen();
        for (let at = 0, turn = 0; at < stream.length; turn++) {
          const size = sizes[turn % sizes.length]!;
          decoder.push(Buffer.from(stream.subarray(at, at + size)));
          at += size;
        }
        assert.deepEqual(compare(heard), compare(pdus));
      },
    ),
    { numRuns: 100 * SWEEP },
  );
});

test('a command_length outside 16 to the limit loses the stream, once, and nothing behind it is read', () => {
  for (const length of [0, 1, 15, PDU_OCTETS_MAX + 1, 0x48545450, 0xffffffff]) {
    for (const split of [0, 2]) {
      const { decoder, pdus, faults } = listen();
      const bad = Buffer.alloc(32);
      bad.writeUInt32BE(length, 0);
      if (split > 0) decoder.push(Buffer.from(bad.subarray(0, split)));
      decoder.push(Buffer.from(bad.subarray(split)));
      decoder.push(pduOctets(makePdu('enquire_link', { sequence: 1 })));
      assert.deepEqual(faults, [{ commandLength: length, limit: PDU_OCTETS_MAX }]);
      assert.equal(pdus.length, 0);
      assert.equal(decoder.heldOctets, 0);
    }
  }
});

test('a payload of 65,535 octets passes', () => {
  const payload = Buffer.alloc(65_535, 0x61);
  const octets = pduOctets(makePdu('data_sm', { tlvs: makeTlvs({ messagePayload: payload }) }));
  const { decoder, pdus, faults } = listen();
  for (let at = 0; at < octets.length; at += 1_000)
    decoder.push(Buffer.from(octets.subarray(at, at + 1_000)));
  assert.deepEqual(faults, []);
  assert.equal((pdus[0] as Pdu).tlvs.get('messagePayload')?.length, 65_535);
});

test('random octets never throw, never stall, and never hold more than one limit (checklist 58)', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 600 }), { maxLength: 30 }), (chunks) => {
      const { decoder, faults } = listen(4_096);
      for (const chunk of chunks) {
        decoder.push(Buffer.from(chunk));
        assert.ok(decoder.heldOctets <= 4_096);
      }
      assert.ok(faults.length <= 1);
    }),
    { numRuns: 300 * SWEEP },
  );
});

test('an announced length costs no memory until its octets come', () => {
  const { decoder } = listen();
  const header = Buffer.alloc(16);
  header.writeUInt32BE(PDU_OCTETS_MAX, 0);
  decoder.push(header);
  assert.equal(decoder.heldOctets, 16);
});

test('stopping from inside a handler drops the rest of the chunk', () => {
  const heard: number[] = [];
  const decoder: StreamDecoder = new StreamDecoder(
    (pdu) => {
      heard.push(pdu.sequence);
      if (pdu.sequence === 2) decoder.stop();
    },
    () => assert.fail('no fault'),
  );
  decoder.push(Buffer.concat([1, 2, 3].map((sequence) => pduOctets(makePdu('enquire_link', { sequence })))));
  assert.deepEqual(heard, [1, 2]);
});
