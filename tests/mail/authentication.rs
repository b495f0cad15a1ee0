//! Whom we believe, and what a forger may try.

use evenhand::mail::authenticate::{Authentication, Border, SenderProof, authenticate};
use evenhand::mail::parse::parse;
use serde_json::{Value, json};

const OURS: &str = "mx.example.police.uk";

/// The proof for a mail with these header lines before `From: person@example.com`.
fn proof(above: &str) -> SenderProof {
    proof_of(&format!("{above}From: Example Person <person@example.com>\r\nSubject: x\r\n\r\nwords\r\n"))
}

fn proof_of(mail: &str) -> SenderProof {
    judged(mail, &[]).proof
}

fn judged(mail: &str, arc_forwarders: &[String]) -> Authentication {
    authenticate(&parse(mail.as_bytes()), Border { authserv_ids: &[OURS.to_owned()], arc_forwarders })
}

fn weak() -> SenderProof {
    SenderProof::Weak { domain: "example.com".to_owned() }
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
    assert_eq!(authenticate(&parse(mail.as_bytes()), Border::default()).proof, SenderProof::Claimed);
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

#[test]
fn a_policy_of_the_organisation_above_the_author_is_its_own() {
    let mail = |author: &str, reported: &str| {
        format!("Authentication-Results: {OURS}; dmarc=pass header.from={reported}\r\nFrom: {author}\r\n\r\nwords")
    };
    let verified = |domain: &str| SenderProof::Verified { domain: domain.to_owned() };
    assert_eq!(proof_of(&mail("a@post.example.co.uk", "example.co.uk")), verified("post.example.co.uk"));
    assert_eq!(proof_of(&mail("a@post.example.co.uk", "co.uk")), SenderProof::Failed);
    assert_eq!(proof_of(&mail("a@post.example.co.uk", "other.example.co.uk")), SenderProof::Failed);
}

#[test]
fn what_spf_or_dkim_says_without_a_policy_is_weak() {
    for said in [
        "spf=pass smtp.mailfrom=bounce@mail.example.com",
        "spf=pass smtp.mailfrom=example.com; dmarc=none header.from=example.com",
        "dkim=pass header.d=mail.example.com; spf=fail smtp.mailfrom=example.com",
        "dkim=fail header.d=example.com; dkim=pass header.i=@example.com; dmarc=none",
    ] {
        assert_eq!(proof(&format!("Authentication-Results: {OURS}; {said}\r\n")), weak(), "{said}");
    }
}

#[test]
fn what_is_weak_is_never_more_and_often_less() {
    for said in [
        // Of another organisation, or of nobody.
        "spf=pass smtp.mailfrom=example.org",
        "spf=pass smtp.helo=example.com",
        "dkim=pass header.d=example.com.evil.example",
        "dkim=pass header.d=com",
        "dkim=pass",
        "dkim=pass header.d=example.com header.d=evil.example",
        // It did not pass, or contradicts itself.
        "dkim=neutral header.d=example.com",
        "spf=softfail smtp.mailfrom=example.com",
        "spf=pass smtp.mailfrom=example.com; spf=fail smtp.mailfrom=example.com",
        // Somebody looked at a policy and could not say.
        "dkim=pass header.d=example.com; dmarc=temperror header.from=example.com",
        "dkim=pass header.d=example.com; dmarc=none; dmarc=permerror",
    ] {
        let found = proof(&format!("Authentication-Results: {OURS}; {said}\r\n"));
        assert_eq!(found, SenderProof::Claimed, "{said}");
    }
    let failed = format!("Authentication-Results: {OURS}; dkim=pass header.d=example.com; dmarc=fail\r\n");
    assert_eq!(proof(&failed), SenderProof::Failed);
    let two =
        format!("Authentication-Results: {OURS}; dkim=pass header.d=example.com\r\nFrom: a@example.com, b@example.com");
    assert_eq!(proof_of(&format!("{two}\r\n\r\nwords")), SenderProof::Claimed);
    let nobody = "Authentication-Results: other.example; dkim=pass header.d=example.com\r\n";
    assert_eq!(proof(nobody), SenderProof::Claimed);
}

/// Sets of a chain, newest first, as forwarders put them there.
fn chain(sets: &[(&str, &str)]) -> String {
    let set = |(n, (sealer, saw)): (usize, &(&str, &str))| {
        let i = n + 1;
        let cv = if i == 1 { "none" } else { "pass" };
        format!(
            "ARC-Seal: i={i}; a=rsa-sha256; t=1; cv={cv}; d={sealer}; s=arc; b=AAAA\r\n\
             ARC-Message-Signature: i={i}; a=rsa-sha256; d={sealer}; s=arc; h=from; bh=AAAA; b=AAAA\r\n\
             ARC-Authentication-Results: i={i}; mx.{sealer}; {saw}\r\n"
        )
    };
    sets.iter().enumerate().rev().map(|(n, of)| set((n, of))).collect()
}

const SAW_IT: &str = "spf=pass smtp.mailfrom=example.com; dmarc=pass header.from=example.com";

fn forwarded(border: &str, sets: &str) -> SenderProof {
    let mail = format!("Authentication-Results: {OURS}; {border}\r\n{sets}From: person@example.com\r\n\r\nwords");
    judged(&mail, &["lists.example".to_owned(), "forward.example".to_owned()]).proof
}

#[test]
fn a_forwarder_we_trust_vouches_for_what_it_saw() {
    for border in ["arc=pass", "dmarc=fail header.from=example.com; arc=pass (i=1)", "dmarc=none; arc=pass"] {
        assert_eq!(forwarded(border, &chain(&[("lists.example", SAW_IT)])), verified(), "{border}");
        let twice = chain(&[("elsewhere.example", "dmarc=fail"), ("lists.example", SAW_IT)]);
        assert_eq!(forwarded(border, &twice), verified(), "{border}");
    }
    let mail = format!(
        "Authentication-Results: {OURS}; dmarc=fail; arc=pass\r\n{}From: person@example.com\r\n\r\nwords",
        chain(&[("lists.example", SAW_IT)])
    );
    let evidence = judged(&mail, &["lists.example".to_owned()]).evidence.join("; ");
    assert!(evidence.contains("lists.example, which forwarded the mail, saw dmarc=pass for example.com"), "{evidence}");
    assert_eq!(judged(&mail, &[]).proof, SenderProof::Failed, "nobody is trusted who is not named");
}

#[test]
fn a_chain_that_is_not_whole_or_not_of_a_forwarder_we_trust_says_nothing() {
    let one = chain(&[("lists.example", SAW_IT)]);
    for (border, sets) in [
        ("dmarc=fail", one.clone()),
        ("dmarc=fail; arc=fail", one.clone()),
        ("dmarc=fail; arc=none", one.clone()),
        ("dmarc=fail; arc=pass; arc=fail", one.clone()),
        ("dmarc=fail; arc = pass extra", one.clone()),
        ("dmarc=fail; arc=pass", chain(&[("evil.example", SAW_IT)])),
        ("dmarc=fail; arc=pass", chain(&[("sub.lists.example", SAW_IT)])),
        // Whoever sealed last is not the one we trust.
        ("dmarc=fail; arc=pass", chain(&[("lists.example", SAW_IT), ("evil.example", SAW_IT)])),
        ("dmarc=fail; arc=pass", chain(&[("lists.example", "dmarc=fail header.from=example.com")])),
        ("dmarc=fail; arc=pass", chain(&[("lists.example", "dmarc=pass header.from=example.org")])),
        ("dmarc=fail; arc=pass", chain(&[("lists.example", "dmarc=pass")])),
        ("dmarc=fail; arc=pass", chain(&[("lists.example", "none (dmarc=pass header.from=example.com)")])),
        ("dmarc=fail; arc=pass", chain(&[("lists.example", "dmarc=pass header.from=example.com; dmarc=fail")])),
        ("dmarc=fail; arc=pass", String::new()),
        ("dmarc=fail; arc=pass", format!("{one}{one}")),
        ("dmarc=fail; arc=pass", one.replace("i=1", "i=2")),
        ("dmarc=fail; arc=pass", one.replace("i=1", "i=x")),
        ("dmarc=fail; arc=pass", one.replace("cv=none", "cv=fail")),
        ("dmarc=fail; arc=pass", one.replace("ARC-Message-Signature", "X-ARC-Message-Signature")),
        ("dmarc=fail; arc=pass", one.replace("d=lists.example", "d=lists.example; d=evil.example")),
    ] {
        assert_eq!(forwarded(border, &sets), SenderProof::Failed, "{border}\n{sets}");
    }
}

#[test]
fn each_door_believes_its_own_servers() {
    let mut config = evenhand::config::Config::default();
    config.mail.authserv_ids = vec![OURS.to_owned()];
    config.mail.authserv_ids_by_door =
        ["lmtp=inner.example", "LMTP = second.example", "imap:office=office.example", "pipe="]
            .map(str::to_owned)
            .to_vec();
    let settings = config.settings();
    assert_eq!(settings.authserv_ids_of("http"), [OURS]);
    assert_eq!(settings.authserv_ids_of("lmtp"), ["inner.example", "second.example"]);
    assert_eq!(settings.authserv_ids_of("imap:office"), ["office.example"]);
    assert_eq!(settings.authserv_ids_of("imap:other"), [OURS]);
    assert!(settings.authserv_ids_of("pipe").is_empty());
}

#[test]
fn mail_is_believed_by_the_door_it_came_through() {
    crate::support::on_each_database(async |database| {
        let mut config = crate::support::TestApp::config();
        config.mail.authserv_ids = vec![OURS.to_owned()];
        config.mail.authserv_ids_by_door = vec!["http=border.force.example".to_owned()];
        let room = super::mailroom::Mailroom::with(database, config).await;
        let header = |server: &str, n: u32| {
            format!(
                "Authentication-Results: {server}; dmarc=pass header.from=example.com\r\n\
                 From: person@example.com\r\nMessage-ID: <{n}@example.com>\r\nSubject: Words"
            )
        };
        let (other, _) = room.arrives(&header(OURS, 1), "Words").await;
        assert_eq!(other["steps"][0]["evidence"]["sender"]["proof"], "claimed");
        let (own, _) = room.arrives(&header("border.force.example", 2), "Words").await;
        assert_eq!(own["steps"][0]["evidence"]["sender"]["proof"], "verified");
    });
}

/// domain.md, invariant 19: nothing rests on an unauthenticated From until a named person says whose it is.
#[test]
fn a_weak_or_claimed_sender_counts_only_after_a_person_says_why() {
    crate::support::on_each_database(async |database| {
        let mut config = crate::support::TestApp::config();
        config.mail.authserv_ids = vec![OURS.to_owned()];
        let room = super::mailroom::Mailroom::with(database, config).await;
        let person = room.person("person@example.com").await;
        for (n, (said, proof)) in [("dkim=pass header.d=example.com", "weak"), ("none", "claimed")].iter().enumerate() {
            let header = format!(
                "Authentication-Results: {OURS}; {said}\r\n\
                 From: person@example.com\r\nMessage-ID: <{n}@example.com>\r\nSubject: Words {n}"
            );
            let (explained, contact) = room.arrives(&header, "Some words").await;
            assert_eq!(explained["steps"][0]["evidence"]["sender"]["proof"], *proof);
            assert_eq!(
                (&contact["attribution"], &contact["countsForId"]),
                (&json!("suggested"), &Value::Null),
                "{contact}"
            );
            let path = format!("/api/v1/contacts/{}", contact["id"].as_str().unwrap());
            let etag = room.app.get(&room.staff, &path).await.etag();
            let decide = async |who, reason: &str| {
                let decision = json!({ "personId": person, "reason": reason });
                room.app.post_at(who, &format!("{path}/attribution"), &etag, decision).await
            };
            assert_eq!(decide(&room.border, "x").await.status, 403, "a system decides nothing");
            assert_eq!(decide(&room.staff, " ").await.status, 422, "without a reason");
            decide(&room.staff, "They said so when I rang them.").await.ok();
            let contact = room.app.get(&room.staff, &path).await.ok();
            assert_eq!(
                (&contact["attribution"], &contact["countsForId"]),
                (&json!("confirmed"), &json!(person)),
                "{contact}"
            );
        }
    });
}
