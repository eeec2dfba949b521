// Octets written by hand from the layouts of SMPP 3.4 §4, field by field, so that encoder and decoder cannot agree
// on the same mistake.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodePdu } from './decode.ts';
import { pduOctets } from './encode.ts';
import { makePdu } from './pdu-shapes.ts';
import type { Pdu } from './pdu-types.ts';
import { comparable } from './test/arbitrary-pdu.ts';
import { makeTlvs } from './tlvs.ts';

const ascii = (text: string) => Buffer.from(text, 'latin1').toString('hex');
const text = (value: string) => `${ascii(value)}00`;

function vector(name: string, hex: string, pdu: Pdu): void {
  test(`${name}: the octets of the standard`, () => {
    const body = hex.replaceAll(/\s/g, '');
    const whole = Buffer.from(`${(body.length / 2 + 4).toString(16).padStart(8, '0')}${body}`, 'hex');
    assert.equal(pduOctets(pdu).toString('hex'), whole.toString('hex'));
    const read = decodePdu(whole, 0, whole.length);
    assert.deepEqual(comparable(read as Pdu), comparable(pdu));
  });
}

const bindBody = `${text('SMPP3TEST')} ${text('secret08')} ${text('SUBMIT1')} 34 01 01 ${text('^1')}`;
const bind = {
  sequence: 1,
  systemId: 'SMPP3TEST',
  password: 'secret08',
  systemType: 'SUBMIT1',
  interfaceVersion: 0x34,
  addressTon: 1,
  addressNpi: 1,
  addressRange: '^1',
};
vector('bind_receiver', `00000001 00000000 00000001 ${bindBody}`, makePdu('bind_receiver', bind));
vector('bind_transmitter', `00000002 00000000 00000001 ${bindBody}`, makePdu('bind_transmitter', bind));
vector('bind_transceiver', `00000009 00000000 00000001 ${bindBody}`, makePdu('bind_transceiver', bind));
const bound = { sequence: 1, systemId: 'SMSC', tlvs: makeTlvs({ scInterfaceVersion: 0x34 }) };
const boundBody = `00000000 00000001 ${text('SMSC')} 0210 0001 34`;
vector('bind_receiver_resp', `80000001 ${boundBody}`, makePdu('bind_receiver_resp', bound));
vector('bind_transmitter_resp', `80000002 ${boundBody}`, makePdu('bind_transmitter_resp', bound));
vector('bind_transceiver_resp', `80000009 ${boundBody}`, makePdu('bind_transceiver_resp', bound));
vector(
  'outbind',
  `0000000b 00000000 00000001 ${text('SMSC')} ${text('pw')}`,
  makePdu('outbind', { sequence: 1, systemId: 'SMSC', password: 'pw' }),
);
vector('unbind', '00000006 00000000 00000009', makePdu('unbind', { sequence: 9 }));
vector('unbind_resp', '80000006 00000000 00000009', makePdu('unbind_resp', { sequence: 9 }));
vector('enquire_link', '00000015 00000000 7fffffff', makePdu('enquire_link', { sequence: 0x7fffffff }));
vector('enquire_link_resp', '80000015 00000000 00000001', makePdu('enquire_link_resp', { sequence: 1 }));
vector('generic_nack', '80000000 00000003 00000005', makePdu('generic_nack', { status: 3, sequence: 5 }));
const message = {
  sequence: 2,
  serviceType: 'CMT',
  sourceTon: 5,
  source: 'SOTTO',
  destinationTon: 1,
  destinationNpi: 1,
  destination: '491512345678',
  esmClass: 0x43,
  protocolId: 0x40,
  priority: 1,
  scheduleTime: '260101120000000+',
  validityPeriod: '000001000000000R',
  registeredDelivery: 0x11,
  replaceIfPresent: 1,
  dataCoding: 8,
  defaultMessageId: 2,
  message: Buffer.from('0500030a020100410042', 'hex'),
  tlvs: makeTlvs({ userMessageReference: 0x0102 }),
};
const messageBody = `00000000 00000002 ${text('CMT')} 05 00 ${text('SOTTO')} 01 01 ${text('491512345678')} 43 40 01
  ${text('260101120000000+')} ${text('000001000000000R')} 11 01 08 02 0a 0500030a020100410042 0204 0002 0102`;
