// One part as a submit_sm (SMPP 3.4 §4.4.1), by the rules of one connector.
import { makePdu, makeTlvs, NO_TLVS, type SubmitSm, VERSION_3_3 } from '@sotto/smpp';
import type { PartToSubmit } from '../port.ts';
import type { ConnectorSettings } from '../settings/connector-settings.ts';
import { destinationDigits, sourceAddress } from './addresses.ts';
import { partBody } from './part-body.ts';
import { ValidityPeriods } from './validity-period.ts';

/** Why a part was not even offered to the carrier. Each is permanent for this connector. */
export type LocalRefusal = 'LOCAL_SENDER' | 'LOCAL_DESTINATION' | 'LOCAL_TEXT';

/** The user data header indicator of esm_class (SMPP 3.4 §5.2.12). */
const ESM_HEADER = 0x40;
/** sm_length ends at 254 (SMPP 3.4 §5.2.21); anything longer needs message_payload. */
const SHORT_MESSAGE_OCTETS_MAX = 254;
const NO_OCTETS = Buffer.alloc(0);

/**
 * Fills one and the same PDU for part after part: sessions encode it before `submit` returns, so nothing else sees it
 * change, and twenty thousand objects a second less are made.
 */
export class SubmitWriter {
  readonly #settings: ConnectorSettings;
  readonly #periods: ValidityPeriods;
  readonly #pdu: SubmitSm = makePdu('submit_sm');

  constructor(settings: ConnectorSettings, periods = new ValidityPeriods(settings.validity)) {
    this.#settings = settings;
    this.#periods = periods;
    this.#pdu.destinationTon = settings.destinationTon;
    this.#pdu.destinationNpi = settings.destinationNpi;
    this.#pdu.registeredDelivery = settings.registeredDelivery;
  }

  /** The PDU for this part, valid until the next call, or why there is none. */
  write(part: PartToSubmit): SubmitSm | LocalRefusal {
    const settings = this.#settings;
    const source = sourceAddress(settings, part.from);
    if (source === null) return 'LOCAL_SENDER';
    const digits = destinationDigits(part.to);
    if (digits === null) return 'LOCAL_DESTINATION';
    const body = partBody(settings, part);
    if (body === null) return 'LOCAL_TEXT';
    const inPayload = settings.longMessages === 'payload' && (part.concat !== null || tooLong(body.octets));
    if (!inPayload && tooLong(body.octets)) return 'LOCAL_TEXT';
    const pdu = this.#pdu;
    pdu.sourceTon = source.ton;
    pdu.sourceNpi = source.npi;
    pdu.source = source.address;
    pdu.destination = digits;
    pdu.esmClass = body.headerOctets > 0 ? ESM_HEADER : 0;
    pdu.validityPeriod = this.#periods.format(part.validitySeconds);
    pdu.dataCoding = body.dataCoding;
    pdu.message = inPayload ? NO_OCTETS : body.octets;
    pdu.tlvs = inPayload
      ? makeTlvs({ messagePayload: body.octets })
      : part.concat !== null && settings.longMessages === 'sar' && settings.interfaceVersion > VERSION_3_3
        ? sarTlvs(part.concat)
        : NO_TLVS;
    return pdu;
  }
}

const tooLong = (octets: Buffer): boolean => octets.length > SHORT_MESSAGE_OCTETS_MAX;

/** SMPP 3.4 §5.3.2.22-24. Never together with a header: handsets would show it. */
function sarTlvs(concat: NonNullable<PartToSubmit['concat']>) {
  return makeTlvs({
    sarMsgRefNum: concat.reference & 0xffff,
    sarTotalSegments: concat.total,
    sarSegmentSeqnum: concat.sequence,
  });
}
