// A list of IPv4 and IPv6 networks: where a key may be used from, which proxies are trusted.
import { type Network, readAddress, readNetwork, shareBits } from './ip-address.ts';

/** A list ready to be asked. An empty one allows every address. */
export interface NetworkList {
  /** Whether an address, as a socket gives it, is on the list. Text that is no address is on no list but the empty. */
  allows(address: string): boolean;
  /** Whether every address of a network is on this list. */
  covers(network: string): boolean;
}

/**
 * Reads networks such as `192.0.2.0/24`, `2001:db8::/32` or a single address. Throws RangeError on anything else:
 * whoever asks has checked them before.
 */
export function networkList(networks: readonly string[]): NetworkList {
  const list = networks.map(certainly);
  const contains = (inner: Network) =>
    list.some(({ address, bits }) => bits <= inner.bits && shareBits(address, inner.address, bits));

  return {
    allows(text) {
      if (list.length === 0) return true;
      // A link-local address carries the interface it was seen on (RFC 4007 §11), which no list names.
      const address = readAddress(text.replace(/%.*$/, ''));
      return address !== null && list.some((each) => shareBits(each.address, address, each.bits));
    },
    covers: (text) => list.length === 0 || contains(certainly(text)),
  };
}

function certainly(text: string): Network {
  const network = readNetwork(text);
  if (network === null) throw new RangeError('not an IPv4 or IPv6 network');
  return network;
}
