// The public face of the package.
export {
  type Behaviour,
  type BehaviourChange,
  DEFAULT_BEHAVIOUR,
  type DisconnectRule,
  type Duration,
  type ErrorRule,
  type IdSpelling,
  type ReceiptBehaviour,
  type ReplyRule,
} from './behaviour.ts';
export type { Counts } from './counts.ts';
export type { InboundMessage } from './handset.ts';
export { MAGIC_NUMBERS, type MagicOutcome } from './magic-numbers.ts';
export {
  type ChainFaults,
  type FakeAppStore,
  type FakeChain,
  fakeAppStore,
  fakeChain,
} from './payments/fake-app-store.ts';
export { type FakeBtcpay, startFakeBtcpay } from './payments/fake-btcpay.ts';
export { type FakePlayStore, startFakePlayStore } from './payments/fake-play-store.ts';
export { type FakeRevenueCat, fakeRevenueCat } from './payments/fake-revenuecat.ts';
export { type FakeStripe, startFakeStripe } from './payments/fake-stripe.ts';
export type { CardFate } from './payments/fake-stripe-cards.ts';
export { overHttp, type SentNotice } from './payments/notice-sender.ts';
export { type Smsc, type SmscOptions, startSmsc } from './smsc.ts';
export type { InboundFor, StrayReceipt } from './smsc-state.ts';
export { bodyDigest, readTruthLog, type TruthEvent, type TruthLogOptions } from './truth-log.ts';
