// Which addresses an outbound call may reach: the public Internet, and nothing a registry reserves for another
// use. The lists are the IANA special-purpose address registries (RFC 6890) and multicast, whole: an address
// that is special in any way is no customer's server. Networks that embed IPv4 (mapped, NAT64, 6to4, Teredo) are
// refused as networks, so it does not matter what they embed.
import { BlockList, isIP } from 'node:net';

const SPECIAL_V4 = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link local, cloud metadata
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // AMT
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarking
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
];

const SPECIAL_V6 = [
  '::/96', // unspecified, loopback, IPv4-compatible
  '::ffff:0:0/96', // IPv4-mapped
  '64:ff9b::/96', // NAT64
  '64:ff9b:1::/48', // local NAT64
  '100::/64', // discard
  '100:0:0:1::/64', // dummy
  '2001::/23', // protocol assignments, Teredo, ORCHID
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '2620:4f:8000::/48', // AS112
  '3fff::/20', // documentation
  '5f00::/16', // segment routing
  'fc00::/7', // unique local
  'fe80::/10', // link local
  'fec0::/10', // site local
  'ff00::/8', // multicast
];

function listOf(networks: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address, prefix] = network.split('/') as [string, string];
    list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

// One list a family: an IPv6 rule for mapped addresses would also match every plain IPv4 address.
const v4 = listOf(SPECIAL_V4, 'ipv4');
const v6 = listOf(SPECIAL_V6, 'ipv6');
const loopbackV4 = listOf(['127.0.0.0/8'], 'ipv4');
const loopbackV6 = listOf(['::1/128'], 'ipv6');

/** Whether a host, as a parsed URL has it, is an address and no name. */
export const isAddress = (host: string): boolean => isIP(host) !== 0;

/** Whether an address is on the public Internet. Anything that is no plain IP address is not. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !v4.check(address, 'ipv4');
  // A zone (`fe80::1%eth0`) names an interface of this machine, whatever the address is.
  if (family === 6 && !address.includes('%')) return !v6.check(address, 'ipv6');
  return false;
}

/** Whether an address is this machine. */
export function isLoopbackAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return loopbackV4.check(address, 'ipv4');
  return family === 6 && !address.includes('%') && loopbackV6.check(address, 'ipv6');
}
