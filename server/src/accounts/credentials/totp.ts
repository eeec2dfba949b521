// One-time codes by time (RFC 6238) with HMAC-SHA-1, six digits and steps of 30 seconds, which is what authenticator
// apps agree on. A code is good for its own step and one on either side (§5.2 allows for one of delay; a clock may
// also run ahead), and each step is used once.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const STEP_SECONDS = 30;
const DIGITS = 6;
/** Steps before and after the current one whose codes pass. */
const DRIFT_STEPS = 1;
/** RFC 4226 §4 R6 recommends 160 bits. */
const SECRET_OCTETS = 20;
/** RFC 4648 §6, as authenticator apps read it: capital letters, no padding. */
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A new secret. It is stored sealed and shown once, in the URI or as `totpSecretText`. */
export const makeTotpSecret = (): Buffer => randomBytes(SECRET_OCTETS);

/** The step a moment belongs to. */
export const totpStep = (now: Date): number => Math.floor(now.getTime() / 1_000 / STEP_SECONDS);

export type TotpOutcome =
  | {
      readonly state: 'right' /** To store, on condition that the stored one is lower. */;
      readonly step: number;
    }
  /** The code is right and was used: told apart for the log; the caller is told that it is wrong. */
  | { readonly state: 'used' }
  | { readonly state: 'wrong' };

/**
 * Checks a code. `lastUsedStep` is the step of the last code that passed, null for none: that step and all before it
 * pass no more (RFC 6238 §5.2, ASVS 5.0 V6.5.1). The caller stores the answered step in the same transaction, where
 * it is still lower, so that of parallel tries one passes. Spaces in the code are ignored; no text throws. Every
 * candidate is compared in constant time, whatever was found before.
 */
export function checkTotp(secret: Buffer, code: string, now: Date, lastUsedStep: number | null): TotpOutcome {
  const digits = code.length > 16 ? '' : code.replace(/[ \u00a0]/g, '');
  if (!/^[0-9]{6}$/.test(digits)) return { state: 'wrong' };
  const given = Buffer.from(digits);
  const current = totpStep(now);
  let fresh: number | null = null;
  let used = false;
  for (let step = current - DRIFT_STEPS; step <= current + DRIFT_STEPS; step++) {
    if (step < 0 || !timingSafeEqual(given, Buffer.from(totpCode(secret, step)))) continue;
    if (lastUsedStep !== null && step <= lastUsedStep) used = true;
    else fresh ??= step;
  }
  if (fresh !== null) return { state: 'right', step: fresh };
  return { state: used ? 'used' : 'wrong' };
}

/** The code of a step: HOTP with the step as counter (RFC 4226 §5.3, RFC 6238 §4.2). */
export function totpCode(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', secret).update(counter).digest();
  const offset = digest[digest.length - 1]! & 0xf;
  const truncated = digest.readUInt32BE(offset) & 0x7fff_ffff;
  return String(truncated % 10 ** DIGITS).padStart(DIGITS, '0');
}

/** The secret for typing, in base32 without padding. */
export function totpSecretText(secret: Buffer): string {
  let bits = 0;
  let held = 0;
  let text = '';
  for (const octet of secret) {
    held = (held << 8) | octet;
    for (bits += 8; bits >= 5; bits -= 5) text += BASE32[(held >> (bits - 5)) & 31];
    held &= 31;
  }
  return bits > 0 ? text + BASE32[(held << (5 - bits)) & 31] : text;
}

/**
 * What the QR code holds. The label is all it says about anybody, and the caller's choice; a colon would end the
 * issuer in it and becomes a space. It holds the secret: it is never logged, stored or sent by mail.
 */
export function totpUri(secret: Buffer, issuer: string, label: string): string {
  const [safeIssuer, safeLabel] = [issuer, label].map((part) =>
    encodeURIComponent(part.toWellFormed().replaceAll(':', ' ')),
  ) as [string, string];
  const query = `secret=${totpSecretText(secret)}&issuer=${safeIssuer}`;
  return `otpauth://totp/${safeIssuer}:${safeLabel}?${query}&algorithm=SHA1&digits=${DIGITS}&period=${STEP_SECONDS}`;
}
