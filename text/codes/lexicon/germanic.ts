import type { WordList } from './word-lists.ts';

export const ENGLISH_WORDS: WordList = {
  code: 'recovery key|security key|access key|*code$|codes$|*passcode|otp|*one-time p|one time p|*password|passphrase|pin$|verification|security number|authentication|authorization|2fa|mfa|two-factor|token$|access number|login number',
  action:
    'punch in|copy |paste |tell |show |present |quote |new device|is this you|was this you|if this is you|it was you|enter |type |use |confirm|verify|sign in|sign up|signing|log in|login|log on|logging|reset|activate|approve|authorise|authorize|complete your',
  secrecy:
    "do not share|don't share|never share|don't tell|do not tell|not disclose|keep it secret|never ask|if you did not|not you?|anyone",
  promotion: 'promo|coupon|discount|voucher|gift card|referral|redeem|% off|sale code',
  label:
    'locker|plate|stop |branch|district|street|order|parcel|package|shipment|tracking|invoice|bill |receipt|ref |ref.|reference|account|acct|a/c|card|ending|ends with|ends in|flight|train|bus |gate|seat|room|flat |suite|meter|ticket|case |claim|policy|booking|reservation|customer|client|member|user id|username|call |phone|tel |tel.|tel:|telephone|fax|mobile:|helpline|hotline|zip|postcode|balance|total|amount|available|price|queue|po box|model|version|sent to|reply to|text stop to|visit us at|serial|imei|vin |extension|barcode|qr code|zip code|post code|area code|dress code',
  money: 'usd|eur$|euro|gbp|dollar|pound|sar$|aed|inr|rs$|rs.|cents',
  measure:
    'gb$|mb$|tb$|kb$|kg|km|miles|mph|kwh|points|pts|steps|calories|kcal|people|customers|percent|units|items|credits|sms$|messages|sq ft|followers|likes',
  duration: 'min$|mins|minute|sec$|seconds|hour|hrs|days|weeks',
  notice:
    'was changed|has been changed|was updated|has been updated|was reset|has been reset|was removed|successfully|was locked|has been locked|was sent|has been sent|have been sent',
};

export const GERMAN_WORDS: WordList = {
  code: '*code$|*codes$|tan lautet|tan:|ihre tan|deine tan|tan fur|tan zur|mtan|*pushtan|*smstan|*phototan|*chiptan|*-tan$|*einmalpasswort|*passwort|*kennwort|*kennziffer|*pin$|*bestatigungsnummer|*sicherheitsnummer|*zugangsnummer|*freischalt|verifizierung|*aktivierungs|zwei-faktor',
  action:
    'kopier|eintrag|einfugen|nennen sie|nenne |zeigen sie|neues gerat|sind sie das|falls sie es sind|geben sie|gib |eingeben|einzugeben|eintippen|tippe|bestatige|anmelden|anmeldung|einloggen|registrier|zurucksetzen|freischalten|freizuschalten|aktivieren|verwende|nutze',
  secrecy: 'niemandem|niemand|nicht weiter|niemals|verrate|geheim|teilen sie|vertraulich',
  promotion: '*gutschein|*rabatt|*aktionscode|*vorteilscode|*empfehlungscode',
  label:
    '*vorgangsnummer|bezirk|*aktenzeichen|wagen|fach |filiale|*strasse|haus|*bestellung|*bestellnummer|*paket|*sendung|*rechnung|*konto |konto-|konto.|kontostand|*kundennummer|*kundennr|*karte|*zug |flug|gleis|*zahler|*vertrag|*vorgang|*auftrag|*referenz|*aktenzeichen|*telefon|tel |rufnummer|anrufen|hotline|unter |zimmer|raum|saldo|betrag|plz|postleitzahl|postfach|*buchung|*ticket|endend|endet auf',
  money: 'euro|chf|franken',
  measure: 'prozent|punkte|stuck|kilometer|schritte|personen',
  duration: 'minute|minuten|std|stunde|tage|sekunden',
  notice:
    'wurde geandert|wurde zuruckgesetzt|wurde aktualisiert|erfolgreich|wurde gesperrt|wurde versendet|wurde gesendet',
};

export const DUTCH_WORDS: WordList = {
  code: '*code$|*codes$|*wachtwoord|*pincode|*toegangscode|verificatie|eenmalig|*inlogcode|*tan-code',
  action:
    'kopieer|plak |noem |toon |nieuw apparaat|ben jij dit|was jij dit|vul |voer |toets|typ |typ$|bevestig|inloggen|in te loggen|aanmeld|activeer|gebruik|stel je|koppelen|afronden',
  secrecy: 'niemand|deel |nooit|geheim|geef deze|geef dit',
  promotion: '*korting|*actiecode|*cadeaucode|*vouchercode|kortingscode',
  label:
    'balie|volgnummer|wagen|zaak|*pakket|*zending|*bestelling|*factuur|rekening|klantnummer|klantnr|pas |bankpas|trein|vlucht|spoor|meter|bel |telefoon|kamer|saldo|bedrag|*nummer voor|dossier|zaaknummer|polis',
  duration: 'minuten|uur|dagen|seconden',
  notice: 'is gewijzigd|is aangepast|is gereset|gelukt|is verzonden|is geblokkeerd',
};
