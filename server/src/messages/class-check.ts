// A marketing text labelled as something else is refused where it shows: such labels buy it a place before other
// people's codes and a way around objections. The signs are few and strict, because a refused receipt or alarm
// costs more than an advert that slips through; each sign alone is enough for `otp`, two for `transactional`.
import type { MessageClass } from './classes.ts';

/** Words that offer a way out of advertising, which only advertising needs. */
const OPT_OUT =
  /\b(unsubscribe|opt[- ]?out|reply stop|text stop|stop to (end|quit|cancel)|abmelden|abbestellen|désabonne[rz]?|cancelar suscripci[oó]n|darse de baja|stop au \d{3,6})\b/i;
/** Words of an offer: a percentage off, a sale, a code for a discount. */
const OFFER =
  /\b\d{1,2} ?% (off|rabatt|de descuento|de réduction|di sconto|korting|desconto|indirim)\b(?!-)|\b(flash sale|sale ends|black friday|promo ?code|discount code|coupon|gutschein|c[oó]digo promocional|buy now|shop now|limited offer|free shipping)\b/i;

/** True when the text shows that it is marketing although its class says otherwise. Pure; about a microsecond. */
export function showsMarketing(text: string, messageClass: MessageClass): boolean {
  if (messageClass === 'marketing') return false;
  const offer = OFFER.test(text);
  const optOut = OPT_OUT.test(text);
  return messageClass === 'otp' ? offer || optOut : offer && optOut;
}
