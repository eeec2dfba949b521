// What a column can hold about somebody: the keys of the fideslang taxonomy this product uses, and extensions
// under existing parents for what the taxonomy lacks (an SMS text, a one-time code, a leased number). The unions
// are closed: a policy lists these keys and no others, and roll-ups to a parent keep working. They are written
// out so that the compiler's messages name the alias and not forty strings.
import type { CATEGORIES } from '@sotto/policy/vocabulary/categories';
import type { SameMembers } from './purposes.ts';

/** Holds a text, a document or a name: stored sealed, never in clear, never indexed. */
type CategoryOfText =
  | 'user.childrens'
  | 'user.content.private'
  | 'user.content.private.otp_code'
  | 'user.content.private.sms_body'
  | 'user.content.private.support_message'
  | 'user.government_id'
  | 'user.government_id.kyc_document'
  | 'user.location.precise'
  | 'user.name'
  | 'user.payment'
  | 'user.social.address_book';

/** Identifies somebody and has to be found again: stored sealed, with a keyed index beside it. */
type CategoryOfIdentifier =
  | 'user.contact.counterparty_number'
  | 'user.contact.email'
  | 'user.contact.phone_number'
  | 'user.device.device_id';

/** A secret that is only compared: a keyed hash, or a slow hash that is sealed. */
type CategoryOfCredential = 'user.authorization.password';

/** May stand in clear, under the retention its tag names. */
export type CategoryAllowedInClear =
  | 'user.account.settings'
  | 'user.account.username'
  | 'user.behavior.browsing_history'
  | 'user.behavior.delivery_metadata'
  | 'user.behavior.purchase_history'
  | 'user.behavior.service_used'
  | 'user.contact.organization'
  | 'user.device'
  | 'user.device.app_version'
  | 'user.device.cookie_id'
  | 'user.device.ip_address'
  | 'user.device.model'
  | 'user.financial'
  | 'user.financial.ledger_entry'
  | 'user.location.imprecise'
  | 'user.payment.provider_reference'
  | 'user.payment.wallet_address'
  | 'user.privacy_preferences'
  | 'user.telemetry'
  | 'user.telemetry.error_report'
  | 'user.unique_id.leased_number'
  | 'user.unique_id.pseudonymous';

/** Anything personal may be sealed; so may the operator's own secrets, which are `system.operations`. */
export type CategoryAllowedSealed =
  | CategoryOfText
  | CategoryOfIdentifier
  | CategoryOfCredential
  | CategoryAllowedInClear
  | 'system.operations';

/** A text or a code is never indexed: of a six-digit code there are a million, so an index would be the code. */
export type CategoryAllowedInIndex = CategoryOfIdentifier | CategoryAllowedInClear;

/** What a keyed hash may be of. */
export type CategoryAllowedHashed =
  | CategoryOfCredential
  | 'user.device.cookie_id'
  | 'user.device.device_id'
  | 'user.unique_id.pseudonymous';

/** No column may hold these, whatever a policy says: the payment provider sees the card, we never do. */
type CategoryNeverHeld = 'user.financial.credit_card';

/** Every category a policy can name, those no column may hold included. */
export type Category = CategoryAllowedSealed | CategoryNeverHeld;

true satisfies SameMembers<Category, keyof typeof CATEGORIES>;
