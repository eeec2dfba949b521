// What a connector does with deliveries and protocol events: read, hand on, answer when stored.
import { type SessionEvent, STATUS } from '@sotto/smpp';
import { log, word } from '#platform/log';
import type { ConnectorCounters } from '../metrics.ts';
import type { CarrierInbound, CarrierReceipt } from '../port.ts';
import type { MessageIds } from '../receipts/message-ids.ts';
import type { ConnectorSettings } from '../settings/connector-settings.ts';
import type { LinkHandlers } from './bound-link.ts';
import { readDelivery } from './delivery.ts';

export interface DeliveryOptions {
  readonly id: string;
  readonly settings: ConnectorSettings;
  readonly ids: MessageIds;
  readonly onReceipt: (receipt: CarrierReceipt, settle: (stored: boolean) => void) => void;
  readonly onInbound: (inbound: CarrierInbound, settle: (stored: boolean) => void) => void;
}

/** Handlers shared by all binds of a connector. A delivery is answered OK only after it was stored. */
export function deliveryHandlers(
  options: DeliveryOptions,
  counters: ConnectorCounters,
): { readonly onDeliver: LinkHandlers['onDeliver']; readonly onEvent: (event: SessionEvent) => void } {
  const { id, settings, ids } = options;
  return {
    onDeliver(pdu, answer) {
      const delivery = readDelivery(pdu, id, settings, ids);
      const settle = (stored: boolean): void => {
        answer(stored ? STATUS.ROK : STATUS.RX_T_APPN);
      };
      switch (delivery.kind) {
        case 'receipt':
          counters.receipt.add();
          options.onReceipt(delivery.receipt, settle);
          return;
        case 'inbound':
          counters.inbound.add();
          options.onInbound(delivery.inbound, settle);
          return;
        case 'ignored':
          counters.ignored.add();
          settle(true);
      }
    },
    onEvent: (event) => countEvent(event, settings.name, counters),
  };
}

function countEvent(event: SessionEvent, name: string, counters: ConnectorCounters): void {
  switch (event.kind) {
    case 'pdu_fault':
      counters.pduFault.add();
      break;
    case 'framing_fault':
      counters.framingFault.add();
      break;
    case 'enquire_link_timeout':
      counters.enquireLink.add();
      break;
    case 'late_response':
      counters.lateAnswer.add();
      break;
    case 'handler_error':
      counters.handlerFault.add();
      log.error('carriers.handler_failed', { connector: word(name), error: event.error });
  }
}
