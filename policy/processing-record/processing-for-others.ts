// What this platform does on behalf of its customers, who decide whom to write to and what: there the operator is a
// processor (GDPR Art. 28). Everything else it does as a controller.
import type { Direction } from '../model.ts';
import type { Category } from '../vocabulary/categories.ts';
import type { Feature } from '../vocabulary/features.ts';

interface ForOthers {
  readonly means: string;
  /** It is done while one of these is on. */
  readonly features: readonly Feature[];
  /** Whose texts it handles; null: none. */
  readonly direction: Direction | null;
  readonly categories: readonly Category[];
}

const OF_MESSAGES = [
  'user.contact.counterparty_number',
  'user.content.private.sms_body',
  'user.content.private.otp_code',
  'user.behavior.delivery_metadata',
] as const;

export const PROCESSING_FOR_OTHERS = {
  sending: {
    means: 'sending messages to recipients whom the customer names, and reporting on delivery',
    features: ['messages', 'campaigns'],
    direction: 'outbound',
    categories: OF_MESSAGES,
  },
  verification: {
    means: 'sending one-time codes and checking them, for the users of the customer',
    features: ['verifications'],
    direction: 'outbound',
    categories: OF_MESSAGES,
  },
  receiving: {
    means: 'receiving messages on numbers the customer holds',
    features: ['rentals', 'messages'],
    direction: 'inbound',
    categories: [...OF_MESSAGES, 'user.unique_id.leased_number'],
  },
  contacts: {
    means: 'keeping the contacts the customer imported',
    features: ['contacts'],
    direction: null,
    categories: ['user.social.address_book'],
  },
} as const satisfies Readonly<Record<string, ForOthers>>;

export type ProcessingKey = keyof typeof PROCESSING_FOR_OTHERS;
export const PROCESSING_KEYS = Object.keys(PROCESSING_FOR_OTHERS) as readonly ProcessingKey[];
