//! Which addresses are the open internet's.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::TargetRefusal;

/// Judges the address that a host name resolved to. A name that is right can
/// lead anywhere, and elsewhere each time it is asked for; so the host asks here
/// for each address, and then connects to that address.
///
/// Refused is what IANA's registries of special-purpose addresses call not
/// globally reachable, and multicast: loopback, private, shared and link-local
/// addresses, those of documentation, benchmarks and protocols, and all of six
/// that is not global unicast. Where an address of four is inside one of six
/// (mapped, NAT64, 6to4), that one counts.
///
/// # Errors
/// When it is one of these.
pub fn may_connect(address: IpAddr) -> Result<(), TargetRefusal> {
    let open = match address {
        IpAddr::V4(v4) => is_open_v4(v4),
        IpAddr::V6(v6) => is_open_v6(v6),
    };
    match open {
        true => Ok(()),
        false => Err(TargetRefusal::Address(address)),
    }
}

fn is_open_v4(address: Ipv4Addr) -> bool {
    let special = matches!(
        address.octets(),
        // This network; private; loopback.
        [0 | 10 | 127, ..]
            // Shared, behind carriers' NAT.
            | [100, 64..=127, ..]
            // Link-local, with the metadata services of clouds; private.
            | [169, 254, ..]
            | [172, 16..=31, ..]
            // Protocol assignments; documentation.
            | [192, 0, 0 | 2, _]
            // Relays of 6to4.
            | [192, 88, 99, _]
            // Private; benchmarks.
            | [192, 168, ..]
            | [198, 18..=19, ..]
            // Documentation.
            | [198, 51, 100, _]
            | [203, 0, 113, _]
            // Multicast, reserved, broadcast.
            | [224..=255, ..]
    );
    !special
}

fn is_open_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = address.to_ipv4_mapped() {
        return is_open_v4(inner);
    }
    let v4 = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_open_v4(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        // NAT64 with the well-known prefix (RFC 6052 §2.1); 6to4 (RFC 3056).
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => v4(high, low),
        [0x2002, high, low, ..] => v4(high, low),
        // Protocol assignments, Teredo among them; documentation, twice.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => false,
        // Global unicast is 2000::/3, so far.
        [0x2000..=0x3fff, ..] => true,
        _ => false,
    }
}
