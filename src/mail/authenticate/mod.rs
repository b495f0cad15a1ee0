//! Who really sent it: what our own border server says about it, what our own check found, and nothing else.
//!
//! Only the topmost Authentication-Results header is read, and only if it carries an authserv-id the operator has
//! configured for the door the mail came by. Everything below it may have come with the mail. This holds as long as the
//! border server adds its header to every mail and removes foreign ones that bear its name (RFC 8601 §5).

mod alignment;
mod arc;
mod own_check;
mod results;

pub use own_check::{OwnCheck, OwnFinding};

use crate::domain::correspondence::InboundMail;
use crate::mail::addresses;
use alignment::{is_aligned, same_or_organisation};
use results::{MethodResult, Results};

/// How far the author's address is proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SenderProof {
    /// An aligned DMARC pass for exactly this domain, lower case: seen by our border server, by our own check, or by a
    /// forwarder we trust before it passed the mail on.
    Verified { domain: String },
    /// The domain publishes no DMARC policy that was looked at, and SPF or DKIM passed for its organisation. Shown, and
    /// counted no more than a claim.
    Weak { domain: String },
    /// Nothing proves or disproves it.
    Claimed,
    /// Our border server saw that it is not what it claims.
    Failed,
}

impl SenderProof {
    pub fn as_str(&self) -> &'static str {
        match self {
            SenderProof::Verified { .. } => "verified",
            SenderProof::Weak { .. } => "weak",
            SenderProof::Claimed => "claimed",
            SenderProof::Failed => "failed",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authentication {
    pub proof: SenderProof,
    /// What was seen, in sentences for the person who looks at the mail.
    pub evidence: Vec<String>,
}

/// Whom we believe about a mail that came by one door. Names in lower case.
#[derive(Clone, Copy, Debug, Default)]
pub struct Border<'a> {
    /// Of the servers that hand mail to this door.
    pub authserv_ids: &'a [String],
    /// Domains of forwarders whose word we take for what they saw before they changed a mail (RFC 8617).
    pub arc_forwarders: &'a [String],
}

/// Judges the author of `mail`. Without configured authserv-ids nobody is ever verified.
pub fn authenticate(mail: &InboundMail, border: Border<'_>) -> Authentication {
    let results = match believed(mail, border.authserv_ids) {
        Ok(results) => results,
        Err(sentence) => return Authentication { proof: SenderProof::Claimed, evidence: vec![sentence] },
    };
    let author = sole_author_domain(mail);
    let (seen, sentence) = dmarc(&results, author.as_deref());
    let mut found = Authentication { proof: SenderProof::Claimed, evidence: vec![sentence] };
    let Some(domain) = author else {
        found.proof = if seen == Dmarc::Fail { SenderProof::Failed } else { SenderProof::Claimed };
        return found;
    };
    found.proof = match seen {
        Dmarc::Pass => SenderProof::Verified { domain },
        Dmarc::OtherDomain => SenderProof::Failed,
        Dmarc::Fail | Dmarc::Nothing | Dmarc::Doubtful => {
            if let Some(sentence) = arc::vouched(mail, &results, (&domain, border.arc_forwarders)) {
                found.evidence.push(sentence);
                SenderProof::Verified { domain }
            } else if seen == Dmarc::Fail {
                SenderProof::Failed
            } else if let Some(sentence) = weakly(&results, &domain).filter(|_| seen == Dmarc::Nothing) {
                found.evidence.push(sentence);
                SenderProof::Weak { domain }
            } else {
                SenderProof::Claimed
            }
        }
    };
    found
}

/// The topmost results, if they are of a server we believe; else why nothing is believed.
fn believed(mail: &InboundMail, authserv_ids: &[String]) -> Result<Results, String> {
    if authserv_ids.is_empty() {
        return Err("no authserv-id is configured, so no result is believed".to_owned());
    }
    let topmost = mail.headers.first("authentication-results");
    let topmost = topmost.ok_or("there is no Authentication-Results header")?;
    let results = Results::parse(topmost).ok_or("the topmost Authentication-Results header cannot be read")?;
    if !authserv_ids.iter().any(|known| known.trim().eq_ignore_ascii_case(&results.authserv_id)) {
        return Err(format!("the topmost Authentication-Results header is of {}, not ours", results.authserv_id));
    }
    Ok(results)
}

/// What our server says of DMARC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dmarc {
    Pass,
    /// It passed for somebody who is not the author.
    OtherDomain,
    Fail,
    /// The domain has no policy, or nobody looked.
    Nothing,
    /// An error, or statements that contradict each other.
    Doubtful,
}

