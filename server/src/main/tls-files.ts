// The own certificate, read once at start.
import { readFileSync } from 'node:fs';
import type { Config } from '#platform/config';
import { Refusal } from '#platform/errors';

/** The `tls` option of the HTTP server; empty without a certificate. */
export function readTls(config: Config): { tls?: { cert: Buffer; key: Buffer } } {
  if (config.tlsCertFile === undefined || config.tlsKeyFile === undefined) return {};
  try {
    return { tls: { cert: readFileSync(config.tlsCertFile), key: readFileSync(config.tlsKeyFile) } };
  } catch (error) {
    throw new Refusal(
      'The certificate or its key cannot be read.',
      ['check SOTTO_TLS_CERT_FILE and SOTTO_TLS_KEY_FILE, and that this user may read both files'],
      error,
    );
  }
}
