//! Which addresses of the internet protocol are whose: a receiver is reached only where it may be.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AddressKind {
    /// Anybody's, on the internet.
    Public,
    /// Of a house: RFC 1918, RFC 6598, unique local.
    Private,
    /// Of the wire it is on: RFC 3927, where clouds keep their credentials too.
    LinkLocal,
    /// This machine.
    Loopback,
    /// Nobody's to be asked: unspecified, multicast, broadcast, documentation, reserved.
    Nobody,
}

/// The kind of an address; one that wraps another is of the other's kind.
pub fn kind_of(address: IpAddr) -> AddressKind {
    match address {
        IpAddr::V4(address) => kind_of_v4(address),
        IpAddr::V6(address) => kind_of_v6(address),
    }
}

fn kind_of_v4(address: Ipv4Addr) -> AddressKind {
    match address.octets() {
        [127, ..] => AddressKind::Loopback,
        [169, 254, ..] => AddressKind::LinkLocal,
        [10, ..] | [192, 168, ..] => AddressKind::Private,
        [172, second, ..] if (16..32).contains(&second) => AddressKind::Private,
        [100, second, ..] if (64..128).contains(&second) => AddressKind::Private,
        [0, ..] | [192, 0, 0, _] | [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => AddressKind::Nobody,
        [198, 18 | 19, ..] | [224..=255, ..] => AddressKind::Nobody,
        [_, _, _, _] => AddressKind::Public,
    }
}

fn kind_of_v6(address: Ipv6Addr) -> AddressKind {
    if let Some(wrapped) = wrapped_in(address) {
        return kind_of_v4(wrapped);
    }
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => AddressKind::Loopback,
        [0xfe80..=0xfebf, ..] => AddressKind::LinkLocal,
        [0xfc00..=0xfdff | 0xfec0..=0xfeff, ..] => AddressKind::Private,
        // Teredo and what lies beside it, and documentation.
        [0x2001, 0..=0x01ff | 0x0db8, ..] | [0x3fff, 0..=0x0fff, ..] => AddressKind::Nobody,
        [0x2000..=0x3fff, ..] => AddressKind::Public,
        [_, _, _, _, _, _, _, _] => AddressKind::Nobody,
    }
}

/// The older address within a newer: mapped, compatible, NAT64 (RFC 6052) and 6to4 (RFC 3056).
fn wrapped_in(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let pair = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(pair(high, low)),
        [0, 0, 0, 0, 0, 0, high, low] if (high, low) != (0, 1) => Some(pair(high, low)),
        [0x2002, high, low, ..] => Some(pair(high, low)),
        [_, _, _, _, _, _, _, _] => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_not_the_internets_is_known_however_it_is_written() {
        for (kind, addresses) in [
            (AddressKind::Loopback, &["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"][..]),
            (
                AddressKind::Private,
                &[
                    "10.0.0.1",
                    "172.16.0.1",
                    "172.31.255.255",
                    "192.168.1.1",
                    "100.64.0.1",
                    "fd00::1",
                    "fec0::1",
                    "::ffff:10.1.2.3",
                    "2002:0a00:0001::",
                    "64:ff9b::c0a8:101",
                ],
            ),
            (AddressKind::LinkLocal, &["169.254.169.254", "fe80::1", "::ffff:169.254.169.254", "2002:a9fe:a9fe::"]),
            (
                AddressKind::Nobody,
                &[
                    "0.0.0.0",
                    "0.1.2.3",
                    "255.255.255.255",
                    "224.0.0.1",
                    "240.0.0.1",
                    "192.0.2.7",
                    "198.51.100.7",
                    "203.0.113.7",
                    "198.18.0.1",
                    "::",
                    "ff02::1",
                    "2001:db8::1",
                    "2001::1",
                    "100::1",
                ],
            ),
            (
                AddressKind::Public,
                &[
                    "9.9.9.9",
                    "172.15.0.1",
                    "172.32.0.1",
                    "100.63.0.1",
                    "100.128.0.1",
                    "192.0.1.1",
                    "223.255.255.255",
                    "2a00:1450::1",
                    "2620:fe::fe",
                    "::ffff:9.9.9.9",
                ],
            ),
        ] {
            for address in addresses {
                assert_eq!(kind_of(address.parse().unwrap()), kind, "{address}");
            }
        }
    }
}
