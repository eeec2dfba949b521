// Where a key may be used from: IPv4 and IPv6 networks. An address and its IPv4-mapped IPv6 form (RFC 4291 §2.5.5.2)
// are one address, whichever of the two the socket or the list has.
import { BlockList, isIP } from 'node:net';

/** A list ready to be asked. An empty one allows every address. */
export interface NetworkList {
  /** Whether an address, as a socket gives it, is on the list. Text that is no address never is, unless all are. */
  allows(address: string): boolean;
  /** Whether every address of a network is on this list; for handing a key's limits on to another key. */
  covers(network: string): boolean;
}

interface Network {
  readonly address: string;
  readonly bits: number;
  readonly family: 'ipv4' | 'ipv6';
}

/**
 * Reads networks such as `192.0.2.0/24`, `2001:db8::/32` or a single address. Throws RangeError on anything else:
 * the contract and the column's type have checked them before.
 */
export function networkList(networks: readonly string[]): NetworkList {
  const read = networks.map(readNetwork);
  const list = new BlockList();
  for (const { address, bits, family } of read) list.addSubnet(address, bits, family);

  return {
    allows(address) {
      if (read.length === 0) return true;
      const plain = withoutZone(address);
      const family = isIP(plain);
      if (family === 0) return false;
      return list.check(asIpv6(plain, family === 4), 'ipv6') || (family === 4 && list.check(plain, 'ipv4'));
    },
    covers(network) {
      if (read.length === 0) return true;
      const inner = mapped(readNetwork(network));
      return read.some((each) => {
        const outer = mapped(each);
        if (outer.bits > inner.bits) return false;
        const one = new BlockList();
        one.addSubnet(outer.address, outer.bits, 'ipv6');
        return one.check(inner.address, 'ipv6');
      });
    },
  };
}

function readNetwork(text: string): Network {
  const [address = '', width, ...rest] = text.split('/');
  const family = isIP(address);
  const bitsMax = family === 4 ? 32 : 128;
  const bits = width === undefined ? bitsMax : Number(width);
  if (family === 0 || rest.length > 0 || !/^\d{1,3}$/.test(width ?? '0') || bits > bitsMax)
    throw new RangeError('not an IPv4 or IPv6 network');
  return { address, bits, family: family === 4 ? 'ipv4' : 'ipv6' };
}

const asIpv6 = (address: string, isIpv4: boolean) => (isIpv4 ? `::ffff:${address}` : address);

/** Every network as IPv6, so that two can be compared whatever their families. */
const mapped = ({ address, bits, family }: Network): Network => ({
  address: asIpv6(address, family === 'ipv4'),
  bits: family === 'ipv4' ? bits + 96 : bits,
  family: 'ipv6',
});

/** A link-local address carries the interface it was seen on (RFC 4007 §11), which no list names. */
const withoutZone = (address: string) => address.replace(/%.*$/, '');
