import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { type Component, Lifecycle } from './lifecycle.ts';

const never = () => new Promise<void>(() => undefined);
function recorder() {
  const steps: string[] = [];
  const component = (name: string, change: Partial<Component> = {}): Component => ({
    name,
    start: () => void steps.push(`+${name}`),
    stop: () => void steps.push(`-${name}`),
    ...change,
  });
  return { steps, component };
}

test('components start in order and stop in reverse', async () => {
  const { steps, component } = recorder();
  const life = new Lifecycle().add(component('database')).add(component('worker')).add(component('http'));
  await life.start();
  assert.equal(life.state, 'running');
  assert.equal(await life.stop(), true);
  assert.equal(life.state, 'stopped');
  assert.deepEqual(steps, ['+database', '+worker', '+http', '-http', '-worker', '-database']);
});

test('a start that fails stops what is up and tells why', async () => {
  const { steps, component } = recorder();
  const life = new Lifecycle()
    .add(component('database'))
    .add(component('worker', { start: () => Promise.reject(new Error('no port')) }))
    .add(component('http'));
  await assert.rejects(life.start(), /no port/);
  assert.deepEqual(steps, ['+database', '-database']);
  assert.equal(life.state, 'stopped');
});

test('a component that fails or hangs in its stop does not keep the others from stopping', async () => {
  const { steps, component } = recorder();
  const life = new Lifecycle({ drainLimitMs: 0 })
    .add(component('database'))
    .add(component('failing', { stop: () => Promise.reject(new Error('no')) }))
    .add(component('hanging', { stop: never }));
  await life.start();
  assert.equal(await life.stop(), false);
  assert.deepEqual(steps.slice(-1), ['-database']);
});

test('stopping twice stops once', async () => {
  const { steps, component } = recorder();
  const life = new Lifecycle().add(component('http'));
  await life.start();
  await Promise.all([life.stop(), life.stop()]);
  assert.deepEqual(steps, ['+http', '-http']);
});

test('each component is told how much of the drain is left, the first the whole of it', async () => {
  const limits: number[] = [];
  const { component } = recorder();
  const stop = (limitMs: number) => void limits.push(limitMs);
  const life = new Lifecycle({ drainLimitMs: 60_000 })
    .add(component('a', { stop }))
    .add(component('b', { stop }));
  await life.start();
  await life.stop();
  assert.equal(limits.length, 2);
  assert.ok(limits[0]! <= 60_000 && limits[1]! <= limits[0]! && limits[1]! > 50_000, String(limits));
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} drains and ends cleanly, and leaves no listener behind`, async () => {
    const signals = new EventEmitter();
    const { steps, component } = recorder();
    const up = Promise.withResolvers<void>();
    const life = new Lifecycle({ signals, exit: () => assert.fail('no force') })
      .add(component('http'))
      .add(component('last', { start: () => up.resolve() }));
    const running = life.run();
    await up.promise;
    signals.emit(signal);
    assert.equal(await running, true);
    assert.deepEqual(steps, ['+http', '-last', '-http']);
    assert.equal(signals.listenerCount('SIGTERM') + signals.listenerCount('SIGINT'), 0);
  });
}

test('a second signal ends the process at once', async () => {
  const signals = new EventEmitter();
  const codes: number[] = [];
  const up = Promise.withResolvers<void>();
  const hang = Promise.withResolvers<void>();
  const life = new Lifecycle({ signals, exit: (code) => void codes.push(code) }).add({
    name: 'stubborn',
    start: () => up.resolve(),
    stop: () => hang.promise,
  });
  const running = life.run();
  await up.promise;
  signals.emit('SIGTERM');
  assert.deepEqual(codes, []);
  signals.emit('SIGTERM');
  assert.deepEqual(codes, [130]);
  hang.resolve();
  await running;
});

test('a signal during the start stops what is up and starts nothing more', async () => {
  const signals = new EventEmitter();
  const { steps, component } = recorder();
  const life = new Lifecycle({ signals })
    .add(component('database'))
    .add(component('migration', { start: () => void signals.emit('SIGTERM') }))
    .add(component('http'));
  await life.run();
  assert.deepEqual(steps, ['+database', '-migration', '-database']);
});
