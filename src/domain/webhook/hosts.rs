//! Which receivers an operator lets us reach, and how an address of one is read.

use super::address::{AddressKind, kind_of};
use std::net::IpAddr;
use url::{Host, Url};

/// Names of hosts in lower case, as the operator lists them. Empty: nobody is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hosts {
    pub allowed: Vec<String>,
    /// Of those, the ones that may lie in a private network.
    pub private: Vec<String>,
    /// Of those, the ones on this machine, which need no TLS.
    pub loopback: Vec<String>,
}

/// How far the road to a receiver may lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    Internet,
    /// A network of the house too.
    House,
    /// This machine and nothing else.
    Machine,
}

/// A receiver that may be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub url: Url,
    pub host: String,
    pub port: u16,
    pub reach: Reach,
}

/// Why an address may not be a receiver's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlFault {
    #[error("this is not a web address, such as https://hooks.example.police.uk/evenhand")]
    NotAnAddress,
    #[error("the address has to begin with https://")]
    NotEncrypted,
    #[error("the address must not hold a user, a password or a #")]
    HoldsMore,
    #[error("the operator has not allowed this host (webhooks.allowed_hosts)")]
    NotAllowed,
    #[error("this address lies where webhooks do not go")]
    OutOfReach,
}

impl Hosts {
    /// The receiver at an address.
    ///
    /// # Errors
    /// What is wrong with it; never its own words.
    pub fn target(&self, url: &str) -> Result<Target, UrlFault> {
        let url = Url::parse(url.trim()).map_err(|_unreadable| UrlFault::NotAnAddress)?;
        let host = url.host_str().ok_or(UrlFault::NotAnAddress)?.to_owned();
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(UrlFault::HoldsMore);
        }
        let listed = |hosts: &[String]| hosts.contains(&host);
        let reach = match (listed(&self.loopback), listed(&self.private)) {
            (true, _) => Reach::Machine,
            (false, true) => Reach::House,
            (false, false) => Reach::Internet,
        };
        let encrypted = url.scheme() == "https" || (url.scheme() == "http" && reach == Reach::Machine);
        if !encrypted {
            return Err(UrlFault::NotEncrypted);
        }
        if !listed(&self.allowed) {
            return Err(UrlFault::NotAllowed);
        }
        let literal = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(Host::Domain(_)) | None => None,
        };
        if literal.is_some_and(|address| !reach.permits(address)) {
            return Err(UrlFault::OutOfReach);
        }
        let port = url.port_or_known_default().ok_or(UrlFault::NotAnAddress)?;
        Ok(Target { url, host, port, reach })
    }
}

impl Reach {
    /// Whether a receiver that is reached so may have this address.
    pub fn permits(self, address: IpAddr) -> bool {
        match (kind_of(address), self) {
            (AddressKind::Loopback, Reach::House | Reach::Machine) => true,
            (AddressKind::Public, Reach::Internet | Reach::House) => true,
            (AddressKind::Private | AddressKind::LinkLocal, Reach::House) => true,
            (AddressKind::Loopback | AddressKind::Private | AddressKind::LinkLocal, Reach::Internet)
            | (AddressKind::Public | AddressKind::Private | AddressKind::LinkLocal, Reach::Machine)
            | (AddressKind::Nobody, Reach::Internet | Reach::House | Reach::Machine) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts() -> Hosts {
        let all = |hosts: &[&str]| hosts.iter().map(|host| (*host).to_owned()).collect();
        Hosts {
            allowed: all(&["hooks.example.org", "intern.example.org", "127.0.0.1", "9.9.9.9", "10.0.0.1", "[fd00::1]"]),
            private: all(&["intern.example.org"]),
            loopback: all(&["127.0.0.1"]),
        }
    }

    #[test]
    fn only_a_listed_host_is_a_receiver_and_only_behind_tls() {
        for (url, expected) in [
            ("https://hooks.example.org/a?b=c", Ok(Reach::Internet)),
            ("https://HOOKS.example.org:8443", Ok(Reach::Internet)),
            ("https://intern.example.org", Ok(Reach::House)),
            ("http://127.0.0.1:9/", Ok(Reach::Machine)),
            ("http://0x7f.1/", Ok(Reach::Machine)),
            ("https://9.9.9.9", Ok(Reach::Internet)),
            ("http://hooks.example.org", Err(UrlFault::NotEncrypted)),
            ("http://intern.example.org", Err(UrlFault::NotEncrypted)),
            ("ftp://127.0.0.1", Err(UrlFault::NotEncrypted)),
            ("file:///etc/passwd", Err(UrlFault::NotAnAddress)),
            ("https://elsewhere.example.org", Err(UrlFault::NotAllowed)),
            ("https://hooks.example.org.evil.example", Err(UrlFault::NotAllowed)),
            ("https://hooks.example.org@evil.example", Err(UrlFault::HoldsMore)),
            ("https://u:p@hooks.example.org", Err(UrlFault::HoldsMore)),
            ("https://hooks.example.org/#a", Err(UrlFault::HoldsMore)),
            ("https://10.0.0.1", Err(UrlFault::OutOfReach)),
            ("https://[fd00::1]", Err(UrlFault::OutOfReach)),
            ("hooks.example.org", Err(UrlFault::NotAnAddress)),
            ("", Err(UrlFault::NotAnAddress)),
        ] {
            assert_eq!(hosts().target(url).map(|target| target.reach), expected, "{url}");
        }
        assert_eq!(Hosts::default().target("https://hooks.example.org"), Err(UrlFault::NotAllowed));
    }

    #[test]
    fn a_name_may_lead_only_as_far_as_its_receiver_may_be() {
        let permits = |reach: Reach, address: &str| reach.permits(address.parse().unwrap());
        for address in ["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1"] {
            assert!(!permits(Reach::Internet, address), "{address}");
            assert!(permits(Reach::House, address), "{address}");
        }
        assert!(permits(Reach::Internet, "9.9.9.9") && permits(Reach::House, "9.9.9.9"));
        assert!(permits(Reach::Machine, "127.0.0.1") && permits(Reach::Machine, "::1"));
        assert!(!permits(Reach::Machine, "9.9.9.9") && !permits(Reach::Machine, "10.0.0.1"));
        assert!(!permits(Reach::House, "0.0.0.0") && !permits(Reach::House, "224.0.0.1"));
    }
}
