import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { openSignalGate } from './signal-gate.ts';

function gate() {
  const source = new EventEmitter();
  const codes: number[] = [];
  const opened = openSignalGate(source as unknown as NodeJS.Process, (code) => codes.push(code));
  return { source, codes, opened };
}

test('a signal that comes before anybody listens is told once, to who listens first', async () => {
  const { source, opened } = gate();
  source.emit('SIGTERM');
  assert.equal(opened.isAsked(), true);
  let told = 0;
  opened.on('SIGTERM', () => told++);
  assert.equal(told, 0, 'not while it registers');
  await Promise.resolve();
  assert.equal(told, 1);
  assert.equal(opened.isAsked(), false);
  opened.on('SIGTERM', () => assert.fail('told twice'));
  await Promise.resolve();
});

test('a signal goes to those who listen for it, and to no others', () => {
  const { source, opened } = gate();
  const told: string[] = [];
  const onInt = () => told.push('SIGINT');
  opened.on('SIGINT', onInt);
  opened.on('SIGTERM', () => told.push('SIGTERM'));
  source.emit('SIGINT');
  opened.off('SIGINT', onInt);
  source.emit('SIGINT');
  assert.deepEqual(told, ['SIGINT']);
});

test('a second signal while nobody listens ends the process with 130', () => {
  const { source, codes } = gate();
  source.emit('SIGINT');
  assert.deepEqual(codes, []);
  source.emit('SIGTERM');
  assert.deepEqual(codes, [130]);
});

test('a closed gate leaves signals alone', () => {
  const { source, opened } = gate();
  opened.close();
  assert.equal(source.listenerCount('SIGINT') + source.listenerCount('SIGTERM'), 0);
});
