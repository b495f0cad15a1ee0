//! A line to one receiver: its name is resolved once, every address is looked at, and the connection goes to those
//! addresses and no others, so that a name that changes its mind leads nowhere else. Redirects are answers like any other.

use crate::domain::webhook::{Hosts, Target};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, StatusCode, Url};
use std::net::SocketAddr;
use std::time::Duration;

/// How long a receiver may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// A receiver that may be reached, found.
pub struct Line {
    client: Client,
    url: Url,
}

/// What is handed over.
pub struct Letter<'a> {
    pub id: &'a str,
    /// Seconds since 1970.
    pub timestamp: i64,
    pub signatures: &'a str,
    pub body: &'a str,
}

/// Why nothing was handed over. Prints as one word for the log of attempts; never an address or a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The operator does not, or no more, allow the host.
    #[error("not_allowed")]
    NotAllowed,
    /// Nobody knows the name.
    #[error("unresolved")]
    Unresolved,
    /// The name leads to an address where webhooks do not go.
    #[error("out_of_reach")]
    OutOfReach,
    /// No connection, or none that is encrypted as it has to be.
    #[error("unreachable")]
    Unreachable,
    #[error("timed_out")]
    TimedOut,
    /// It sends us elsewhere; we do not go.
    #[error("redirected")]
    Redirected,
    /// It does not say that it wants to be told by us.
    #[error("not_wanted")]
    NotWanted,
    /// The status it answered.
    #[error("{0}")]
    Answered(u16),
}

impl Line {
    /// Finds the receiver.
    ///
    /// # Errors
    /// `NotAllowed`, `Unresolved`, `OutOfReach`; `Unreachable` where no client can be made.
    pub async fn open(hosts: &Hosts, url: &str) -> Result<Self, Fault> {
        let target = hosts.target(url).map_err(|_why| Fault::NotAllowed)?;
        let addresses = addresses_of(&target).await?;
        let client = Client::builder()
            .user_agent(concat!("Evenhand/", env!("CARGO_PKG_VERSION")))
            .timeout(PATIENCE)
            .redirect(Policy::none())
            .no_proxy()
            .pool_max_idle_per_host(0)
            .resolve_to_addrs(&target.host, &addresses);
        let client = client.build().map_err(|_unsaid| Fault::Unreachable)?;
        Ok(Self { client, url: target.url })
    }

    /// Hands a letter over. Answers the status of success; what else is answered is not read.
    ///
    /// # Errors
    /// Everything but a success.
    pub async fn hand_over(&self, letter: &Letter<'_>) -> Result<u16, Fault> {
        let request = self.client.post(self.url.clone()).header("content-type", "application/cloudevents+json");
        let request = request
            .header("webhook-id", letter.id)
            .header("webhook-timestamp", letter.timestamp)
            .header("webhook-signature", letter.signatures)
            .body(letter.body.to_owned());
        let answer = request.send().await.map_err(|error| fault_of(&error))?;
        taken(answer.status())
    }

    /// Asks the receiver whether it wants to be told by `origin` (CloudEvents, abuse protection).
    ///
    /// # Errors
    /// `NotWanted` where it does not say so.
    pub async fn ask(&self, origin: &str) -> Result<(), Fault> {
        let request = self.client.request(Method::OPTIONS, self.url.clone()).header("webhook-request-origin", origin);
        let answer = request.send().await.map_err(|error| fault_of(&error))?;
        taken(answer.status())?;
        let allowed = answer.headers().get("webhook-allowed-origin").and_then(|value| value.to_str().ok());
        let mut allowed = allowed.unwrap_or_default().split(',').map(str::trim);
        if allowed.any(|said| said == "*" || said.eq_ignore_ascii_case(origin)) {
            Ok(())
        } else {
            Err(Fault::NotWanted)
        }
    }
}

fn taken(status: StatusCode) -> Result<u16, Fault> {
    match status {
        status if status.is_success() => Ok(status.as_u16()),
        status if status.is_redirection() => Err(Fault::Redirected),
        status => Err(Fault::Answered(status.as_u16())),
    }
}

fn fault_of(error: &reqwest::Error) -> Fault {
    if error.is_timeout() { Fault::TimedOut } else { Fault::Unreachable }
}

/// Where the name leads; all of it has to be where the receiver may be.
async fn addresses_of(target: &Target) -> Result<Vec<SocketAddr>, Fault> {
    // An address within brackets is one without them to a resolver.
    let name = target.host.trim_start_matches('[').trim_end_matches(']').to_owned();
    let found = tokio::time::timeout(PATIENCE, tokio::net::lookup_host((name, target.port)));
    let found = found.await.map_err(|_elapsed| Fault::TimedOut)?.map_err(|_unsaid| Fault::Unresolved)?;
    let addresses: Vec<SocketAddr> = found.collect();
    if addresses.is_empty() {
        return Err(Fault::Unresolved);
    }
    let permitted = addresses.iter().all(|address| target.reach.permits(address.ip()));
    if permitted { Ok(addresses) } else { Err(Fault::OutOfReach) }
}
