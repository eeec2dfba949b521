// Why a message that was accepted did not arrive. These are outcomes of a message, not errors of a request:
// they appear in `error` of a message and are explained in docs/errors.md beside the others.
import * as z from 'zod';

export const deliveryErrors = {
  unknown_subscriber: 'The number is not in service.',
  absent_subscriber: 'The phone was off or out of reach until the message expired.',
  handset_error: 'The phone refused the message or had no room for it.',
  blocked: 'The network or the recipient blocks this message or this sender.',
  sender_refused: 'The carrier does not accept this sender.',
  content_refused: 'The carrier refused the content or its encoding.',
  carrier_refused: 'The carrier refused the message without saying why.',
  carrier_unavailable: 'No carrier took the message while it was valid.',
  validity_passed: 'The message was not delivered within its validity.',
  outcome_unknown: 'The carrier never said what became of the message; its charge was released.',
} as const;

export type DeliveryErrorCode = keyof typeof deliveryErrors;

export const deliveryErrorCodes = Object.keys(deliveryErrors) as [DeliveryErrorCode, ...DeliveryErrorCode[]];

export const deliveryErrorSchema = z
  .strictObject({
    code: z.enum(deliveryErrorCodes),
    message: z.string().describe('The sentence of the code.'),
  })
  .meta({ id: 'DeliveryError', description: 'Why the message did not arrive.' });

export const deliveryErrorOf = (code: DeliveryErrorCode) => ({ code, message: deliveryErrors[code] });
