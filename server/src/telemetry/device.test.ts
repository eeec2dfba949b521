import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BROWSERS, DEVICES, readUserAgent, SYSTEMS, VERSION_MAX } from './device.ts';

const CASES: readonly (readonly [string, string])[] = [
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
    'chrome 131 windows desktop',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/130.0.1.2',
    'edge 130 windows desktop',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0', 'firefox 133 linux desktop'],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
    'safari 18 macos desktop',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0.1 Mobile/15E148 Safari/604.1',
    'chrome 131 ios phone',
  ],
  [
    'Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1',
    'safari 17 ios tablet',
  ],
  [
    'Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0 Mobile Safari/537.36',
    'samsung 26 android phone',
  ],
  [
    'Mozilla/5.0 (Linux; Android 13; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0 Safari/537.36',
    'chrome 129 android tablet',
  ],
  [
    'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0 Safari/537.36 OPR/114.0',
    'opera 114 chromeos desktop',
  ],
  ['curl/8.5.0', 'program null other program'],
  ['Mozilla/5.0 (compatible; examplebot/2.1; +https://example.com/bot)', 'program null other robot'],
  ['', 'other null other other'],
  ['my-phone-is +4915550001111', 'other null other other'],
  ['Mozilla/5.0 (Windows) Chrome/4915550001111', 'chrome null windows desktop'],
  [`Mozilla/5.0 (Windows) Chrome/131 ${'x'.repeat(600)}`, 'other null other other'],
  ['Mozilla/5.0 (Windows) Chrome/131\u0000', 'other null other other'],
];

test('a user agent becomes browser, major version, system and kind of device', () => {
  for (const [header, expected] of CASES) {
    const { browser, version, system, device } = readUserAgent(header);
    assert.equal(`${browser} ${version} ${system} ${device}`, expected, header);
  }
  assert.equal(readUserAgent(undefined).browser, 'other');
});

test('whatever is sent, each field is one of its few values', () => {
  const marks = fc.constantFrom(
    'Mozilla/5.0 (',
    'Chrome/',
    'Edg/',
    'Version/',
    'Safari/',
    'Android',
    'Mobile',
    ' ',
  );
  const header = fc.array(fc.oneof(marks, fc.string(), fc.nat().map(String))).map((parts) => parts.join(''));
  fc.assert(
    fc.property(header, (text) => {
      const { browser, version, system, device, ...rest } = readUserAgent(text);
      assert.ok(BROWSERS.includes(browser) && SYSTEMS.includes(system) && DEVICES.includes(device));
      assert.ok(version === null || (Number.isInteger(version) && version >= 1 && version <= VERSION_MAX));
      assert.deepEqual(rest, {});
    }),
    { numRuns: 2_000 },
  );
});

test('a hostile user agent of a megabyte is answered at once', () => {
  const started = performance.now();
  for (const text of ['Mozilla/5.0 ('.repeat(80_000), 'Chrome/'.repeat(150_000), '1'.repeat(1_000_000)])
    assert.equal(readUserAgent(text).browser, 'other');
  assert.ok(performance.now() - started < 100);
});
