import { expect, test } from "vitest";
import { isPublicAddress } from "./public-address.ts";

const publicOnes = [
  "8.8.8.8",
  "1.1.1.1",
  "172.15.0.1",
  "172.32.0.1",
  "100.128.0.1",
  "223.255.255.254",
  "2606:4700::1111",
  "2a00::1",
];
test.each(publicOnes)("%s is public", (address) => expect(isPublicAddress(address)).toBe(true));

const others: Record<string, string[]> = {
  "this host": ["0.0.0.0", "::"],
  loopback: ["127.0.0.1", "127.9.9.9", "::1"],
  private: ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"],
  "link-local, where clouds serve credentials": ["169.254.169.254", "fe80::1", "fe80::1%eth0"],
  "unique-local": ["fc00::1", "fd00:ec2::254"],
  "a carrier's": ["100.64.0.1", "100.127.255.255"],
  "multicast, broadcast or reserved": ["224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "ff02::1"],
  documentation: ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
  "for benchmarks and protocols": ["198.18.0.1", "192.0.0.1", "2001::1"],
  "an IPv4 address in another dress": [
    "::ffff:8.8.8.8",
    "::ffff:127.0.0.1",
    "0:0:0:0:0:ffff:7f00:1",
    "::127.0.0.1",
    "64:ff9b::a00:1",
    "2002:7f00:1::",
  ],
  "no address": ["", "localhost", "1.2.3", "[::1]"],
};
test.each(Object.entries(others))("%s is not", (_, addresses) => {
  expect(addresses.filter(isPublicAddress)).toEqual([]);
});
