// A fake BTCPay Server: invoices of its Greenfield API, and signed deliveries about them, in the shapes that its
// documentation gives (docs.btcpayserver.org/API/Greenfield/v1). One coin, whose rate stands still.
import { createHmac, randomBytes } from 'node:crypto';
import { escaped, type FakeAnswer, type FakeRequest, startFakeServer } from './fake-server.ts';
import { type NoticeListener, noticeSender, type SentNotice } from './notice-sender.ts';

export interface FakeBtcpayOptions {
  readonly host?: string;
  readonly port?: number;
  readonly nowMs?: () => number;
}

type Status = 'New' | 'Processing' | 'Expired' | 'Invalid' | 'Settled';
type Additional = 'None' | 'PaidLate' | 'PaidPartial' | 'Marked' | 'Invalid' | 'PaidOver';

interface Invoice {
  readonly id: string;
  readonly amount: string;
  readonly currency: string;
  readonly metadata: { readonly orderId?: string };
  readonly redirect: string;
  status: Status;
  additionalStatus: Additional;
  /** Coins, as decimal text. */
  paid: string;
}

export interface FakeBtcpay {
  readonly origin: string;
  readonly apiKey: string;
  readonly storeId: string;
  readonly webhookSecret: string;
  readonly sent: readonly SentNotice[];
  listen(listener: NoticeListener | null): void;
  answerNext(...answers: readonly FakeAnswer[]): void;
  /** Puts an invoice into a state and tells of it. `paidShare`: of what was asked for, in hundredths. */
  become(invoiceId: string, type: string, state: InvoiceState): Promise<void>;
  /** Signs anything, as the server would. */
  sign(type: string, invoiceId: string | null, change?: object): SentNotice;
  stop(): Promise<void>;
}

export interface InvoiceState {
  readonly status: Status;
  readonly additionalStatus?: Additional;
  readonly paidPercent?: number;
}

/** Units of the workspace's currency that one coin is worth. */
const RATE = 50_000;

export async function startFakeBtcpay(options: FakeBtcpayOptions = {}): Promise<FakeBtcpay> {
  const apiKey = randomBytes(20).toString('hex');
  const storeId = randomBytes(12).toString('hex');
  const webhookSecret = randomBytes(16).toString('hex');
  const nowMs = options.nowMs ?? Date.now;
  const invoices = new Map<string, Invoice>();
  const planned: FakeAnswer[] = [];
  const notices = noticeSender();

  function sign(type: string, invoiceId: string | null, change: object = {}): SentNotice {
    const deliveryId = randomBytes(12).toString('hex');
    const body = JSON.stringify({
      deliveryId,
      webhookId: 'hook',
      originalDeliveryId: deliveryId,
      isRedelivery: false,
      type,
      timestamp: Math.floor(nowMs() / 1_000),
      storeId,
      ...(invoiceId === null ? {} : { invoiceId }),
      ...change,
    });
    const signature = createHmac('sha256', webhookSecret).update(body).digest('hex');
    return { type, body, headers: { 'btcpay-sig': `sha256=${signature}` } };
  }

  const shown = ({ redirect: _, paid: __, ...invoice }: Invoice) => ({
    ...invoice,
    storeId,
    checkoutLink: `${server.origin}/i/${invoice.id}`,
  });

  function create(body: string): FakeAnswer {
    const given = JSON.parse(body) as {
      amount: string;
      currency: string;
      metadata?: { orderId?: string };
      checkout?: { redirectURL?: string };
    };
    const invoice: Invoice = {
      id: randomBytes(11).toString('hex'),
      amount: given.amount,
      currency: given.currency,
      metadata: given.metadata ?? {},
      redirect: given.checkout?.redirectURL ?? '/',
      status: 'New',
      additionalStatus: 'None',
      paid: '0',
    };
    invoices.set(invoice.id, invoice);
    return { status: 200, body: shown(invoice) };
  }

  function api({ method, url, headers, body }: FakeRequest): FakeAnswer {
    if (headers.authorization !== `token ${apiKey}`)
      return { status: 401, body: { code: 'unauthenticated' } };
    const next = planned.shift();
    if (next !== undefined) return next;
    const [id, sub] = url.pathname.replace(`/api/v1/stores/${storeId}/invoices`, '').split('/').slice(1);
    if (method === 'POST') return create(body);
    if (id === undefined) {
      const wanted = url.searchParams.get('orderId');
      const found = [...invoices.values()].filter(({ metadata }) => metadata.orderId === wanted);
      return { status: 200, body: found.map(shown) };
    }
    const invoice = invoices.get(id);
    if (invoice === undefined) return { status: 404, body: { code: 'invoice-not-found' } };
    if (sub !== 'payment-methods') return { status: 200, body: shown(invoice) };
    // As a real one, it names the addresses that coins were sent to and came from.
    const destination = `bc1qsimulated${invoice.id.toLowerCase()}`;
    const method_ = {
      paymentMethodId: 'BTC-CHAIN',
      rate: String(RATE),
      paymentMethodPaid: invoice.paid,
      destination,
      paymentLink: `bitcoin:${destination}`,
      payments: [{ id: 'simulated', value: invoice.paid, status: invoice.status, destination }],
    };
    return { status: 200, body: [method_] };
  }

  async function become(id: string, type: string, state: InvoiceState): Promise<void> {
    const invoice = invoices.get(id);
    if (invoice === undefined) throw new Error(`no such invoice: ${id}`);
    invoice.status = state.status;
    invoice.additionalStatus = state.additionalStatus ?? 'None';
    const percent = state.paidPercent ?? (state.status === 'Settled' ? 100 : 0);
    invoice.paid = ((Number(invoice.amount) * percent) / 100 / RATE).toFixed(8);
    await notices.send(sign(type, id));
  }

  async function page({ method, url }: FakeRequest): Promise<FakeAnswer> {
    const [, , id = '', act] = url.pathname.split('/');
    const invoice = invoices.get(id);
    if (invoice === undefined) return { status: 404, body: '<p>There is no such invoice.' };
    if (method === 'POST') {
      if (act === 'part') {
        const part = { status: 'Expired', additionalStatus: 'PaidPartial', paidPercent: 50 } as const;
        await become(id, 'InvoiceExpired', part);
      } else await become(id, 'InvoiceSettled', { status: 'Settled' });
      return { status: 303, body: {}, location: invoice.redirect };
    }
    const button = (what: string, label: string) =>
      `<form method="post" action="/i/${escaped(id)}/${what}"><button>${label}</button></form>`;
    return {
      status: 200,
      body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Simulated invoice</title>
<h1>Simulated invoice</h1><p>${escaped(invoice.amount)} ${escaped(invoice.currency)}. No coin moves.</p>
${button('all', 'Pay')}${button('part', 'Pay half, too late')}`,
    };
  }

  const server = await startFakeServer(options, (request) =>
    request.url.pathname.startsWith('/i/') ? page(request) : api(request),
  );
  return {
    origin: server.origin,
    apiKey,
    storeId,
    webhookSecret,
    sent: notices.sent,
    listen(listener) {
      notices.listener = listener;
    },
    answerNext: (...answers) => void planned.push(...answers),
    become,
    sign,
    stop: () => server.stop(),
  };
}
