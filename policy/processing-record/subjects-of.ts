// Whom a category is about (GDPR Art. 30(1)(c)): the policy lists the people it covers, and each category is about some
// of them.
import type { Policy } from '../model.ts';
import type { Category } from '../vocabulary/categories.ts';
import type { Subject } from '../vocabulary/people.ts';

const OF_ACCOUNTS: readonly Subject[] = ['customer', 'end_user'];
const OF_ORGANISATIONS: readonly Subject[] = ['customer', 'organisation'];
const OF_MESSAGES: readonly Subject[] = ['customer', 'end_user', 'message_recipient'];
const OF_VISITS: readonly Subject[] = ['customer', 'end_user', 'visitor'];

const ABOUT: { readonly [C in Category]?: readonly Subject[] } = {
  'user.contact.organization': OF_ORGANISATIONS,
  'user.contact.counterparty_number': ['message_recipient'],
  'user.social.address_book': ['message_recipient'],
  'user.content.private': OF_MESSAGES,
  'user.content.private.sms_body': OF_MESSAGES,
  'user.content.private.otp_code': OF_MESSAGES,
  'user.behavior.delivery_metadata': OF_MESSAGES,
  'user.behavior.browsing_history': OF_VISITS,
  'user.device': OF_VISITS,
  'user.device.cookie_id': OF_VISITS,
  'user.device.ip_address': OF_VISITS,
  'user.financial.ledger_entry': [...OF_ACCOUNTS, 'organisation'],
  'user.privacy_preferences': OF_MESSAGES,
};

/** The subjects of a policy that some categories are about; all of them where the policy covers none of those named. */
export function subjectsOf(policy: Policy, categories: readonly Category[]): readonly Subject[] {
  const about = new Set(categories.flatMap((category) => ABOUT[category] ?? OF_ACCOUNTS));
  const covered = policy.subjects.filter((subject) => about.has(subject));
  return covered.length > 0 ? covered : policy.subjects;
}
