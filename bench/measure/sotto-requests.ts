// The requests our server gets: the same text and destinations as the peer.
import { postSpec, type RequestSpec } from '../load/request-spec.ts';
import type { SottoServer } from '../process/sotto-server.ts';

/** One segment of GSM 7 bit, as an ordinary notice. */
export const TEXT = 'Order 481516 has left our warehouse and is on its way.';

export type MessageClass = 'otp' | 'transactional' | 'marketing';

const item = (messageClass: MessageClass, text: string): readonly string[] => [
  '{"to":"+',
  `","text":"${text}","class":"${messageClass}"}`,
];

/** One message a request. */
export const singleRequest = (sotto: SottoServer, messageClass: MessageClass, text = TEXT): RequestSpec =>
  postSpec({
    path: '/v1/messages',
    host: `${sotto.host}:${sotto.port}`,
    token: sotto.apiKey,
    open: '',
    item: item(messageClass, text),
    close: '',
    items: 1,
  });

/** Many messages a request. */
export const batchRequest = (sotto: SottoServer, messageClass: MessageClass, items: number): RequestSpec =>
  postSpec({
    path: '/v1/messages/batch',
    host: `${sotto.host}:${sotto.port}`,
    token: sotto.apiKey,
    open: '{"messages":[',
    item: item(messageClass, TEXT),
    close: ']}',
    items,
  });

/** What an accepted message of a batch looks like in the answer. */
export const BATCH_ACCEPTED = '{"message":{';
