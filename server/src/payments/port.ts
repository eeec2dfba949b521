// The port to whoever takes money for us. A provider speaks its own language on the wire; on this side of the port there
// is a closed set of facts, in micros, and nothing else of what it said.
import type { SignedBody } from '#platform/route';
import type { Failure } from './auto-top-up/decide-auto-top-up.ts';

/**
 * Who can have taken money. Stores are reached through a feed; the money is theirs all the same. Of the operator's bank
 * two of the staff tell.
 */
export type Provider = 'stripe' | 'btcpay' | 'app_store' | 'play_store' | 'bank';

/** Who sends notices. */
export type Feed = 'stripe' | 'btcpay' | 'revenuecat' | 'app_store' | 'play_store';

/** Providers a workspace can be sent to. */
export type CheckoutProvider = Extract<Provider, 'stripe' | 'btcpay'>;

/** An amount in micros and its currency (ISO 4217). */
export interface Amount {
  readonly micros: bigint;
  readonly currency: string;
}

/** How a payment is known at the provider: by the checkout it was begun with, or by our own id that went along. */
export interface Named {
  /** Of the checkout or invoice. */
  readonly externalId: string;
  /** Our id (UUID), where the provider carries it; null when it does not. */
  readonly paymentId: string | null;
}

/**
 * What a provider can say.
 * - `pending`, `expired`, `failed`: of a checkout that is not paid (yet).
 * - `paid`: the money is there. `settlementId` is what refunds and disputes will name.
 * - `odd`: something arrived that is not what was asked for and that a person has to look at.
 * - `stored`: a card is stored there, and can be charged by its references.
 * - `refunded`: so much in all has gone back of a settlement; null for all of it.
 * - `refund_reversed`: a store took its refund back, and that is its last word on it.
 * - `disputed`, `dispute_closed`: the payer's bank takes it back, and how that ended.
 */
export type Fact =
  | ({ readonly kind: 'pending' | 'expired' } & Named)
  | ({ readonly kind: 'failed'; readonly because?: Failure } & Named)
  | StoredFact
  | ({ readonly kind: 'paid' | 'odd'; readonly settlementId: string; readonly amount: Amount } & Named)
  | StoreFact
  | SettlementFact;

/** Of a card that somebody had stored on the provider's page; `paymentId` is our id of that request. */
export type StoredFact = { readonly kind: 'stored'; readonly card: StoredCard } & Named;

/** How the provider knows a card it stores. Says nothing of the card itself. */
export interface StoredCard {
  readonly customerId: string;
  readonly methodId: string;
}

/** Of money that came: refunds and disputes do not know the checkout. */
export type SettlementFact = { readonly settlementId: string } & (
  | { readonly kind: 'refunded'; readonly totalMicros: bigint | null }
  | { readonly kind: 'refund_reversed' }
  | { readonly kind: 'disputed'; readonly disputeId: string; readonly micros: bigint }
  | {
      readonly kind: 'dispute_closed';
      readonly disputeId: string;
      readonly micros: bigint;
      readonly won: boolean;
    }
);

/**
 * Of a store, where nobody asked here first: a purchase made by a workspace, the state of a subscription, purchases
 * that go over to another workspace, or that the store waits to hear of a purchase. Times are the store's.
 */
export type StoreFact =
  | {
      readonly kind: 'purchased';
      /** Null where the app did not say whose it is. */
      readonly workspaceId: string | null;
      /** Of the subscription it paid for, which may be known to be somebody's; null where it paid for none. */
      readonly originalId: string | null;
      readonly settlementId: string;
      /** What the product is worth here; null for a product that is not in the catalogue. */
      readonly worth: Amount | null;
    }
  | {
      readonly kind: 'subscription';
      /** Null where the app did not say: it stays whose it is. */
      readonly workspaceId: string | null;
      readonly originalId: string;
      readonly productId: string;
      readonly state: SubscriptionState;
      readonly expiresAtMs: number | null;
      readonly asOfMs: number;
    }
  | { readonly kind: 'transferred'; readonly from: readonly string[]; readonly to: string }
  | ({ readonly kind: 'unconfirmed'; readonly workspaceId: string } & Confirmation);

/** What a store is told of a purchase once it is booked: that it may be bought again, or that it was taken note of. */
export interface Confirmation {
  readonly act: 'consume' | 'acknowledge' | 'acknowledge_subscription';
  readonly productId: string;
  /** Of the purchase there. */
  readonly token: string;
}

export type SubscriptionState = 'active' | 'grace' | 'cancelled' | 'paused' | 'expired' | 'refunded';

/**
 * Why a notice is not taken. A word for the log; the sender is told `notice_refused`. `audience`: it is meant for another
 * app or server.
 */
export type NoticeFault = 'signature' | 'stale' | 'malformed' | 'environment' | 'audience';

export type NoticeReading =
  | { readonly outcome: 'refused'; readonly fault: NoticeFault }
  | Unknown
  | {
      readonly outcome: 'read';
      /** The provider's id of what it tells; the same when it repeats itself. */
      readonly noticeId: string;
      /** Whose money it is about. */
      readonly provider: Provider;
      /** Empty for a notice from which nothing follows. */
      readonly facts: readonly Fact[];
      /** A checkout whose state has to be read at the provider, since the notice does not tell it. */
      readonly lookUp: string | null;
    };

