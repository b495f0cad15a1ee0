//! Who really sent it: what our own border server says about DMARC, and nothing else.
//!
//! Only the topmost Authentication-Results header is read, and only if it carries an authserv-id the operator has
//! configured. Everything below it may have come with the mail. This holds as long as the border server adds its
//! header to every mail and removes foreign ones that bear its name (RFC 8601 §5).

use super::addresses;
use crate::domain::correspondence::InboundMail;

/// How far the author's address is proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SenderProof {
    /// Our border server saw an aligned DMARC pass for exactly this domain, lower case.
    Verified { domain: String },
    /// Nothing proves or disproves it.
    Claimed,
    /// Our border server saw that it is not what it claims.
    Failed,
}

impl SenderProof {
    pub fn as_str(&self) -> &'static str {
        match self {
            SenderProof::Verified { .. } => "verified",
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

/// Judges the author of `mail`. Without configured authserv-ids nobody is ever verified.
pub fn authenticate(mail: &InboundMail, authserv_ids: &[String]) -> Authentication {
    let (proof, sentence) = judge(mail, authserv_ids);
    Authentication { proof, evidence: vec![sentence] }
}

fn judge(mail: &InboundMail, authserv_ids: &[String]) -> (SenderProof, String) {
    let claimed = |sentence: &str| (SenderProof::Claimed, sentence.to_owned());
    if authserv_ids.is_empty() {
        return claimed("no authserv-id is configured, so no result is believed");
    }
    let Some(topmost) = mail.headers.first("authentication-results") else {
        return claimed("there is no Authentication-Results header");
    };
    let Some(results) = Results::parse(topmost) else {
        return claimed("the topmost Authentication-Results header cannot be read");
    };
    if !authserv_ids.iter().any(|known| known.trim().eq_ignore_ascii_case(&results.authserv_id)) {
        return (
            SenderProof::Claimed,
            format!("the topmost Authentication-Results header is of {}, not ours", results.authserv_id),
        );
    }
    let dmarc: Vec<&MethodResult> = results.methods.iter().filter(|method| method.method == "dmarc").collect();
    let Some(first) = dmarc.first() else {
        return claimed("our server reports no DMARC result");
    };
    if let Some(other) = dmarc.iter().find(|result| result.result != "pass") {
        let sentence = format!("our server reports dmarc={}", other.result);
        let proof = if other.result == "fail" { SenderProof::Failed } else { SenderProof::Claimed };
        return (proof, sentence);
    }
    let Some(domain) = sole_author_domain(mail) else {
        return claimed("our server reports dmarc=pass, but the mail does not have exactly one clear author");
    };
    let aligned = |result: &MethodResult| {
        let mut named = result.properties.iter().filter(|(name, _)| name == "header.from").peekable();
        named.peek().is_some() && named.all(|(_, value)| value.eq_ignore_ascii_case(&domain))
    };
    if !dmarc.iter().all(|result| aligned(result)) {
        let seen = first.properties.iter().find(|(name, _)| name == "header.from").map_or("none", |(_, value)| value);
        return (
            SenderProof::Failed,
            format!("our server reports dmarc=pass for {seen}, but the author is of {domain}"),
        );
    }
    let sentence = format!("{} reports dmarc=pass header.from={domain}", results.authserv_id);
    (SenderProof::Verified { domain }, sentence)
}

/// The domain of the one author; `None` when there is any doubt about who that is.
fn sole_author_domain(mail: &InboundMail) -> Option<String> {
    let [author] = mail.from_all.as_slice() else { return None };
    let one_header = mail.headers.all("from").count() == 1;
    let address = author.address.as_str();
    let plain = address.is_ascii() && addresses::is_deliverable(address) && address.matches('@').count() == 1;
    (one_header && plain).then(|| author.domain()).flatten()
}

struct Results {
    authserv_id: String,
    methods: Vec<MethodResult>,
}

struct MethodResult {
    /// Lower case, without a version.
    method: String,
    /// Lower case.
    result: String,
    /// `header.from` → value. Names lower case.
    properties: Vec<(String, String)>,
}

impl Results {
    /// `authserv-id [version]; method[/version]=result [reason=…] ptype.property=value …; …` (RFC 8601 §2.2).
    fn parse(value: &str) -> Option<Self> {
        let statements = statements(value)?;
        let mut statements = statements.iter();
        let mut head = statements.next()?.iter();
        let Some(Piece::Word(authserv_id)) = head.next() else { return None };
        // After the id there may be a version number and nothing else.
        let version_only =
            head.all(|piece| matches!(piece, Piece::Word(word) if word.bytes().all(|byte| byte.is_ascii_digit())));
        let methods = statements.filter_map(|pieces| method_result(pieces)).collect();
        version_only.then(|| Self { authserv_id: authserv_id.clone(), methods })
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Word(String),
    Equals,
}

/// Splits into statements at `;`, drops comments, unquotes. `None` where a quote or a comment never ends: then nobody
/// can say what belongs to what.
fn statements(value: &str) -> Option<Vec<Vec<Piece>>> {
    let mut statements = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut rest = value.chars();
    while let Some(character) = rest.next() {
        let ends_word = character.is_whitespace() || matches!(character, '(' | '=' | ';');
        if ends_word && let Some(word) = word.take() {
            statements.last_mut()?.push(Piece::Word(word));
        }
        match character {
            '(' => skip_comment(&mut rest)?,
            ';' => statements.push(Vec::new()),
            '=' => statements.last_mut()?.push(Piece::Equals),
            '"' => word.get_or_insert_default().push_str(&quoted(&mut rest)?),
            _ if character.is_whitespace() => {}
            _ => word.get_or_insert_default().push(character),
        }
    }
    if let Some(word) = word {
        statements.last_mut()?.push(Piece::Word(word));
    }
    Some(statements)
}

fn skip_comment(rest: &mut impl Iterator<Item = char>) -> Option<()> {
    let mut depth = 1;
    while depth > 0 {
        match rest.next()? {
            '\\' => drop(rest.next()?),
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
    }
    Some(())
}

fn quoted(rest: &mut impl Iterator<Item = char>) -> Option<String> {
    let mut text = String::new();
    loop {
        match rest.next()? {
            '"' => return Some(text),
            '\\' => text.push(rest.next()?),
            character => text.push(character),
        }
    }
}

/// One statement: the method and its result first, then properties. Anything out of this order is not believed.
/// A DMARC statement that cannot be read in full is kept as one that is no pass.
fn method_result(pieces: &[Piece]) -> Option<MethodResult> {
    read_method(pieces).or_else(|| {
        let about_dmarc =
            matches!(pieces.first(), Some(Piece::Word(word)) if word.to_ascii_lowercase().starts_with("dmarc"));
        let unreadable =
            || MethodResult { method: "dmarc".into(), result: "unreadable".into(), properties: Vec::new() };
        about_dmarc.then(unreadable)
    })
}

fn read_method(pieces: &[Piece]) -> Option<MethodResult> {
    let (Piece::Word(method), [Piece::Equals, Piece::Word(result), rest @ ..]) = pieces.split_first()? else {
        return None;
    };
    let method = method.split('/').next().unwrap_or_default().to_ascii_lowercase();
    let mut properties = Vec::new();
    for property in rest.chunks(3) {
        let [Piece::Word(name), Piece::Equals, Piece::Word(value)] = property else { return None };
        properties.push((name.to_ascii_lowercase(), value.clone()));
    }
    Some(MethodResult { method, result: result.to_ascii_lowercase(), properties })
}
