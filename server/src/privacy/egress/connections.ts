// How a call gets its connection: the name is resolved once, every answer is checked, one is pinned, and the
// peer's address is checked again when the connection stands. A name that is public now and private a moment
// later (rebinding) finds its second answer checked like the first one.
import { lookup as systemLookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { isLoopbackAddress, isPublicAddress } from './address-rules.ts';
import { EgressRefusal } from './recipients.ts';

/** All addresses of a name, in order of preference. */
export type Resolve = (host: string) => Promise<readonly string[]>;

export const systemResolve: Resolve = async (host) =>
  (await systemLookup(host, { all: true, order: 'ipv4first' })).map(({ address }) => address);

export interface ConnectionOptions {
  readonly resolve: Resolve;
  /** True for the pool whose connections end on this machine, and only there. */
  readonly loopback: boolean;
  readonly connectTimeoutMs: number;
  /** Certificates to trust instead of the system's; for tests and private authorities. */
  readonly ca?: string | undefined;
}

const CONNECTIONS_PER_HOST_MAX = 16;

/** A pool of checked connections. It knows no proxy: what the environment says about proxies is not read. */
export function openConnections({ resolve, loopback, connectTimeoutMs, ca }: ConnectionOptions): Agent {
  const permitted = loopback ? isLoopbackAddress : isPublicAddress;
  const refusal = () =>
    new EgressRefusal('address_not_public', 'the name leads to an address that may not be called');

  const connect = buildConnector({
    timeout: connectTimeoutMs,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    autoSelectFamily: false,
    ...(ca === undefined ? {} : { ca }),
    lookup(host, options, answer) {
      resolve(host).then(
        (addresses) => {
          const [pinned] = addresses;
          if (pinned === undefined)
            answer(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '', 4);
          else if (!addresses.every(permitted)) answer(refusal(), '', 4);
          else if (options.all) answer(null, [{ address: pinned, family: isIP(pinned) }]);
          else answer(null, pinned, isIP(pinned));
        },
        (error: Error) => answer(error, '', 4),
      );
    },
  });

  return new Agent({
    connections: CONNECTIONS_PER_HOST_MAX,
    pipelining: 1,
    connect(options, answer) {
      connect(options, (error, socket) => {
        if (socket && !permitted(socket.remoteAddress ?? '')) {
          socket.destroy();
          answer(refusal(), null);
        } else if (error) answer(error, null);
        else answer(null, socket!);
      });
    },
  });
}
