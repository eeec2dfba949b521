// Senders and recipients as SMPP addresses. Which type of number goes with which form of sender differs from carrier
// to carrier and is configured; the forms themselves do not differ.
import type { ConnectorSettings } from '../settings/connector-settings.ts';

export interface SmppAddress {
  readonly ton: number;
  readonly npi: number;
  readonly address: string;
}

/** What a handset shows of an alphanumeric sender: 3GPP TS 23.040 §9.1.2.5, 11 septets. */
const ALPHANUMERIC_MAX = 11;
const SHORT_CODE_DIGITS_MAX = 8;
const INTERNATIONAL_DIGITS_MAX = 15;

const NO_SENDER: SmppAddress = { ton: 0, npi: 0, address: '' };

export type AddressSettings = Pick<
  ConnectorSettings,
  | 'sourceInternationalTon'
  | 'sourceInternationalNpi'
  | 'sourceAlphanumericTon'
  | 'sourceAlphanumericNpi'
  | 'sourceShortCodeTon'
  | 'sourceShortCodeNpi'
>;

/**
 * The source address of a sender, or null for one that cannot be expressed. Characters travel as ASCII, in which `@`
 * is 0x40: in GSM 03.38 it is 0x00 and would end the C-octet string.
 */
export function sourceAddress(settings: AddressSettings, from: string | null): SmppAddress | null {
  if (from === null || from === '') return NO_SENDER;
  if (from.charCodeAt(0) === PLUS) {
    const digits = from.slice(1);
    if (!isDigits(digits) || digits.length > INTERNATIONAL_DIGITS_MAX) return null;
    return {
      ton: settings.sourceInternationalTon,
      npi: settings.sourceInternationalNpi,
      address: digits,
    };
  }
  if (isDigits(from)) {
    if (from.length > INTERNATIONAL_DIGITS_MAX) return null;
    return from.length <= SHORT_CODE_DIGITS_MAX
      ? { ton: settings.sourceShortCodeTon, npi: settings.sourceShortCodeNpi, address: from }
      : { ton: settings.sourceInternationalTon, npi: settings.sourceInternationalNpi, address: from };
  }
  if (from.length > ALPHANUMERIC_MAX || !isPrintableAscii(from)) return null;
  return { ton: settings.sourceAlphanumericTon, npi: settings.sourceAlphanumericNpi, address: from };
}

/** The digits of an E.164 number with or without `+`; null for anything else. */
export function destinationDigits(to: string): string | null {
  const digits = to.charCodeAt(0) === PLUS ? to.slice(1) : to;
  return digits.length > 0 && digits.length <= INTERNATIONAL_DIGITS_MAX && isDigits(digits) ? digits : null;
}

/**
 * An address from the carrier as the product writes it: international numbers with `+`. Carriers differ in marking
 * them, so a plain number of more digits than any short code counts as international unless it says national.
 */
export function addressFromCarrier(ton: number, address: string): string {
  if (!isDigits(address)) return address;
  const national = ton === TON_NATIONAL || ton === TON_NETWORK_SPECIFIC || ton === TON_ABBREVIATED;
  if (ton === TON_INTERNATIONAL || (!national && address.length > SHORT_CODE_DIGITS_MAX))
    return `+${address}`;
  return address;
}

/** The recipient a receipt names, for confirming a match: `+` and digits, or null when it names none. */
export function receiptDestination(address: string): string | null {
  const digits = destinationDigits(address);
  return digits === null ? null : `+${digits}`;
}

/** SMPP 3.4 §5.2.5. */
const TON_INTERNATIONAL = 1;
const TON_NATIONAL = 2;
const TON_NETWORK_SPECIFIC = 3;
const TON_ABBREVIATED = 6;
const PLUS = 0x2b;

function isDigits(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return false;
  }
  return text.length > 0;
}

function isPrintableAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
}
