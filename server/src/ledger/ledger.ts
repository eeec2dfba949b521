// The face of the ledger: everything other contexts may use. README.md says what each promises.
export { AMOUNT_MICROS_MAX, BALANCE_MICROS_MAX, isAmount } from './amounts.ts';
export { auditBooks, type BookFault, type PlatformBalance, platformBalances } from './audit.ts';
export { type Credit, credit, creditAll, grantBonus } from './credit.ts';
export { decideHolds, type HoldAsk, type HoldDecision, openPurse, type Purse } from './decide-holds.ts';
export { expireHolds, type Sweep } from './expire-holds.ts';
export {
  findTransaction,
  listTransactions,
  PAGE_MAX,
  sumStatement,
  type WalletAmounts,
  type WalletStatement,
  type WalletTransaction,
} from './history.ts';
export type { HoldCapture, HoldOutcome, HoldRef, HoldState, NewHold } from './hold.ts';
export { HOLDS_MAX, placeHolds } from './place-holds.ts';
export { type PostingOutcome, post } from './post.ts';
export type { Account, Entry, PlatformAccount, Posting, TransactionKind, WalletAccount } from './posting.ts';
export { presentEntry, presentWallet } from './present.ts';
export { captureHolds, releaseHolds, settleHolds } from './resolve-holds.ts';
export { type ReversalOutcome, reverse } from './reverse.ts';
export { spendableMicros, type Wallet } from './wallet.ts';
export {
  balance,
  closeWallets,
  lockWallets,
  openWallet,
  setCreditLimit,
  WALLETS_MAX,
  type WalletOpening,
} from './wallets.ts';
