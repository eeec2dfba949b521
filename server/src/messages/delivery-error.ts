// Why a part did not arrive, in words a customer can act on. Carriers' own codes differ from carrier to carrier, so
// only what is certain is translated: command statuses of SMPP 3.4 §5.1.3 and the receipt's final state.
import type { DeliveryErrorCode } from '@sotto/contract/delivery-errors';
import type { PartState } from './status.ts';

/** Names of command statuses as connectors report them for a refused submission. */
const BY_STATUS: ReadonlyMap<string, DeliveryErrorCode> = new Map(
  Object.entries({
    ESME_RINVDSTADR: 'unknown_subscriber',
    ESME_RINVDSTTON: 'unknown_subscriber',
    ESME_RINVDSTNPI: 'unknown_subscriber',
    ESME_RINVSRCADR: 'sender_refused',
    ESME_RINVSRCTON: 'sender_refused',
    ESME_RINVSRCNPI: 'sender_refused',
    LOCAL_SENDER: 'sender_refused',
    ESME_RINVMSGLEN: 'content_refused',
    ESME_RINVDCS: 'content_refused',
    ESME_RINVESMCLASS: 'content_refused',
    LOCAL_TEXT: 'content_refused',
  } satisfies Record<string, DeliveryErrorCode>),
);

export function deliveryErrorOfPart(status: PartState, errorCode: string | null): DeliveryErrorCode {
  switch (status) {
    case 'expired':
      return 'validity_passed';
    case 'unknown':
      return 'outcome_unknown';
    case 'undeliverable':
      return 'absent_subscriber';
    default:
      return BY_STATUS.get(errorCode ?? '') ?? 'carrier_refused';
  }
}
