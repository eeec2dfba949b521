// The mails of accounts, as their rules speak of them. What is queued is queued in the caller's transaction.
import type { Tx } from '#platform/database';

interface Addressed {
  readonly to: string;
  /** Whose key seals address and secret until it is sent. */
  readonly personId: string;
  readonly language: string;
}

/** What became of the second factors of an account. */
export type FactorChange =
  | 'added'
  | 'removed'
  | 'recovery_codes_renewed'
  | 'recovery_code_used'
  | 'passkey_refused';

/** To somebody who may have no account: the key of the workspace seals it. */
interface InvitationLetter {
  readonly kind: 'invitation';
  readonly to: string;
  readonly workspaceId: string;
  /** Null where it has no name. */
  readonly workspace: string | null;
  readonly language: string;
  readonly secret: string;
  /** How long the link works. */
  readonly days: number;
}

export type AccountLetter =
  | InvitationLetter
  | (Addressed &
      (
        | {
            readonly kind: 'confirm_address' | 'confirm_new_address' | 'reset_password';
            readonly secret: string;
          }
        | { readonly kind: 'account_exists' }
        | { readonly kind: 'password_changed' | 'email_changed'; readonly at: Date }
        /** The end of an account: not before that day, or decided. */
        | { readonly kind: 'account_closing'; readonly closesOn: Date }
        | { readonly kind: 'account_closed' }
        | { readonly kind: 'second_factor_changed'; readonly at: Date; readonly change: FactorChange }
      ));

export interface AccountMail {
  queue(tx: Tx, letter: AccountLetter): Promise<void>;
}
