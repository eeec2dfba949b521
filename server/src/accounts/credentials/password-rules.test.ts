import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { openBreachedPasswords } from './breached-passwords.ts';
import { loadCommonPasswords } from './common-passwords.ts';
import { createPasswordRules, PASSWORD_FAULTS } from './password-rules.ts';

/** Any UTF-16 units, halves of surrogate pairs included. */
const anyUnits = (maxLength: number) =>
  fc.array(fc.nat(0xffff), { maxLength }).map((units) => String.fromCharCode(...units));

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-breached-'));
});
after(() => rm(folder, { recursive: true }));

const context = { emailAddress: 'erika.muster@wonderful.example', words: ['Sotto', 'sms.example.com'] };

/** A file of breached passwords in the form an operator makes it. */
async function breachedFile(name: string, passwords: readonly string[]): Promise<string> {
  const hashes = passwords.map((one) => createHash('sha1').update(one).digest().subarray(0, 8));
  const path = join(folder, name);
  await writeFile(path, Buffer.concat(hashes.sort(Buffer.compare)));
  return path;
}

test('common, repeated, sequential and personal passwords are refused with a reason; others stand (checklist 16)', async () => {
  const rules = await createPasswordRules(null);
  const table: readonly [string, keyof typeof PASSWORD_FAULTS | null][] = [
    ['short', 'too_short'],
    ['x7'.repeat(200), 'too_long'],
    ['12345678\udc00', 'not_unicode'],
    ['password', 'common'],
    ['PassWord', 'common'],
    ['trustno1', 'common'],
    ['starwars', 'common'],
    ['aaaaaaaaaaaa', 'repeated'],
    ['abababababab', 'repeated'],
    ['abcabcabcabc', 'repeated'],
    ['12345678', 'sequence'],
    ['1234567890', 'sequence'],
    ['abcdefgh', 'sequence'],
    ['hgfedcba', 'sequence'],
    ['qwertyuiop', 'sequence'],
    ['qwertzuiop', 'sequence'],
    ['abcd1234', 'sequence'],
    ['erika.muster', 'context'],
    ['Erika2026', 'context'],
    ['mustererika1', 'context'],
    ['Sotto1234', 'context'],
    ['wonderful!', 'context'],
    ['erika and the tin drum', null],
    ['correct horse battery staple', null],
    ['vJ4~pL9!', null],
    ['    spaced   out    ', null],
    ['\u043f\u0440\u0438\u0432\u0435\u0442 \u0441\u043e\u0441\u0435\u0434', null],
    ['\u{1f511}\u{1f40e}\u{1f50b}\u{1f4ce}\u{1f33b}\u{1f9ca}\u{1f6f6}\u{1f96f}', null],
  ];
  for (const [password, expected] of table) assert.equal(await rules.judge(password, context), expected);
});

test('of the 3,000 most common passwords that are long enough, every one is refused (checklist 16)', async () => {
  const rules = await createPasswordRules(null);
  const common = [...(await loadCommonPasswords())];
  assert.ok(common.length >= 3_000, `${common.length}`);
  for (const password of common.slice(0, 3_000)) assert.notEqual(await rules.judge(password), null);
});

test('a password of the operator’s file is refused, however the file ends and begins', async () => {
  const listed = Array.from({ length: 5_000 }, (_, at) => `stolen password ${at}`);
  const file = await openBreachedPasswords(await breachedFile('many', listed));
  const rules = await createPasswordRules(file);
  assert.equal(await rules.judge('stolen password 4711'), 'breached');
  assert.equal(await rules.judge('stolen password 5000'), null);
  const ordered = listed
    .map((one) => [createHash('sha1').update(one).digest('hex'), one] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  for (const at of [0, 1, 511, 512, 513, 2_499, 2_500, 4_998, 4_999])
    assert.equal(await file.has(ordered[at]![1]), true);
  for (let at = 0; at < 50; at++) assert.equal(await file.has(`never stolen ${at}`), false);
  await file.close();
  const one = await openBreachedPasswords(await breachedFile('one', ['the only one']));
  assert.deepEqual([await one.has('the only one'), await one.has('another one')], [true, false]);
  await one.close();
});

test('a file that is missing, empty, cut off or unsorted is refused when it is opened', async () => {
  const write = async (name: string, octets: Buffer) => {
    await writeFile(join(folder, name), octets);
    return join(folder, name);
  };
  const sorted = Buffer.alloc(800);
  for (let at = 0; at < 100; at++) sorted.writeUInt32BE(at * 1_000_000, at * 8);
  await (await openBreachedPasswords(await write('sorted', sorted))).close();
  const paths = [
    join(folder, 'nowhere'),
    await write('empty', Buffer.alloc(0)),
    await write('cut', sorted.subarray(0, 799)),
    await write('unsorted', Buffer.from(sorted).reverse()),
  ];
  for (const path of paths) await assert.rejects(openBreachedPasswords(path), { name: 'Refusal' });
});

test('no text makes the rules throw, and no sentence repeats the password', async () => {
  const rules = await createPasswordRules(null);
  await fc.assert(
    fc.asyncProperty(anyUnits(40), fc.string({ maxLength: 40 }), async (password, emailAddress) => {
      const fault = await rules.judge(password, { emailAddress });
      assert.ok(fault === null || fault in PASSWORD_FAULTS);
    }),
    { numRuns: 50 },
  );
});