/** Reads notices of one provider. Changes nothing, and asks nobody but for the keys that prove them. */
export interface NoticeReader {
  readonly feed: Feed;
  /**
   * `nowMs`: the time by which a notice's age is judged. Never throws for what a notice holds; `unknown` where the key
   * that would prove it cannot be had now.
   */
  read(notice: SignedBody, nowMs: number): NoticeReading | Promise<NoticeReading>;
}

export interface Order {
  /** Our id (UUID); also names the order at the provider, so that asking twice begins one checkout. */
  readonly paymentId: string;
  readonly amount: Amount;
  readonly returnUrl: string;
}

export interface Begun {
  readonly externalId: string;
  readonly checkoutUrl: string;
}

export interface RefundOrder {
  /** Names the refund at the provider, so that asking twice returns it once. */
  readonly refundId: string;
  readonly externalId: string;
  readonly settlementId: string;
  readonly amount: Amount;
}

/** Where it is not known whether a call did something, it is `unknown`, and the same call may be made again. */
export type Unknown = { readonly outcome: 'unknown' };

/** A provider with a page where a payer pays. Every call may be repeated. */
export interface PaymentProvider extends NoticeReader {
  readonly feed: CheckoutProvider;
  read(notice: SignedBody, nowMs: number): NoticeReading;
  /** The most that it can move of an amount, in micros: each currency has a smallest unit there. */
  roundDown(amount: Amount): bigint;
  /** Begins a checkout. */
  begin(order: Order): Promise<{ readonly outcome: 'begun'; readonly begun: Begun } | Refused | Unknown>;
  /** What a checkout has come to, as facts; none while nothing has happened. */
  find(externalId: string): Promise<{ readonly outcome: 'found'; readonly facts: readonly Fact[] } | Unknown>;
  /**
   * What it was paid with, in the provider's own word for one card or account, for comparison alone: it is kept nowhere.
   * Null where the provider knows none.
   */
  instrumentOf(
    settlementId: string,
  ): Promise<{ readonly outcome: 'known'; readonly instrument: string | null } | Unknown>;
  /** Where it stores cards as well. */
  readonly cards?: CardKeeper;
  /** Returns money the way it came. */
  refund(order: RefundOrder): Promise<{ readonly outcome: 'refunded' } | Refused | Unknown>;
}

export interface CardOrder {
  /** Our id (UUID) of the request; also names the page, so that asking twice begins one. */
  readonly setupId: string;
  /** Payments by this card will be in it (ISO 4217). */
  readonly currency: string;
  readonly returnUrl: string;
}

export interface CardPayment {
  /** Our id (UUID), under which the provider makes one charge however often it is asked within a day. */
  readonly paymentId: string;
  readonly amount: Amount;
  readonly card: StoredCard;
}

/** What a charge has come to, as facts. */
export type Told = { readonly outcome: 'told'; readonly facts: readonly Fact[] };

/** A provider that stores cards and charges them with nobody there. Every call may be repeated. */
export interface CardKeeper {
  readonly feed: CheckoutProvider;
  /** The most that it can move of an amount, in micros. */
  roundDown(amount: Amount): bigint;
  /** Begins a page on which a card is stored; `find` of the provider tells what became of it. */
  beginSetup(
    order: CardOrder,
  ): Promise<{ readonly outcome: 'begun'; readonly begun: Begun } | Refused | Unknown>;
  /**
   * Charges a card. Within a day, repeating it never charges again; afterwards it must not be called. `refused`: this call
   * charged nothing, and repeating it will not.
   */
  pay(order: CardPayment): Promise<Told | Refused | Unknown>;
  /** Looks for a charge by our id, since the answer to it may have been lost. No facts: there is none as yet. */
  findPayment(order: CardPayment): Promise<Told | Unknown>;
  /** Has the provider forget a page, and the card and customer it led to; done as well where it knows none. */
  forget(known: {
    readonly externalId: string | null;
    readonly card: StoredCard | null;
  }): Promise<{ readonly outcome: 'forgotten' } | Unknown>;
}

/** The provider said no, for good. */
export type Refused = { readonly outcome: 'refused' };

/** A store whose notices name a purchase and do not tell its state. Every call may be repeated. */
/** What an app handed over of a purchase, once the store has proved it. `test` as `Store.find`. */
export type Proof =
  | { readonly outcome: 'proved'; readonly facts: readonly Fact[] }
  | { readonly outcome: 'refused'; readonly fault: NoticeFault }
  | { readonly outcome: 'test' }
  | Unknown;

/** A store that proves what an app says was bought there. */
export interface PurchaseProver {
  readonly feed: Extract<Feed & Provider, 'app_store' | 'play_store'>;
  /** Changes nothing. Never throws for what the evidence holds. */
  prove(evidence: string): Promise<Proof>;
}

export interface Store extends NoticeReader, PurchaseProver {
  readonly feed: 'play_store';
  /** What `lookUp` of a notice names, as facts. `test`: it was bought with no money where money is real. */
  find(
    named: string,
  ): Promise<
    { readonly outcome: 'found'; readonly facts: readonly Fact[] } | { readonly outcome: 'test' } | Unknown
  >;
  /** Tells the store that a purchase is booked. `refused`: it will not hear of it any more. */
  confirm(confirmation: Confirmation): Promise<{ readonly outcome: 'confirmed' } | Refused | Unknown>;
}
