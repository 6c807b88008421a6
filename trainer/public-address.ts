/**
 * Which addresses are those of the public internet. A task may name any https address, and the trainer stands inside a
 * cluster: what is private, of this machine or of this link is somebody's internal service, a cloud's credentials among
 * them (IANA's special-purpose registries, RFC 6890).
 */
import { BlockList, isIPv4, isIPv6 } from "node:net";

const special = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  // Multicast, reserved and broadcast.
  ["224.0.0.0", 3],
] as const) {
  special.addSubnet(network, bits, "ipv4");
}
// Within the global unicast addresses: protocols (Teredo), documentation, and 6to4, which leads to any IPv4 address.
for (const [network, bits] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const) {
  special.addSubnet(network, bits, "ipv6");
}

/** Only these are public; loopback, link-local, unique-local, multicast, IPv4-mapped and translated ones are not among them. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet("2000::", 3, "ipv6");

/** @param address an IPv4 or IPv6 address, without brackets; anything else is not public */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !special.check(address, "ipv4");
  // BlockList compares an IPv4-mapped address with the rules for IPv4, too, so it is told apart before.
  if (!isIPv6(address) || address.includes("%") || /^[:0]*:ffff:/i.test(address)) return false;
  return globalUnicast.check(address, "ipv6") && !special.check(address, "ipv6");
}
