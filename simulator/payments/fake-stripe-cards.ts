// Cards that the fake Stripe stores: customers, payment methods, and payments made with nobody there.
import type { FakeAnswer } from './fake-server.ts';

/** How a stored card takes charges: it pays, its bank declines, or wants to see somebody. */
export type CardFate = 'pays' | 'declines' | 'asks';

export interface FakeIntent {
  readonly id: string;
  readonly customer: string;
  readonly amount: number;
  readonly currency: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly created: number;
  status: 'succeeded' | 'requires_payment_method';
  error: 'card_declined' | 'authentication_required' | null;
  refunded: number;
}

export interface FakeCards {
  /** A new customer with a card. */
  store(fate: CardFate): { readonly setupIntent: string; readonly customer: string; readonly method: string };
  setupIntent(id: string): object;
  turn(methodId: string, fate: CardFate): void;
  knows(id: string): boolean;
  readonly charges: readonly Readonly<FakeIntent>[];
  onCharge(hook: ((intent: Readonly<FakeIntent>) => Promise<FakeAnswer | undefined>) | null): void;
  /** A payment that succeeded, as a session shows one. */
  paidBy(intentId: string): CardMoney | undefined;
  charge(form: URLSearchParams): Promise<FakeAnswer>;
  /** Of one payment, or those of a customer. */
  read(url: URL): FakeAnswer | undefined;
  /** Detaches a card or deletes a customer; undefined for another request. */
  forget(method: string, pathname: string): FakeAnswer | undefined;
}

/** What a session and a charge have in common. */
export interface CardMoney {
  readonly id: string;
  readonly payment_intent: string;
  readonly amount_total: number;
  readonly currency: string;
  readonly payment_status: 'paid';
  readonly fingerprint: string;
  refunded: number;
}

interface Card {
  readonly customer: string;
  fate: CardFate;
}

export interface FakeCardsParts {
  readonly id: (prefix: string) => string;
  readonly nowMs: () => number;
  readonly tell: (type: string, object: object) => Promise<void>;
}

export function fakeCards({ id, nowMs, tell }: FakeCardsParts): FakeCards {
  const customers = new Set<string>();
  const cards = new Map<string, Card>();
  const setups = new Map<string, { readonly customer: string; readonly method: string }>();
  const intents: FakeIntent[] = [];
  let hook: ((intent: Readonly<FakeIntent>) => Promise<FakeAnswer | undefined>) | null = null;

  const shown = ({ error, refunded: _, ...intent }: FakeIntent) => ({
    object: 'payment_intent',
    ...intent,
    amount_received: intent.status === 'succeeded' ? intent.amount : 0,
    last_payment_error: error === null ? null : errorOf(error),
  });

  return {
    store(fate) {
      const [customer, method, setupIntent] = [id('cus'), id('pm'), id('seti')];
      customers.add(customer);
      cards.set(method, { customer, fate });
      setups.set(setupIntent, { customer, method });
      return { setupIntent, customer, method };
    },
    setupIntent(setupId) {
      const { customer, method } = setups.get(setupId)!;
      return { id: setupId, object: 'setup_intent', status: 'succeeded', customer, payment_method: method };
    },
    turn(methodId, fate) {
      const card = cards.get(methodId);
      if (card === undefined) throw new Error(`no such card: ${methodId}`);
      card.fate = fate;
    },
    knows: (of) => customers.has(of) || cards.has(of),
    charges: intents,
    onCharge(next) {
      hook = next;
    },
    paidBy(intentId) {
      const intent = intents.find((each) => each.id === intentId && each.status === 'succeeded');
      if (intent === undefined) return undefined;
      return {
        id: intent.id,
        payment_intent: intent.id,
        amount_total: intent.amount,
        currency: intent.currency,
        payment_status: 'paid',
        fingerprint: intent.customer,
        get refunded() {
          return intent.refunded;
        },
        set refunded(minor) {
          intent.refunded = minor;
        },
      };
    },
    async charge(form) {
      const amount = Number(form.get('amount'));
      const card = cards.get(form.get('payment_method') ?? '');
      const isAlone = form.get('off_session') === 'true' && form.get('confirm') === 'true';
      if (!Number.isSafeInteger(amount) || amount < 50 || !isAlone) return refused('amount_too_small');
      if (card === undefined || card.customer !== form.get('customer')) return refused('resource_missing');
      const intent: FakeIntent = {
        id: id('pi'),
        customer: card.customer,
        amount,
        currency: form.get('currency') ?? '',
        metadata: { payment_id: form.get('metadata[payment_id]') ?? '' },
        created: Math.floor(nowMs() / 1_000),
        status: card.fate === 'pays' ? 'succeeded' : 'requires_payment_method',
        error: ERRORS[card.fate],
        refunded: 0,
      };
      intents.push(intent);
      const instead = await hook?.(intent);
      const { error } = intent;
      await tell(`payment_intent.${error === null ? 'succeeded' : 'payment_failed'}`, shown(intent));
      if (instead !== undefined) return instead;
      return error === null
        ? { status: 200, body: shown(intent) }
        : { status: 402, body: { error: { ...errorOf(error), payment_intent: shown(intent) } } };
    },
    read({ pathname, searchParams }) {
      const wanted = pathname.replace(/^\/v1\/payment_intents\/?/, '');
      if (wanted !== '') {
        const found = intents.find((intent) => intent.id === wanted);
        return found && { status: 200, body: shown(found) };
      }
      const since = Number(searchParams.get('created[gte]') ?? 0);
      const data = intents
        .filter(({ customer, created }) => customer === searchParams.get('customer') && created >= since)
        .reverse()
        .slice(0, Number(searchParams.get('limit') ?? 10));
      return { status: 200, body: { object: 'list', data: data.map(shown) } };
    },
    forget(method, pathname) {
      const detached = /^\/v1\/payment_methods\/([^/]+)\/detach$/.exec(pathname)?.[1];
      if (method === 'POST' && detached !== undefined) {
        return cards.delete(detached)
          ? { status: 200, body: { id: detached, object: 'payment_method', customer: null } }
          : refused('resource_missing', 404);
      }
      const deleted = /^\/v1\/customers\/([^/]+)$/.exec(pathname)?.[1];
      if (method !== 'DELETE' || deleted === undefined) return undefined;
      if (!customers.delete(deleted)) return refused('resource_missing', 404);
      for (const [card, { customer }] of cards) if (customer === deleted) cards.delete(card);
      return { status: 200, body: { id: deleted, object: 'customer', deleted: true } };
    },
  };
}

const ERRORS = { pays: null, declines: 'card_declined', asks: 'authentication_required' } as const;

const errorOf = (code: NonNullable<FakeIntent['error']>) => ({ type: 'card_error', code });

const refused = (code: string, status = 400): FakeAnswer => ({
  status,
  body: { error: { type: 'invalid_request_error', code } },
});
