// What a text would become, before anything is sent: the same steps as acceptance, on the same tariff.
import { formatMicros } from '@sotto/contract';
import type { MessagePreview } from '@sotto/contract/message-preview';
import type { SendMessage } from '@sotto/contract/send-message';
import { type Segmentation, segment, transliterate } from '@sotto/text';
import { alignedNowMs } from '#platform/clock';
import { AppError } from '#platform/errors';
import { KEPT_FOR_EVER, type MessageKeeping, scheduleBounds } from './keeping.ts';
import { isRefusal, prepare, type Submitter } from './preparation.ts';
import type { Tariff } from './tariff.ts';

const COSTLY_SHOWN_MAX = 100;

/** Encoding, segments and price, and a plainer spelling where one takes fewer segments. Throws what a send would. */
export function previewMessage(
  request: SendMessage,
  submitter: Submitter,
  tariff: Tariff,
  keeping: MessageKeeping = KEPT_FOR_EVER,
): MessagePreview {
  const prepared = prepare(request, submitter, tariff, alignedNowMs(), 0, scheduleBounds(keeping));
  if (isRefusal(prepared)) {
    throw new AppError(prepared.code, {
      field: prepared.field,
      ...(prepared.detail === undefined ? {} : { detail: prepared.detail }),
    });
  }
  const layout = (segmentation: Segmentation) => ({
    encoding: segmentation.encoding as 'gsm7' | 'ucs2',
    segments: segmentation.parts.length,
    units: segmentation.units,
    units_per_segment: segmentation.unitsPerPart,
    price: {
      amount: formatMicros(prepared.pricePerPartMicros * BigInt(segmentation.parts.length)),
      currency: submitter.currency,
    },
  });
  const plainer = transliterate(request.text);
  const plain = segment(plainer.text);
  const cheaper = plainer.text !== request.text && plain.parts.length < prepared.segmentation.parts.length;
  return {
    to: request.to,
    from: prepared.from ?? prepared.routeSender,
    ...layout(prepared.segmentation),
    costly_characters: [...new Set(prepared.segmentation.forcedBy.map((forcing) => forcing.character))].slice(
      0,
      COSTLY_SHOWN_MAX,
    ),
    transliteration: cheaper ? { text: plainer.text, ...layout(plain) } : null,
  };
}
