// Arbitrary PDUs of every command, made from the table of layouts.
import fc from 'fast-check';
import { type CommandName, type Field, LAYOUTS, RESPONSE_BIT } from '../pdu-layouts.ts';
import { makePdu } from '../pdu-shapes.ts';
import type { Pdu } from '../pdu-types.ts';
import { makeTlvs, type Tlvs } from '../tlvs.ts';

export const COMMANDS = Object.keys(LAYOUTS) as CommandName[];

const octet = fc.integer({ min: 0, max: 255 });
const u32 = fc.integer({ min: 0, max: 0xffffffff });

/** Latin-1 without NUL, up to `max` characters. */
export const latin1 = (max: number) =>
  fc
    .array(fc.integer({ min: 1, max: 255 }), { maxLength: max })
    .map((codes) => String.fromCharCode(...codes));

const octets = (max: number) => fc.uint8Array({ maxLength: max }).map((array) => Buffer.from(array));

export const tlvs: fc.Arbitrary<Tlvs> = fc
  .array(fc.record({ tag: fc.integer({ min: 0, max: 0xffff }), value: octets(40) }), { maxLength: 5 })
  .map((list) => makeTlvs({}, list));

const plain = <T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(fields, { noNullPrototype: true });

function fieldValue(field: Field): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'cstring':
      return latin1(field.max - 1);
    case 'octet':
      return octet;
    case 'counted':
      return octets(255);
    case 'destinations':
      return fc.array(
        fc.oneof(
          plain({ kind: fc.constant('address' as const), ton: octet, npi: octet, address: latin1(20) }),
          plain({ kind: fc.constant('list' as const), name: latin1(20) }),
        ),
        { maxLength: 6 },
      );
    case 'unsuccessful':
      return fc.array(plain({ ton: octet, npi: octet, address: latin1(20), status: u32 }), {
        maxLength: 6,
      });
  }
}

/** A PDU of this command. Responses are successes, for an error response travels without its body. */
export function arbitraryPdu(command: CommandName): fc.Arbitrary<Pdu> {
  const layout = LAYOUTS[command];
  const fields: Record<string, fc.Arbitrary<unknown>> = {};
  for (const field of layout.fields) fields[field.name] = fieldValue(field);
  const isAnswer = layout.id >= RESPONSE_BIT && command !== 'generic_nack';
  return fc
    .record({ body: fc.record(fields), status: isAnswer ? fc.constant(0) : u32, sequence: u32, tlvs })
    .map(({ body, ...header }) => {
      const input = layout.tlvs ? { ...header, ...body } : { ...header, ...body, tlvs: makeTlvs({}) };
      return makePdu(command, input) as Pdu;
    });
}

export const anyPdu: fc.Arbitrary<Pdu> = fc.constantFrom(...COMMANDS).chain(arbitraryPdu);

/** A PDU as plain comparable values: parameters as a list, octets as hexadecimal. */
export function comparable(pdu: Pdu): Record<string, unknown> {
  const plain: Record<string, unknown> = { ...pdu };
  plain.tlvs = pdu.tlvs.list().map(({ tag, value }) => [tag, value.toString('hex')]);
  if ('message' in pdu) plain.message = pdu.message.toString('hex');
  return plain;
}

/** How many times longer than usual the random tests run; set by SOTTO_SWEEP. */
export const SWEEP = Math.max(1, Number(process.env.SOTTO_SWEEP ?? 1) || 1);
