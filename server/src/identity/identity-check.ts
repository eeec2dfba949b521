// A check and its documents as this context gives them out, and its bounds.
import type {
  IdentityCheckKind,
  IdentityCheckState,
  IdentityDocumentKind,
  IdentityDocumentMediaType,
  IdentityRejection,
} from '@sotto/contract/identity-checks';

export interface IdentityCheck {
  readonly id: string;
  readonly workspaceId: string;
  readonly kind: IdentityCheckKind;
  readonly country: string | null;
  readonly state: IdentityCheckState;
  readonly rejection: IdentityRejection | null;
  readonly createdAt: Date;
  readonly submittedAt: Date | null;
  readonly decidedAt: Date | null;
  /** When the key of its documents was destroyed. */
  readonly documentsEndedAt: Date | null;
}

/** What is known of a document, without what is in it. */
export interface IdentityDocument {
  readonly id: string;
  readonly kind: IdentityDocumentKind;
  readonly mediaType: IdentityDocumentMediaType;
  readonly octets: number;
  readonly createdAt: Date;
}

/** Checks of one workspace that are open or submitted at once: each may hold four documents. */
export const UNDER_WAY_MAX = 5;
/** Checks that one workspace opens in `OPENED_DAYS`: withdrawing and opening again is bounded, too. */
export const OPENED_MAX = 20;
export const OPENED_DAYS = 30;
/** A check that is not submitted by then has ended. */
export const OPEN_DAYS = 14;
/** A check that nobody has decided by then has ended: documents wait for no operator for ever. */
export const SUBMITTED_DAYS = 90;
/** How long a check that was taken may be reviewed. */
export const WINDOW_MINUTES = 60;
