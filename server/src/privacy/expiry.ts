// What privacy itself keeps and ends, for the engine of retention: decisions, suppressions, and what was asked of
// processing. Legal holds and the audit trail have handlers of their own.
import { consentExpiry } from './consent/expiry.ts';
import { processingExpiry } from './processing/expiry.ts';
import type { ExpiryHandler } from './retention/handler.ts';
import { suppressionExpiry } from './suppressions/expiry.ts';

export const privacyExpiry: readonly ExpiryHandler[] = [
  ...consentExpiry,
  suppressionExpiry,
  ...processingExpiry,
];
