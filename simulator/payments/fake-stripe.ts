// A fake Stripe: Checkout sessions, a page to pay on, refunds and disputes, and signed events about all of it. As much of
// the API as Sotto calls, in the shapes Stripe documents (docs.stripe.com/api).
import { createHmac, randomBytes } from 'node:crypto';
import { escaped, type FakeAnswer, type FakeRequest, startFakeServer } from './fake-server.ts';
import { type CardFate, type FakeIntent, fakeCards } from './fake-stripe-cards.ts';
import { type NoticeListener, noticeSender, type SentNotice } from './notice-sender.ts';

export interface FakeStripeOptions {
  readonly host?: string;
  readonly port?: number;
  readonly secretKey?: string;
  readonly webhookSecret?: string;
  /** Milliseconds since the epoch, for signatures. */
  readonly nowMs?: () => number;
}

interface Session {
  readonly id: string;
  readonly mode: 'payment' | 'setup';
  readonly client_reference_id: string | null;
  readonly amount_total: number;
  readonly currency: string;
  readonly success_url: string;
  status: 'open' | 'complete' | 'expired';
  payment_status: 'paid' | 'unpaid' | 'no_payment_required';
  payment_intent: string | null;
  /** Of a page where a card is stored: what it came to. */
  setup_intent: string | null;
  customer: string | null;
  refunded: number;
  /** Of the card it is paid with. */
  fingerprint: string;
}

/** What a charge is shown from, however it was paid. */
type Money = Pick<
  Session,
  'id' | 'payment_intent' | 'amount_total' | 'refunded' | 'currency' | 'payment_status' | 'fingerprint'
>;

/** Requests that are noted; a test that makes more has lost its way. */
const REQUESTS_MAX = 10_000;

export interface PayOptions {
  /** The money comes later: the session completes unpaid, and `settle` ends it. */
  readonly later?: boolean;
  /** Minor units that come instead of what was asked for. */
  readonly amount?: number;
  /** A currency it comes in instead, in lower case. */
  readonly currency?: string;
  /** Fingerprint of the card; one nobody else has when left out. */
  readonly card?: string;
}

export interface FakeStripe {
  readonly origin: string;
  readonly secretKey: string;
  readonly webhookSecret: string;
  /** Every event, in the order in which it happened. */
  readonly sent: readonly SentNotice[];
  /** Sessions by id. */
  session(id: string): Readonly<Session>;
  listen(listener: NoticeListener | null): void;
  /** The next answers of the API; then it is well again. */
  answerNext(...answers: readonly FakeAnswer[]): void;
  pay(sessionId: string, options?: PayOptions): Promise<void>;
  /** How a payment that comes later ends. */
  settle(sessionId: string, succeeds: boolean): Promise<void>;
  expire(sessionId: string): Promise<void>;
  /** Stores a card on a page of a setup, and gives its id. */
  storeCard(sessionId: string, fate?: CardFate): Promise<string>;
  /** What happens to charges of a stored card from now on. */
  turn(methodId: string, fate: CardFate): void;
  /** Whether a card or a customer is still known. */
  knows(id: string): boolean;
  /** Charges of stored cards, in the order in which they were made. */
  readonly charges: readonly Readonly<FakeIntent>[];
  /** Requests of the API that were answered, as method and path, in order. */
  readonly asked: readonly string[];
  /** Runs before the next charge is answered: holds it up, or fails it after it was made. */
  onCharge(hook: ((intent: Readonly<FakeIntent>) => Promise<FakeAnswer | undefined>) | null): void;
  /** Minor units that go back, by the dashboard of Stripe; of a session, or of the charge of a stored card. */
  refund(sessionId: string, amount: number): Promise<void>;
  dispute(sessionId: string, amount: number): Promise<string>;
  closeDispute(sessionId: string, disputeId: string, amount: number, won: boolean): Promise<void>;
  /** Signs anything, as Stripe would. */
  sign(type: string, object: object, change?: object): SentNotice;
  stop(): Promise<void>;
}

