//! Our own check of signatures (DKIM, RFC 6376), policy (DMARC) and seals (ARC), for where no border server reports them.
//!
//! SPF is not checked: the doors are handed mail by a server of ours and never see the sender's own address. So this
//! check can prove an author and never disprove one: a mail without an aligned signature may still have passed by SPF.
//! A name server that is silent or broken costs a bounded time, and proves nothing.

use super::{Authentication, SenderProof, arc, sole_author_domain};
use crate::domain::correspondence::InboundMail;
use crate::mail::authenticate::alignment::is_aligned;
use futures_util::FutureExt;
use mail_auth::dmarc::verify::DmarcParameters;
use mail_auth::hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig, ResolverOpts};
use mail_auth::{AuthenticatedMessage, DkimResult, DmarcResult, MessageAuthenticator, SpfOutput};
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};

/// Signatures of one mail beyond these are not looked at: each costs a question to a name server.
const MOST_SIGNATURES: usize = 8;
/// Mails in hand at once.
const AT_ONCE: usize = 16;

/// Checks mails by asking name servers. Cheap to clone.
#[derive(Clone)]
pub struct OwnCheck {
    authenticator: MessageAuthenticator,
    patience: Duration,
    room: Arc<Semaphore>,
}

/// What our own check found of one mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnFinding {
    /// It came to no end: no answer in time, or a mail it cannot read.
    Unknown { why: &'static str },
    Checked {
        /// A signature passed that is aligned with the author under the policy its domain publishes.
        dmarc_pass_for: Option<String>,
        /// Whether the author's domain publishes a policy at all.
        has_policy: bool,
        /// Domains whose signatures passed, lower case.
        signed_by: Vec<String>,
        /// Every seal of the chain of forwarders is whole.
        sealed: bool,
    },
}

impl OwnCheck {
    /// Asks these name servers; `patience` is how long all mails of one batch may take.
    ///
    /// # Errors
    /// Where there is no name server, or the resolver cannot be built.
    pub fn new(resolvers: &[SocketAddr], patience: Duration) -> Result<Self, String> {
        if resolvers.is_empty() {
            return Err("names no name server to ask".to_owned());
        }
        let server = |address: &SocketAddr| {
            let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
                connection.port = address.port();
                connection
            });
            NameServerConfig::new(address.ip(), true, connections.to_vec())
        };
        let config = ResolverConfig::from_parts(None, Vec::new(), resolvers.iter().map(server).collect());
        let mut options = ResolverOpts::default();
        options.timeout = Duration::from_secs(2).min(patience);
        options.attempts = 1;
        let authenticator = MessageAuthenticator::new(config, options).map_err(|error| error.to_string())?;
        Ok(Self { authenticator, patience, room: Arc::new(Semaphore::new(AT_ONCE)) })
    }

    /// When a batch that begins now is to be done with.
    pub fn deadline(&self) -> Instant {
        Instant::now() + self.patience
    }

    /// Never later than the deadline, whatever the mail or the name servers do.
    pub async fn check(&self, raw: &[u8], deadline: Instant) -> OwnFinding {
        let checking = async {
            let Ok(_room) = self.room.acquire().await else { return OwnFinding::Unknown { why: "it was given up" } };
            self.look(raw).await
        };
        match timeout_at(deadline, AssertUnwindSafe(checking).catch_unwind()).await {
            Ok(Ok(found)) => found,
            Ok(Err(_panic)) => OwnFinding::Unknown { why: "the mail is such that it cannot be checked" },
            Err(_elapsed) => OwnFinding::Unknown { why: "the name servers did not answer in time" },
        }
    }

    async fn look(&self, raw: &[u8]) -> OwnFinding {
        let Some(mut mail) = AuthenticatedMessage::parse(raw) else {
            return OwnFinding::Unknown { why: "the mail has no header that could be checked" };
        };
        mail.dkim_headers.truncate(MOST_SIGNATURES);
        let signatures = self.authenticator.verify_dkim(&mail).await;
        let no_spf = SpfOutput::new(String::new());
        let policy = self.authenticator.verify_dmarc(DmarcParameters::new(&mail, &signatures, "", &no_spf)).await;
        let sealed = self.authenticator.verify_arc(&mail).await;
        let passed = signatures.iter().filter(|signature| *signature.result() == DkimResult::Pass);
        let signed_by = passed.filter_map(|signature| Some(signature.signature()?.d.to_ascii_lowercase()));
        OwnFinding::Checked {
            dmarc_pass_for: (*policy.dkim_result() == DmarcResult::Pass).then(|| policy.domain().to_ascii_lowercase()),
            has_policy: policy.dmarc_record().is_some(),
            signed_by: signed_by.collect(),
            sealed: *sealed.result() == DkimResult::Pass,
        }
    }
}

impl Authentication {
    /// What the border server said, with what our own check found. The check raises what nobody disproved, and changes
    /// nothing else.
    #[must_use]
    pub fn and_own_check(mut self, mail: &InboundMail, (found, forwarders): (&OwnFinding, &[String])) -> Self {
        let (proof, sentence) = judge(mail, found, forwarders);
        self.evidence.push(sentence);
        let raised = match (&self.proof, &proof) {
            (SenderProof::Claimed, _) => true,
            (SenderProof::Weak { .. }, SenderProof::Verified { .. }) => true,
            (SenderProof::Weak { .. } | SenderProof::Verified { .. } | SenderProof::Failed, _) => false,
        };
        if raised {
            self.proof = proof;
        }
        self
    }
}

fn judge(mail: &InboundMail, found: &OwnFinding, forwarders: &[String]) -> (SenderProof, String) {
    let claimed = |sentence: String| (SenderProof::Claimed, sentence);
    let (dmarc_pass_for, has_policy, signed_by, sealed) = match found {
        OwnFinding::Unknown { why } => return claimed(format!("our own check proves nothing: {why}")),
        OwnFinding::Checked { dmarc_pass_for, has_policy, signed_by, sealed } => {
            (dmarc_pass_for, *has_policy, signed_by, *sealed)
        }
    };
    let Some(domain) = sole_author_domain(mail) else {
        return claimed("our own check proves nothing: the mail does not have exactly one clear author".to_owned());
    };
    if dmarc_pass_for.as_ref() == Some(&domain) {
        let sentence = format!("our own check found a signature that passes DMARC for {domain} (SPF is not looked at)");
        return (SenderProof::Verified { domain }, sentence);
    }
    if let Some(sealer) = arc::forwarder(mail, (&domain, forwarders)).filter(|_| sealed) {
        let sentence = format!(
            "our own check found every ARC seal whole, and {sealer}, which forwarded the mail, saw dmarc=pass for {domain}"
        );
        return (SenderProof::Verified { domain }, sentence);
    }
    match signed_by.iter().find(|signer| is_aligned(signer, &domain)) {
        Some(signer) if !has_policy => {
            let sentence =
                format!("our own check found a DKIM signature of {signer}; {domain} publishes no DMARC policy");
            (SenderProof::Weak { domain }, sentence)
        }
        Some(_) | None => {
            claimed("our own check found no signature of the author's domain (SPF is not looked at)".to_owned())
        }
    }
}
