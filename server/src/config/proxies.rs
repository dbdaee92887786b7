//! Proxies whose word about the caller's address is believed.

use super::Networks;
use serde::Deserialize;
use std::{net::IpAddr, str::FromStr};

/// Addresses and networks; none unless the operator names them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Proxies(Networks);

impl Proxies {
    /// Whether it names none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it names all addresses there are.
    pub fn trust_everybody(&self) -> bool {
        self.0.contain_everything()
    }

    /// Whether `address` is one of them.
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.0.contain(address)
    }

    /// The caller's address: `peer`, or, where that is a trusted proxy, the last address in `forwarded` (the values
    /// of `X-Forwarded-For`, each a list) that is not one. What stands before it anybody could have written.
    pub fn caller<'h>(&self, peer: IpAddr, forwarded: impl DoubleEndedIterator<Item = &'h str>) -> IpAddr {
        let mut caller = peer.to_canonical();
        for hop in forwarded.rev().flat_map(|list| list.rsplit(',')) {
            if !self.trusts(caller) {
                break;
            }
            let Ok(next) = hop.trim().parse::<IpAddr>() else { break };
            caller = next.to_canonical();
        }
        caller
    }
}

impl FromStr for Proxies {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn without_trusted_proxies_the_header_is_air() {
        let caller = Proxies::default().caller(ip("192.0.2.1"), ["203.0.113.9"].into_iter());
        assert_eq!(caller, ip("192.0.2.1"));
    }

    #[test]
    fn the_last_untrusted_hop_is_the_caller() {
        let proxies: Proxies = "10.0.0.0/8, ::1".parse().unwrap();
        let caller = |peer, header| proxies.caller(ip(peer), [header].into_iter());
        assert_eq!(caller("10.1.2.3", "6.6.6.6, 203.0.113.9, 10.0.0.2"), ip("203.0.113.9"));
        assert_eq!(caller("::ffff:10.1.2.3", "203.0.113.9"), ip("203.0.113.9"));
        assert_eq!(caller("192.0.2.1", "203.0.113.9"), ip("192.0.2.1"), "the peer is no proxy of ours");
        assert_eq!(caller("::1", "unknown"), ip("::1"));
    }

    #[test]
    fn a_network_of_no_bits_is_everyone() {
        let all: Proxies = "0.0.0.0/0".parse().unwrap();
        assert!(all.trusts(ip("203.0.113.9")));
        assert!("10.0.0.0/33".parse::<Proxies>().is_err());
        assert!("proxy.example.org".parse::<Proxies>().is_err());
    }
}
