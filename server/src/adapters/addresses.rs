//! Which addresses PMS calls for somebody who only gave it a name. A name may stand for this machine, the database's or
//! the cloud's own address for secrets, whatever it reads like: only what it stands for when it is called counts.

use crate::config::Networks;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Which addresses may be called.
#[derive(Clone, Debug)]
pub enum Allowed {
    /// Those that the whole internet shares, and these.
    PublicAnd(Networks),
    /// These alone.
    Only(Networks),
    /// All: the operator named the host.
    Any,
}

impl Allowed {
    /// Whether that address may be called.
    pub fn allows(&self, address: IpAddr) -> bool {
        match self {
            Self::PublicAnd(networks) => is_public(address) || networks.contain(address),
            Self::Only(networks) => networks.contain(address),
            Self::Any => true,
        }
    }
}

fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// The registry of special addresses (RFC 6890) has no others that are worth a name.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        // Between a provider and its customers.
        || (a == 100 && (64..128).contains(&b))
        || (a, b, c) == (192, 0, 0)
        // Once the way from IPv6 to IPv4.
        || (a, b, c) == (192, 88, 99)
        // Benchmarks.
        || (a == 198 && (18..20).contains(&b));
    !special
}

/// Of IPv6 only what is given out to the world, without the ways that lead into IPv4 again.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    if let [0x64, 0xff9b, 0, 0, 0, 0, high, low] = segments {
        return is_public_v4(Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low)));
    }
    let given_out = segments[0] & 0xe000 == 0x2000;
    let six_to_four = segments[0] == 0x2002;
    // Teredo and other special uses; documentation.
    let special = segments[0] == 0x2001 && (segments[1] < 0x200 || segments[1] == 0x0db8);
    given_out && !six_to_four && !special && segments[0] != 0x3fff
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_shared_by_the_whole_internet_is_not_called() {
        for hidden in [
            "127.0.0.1",
            "127.9.9.9",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "fec0::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "2002:7f00:1::",
            "3fff::1",
        ] {
            assert!(!is_public(hidden.parse().unwrap()), "{hidden}");
        }
        for public in ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::101:101"] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn an_operator_may_open_a_network_of_their_own() {
        let networks: Networks = "10.0.0.0/8".parse().unwrap();
        let inside = "10.1.2.3".parse().unwrap();
        let other = "127.0.0.1".parse().unwrap();
        let public = "1.1.1.1".parse().unwrap();
        let both = Allowed::PublicAnd(networks.clone());
        assert!(both.allows(inside) && both.allows(public) && !both.allows(other));
        let only = Allowed::Only(networks);
        assert!(only.allows(inside) && !only.allows(public) && !only.allows(other));
    }
}