vector('submit_sm', `00000004 ${messageBody}`, makePdu('submit_sm', message));
vector('deliver_sm', `00000005 ${messageBody}`, makePdu('deliver_sm', message));
vector(
  'submit_sm_resp',
  `80000004 00000000 00000002 ${text('2f')}`,
  makePdu('submit_sm_resp', { sequence: 2, messageId: '2f' }),
);
vector('deliver_sm_resp', '80000005 00000000 00000002 00', makePdu('deliver_sm_resp', { sequence: 2 }));
vector(
  'submit_multi',
  `00000021 00000000 00000003 00 00 00 ${text('SOTTO')} 02 01 01 01 ${text('4915')} 02 ${text('staff')}
   00 00 00 00 00 01 00 00 00 02 6869`,
  makePdu('submit_multi', {
    sequence: 3,
    source: 'SOTTO',
    destinations: [
      { kind: 'address', ton: 1, npi: 1, address: '4915' },
      { kind: 'list', name: 'staff' },
    ],
    registeredDelivery: 1,
    message: Buffer.from('hi'),
  }),
);
vector(
  'submit_multi_resp',
  `80000021 00000000 00000003 ${text('m1')} 01 01 01 ${text('4915')} 0000000b`,
  makePdu('submit_multi_resp', {
    sequence: 3,
    messageId: 'm1',
    unsuccessful: [{ ton: 1, npi: 1, address: '4915', status: 0x0b }],
  }),
);
vector(
  'data_sm',
  `00000103 00000000 00000004 00 01 01 ${text('4915')} 00 00 ${text('100')} 04 00 00 001e 0003 ${text('aa')} 0427 0001 02`,
  makePdu('data_sm', {
    sequence: 4,
    sourceTon: 1,
    sourceNpi: 1,
    source: '4915',
    destination: '100',
    esmClass: 4,
    tlvs: makeTlvs({ receiptedMessageId: 'aa', messageState: 2 }),
  }),
);
vector(
  'data_sm_resp',
  `80000103 00000000 00000004 ${text('m')}`,
  makePdu('data_sm_resp', { sequence: 4, messageId: 'm' }),
);
vector(
  'query_sm',
  `00000003 00000000 00000005 ${text('m1')} 05 00 ${text('SOTTO')}`,
  makePdu('query_sm', { sequence: 5, messageId: 'm1', sourceTon: 5, source: 'SOTTO' }),
);
vector(
  'query_sm_resp',
  `80000003 00000000 00000005 ${text('m1')} ${text('260101120000000+')} 02 00`,
  makePdu('query_sm_resp', { sequence: 5, messageId: 'm1', finalDate: '260101120000000+', messageState: 2 }),
);
vector(
  'cancel_sm',
  `00000008 00000000 00000006 00 ${text('m1')} 05 00 ${text('SOTTO')} 01 01 ${text('4915')}`,
  makePdu('cancel_sm', {
    sequence: 6,
    messageId: 'm1',
    sourceTon: 5,
    source: 'SOTTO',
    destinationTon: 1,
    destinationNpi: 1,
    destination: '4915',
  }),
);
vector('cancel_sm_resp', '80000008 00000000 00000006', makePdu('cancel_sm_resp', { sequence: 6 }));
vector(
  'replace_sm',
  `00000007 00000000 00000007 ${text('m1')} 05 00 ${text('SOTTO')} 00 ${text('000001000000000R')} 01 00 02 6869`,
  makePdu('replace_sm', {
    sequence: 7,
    messageId: 'm1',
    sourceTon: 5,
    source: 'SOTTO',
    validityPeriod: '000001000000000R',
    registeredDelivery: 1,
    message: Buffer.from('hi'),
  }),
);
vector('replace_sm_resp', '80000007 00000000 00000007', makePdu('replace_sm_resp', { sequence: 7 }));
vector(
  'alert_notification',
  `00000102 00000000 00000008 01 01 ${text('4915')} 00 00 ${text('100')} 0422 0001 00`,
  makePdu('alert_notification', {
    sequence: 8,
    sourceTon: 1,
    sourceNpi: 1,
    source: '4915',
    esme: '100',
    tlvs: makeTlvs({ msAvailabilityStatus: 0 }),
  }),
);
