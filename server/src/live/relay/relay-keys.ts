// How the two ends of a relay know each other: a pre-shared key of TLS that is derived from the key store, so that
// whoever can open the installation's sealed values can speak to its homes, and nobody else can.
import type { ConnectionOptions, TlsOptions } from 'node:tls';
import type { Keyring } from '#privacy';

/** By the identity that a client names: one for each index epoch in use, the newest first. */
export type RelayKeys = ReadonlyMap<string, Buffer>;

/** The form of the frames is part of the name: processes of other releases do not misread each other, they part. */
const IDENTITY = 'sotto/relay/v1';

export const relayKeysOf = (keyring: Pick<Keyring, 'macCandidates'>): RelayKeys =>
  new Map(
    keyring
      .macCandidates('numbers.home.relay_key', IDENTITY)
      // The first octet of a keyed hash is its epoch.
      .map((key) => [`${IDENTITY}/${key[0]}`, Buffer.from(key.subarray(1))]),
  );

/** ECDHE gives every connection a key of its own; the pre-shared key proves who is there (RFC 5489, RFC 7905). */
const SUITE = {
  ciphers: 'ECDHE-PSK-CHACHA20-POLY1305',
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.2',
} as const;

export const serverOptions = (keys: RelayKeys): TlsOptions => ({
  ...SUITE,
  pskCallback: (_socket, identity) => keys.get(identity) ?? null,
});

export const clientOptions = (keys: RelayKeys): ConnectionOptions => {
  const [newest] = keys;
  if (newest === undefined) throw new TypeError('A relay needs a key');
  const [identity, psk] = newest;
  return {
    ...SUITE,
    pskCallback: () => ({ identity, psk }),
    // There is no certificate: the handshake fails unless the other end has the key.
    checkServerIdentity: () => undefined,
  };
};
