// Opening a connection to a message centre, in clear or under TLS. The host comes from the connector's row and from
// nowhere else; the caller has asked whether it may be called.
import { X509Certificate } from 'node:crypto';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type PeerCertificate } from 'node:tls';
import type { ConnectorSettings } from '../settings/connector-settings.ts';

export type DialSettings = Pick<ConnectorSettings, 'host' | 'port' | 'tls' | 'tlsCa' | 'tlsServerName'>;

/** Name look-up, connection and handshake together. */
export const DIAL_TIMEOUT_MS = 10_000;
/** The kernel notices peers that vanished while nothing was to be sent; enquire_link does the rest. */
const KEEP_ALIVE_MS = 30_000;

/** Resolves with a connected socket. Rejects with the system's error, an abort, or a time-out (`ETIMEDOUT`). */
export function dial(
  settings: DialSettings,
  signal: AbortSignal,
  timeoutMs = DIAL_TIMEOUT_MS,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const secure = settings.tls !== 'off';
    const socket = secure
      ? connectTls(tlsOptions(settings))
      : connectTcp({ host: settings.host, port: settings.port });
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    const timer = setTimeout(() => {
      socket.destroy(Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' }));
    }, timeoutMs);
    const abort = () => socket.destroy(signal.reason);
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      socket.off('error', failed);
      socket.off('close', closed);
    };
    const failed = (error: Error) => {
      settle();
      // A second error of the same socket must find a listener.
      socket.on('error', () => undefined);
      reject(error);
    };
    const closed = () => failed(signal.aborted ? signal.reason : new Error('closed before it was connected'));
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', failed);
    socket.once('close', closed);
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      settle();
      resolve(socket);
    });
  });
}

function tlsOptions(settings: DialSettings): ConnectionOptions {
  const name = settings.tlsServerName ?? settings.host;
  return {
    host: settings.host,
    port: settings.port,
    minVersion: 'TLSv1.2',
    // SNI carries names only (RFC 6066 §3).
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(settings.tlsCa === null ? {} : { ca: settings.tlsCa }),
    // A pinned certificate need not be one of an authority: it is trusted as it is.
    allowPartialTrustChain: settings.tls === 'pinned',
    ...(settings.tls === 'pinned'
      ? {
          checkServerIdentity: (_host: string, certificate: PeerCertificate) =>
            unpinned(settings, certificate),
        }
      : settings.tlsServerName === null
        ? {}
        : {
            checkServerIdentity: (_host: string, certificate: PeerCertificate) => misnamed(name, certificate),
          }),
  };
}

/** A pinned certificate is right whatever name it carries; any other one is wrong even if an authority signed it. */
function unpinned(settings: DialSettings, certificate: PeerCertificate): Error | undefined {
  const pins =
    (settings.tlsCa ?? '').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  const known = pins.some((pem) => new X509Certificate(pem).fingerprint256 === certificate.fingerprint256);
  return known
    ? undefined
    : Object.assign(new Error('not a pinned certificate'), { code: 'ERR_TLS_CERT_NOT_PINNED' });
}

function misnamed(name: string, certificate: PeerCertificate): Error | undefined {
  const presented = new X509Certificate(certificate.raw);
  const matches = isIP(name) === 0 ? presented.checkHost(name) : presented.checkIP(name);
  return matches === undefined
    ? Object.assign(new Error('the certificate carries another name'), {
        code: 'ERR_TLS_CERT_ALTNAME_INVALID',
      })
    : undefined;
}
