// A fake Stripe: Checkout sessions, a page to pay on, refunds and disputes, and signed events about all of it. As much of
// the API as Sotto calls, in the shapes Stripe documents (docs.stripe.com/api).
import { createHmac, randomBytes } from 'node:crypto';
import { escaped, type FakeAnswer, type FakeRequest, startFakeServer } from './fake-server.ts';
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
  readonly client_reference_id: string | null;
  readonly amount_total: number;
  readonly currency: string;
  readonly success_url: string;
  status: 'open' | 'complete' | 'expired';
  payment_status: 'paid' | 'unpaid';
  payment_intent: string | null;
  refunded: number;
  /** Of the card it is paid with. */
  fingerprint: string;
}

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
  /** Minor units that go back, by the dashboard of Stripe. */
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
  const remembered = new Map<string, FakeAnswer>();
  const planned: FakeAnswer[] = [];
  const notices = noticeSender();
  const id = (prefix: string) => `${prefix}_${randomBytes(12).toString('hex')}`;
  const sessionOf = (sessionId: string): Session => {
    const found = sessions.get(sessionId);
    if (found === undefined) throw new Error(`no such session: ${sessionId}`);
    return found;
  };
  const shown = ({ refunded: _, fingerprint: __, ...session }: Session) => ({
    object: 'checkout.session',
    ...session,
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

  function createSession(form: URLSearchParams): FakeAnswer {
    const amount = Number(form.get('line_items[0][price_data][unit_amount]'));
    if (!Number.isSafeInteger(amount) || amount <= 0 || form.get('mode') !== 'payment') {
      return {
        status: 400,
        body: { error: { type: 'invalid_request_error', code: 'parameter_invalid_integer' } },
      };
    }
    const session: Session = {
      id: id('cs_test'),
      client_reference_id: form.get('client_reference_id'),
      amount_total: amount,
      currency: form.get('line_items[0][price_data][currency]') ?? 'eur',
      success_url: form.get('success_url') ?? '/',
      status: 'open',
      payment_status: 'unpaid',
      payment_intent: null,
      refunded: 0,
      fingerprint: randomBytes(8).toString('hex'),
    };
    sessions.set(session.id, session);
    return { status: 200, body: shown(session) };
  }

  function createRefund(form: URLSearchParams): FakeAnswer {
    const session = [...sessions.values()].find(
      ({ payment_intent }) => payment_intent !== null && payment_intent === form.get('payment_intent'),
    );
    const amount = Number(form.get('amount'));
    if (session === undefined || session.refunded + amount > session.amount_total) {
      return {
        status: 400,
        body: { error: { type: 'invalid_request_error', code: 'charge_already_refunded' } },
      };
    }
    session.refunded += amount;
    // Told afterwards, as Stripe does.
    void tell('charge.refunded', chargeOf(session));
    return { status: 200, body: { id: id('re'), object: 'refund', status: 'succeeded', amount } };
  }

  function api(request: FakeRequest): FakeAnswer {
    if (request.headers.authorization !== `Bearer ${secretKey}`) {
      return { status: 401, body: { error: { type: 'invalid_request_error' } } };
    }
    const next = planned.shift();
    if (next !== undefined) return next;
    const { pathname } = request.url;
    if (request.method === 'GET' && pathname === '/v1/charges') {
      const wanted = request.url.searchParams.get('payment_intent');
      const charges = [...sessions.values()].filter(({ payment_intent }) => payment_intent === wanted);
      return { status: 200, body: { object: 'list', data: charges.map(chargeOf) } };
    }
    if (request.method === 'GET') {
      const found = sessions.get(pathname.replace('/v1/checkout/sessions/', ''));
      return found
        ? { status: 200, body: shown(found) }
        : { status: 404, body: { error: { code: 'resource_missing' } } };
    }
    const key = `${pathname} ${String(request.headers['idempotency-key'])}`;
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const form = new URLSearchParams(request.body);
    const answer = pathname === '/v1/refunds' ? createRefund(form) : createSession(form);
    remembered.set(key, answer);
    return answer;
  }

  const chargeOf = (session: Session) => ({
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

  const disputeOf = (sessionId: string, disputeId: string, amount: number, status: string) => {
    const { payment_intent, currency } = sessionOf(sessionId);
    return { id: disputeId, object: 'dispute', payment_intent, amount, currency, status };
  };

  /** What a developer clicks on. */
  async function page(request: FakeRequest): Promise<FakeAnswer> {
    const [, , sessionId = '', act] = request.url.pathname.split('/');
    const session = sessions.get(sessionId);
    if (session === undefined) return { status: 404, body: '<p>There is no such checkout.' };
    if (request.method === 'POST') {
      if (act === 'expire') {
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
    async refund(sessionId, amount) {
      const session = sessionOf(sessionId);
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

function checkoutPage({ id, amount_total, currency, status }: Session): string {
  const button = (act: string, label: string) =>
    `<form method="post" action="/pay/${escaped(id)}/${act}"><button>${label}</button></form>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Simulated checkout</title>
<h1>Simulated checkout</h1><p>${amount_total} minor units of ${escaped(currency.toUpperCase())}. No money moves.</p>
${status === 'open' ? button('now', 'Pay') + button('later', 'Pay, and let the money come later') + button('expire', 'Do not pay') : `<p>This checkout is ${status}.</p>`}`;
}
