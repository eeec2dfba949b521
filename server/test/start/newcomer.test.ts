// The first ten minutes with the product, against the real process: what a newcomer does, in the order of the
// greeting. The tests follow on each other.
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Smsc, startSmsc } from '@sotto/simulator';
import { type Credentials, eventually, freePort, Installation, type Product } from './product.ts';

const installation = new Installation();
let product: Product;
let greeting: string;
let first: Credentials;
let smsc: Smsc | undefined;

/** The request of a curl line as the greeting prints it. */
function pasted(line: string): Request {
  const [, url] = /curl -s (\S+)/.exec(line)!;
  const headers = [...line.matchAll(/-H '([^:]+): ([^']+)'/g)].map(([, name, value]) => [name!, value!]);
  const body = /-d '([^']+)'/.exec(line)?.[1];
  return new Request(url!, {
    headers: headers as [string, string][],
    ...(body === undefined ? {} : { method: 'POST', body }),
  });
}

const curlLines = () => greeting.split('\n').filter((line) => line.trim().startsWith('curl '));

before(async () => {
  const port = await freePort();
  product = installation.run(['start'], { SOTTO_PORT: `${port}` });
  // Scripts wait for /readyz and then read the credentials: both at once, from the very first 200 on.
  await eventually('/readyz answers 200', async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
    return answer?.status === 200 || undefined;
  });
  first = installation.credentials();
  assert.equal(first.base_url, `http://127.0.0.1:${port}`);
  greeting = await product.greeting();
});

after(async () => {
  await installation.remove();
  await smsc?.stop('drop');
});

test('the first start says nothing but the greeting, and hides the credentials from others', async () => {
  assert.match(greeting, /^Sotto is ready at http:\/\/127\.0\.0\.1:\d+ \(development\)\n/);
  const { api_key, admin_api_key, email, password } = first;
  for (const secret of [api_key, admin_api_key, `${email}   ${password}`])
    assert.ok(greeting.includes(secret));
  const { mode } = statSync(join(installation.dataDir, 'dev-credentials.json'));
  assert.equal(mode & 0o777, 0o600);
});

test('the curl line of the greeting sends a message that is delivered and charged once', async () => {
  const sent = await fetch(pasted(curlLines()[0]!));
  assert.equal(sent.status, 202);
  const { id, status } = (await sent.json()) as { id: string; status: string };
  assert.equal(status, 'accepted');
  const message = await eventually('it is delivered', async () => {
    const answer = await fetch(pasted(curlLines()[1]!.replace('<id>', id)));
    assert.equal(answer.status, 200);
    const found = (await answer.json()) as { status: string; events: { status: string }[] };
    return found.status === 'delivered' ? found : undefined;
  });
  const steps = message.events.map((event) => event.status).filter((step) => step !== 'submitting');
  assert.deepEqual(steps, ['accepted', 'submitted', 'delivered']);
  const wallet = await installation.client().wallet.get();
  assert.equal(wallet.available.amount, '99.9925');
  assert.equal(wallet.held.amount, '0.00');
});

test('the curl line that signs in opens a session, which owns the demo workspace', async () => {
  const signedIn = await fetch(pasted(curlLines()[2]!));
  assert.equal(signedIn.status, 201);
  const { token } = (await signedIn.json()) as { token: string };
  const answer = await fetch(`${first.base_url}/v1/account`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const account = (await answer.json()) as { workspaces: { id: string; role: string }[] };
  const demo = account.workspaces.find(({ id }) => id === first.workspace_id);
  assert.equal(demo?.role, 'owner');
});

test('the last digits of a recipient choose its fate, as the greeting says', async () => {
  const client = installation.client();
  const { id } = await client.messages.send({ to: '+4915123450001', text: 'Nobody is there.' });
  const message = await eventually('it ends', async () => {
    const found = await client.messages.get(id);
    return found.finished_at === null ? undefined : found;
  });
  assert.equal(message.status, 'undeliverable');
});

test('what a phone writes to the demo number is read at /v1/inbound', async () => {
  const [number] = /\+49155555\d+/.exec(greeting)!;
  await installation
    .client('admin_api_key')
    .simulator.inbound({ from: '+4915123456789', to: number, text: 'Good morning.' });
  const text = await eventually('it arrives', async () => {
    const { data } = await installation.client().inbound.list();
    return data[0];
  });
  assert.deepEqual([text.from, text.to, text.text], ['+4915123456789', number, 'Good morning.']);
});

test('a message is delivered over an SMSC that offers only transmitter and receiver binds', async () => {
  smsc = await startSmsc({ version: 0x33, behaviour: { transceivers: false } });
  const admin = installation.client('admin_api_key');
  const { id: connectorId } = await admin.admin.carriers.create({
    name: 'pairs-only',
    host: smsc.host,
    port: smsc.port,
    system_id: 'sotto',
    password: 'demo',
    bind_mode: 'tx_rx',
    interface_version: '3.3',
  });
  await admin.admin.routes.create({ prefix: '43', connector_id: connectorId, sender: 'Sotto' });
  const client = installation.client();
  const { id } = await client.messages.send({ to: '+436601234567', text: 'By another road.' });
  await eventually('it is delivered', async () => {
    const { status } = await client.messages.get(id);
    return status === 'delivered' || undefined;
  });
  const { submits, accepted } = smsc.counts();
  assert.deepEqual([submits, accepted], [1, 1]);
});

test('`sotto send --wait` beside the server follows a message to its end', async () => {
  const { code, out, err } = await installation
    .run(['send', '--to', '+4915123456789', '--text', 'Hello.', '--wait', '--json'])
    .ended();
  assert.equal(code, 0, err);
  assert.equal((JSON.parse(out) as { status: string }).status, 'delivered');
  assert.match(err, /accepted\n.*submitted\n.*delivered/);
});

test('SIGTERM ends it cleanly, database and all, and a second start has the same keys and data', async () => {
  const { code, err } = await product.stop('SIGTERM');
  assert.deepEqual([code, err], [0, '']);
  assert.equal(installation.databasePid(), undefined);

  product = installation.run();
  greeting = await product.greeting();
  const second = installation.credentials();
  assert.deepEqual({ ...second, base_url: '' }, { ...first, base_url: '' });
  const { data } = await installation.client().messages.list({ limit: 10 });
  assert.equal(data.length, 4);
  assert.ok(data.every((message) => message.finished_at !== null));
  const { code: again } = await product.stop('SIGINT');
  assert.equal(again, 0);
});
