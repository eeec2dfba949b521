// Invoices through the whole server: the API, the jobs that issue, a real database.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeId } from '@sotto/contract';
import { refundPayment } from '@sotto/contract/admin/payments';
import {
  createInvoice,
  getBilling,
  getInvoice,
  getInvoicePage,
  type Invoice,
  listInvoices,
  updateBilling,
} from '@sotto/contract/invoices';
import { createTopUp } from '@sotto/contract/top-ups';
import { type Tenant, useApi } from '../../../test/api.ts';
import { callOperation } from '../../../test/route-contract.ts';
import { finishRefund } from '../refunds.ts';
import { billingKey } from './billing-details.ts';
import { endBillingOf, invoiceExpiry } from './expiry.ts';
import { endInvoices, takeNumber } from './invoice.sql.ts';
import { issueInvoice } from './issue.ts';
import { invoicePayment } from './jobs.ts';

const YEAR_MS = 366 * 86_400_000;
const BUYER = {
  legal_name: 'Example <Trading> Co.',
  address: '2 Example Street, Jeddah',
  country: 'SA',
  tax_id: '300000000000010',
};

describe('invoices', () => {
  const app = useApi();
  const call = (
    operation: Parameters<typeof callOperation>[1],
    request: object = {},
    tenant: Tenant = app.shop,
  ) => callOperation(app.server, operation, { token: tenant.token, ...request });
  const settings = () => app.payments.invoices!;

  /** A top-up that was paid at the provider. */
  async function paid(amount = '115.00', tenant: Tenant = app.shop) {
    const { body } = await call(createTopUp, { body: { amount: { amount, currency: 'EUR' } } }, tenant);
    const session = new URL(body.checkout_url).pathname.split('/').at(-1)!;
    await app.stripe.pay(session);
    return { id: body.id as string, row: decodeId('top', body.id)!, session };
  }
  const runJob = (paymentId: string, tenant: Tenant = app.shop) =>
    invoicePayment(app.database.db, app.keyring, settings(), {
      workspace_id: tenant.id,
      payment_id: paymentId,
    });
  const all = async (tenant: Tenant = app.shop): Promise<Invoice[]> =>
    (await call(listInvoices, { query: { limit: '200' } }, tenant)).body.data;
  const of = async (topUp: string) => (await all()).filter(({ top_up_id }) => top_up_id === topUp).reverse();

  test('are made out to whom the workspace says, sealed, and the first word needs what an invoice needs', async () => {
    assert.equal((await call(getBilling)).status, 404);
    const short = await call(updateBilling, { body: { legal_name: 'Example' } });
    assert.deepEqual([short.status, short.body.field], [400, 'address']);
    assert.deepEqual((await call(updateBilling, { body: BUYER })).body, BUYER);
    const moved = await call(updateBilling, { body: { address: '3 Example Street, Jeddah' } });
    assert.deepEqual(moved.body, { ...BUYER, address: '3 Example Street, Jeddah' });
    assert.deepEqual((await call(getBilling)).body, moved.body);
    assert.equal((await call(getBilling, {}, app.stranger)).status, 404);
    const [row] = await app.database.sql('select d::text as text from payments.billing_details d');
    assert.doesNotMatch(JSON.stringify(row), /Example|Jeddah/);
  });

  test('come for every top-up of an organisation, once, with the tax of the day, and never change', async () => {
    const { id, row } = await paid();
    await Promise.all([runJob(row), runJob(row), runJob(row)]);
    const [invoice, ...more] = await of(id);
    assert.deepEqual(more, []);
    assert.deepEqual(
      [invoice!.kind, invoice!.total.amount, invoice!.tax.amount, invoice!.taxable.amount, invoice!.tax_rate],
      ['invoice', '115.00', '15.00', '100.00', '15'],
    );
    assert.match(invoice!.number, /^INV-\d{4}-000001$/);
    assert.equal(invoice!.buyer?.legal_name, BUYER.legal_name);
    assert.deepEqual((await call(getInvoice, { id: invoice!.id })).body, invoice);
    assert.equal(
      (await call(createInvoice, { body: { top_up_id: id } })).body.id,
      invoice!.id,
      'asked for again',
    );
    for (const change of ['update payments.invoice set total = total + 1', 'delete from payments.invoice']) {
      await assert.rejects(app.database.sql(change), /append-only/);
    }
    await call(updateBilling, { body: { legal_name: 'Renamed' } });
    assert.deepEqual((await call(getInvoice, { id: invoice!.id })).body, invoice, 'as it was issued');
  });

  test('print as a page without scripts, in both languages, with the code of the tax authority', async () => {
    const [invoice] = (await all()).slice(-1);
    const page = await call(getInvoicePage, { id: invoice!.id });
    assert.match(String(page.headers['content-type']), /^text\/html/);
    const csp = String(page.headers['content-security-policy']);
    assert.match(csp, /^default-src 'none'; style-src 'sha256-/);
    assert.doesNotMatch(csp, /unsafe|script-src/);
    for (const part of [
      invoice!.number,
      'Example Operator',
      '300000000000003',
      'فاتورة ضريبية',
      '115.00 EUR',
      '15%',
    ])
      assert.ok(page.text.includes(part), part);
    assert.ok(page.text.includes('Example &#60;Trading&#62; Co.') && !page.text.includes('<Trading>'));
    assert.match(page.text, /<svg viewBox="0 0 \d+ \d+"/);
    assert.doesNotMatch(page.text, /<script|style="|https?:/);
  });

  test('are not seen, printed or asked for by another workspace', async () => {
    const [invoice] = await all();
    const as = (operation: Parameters<typeof callOperation>[1], request: object) =>
      call(operation, request, app.stranger);
    assert.equal((await as(getInvoice, { id: invoice!.id })).status, 404);
    assert.equal((await as(getInvoicePage, { id: invoice!.id })).status, 404);
    assert.equal((await as(createInvoice, { body: { top_up_id: invoice!.top_up_id } })).status, 404);
    assert.deepEqual(await all(app.stranger), []);
  });

  test('of what was not paid are refused', async () => {
    const { body } = await call(createTopUp, { body: { amount: { amount: '5.00', currency: 'EUR' } } });
    assert.equal((await call(createInvoice, { body: { top_up_id: body.id } })).body.code, 'conflict');
  });

  test('are corrected by a credit note for each part that went back for good, and the taxes add up', async () => {
    const { id, row, session } = await paid('10.00');
    await runJob(row);
    const asked = await callOperation(app.server, refundPayment, {
      token: app.admin,
      id,
      body: { amount: { amount: '3.33', currency: 'EUR' } },
    });
    assert.equal(asked.status, 200, asked.text);
    await runJob(row);
    assert.equal((await of(id)).length, 1, 'a refund that is only asked for corrects nothing');
    const [takeback] = await app.database.sql<{ id: string }>(
      `select id from payments.takeback where payment_id = '${row}'`,
    );
    assert.equal(await finishRefund(app.database.db, app.payments.providers, takeback!.id), 'refunded');
    await Promise.all([runJob(row), runJob(row)]);
    await app.stripe.refund(session, 1_000);
    await runJob(row);
    const [invoice, ...notes] = await of(id);
    assert.deepEqual(
      notes.map(({ kind, total, corrects }) => [kind, total.amount, corrects]),
      [
        ['credit_note', '3.33', invoice!.id],
        ['credit_note', '6.67', invoice!.id],
      ],
    );
    const taxes = notes.reduce((sum, { tax }) => sum + Math.round(Number(tax.amount) * 100), 0);
    assert.equal(taxes, Math.round(Number(invoice!.tax.amount) * 100));
    assert.match(notes[0]!.number, /^INV-CN-\d{4}-000001$/);
    const events = await app.database.sql(
      `select name from platform.outbox where payload ->> 'payment_id' = '${row}' order by id`,
    );
    assert.deepEqual(
      events.map(({ name }) => name),
      [
        'payments.credited',
        'payments.taken_back',
        'payments.takeback_final',
        'payments.taken_back',
        'payments.takeback_final',
      ],
    );
  });

  test('have numbers without gaps, whatever is issued at once and whatever is rolled back', async () => {
    const made = await Promise.all(Array.from({ length: 12 }, () => paid('1.00', app.stranger)));
    await Promise.all(
      Array.from({ length: 100 }, async (_, at) => {
        const { row } = made[at % made.length]!;
        const work = app.database.db.batch(async (tx) => {
          // Half of them fail after they have their number.
          if (at % 2 === 0) await issueInvoice(tx, app.keyring, settings(), row);
          else {
            await takeNumber(tx, 'INV');
            throw new RangeError('planned');
          }
        });
        await work.catch((error) => assert.equal((error as Error).message, 'planned'));
      }),
    );
    await Promise.all(made.map(({ row }) => runJob(row, app.stranger)));
    assert.equal((await all(app.stranger)).length, made.length);
    const rows = await app.database.sql<{ sequence: number; issued_at: Date }>(
      `select sequence, issued_at from payments.invoice where series = 'INV' order by sequence`,
    );
    assert.deepEqual(
      rows.map(({ sequence }) => sequence),
      rows.map((_, at) => at + 1),
    );
    const times = rows.map(({ issued_at }) => issued_at.getTime());
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
      'a later number has no earlier time',
    );
  });

  test('begin at one with each year', async () => {
    await app.database.standAt(new Date('2027-01-01T00:00:00Z'));
    const { id, row } = await paid('1.00');
    await runJob(row);
    assert.deepEqual(
      (await of(id)).map(({ number }) => number),
      ['INV-2027-000001'],
    );
  });

  test('outlive the workspace as long as the law asks, and take its billing key along when they end', async () => {
    const limit = { held: [] as string[], limit: 500 };
    const end = (before: Date, held: string[] = []) =>
      app.database.db.batch((tx) =>
        invoiceExpiry(app.keyring).expire(tx, { ...limit, before, held } as never),
      );
    const kept = async () =>
      (await app.database.sql('select from payments.invoice where workspace_id = $1', [app.shop.id])).length;
    await app.database.db.batch((tx) => endBillingOf(app.keyring)(tx, [app.shop.id]));
    assert.deepEqual(await app.database.sql('select from payments.billing_details'), []);
    app.keyring.evict([billingKey(app.keyring, app.shop.id)]);
    assert.ok(
      (await all()).some(({ buyer }) => buyer?.legal_name === BUYER.legal_name),
      'its key lives',
    );
    await assert.rejects(
      app.database.db.batch((tx) => endInvoices(tx, new Date(Date.now() + 10 * YEAR_MS), [], 10)),
    );
    await app.database.sql(`update accounts.workspace set closed_at = platform.clock() where id = $1`, [
      app.shop.id,
    ]);
    await app.database.standAt(new Date('2033-01-01T00:00:00.001Z'));
    assert.equal((await end(new Date('2027-06-01T00:00:00Z'), [app.shop.id, app.stranger.id])).rows, 0);
    const count = await kept();
    assert.ok(count > 3);
    assert.equal((await end(new Date('2027-06-01T00:00:00Z'), [app.stranger.id])).rows, count);
    assert.equal(await kept(), 0);
    const [ensured] = await app.keyring.ensure([{ class: 'billing', subjectId: app.shop.id }]);
    assert.equal(ensured!.state, 'shredded', 'what copies of its details stand in backups opens no more');
  });
});
