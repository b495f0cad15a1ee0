//! Whom we believe, and what a forger may try.

use evenhand::mail::authenticate::{SenderProof, authenticate};
use evenhand::mail::parse::parse;

const OURS: &str = "mx.example.police.uk";

/// The proof for a mail with these header lines before `From: person@example.com`.
fn proof(above: &str) -> SenderProof {
    proof_of(&format!("{above}From: Example Person <person@example.com>\r\nSubject: x\r\n\r\nwords\r\n"))
}

fn proof_of(mail: &str) -> SenderProof {
    authenticate(&parse(mail.as_bytes()), &[OURS.to_owned()]).proof
}

fn verified() -> SenderProof {
    SenderProof::Verified { domain: "example.com".to_owned() }
}

#[test]
fn an_aligned_pass_of_our_own_server_is_believed_in_any_spelling() {
    for results in [
        "mx.example.police.uk; dmarc=pass header.from=example.com",
        "MX.Example.Police.UK 1; spf=pass smtp.mailfrom=bounce.example.com; DMARC=Pass (p=reject (strict)) Header.From=Example.COM",
        "mx.example.police.uk;\r\n\tdkim=pass (2048-bit key; unprotected) header.d=example.com header.b=\"a=b;c\";\r\n\tdmarc=pass action=none header.from=example.com",
        "(a comment) mx.example.police.uk; dmarc/1=pass reason=\"all \\\"well\\\"\" header.from=\"example.com\"",
    ] {
        assert_eq!(proof(&format!("Authentication-Results: {results}\r\n")), verified(), "{results}");
    }
}

#[test]
fn nobody_is_verified_where_no_server_is_configured() {
    let mail = "Authentication-Results: mx.example.police.uk; dmarc=pass header.from=example.com\r\nFrom: a@example.com\r\n\r\n";
    assert_eq!(authenticate(&parse(mail.as_bytes()), &[]).proof, SenderProof::Claimed);
}

#[test]
fn results_that_came_with_the_mail_count_for_nothing() {
    let forged = "Authentication-Results: mx.example.police.uk; dmarc=pass header.from=example.com\r\n";
    let of_another = "Authentication-Results: mx.elsewhere.example; dmarc=pass header.from=example.com\r\n";
    let nothing = "Authentication-Results: mx.example.police.uk; none\r\n";
    let failed = "Authentication-Results: mx.example.police.uk; dmarc=fail header.from=example.com\r\n";
    assert_eq!(proof(&format!("{of_another}{forged}")), SenderProof::Claimed);
    assert_eq!(proof(&format!("{nothing}{forged}")), SenderProof::Claimed);
    assert_eq!(proof(&format!("{failed}{forged}")), SenderProof::Failed);
    assert_eq!(proof(&format!("X-Authentication-Results: x\r\n{of_another}")), SenderProof::Claimed);
}

#[test]
fn names_that_look_like_ours_are_not_ours() {
    for name in [
        "mx.example.police.uk.evil.example",
        "evil.mx.example.police.uk",
        "mx.example.po1ice.uk",
        "mx.exаmple.police.uk",
        "mx.example.police.uk.",
        "\"mx.example.police.uk evil\"",
    ] {
        let results = format!("Authentication-Results: {name}; dmarc=pass header.from=example.com\r\n");
        assert_eq!(proof(&results), SenderProof::Claimed, "{name}");
    }
}

#[test]
fn a_pass_inside_a_comment_or_a_quote_is_no_pass() {
    for results in [
        "mx.example.police.uk; dmarc=fail (; dmarc=pass header.from=example.com)",
        "mx.example.police.uk; dmarc=none reason=\"; dmarc=pass header.from=example.com\"",
        "mx.example.police.uk (; dmarc=pass header.from=example.com",
        "mx.example.police.uk; x=\"dmarc=pass header.from=example.com",
        "mx.example.police.uk evil; dmarc=pass header.from=example.com",
        "mx.example.police.uk; dmarc = pass extra header.from=example.com",
        "mx.example.police.uk; xdmarc=pass header.from=example.com",
        "mx.example.police.uk; dkim=pass header.d=example.com; spf=pass smtp.mailfrom=example.com",
        "mx.example.police.uk; dmarc=pass header.from=example.com; dmarc=temperror header.from=example.com",
    ] {
        let proof = proof(&format!("Authentication-Results: {results}\r\n"));
        assert!(!matches!(proof, SenderProof::Verified { .. }), "{results}");
    }
}

#[test]
fn a_pass_for_another_domain_than_the_authors_is_a_failure() {
    for domain in ["evil.example", "sub.example.com", "example.com.evil.example", "com"] {
        let results = format!("Authentication-Results: {OURS}; dmarc=pass header.from={domain}\r\n");
        assert_eq!(proof(&results), SenderProof::Failed, "{domain}");
    }
}

#[test]
fn a_mail_with_two_authors_has_no_verified_one() {
    let results = format!("Authentication-Results: {OURS}; dmarc=pass header.from=example.com\r\n");
    for from in [
        "From: a@example.com, b@example.com",
        "From: a@example.com\r\nFrom: b@example.com",
        "From: a@example.com\r\nfrom : a@example.com",
        "From: \"x\" <a@example.com> <b@evil.example>",
        "From: a@example.com@example.com",
        "From: <a@exämple.com>",
        "From: nobody",
        "From:",
        "Subject: no author",
    ] {
        let proof = proof_of(&format!("{results}{from}\r\n\r\nwords"));
        assert!(!matches!(proof, SenderProof::Verified { .. }), "{from}: {proof:?}");
    }
}
