import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asksToStop } from './stop-words.ts';

test('a text that is one of the words asks to stop, however it is written', () => {
  for (const text of [
    'STOP',
    'stop',
    ' Stop. ',
    '"STOP"',
    'Stop!!!',
    'STOP ALL',
    'stop-all',
    'Unsubscribe',
    'opt-out',
    'ARRÊT',
    'Désinscription',
    'BAJA',
    'Stopp',
    'İPTAL',
    'СТОП',
    'إيقاف',
    'ايقاف',
    'إلغاء الاشتراك',
    'हटाएं रोकें'.split(' ')[1]!,
    'ＳＴＯＰ',
    'STOP\r\n',
  ])
    assert.ok(asksToStop(text), JSON.stringify(text));
});

test('a text that says more, or something else, does not', () => {
  for (const text of [
    '',
    '!',
    'Stop by at nine',
    'please stop the car at the corner',
    'nonstop',
    'stops',
    'The bus stop',
    'START',
    'cancel my appointment',
    'end of the road',
    `stop${' '.repeat(100)}`,
    '__proto__',
  ])
    assert.ok(!asksToStop(text), JSON.stringify(text));
});