export async function startFakeStripe(options: FakeStripeOptions = {}): Promise<FakeStripe> {
  const secretKey = options.secretKey ?? `sk_test_${randomBytes(12).toString('hex')}`;
  const webhookSecret = options.webhookSecret ?? `whsec_${randomBytes(16).toString('hex')}`;
  const nowMs = options.nowMs ?? Date.now;
  const sessions = new Map<string, Session>();
  const remembered = new Map<string, { readonly words: string; readonly answer: Promise<FakeAnswer> }>();
  const asked: string[] = [];
  const planned: FakeAnswer[] = [];
  const notices = noticeSender();
  const id = (prefix: string) => `${prefix}_${randomBytes(12).toString('hex')}`;
  const sessionOf = (sessionId: string): Session => {
    const found = sessions.get(sessionId);
    if (found === undefined) throw new Error(`no such session: ${sessionId}`);
    return found;
  };
  const shown = ({ refunded: _, fingerprint: __, ...session }: Session, expanded = false) => ({
    object: 'checkout.session',
    ...session,
    ...(expanded && session.setup_intent !== null
      ? { setup_intent: cards.setupIntent(session.setup_intent) }
      : {}),
    url: `${server.origin}/pay/${session.id}`,
  });

  function sign(type: string, object: object, change: object = {}): SentNotice {
    const body = JSON.stringify({
      id: id('evt'),
      object: 'event',
      type,
      livemode: false,
      created: Math.floor(nowMs() / 1_000),
      data: { object },
      ...change,
    });
    const at = Math.floor(nowMs() / 1_000);
    const signature = createHmac('sha256', webhookSecret).update(`${at}.${body}`).digest('hex');
    return { type, body, headers: { 'stripe-signature': `t=${at},v1=${signature}` } };
  }
  const tell = async (type: string, object: object) => {
    await notices.send(sign(type, object));
  };

  const cards = fakeCards({ id, nowMs, tell });

  const newSession = (form: URLSearchParams, mode: Session['mode'], amount: number): Session => ({
    id: id('cs_test'),
    mode,
    client_reference_id: form.get('client_reference_id'),
    amount_total: amount,
    currency: form.get('line_items[0][price_data][currency]') ?? form.get('currency') ?? 'eur',
    success_url: form.get('success_url') ?? '/',
    status: 'open',
    payment_status: mode === 'setup' ? 'no_payment_required' : 'unpaid',
    payment_intent: null,
    setup_intent: null,
    customer: null,
    refunded: 0,
    fingerprint: randomBytes(8).toString('hex'),
  });

  function createSetup(form: URLSearchParams): FakeAnswer {
    if (form.get('customer_creation') !== 'always' || !form.get('currency')) {
      return { status: 400, body: { error: { type: 'invalid_request_error', code: 'parameter_missing' } } };
    }
    const session = newSession(form, 'setup', 0);
    sessions.set(session.id, session);
    return { status: 200, body: shown(session) };
  }

  function createSession(form: URLSearchParams): FakeAnswer {
    if (form.get('mode') === 'setup') return createSetup(form);
    const amount = Number(form.get('line_items[0][price_data][unit_amount]'));
    if (!Number.isSafeInteger(amount) || amount <= 0 || form.get('mode') !== 'payment') {
      return {
        status: 400,
        body: { error: { type: 'invalid_request_error', code: 'parameter_invalid_integer' } },
      };
    }
    const session = newSession(form, 'payment', amount);
    sessions.set(session.id, session);
    return { status: 200, body: shown(session) };
  }

  /** What money came by: a page, or a stored card. */
  const moneyOf = (paymentIntent: string | null) =>
    paymentIntent === null
      ? undefined
      : ([...sessions.values()].find(({ payment_intent }) => payment_intent === paymentIntent) ??
        cards.paidBy(paymentIntent));

  function createRefund(form: URLSearchParams): FakeAnswer {
    const money = moneyOf(form.get('payment_intent'));
    const amount = Number(form.get('amount'));
    if (money === undefined || money.refunded + amount > money.amount_total) {
      return {
        status: 400,
        body: { error: { type: 'invalid_request_error', code: 'charge_already_refunded' } },
      };
    }
    money.refunded += amount;
    // Told afterwards, as Stripe does.
    void tell('charge.refunded', chargeOf(money));
    return { status: 200, body: { id: id('re'), object: 'refund', status: 'succeeded', amount } };
  }

  const missing: FakeAnswer = {
    status: 404,
    body: { error: { type: 'invalid_request_error', code: 'resource_missing' } },
  };

  function read({ url }: FakeRequest): FakeAnswer {
    const { pathname, searchParams } = url;
    if (pathname === '/v1/charges') {
      const money = moneyOf(searchParams.get('payment_intent'));
      return { status: 200, body: { object: 'list', data: money === undefined ? [] : [chargeOf(money)] } };
    }
    if (pathname.startsWith('/v1/payment_intents')) return cards.read(url) ?? missing;
    const found = sessions.get(pathname.replace('/v1/checkout/sessions/', ''));
    return found
      ? { status: 200, body: shown(found, searchParams.get('expand[0]') === 'setup_intent') }
      : missing;
  }

  async function write({ method, url: { pathname }, body }: FakeRequest): Promise<FakeAnswer> {
    const form = new URLSearchParams(body);
    if (pathname === '/v1/payment_intents') {
      return cards.charge(form);
    }
    if (pathname === '/v1/refunds') return createRefund(form);
    if (pathname === '/v1/checkout/sessions') return createSession(form);
    const ended = /^\/v1\/checkout\/sessions\/([^/]+)\/expire$/.exec(pathname)?.[1];
    if (ended === undefined) return cards.forget(method, pathname) ?? missing;
    const session = sessions.get(ended);
    if (session === undefined) return missing;
    if (session.status !== 'open') return { status: 400, body: { error: { type: 'invalid_request_error' } } };
    session.status = 'expired';
    return { status: 200, body: shown(session) };
  }

  async function api(request: FakeRequest): Promise<FakeAnswer> {
    if (request.headers.authorization !== `Bearer ${secretKey}`) {
      return { status: 401, body: { error: { type: 'invalid_request_error' } } };
    }
    const { method, url } = request;
    if (asked.length < REQUESTS_MAX) asked.push(`${method} ${url.pathname}`);
    const next = planned.shift();
    if (next !== undefined) return next;
    if (method === 'GET') return read(request);
    const name = request.headers['idempotency-key'];
    if (name === undefined) return write(request);
    // The first answer is kept, whatever it was, and other words under the same key are refused.
    const key = `${url.pathname} ${String(name)}`;
    const known = remembered.get(key);
    if (known === undefined) {
      const answer = write(request);
      remembered.set(key, { words: request.body, answer });
      return answer;
    }
    return known.words === request.body
      ? known.answer
      : { status: 400, body: { error: { type: 'idempotency_error' } } };
  }

  const chargeOf = (session: Money) => ({
    id: `ch_${session.id.slice(-12)}`,
    object: 'charge',
    payment_intent: session.payment_intent,
    amount: session.amount_total,
    amount_refunded: session.refunded,
    currency: session.currency,
    status: session.payment_status === 'paid' ? 'succeeded' : 'pending',
    payment_method_details: { type: 'card', card: { fingerprint: session.fingerprint } },
  });

  async function pay(
    sessionId: string,
    { later = false, amount, currency, card }: PayOptions = {},
  ): Promise<void> {
    const before = sessionOf(sessionId);
    if (before.status !== 'open') return;
    const session: Session = {
      ...before,
      ...(amount === undefined ? {} : { amount_total: amount }),
      ...(currency === undefined ? {} : { currency }),
      ...(card === undefined ? {} : { fingerprint: card }),
      status: 'complete',
      payment_status: later ? 'unpaid' : 'paid',
      payment_intent: id('pi'),
    };
    sessions.set(sessionId, session);
    await tell('checkout.session.completed', shown(session));
  }

  async function storeCard(sessionId: string, fate: CardFate = 'pays'): Promise<string> {
    const session = sessionOf(sessionId);
    if (session.status !== 'open' || session.mode !== 'setup')
      throw new Error('nothing is stored on this page');
    const stored = cards.store(fate);
    Object.assign(session, {
      status: 'complete',
      setup_intent: stored.setupIntent,
      customer: stored.customer,
    });
    await tell('checkout.session.completed', shown(session));
    return stored.method;
  }

  const disputeOf = (sessionId: string, disputeId: string, amount: number, status: string) => {
    const { payment_intent, currency } = cards.paidBy(sessionId) ?? sessionOf(sessionId);
    return { id: disputeId, object: 'dispute', payment_intent, amount, currency, status };
  };

  /** What a developer clicks on. */
  async function page(request: FakeRequest): Promise<FakeAnswer> {
    const [, , sessionId = '', act] = request.url.pathname.split('/');
    const session = sessions.get(sessionId);
    if (session === undefined) return { status: 404, body: '<p>There is no such checkout.' };
    if (request.method === 'POST') {
      if (session.mode === 'setup' && act !== 'expire') {
        await storeCard(sessionId, act === 'declines' || act === 'asks' ? act : 'pays');
      } else if (act === 'expire') {
        session.status = 'expired';
        await tell('checkout.session.expired', shown(session));
      } else await pay(sessionId, { later: act === 'later' });
      if (act === 'later')
        setTimeout(() => void settle(sessionId, true).catch(() => undefined), 2_000).unref();
      return { status: 303, body: {}, location: session.success_url };
    }
    return { status: 200, body: checkoutPage(session) };
  }

  async function settle(sessionId: string, succeeds: boolean): Promise<void> {
    const session = sessionOf(sessionId);
    session.payment_status = succeeds ? 'paid' : 'unpaid';
    await tell(`checkout.session.async_payment_${succeeds ? 'succeeded' : 'failed'}`, shown(session));
  }

  const server = await startFakeServer(options, (request) =>
    request.url.pathname.startsWith('/pay/') ? page(request) : api(request),
  );
  return {
    origin: server.origin,
    secretKey,
    webhookSecret,
    sent: notices.sent,
    session: sessionOf,
    listen(listener) {
      notices.listener = listener;
    },
    answerNext: (...answers) => void planned.push(...answers),
    pay,
    settle,
    async expire(sessionId) {
      const session = sessionOf(sessionId);
      session.status = 'expired';
      await tell('checkout.session.expired', shown(session));
    },
    storeCard,
    turn: cards.turn,
    knows: cards.knows,
    charges: cards.charges,
    asked,
    onCharge: cards.onCharge,
    async refund(sessionId, amount) {
      const session = cards.paidBy(sessionId) ?? sessionOf(sessionId);
      session.refunded += amount;
      await tell('charge.refunded', chargeOf(session));
    },
    async dispute(sessionId, amount) {
      const disputeId = id('du');
      await tell('charge.dispute.created', disputeOf(sessionId, disputeId, amount, 'needs_response'));
      return disputeId;
    },
    closeDispute: (sessionId, disputeId, amount, won) =>
      tell('charge.dispute.closed', disputeOf(sessionId, disputeId, amount, won ? 'won' : 'lost')),
    sign,
    stop: () => server.stop(),
  };
}

const PAYING = [
  ['now', 'Pay'],
  ['later', 'Pay, and let the money come later'],
  ['expire', 'Do not pay'],
] as const;
const STORING = [
  ['now', 'Store a card that pays'],
  ['declines', 'Store a card that is declined'],
  ['asks', 'Store a card whose bank wants to see somebody'],
  ['expire', 'Store none'],
] as const;

function checkoutPage({ id, mode, amount_total, currency, status }: Session): string {
  const buttons = mode === 'setup' ? STORING : PAYING;
  const button = (act: string, label: string) =>
    `<form method="post" action="/pay/${escaped(id)}/${act}"><button>${label}</button></form>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Simulated checkout</title>
<h1>Simulated checkout</h1><p>${mode === 'setup' ? 'A card to be stored' : `${amount_total} minor units of ${escaped(currency.toUpperCase())}`}. No money moves.</p>
${status === 'open' ? buttons.map(([act, label]) => button(act, label)).join('') : `<p>This checkout is ${status}.</p>`}`;
}