fn dmarc(results: &Results, author: Option<&str>) -> (Dmarc, String) {
    let said: Vec<&MethodResult> = results.of("dmarc").collect();
    if said.is_empty() {
        return (Dmarc::Nothing, "our server reports no DMARC result".to_owned());
    }
    let reports = |result: &str| format!("our server reports dmarc={result}");
    if said.iter().any(|result| result.result == "fail") {
        return (Dmarc::Fail, reports("fail"));
    }
    if said.iter().all(|result| result.result == "none") {
        return (Dmarc::Nothing, reports("none"));
    }
    if let Some(other) = said.iter().find(|result| !result.is_pass()) {
        return (Dmarc::Doubtful, reports(&other.result));
    }
    let Some(domain) = author else {
        let sentence = "our server reports dmarc=pass, but the mail does not have exactly one clear author";
        return (Dmarc::Doubtful, sentence.to_owned());
    };
    if said.iter().all(|result| is_about(result, domain)) {
        return (Dmarc::Pass, format!("{} reports dmarc=pass header.from={domain}", results.authserv_id));
    }
    let named = said.iter().flat_map(|result| result.values("header.from")).next().unwrap_or("none");
    (Dmarc::OtherDomain, format!("our server reports dmarc=pass for {named}, but the author is of {domain}"))
}

/// Whether a DMARC result names the author's domain, or the organisation above it, whose policy it is (RFC 7489 §6.6.3).
fn is_about(result: &MethodResult, author: &str) -> bool {
    let mut named = result.values("header.from").peekable();
    named.peek().is_some() && named.all(|named| same_or_organisation(named, author))
}

/// SPF or DKIM that passed for the author's organisation: what DMARC asks for, where no policy was looked at.
fn weakly(results: &Results, author: &str) -> Option<String> {
    let signed = results.of("dkim").filter(|result| result.is_pass()).find_map(|result| {
        let named = result.values("header.d").chain(result.values("header.i")).map(domain_of);
        let mut named = named.peekable();
        let first = (*named.peek()?).to_owned();
        named.all(|named| is_aligned(named, author)).then(|| format!("dkim=pass header.d={first}"))
    });
    let sent = || {
        let mut spf = results.of("spf").peekable();
        let first = domain_of(spf.peek()?.values("smtp.mailfrom").next()?).to_owned();
        let aligned = |result: &MethodResult| {
            let mut named = result.values("smtp.mailfrom").map(domain_of).peekable();
            result.is_pass() && named.peek().is_some() && named.all(|named| is_aligned(named, author))
        };
        spf.all(aligned).then(|| format!("spf=pass smtp.mailfrom={first}"))
    };
    let by = signed.or_else(sent)?;
    Some(format!("our server reports {by}, which is of the author's organisation"))
}

/// `a@b` and `@b` → `b`.
fn domain_of(value: &str) -> &str {
    value.rsplit_once('@').map_or(value, |(_, domain)| domain)
}

/// The domain of the one author; `None` when there is any doubt about who that is.
fn sole_author_domain(mail: &InboundMail) -> Option<String> {
    let [author] = mail.from_all.as_slice() else { return None };
    let one_header = mail.headers.all("from").count() == 1;
    let address = author.address.as_str();
    let plain = address.is_ascii() && addresses::is_deliverable(address) && address.matches('@').count() == 1;
    (one_header && plain).then(|| author.domain()).flatten()
}
