// What an Idempotency-Key means at the edge: MACs of key and request (never the values), and for routes that work in
// a transaction, one commit for the effect and the answer to repeat.
import { IDEMPOTENCY_KEY } from '@sotto/contract';
import type { Database, Tx } from '#platform/database';
import { AppError } from '#platform/errors';
import { lookUp, runIdempotent } from '#platform/idempotency';
import { idTimeMs } from '#platform/ids';
import type { RequestMacs } from '#platform/route';
import { type KeyRef, type Keyring, utcDay } from '#privacy';

/** Keys of administrators have a scope of their own, apart from every workspace. */
export const ADMIN_SCOPE = '00000000-0000-0000-0000-000000000000';

/** 16 octets of a keyed hash: enough that nobody meets another's key by chance, and what the table holds. */
const macOf = (keyring: Keyring, value: string | Buffer): Buffer =>
  keyring.mac('platform.idempotency.key_mac', value).subarray(1, 17);

/**
 * The MACs of a request's key. The key counts for one caller's scope and one operation. Throws
 * `invalid_idempotency_key` for a key of another form.
 */
export function requestMacs(
  keyring: Keyring,
  operationId: string,
  key: string,
  target: string,
  body: Buffer,
): RequestMacs {
  if (!IDEMPOTENCY_KEY.test(key)) throw new AppError('invalid_idempotency_key');
  return {
    keyMac: macOf(keyring, `${operationId}\n${key}`),
    requestMac: macOf(keyring, Buffer.concat([Buffer.from(`${operationId}\n${target}\n`), body])),
    chunk: (index) => macOf(keyring, `${operationId}\n${key}\n${index}`),
  };
}

const refOf = (scope: string, rowId: string): KeyRef =>
  scope === ADMIN_SCOPE
    ? { class: 'operator' }
    : { class: 'content_outbound', workspaceId: scope, day: utcDay(idTimeMs(rowId)) };

/** Whether a key has an answer already. It is given, compared and opened by {@link runWithKey}. */
export const isRemembered = (db: Database, scope: string, { keyMac }: RequestMacs): Promise<boolean> =>
  db.batch(async (tx) => (await lookUp(tx, [{ scope, keyMac }]))[0] !== undefined);

/** Runs a change under its key: once, however often and however parallel it is asked for. */
export function runWithKey(
  db: Database,
  keyring: Keyring,
  scope: string,
  macs: RequestMacs,
  work: (tx: Tx) => Promise<{ status: number; answer: Buffer }>,
): Promise<{ status: number; body: Buffer; replayed: boolean }> {
  const place = (rowId: string) => ({
    column: 'platform.idempotency.answer' as const,
    rowId,
    ownerId: scope,
    keyId: keyring.keyId(refOf(scope, rowId)),
  });
  return runIdempotent(
    db,
    {
      scope,
      keyMac: macs.keyMac,
      requestMac: macs.requestMac,
      async seal(rowId, plain) {
        await keyring.ensure([refOf(scope, rowId)]);
        return keyring.seal(place(rowId), plain);
      },
      async open(rowId, sealed) {
        await keyring.load([place(rowId).keyId]);
        const opened = keyring.open(place(rowId), sealed);
        return opened.state === 'open' ? opened.plaintext : undefined;
      },
    },
    async (tx) => {
      const { status, answer } = await work(tx);
      return { status, body: answer };
    },
  );
}
