//! Our signatures, checked by others' rules; and signatures of others, checked by ourselves.

use super::mailroom::{Mailroom, OURS};
use crate::support::{NameServer, SmtpSink, TestApp, on_each_database};
use evenhand::config::Config;
use evenhand::mail::Delivery;
use evenhand::mail::Signer;
use evenhand::mail::authenticate::{Authentication, Border, OwnCheck, OwnFinding, SenderProof, authenticate};
use evenhand::mail::compose::{OutgoingMail, Speaker, compose};
use evenhand::mail::parse::parse;
use mail_auth::arc::ArcSealer;
use mail_auth::common::crypto::Ed25519Key;
use mail_auth::common::headers::HeaderWriter;
use mail_auth::dmarc::verify::DmarcParameters;
use mail_auth::hickory_resolver::config::{ConnectionConfig, NameServerConfig, ResolverConfig, ResolverOpts};
use mail_auth::{AuthenticatedMessage, AuthenticationResults, MessageAuthenticator, SpfOutput};
use serde_json::{Value, json};
use std::process::Command;
use std::time::{Duration, Instant};

const POLICY: &str = "v=DMARC1; p=reject";
const PATIENCE: Duration = Duration::from_secs(20);

/// A new Ed25519 key, in PEM.
fn a_key() -> String {
    use base64::Engine;
    let der = Ed25519Key::generate_pkcs8().unwrap();
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n")
}

/// What `openssl` makes; `None` where it is missing.
fn openssl(arguments: &[&str]) -> Option<String> {
    let made = Command::new("openssl").args(arguments).output().ok()?;
    made.status.success().then(|| String::from_utf8(made.stdout).unwrap())
}

fn written_by(from: &str, signer: Option<&Signer>) -> Vec<u8> {
    let mail = OutgoingMail {
        message_id: "one@example.com",
        from,
        speaker_name: None,
        to: OURS,
        subject: "Grüße, and so long a subject that it has to be folded over more than one line of the header",
        text: "Some words.\n\nAnd more of them.\n",
        html: "<p>Some words.</p>",
        date: chrono::Utc::now(),
        origin: Speaker::Officer,
        in_reply_to: Some("before@example.org"),
        references: &["first@example.org".to_owned(), "before@example.org".to_owned()],
    };
    compose(&mail, signer).unwrap()
}

async fn judged(names: &NameServer, raw: &[u8], forwarders: &[String]) -> Authentication {
    let check = OwnCheck::new(&[names.address], PATIENCE).unwrap();
    let found = check.check(raw, check.deadline()).await;
    let mail = parse(raw);
    authenticate(&mail, Border::default()).and_own_check(&mail, (&found, forwarders))
}

fn verified() -> SenderProof {
    SenderProof::Verified { domain: "example.com".to_owned() }
}

#[tokio::test]
async fn a_signature_under_a_published_policy_proves_the_author_whatever_kind_of_key_made_it() {
    let mut keys = vec![a_key()];
    let rsa = openssl(&["genrsa", "-traditional", "2048"]).zip(openssl(&["genpkey", "-algorithm", "RSA"]));
    match rsa {
        Some((pkcs1, pkcs8)) => keys.extend([pkcs1, pkcs8]),
        None => eprintln!("skipped for RSA: there is no openssl to make a key"),
    }
    for key in keys {
        let signer = Signer::new("example.com", "s1", &key).unwrap();
        let record = signer.record().clone();
        assert_eq!(record.name, "s1._domainkey.example.com");
        let names = NameServer::start(&[(&record.name, &record.value), ("_dmarc.example.com", POLICY)]).await;
        let raw = written_by("Example Person <person@example.com>", Some(&signer));
        let found = judged(&names, &raw, &[]).await;
        assert_eq!(found.proof, verified(), "{found:?}\n{}", String::from_utf8_lossy(&raw));

        let without_policy = NameServer::start(&[(&record.name, &record.value)]).await;
        let weak = SenderProof::Weak { domain: "example.com".to_owned() };
        assert_eq!(judged(&without_policy, &raw, &[]).await.proof, weak);
        let unpublished = NameServer::start(&[("_dmarc.example.com", POLICY)]).await;
        assert_eq!(judged(&unpublished, &raw, &[]).await.proof, SenderProof::Claimed);
    }
}

#[tokio::test]
async fn whatever_was_changed_added_or_signed_by_another_proves_nobody() {
    let signer = Signer::new("example.com", "s1", &a_key()).unwrap();
    let record = signer.record().clone();
    let known =
        [(record.name.as_str(), record.value.as_str()), ("_dmarc.example.com", POLICY), ("_dmarc.example.org", POLICY)];
    let names = NameServer::start(&known).await;
    let raw = String::from_utf8(written_by("person@example.com", Some(&signer))).unwrap();
    assert_eq!(judged(&names, raw.as_bytes(), &[]).await.proof, verified());
    let changed = [
        raw.replace("Some words", "Other words"),
        raw.replace("person@example.com", "somebody@example.com"),
        raw.replace("From: person", "From: evil@example.net\r\nFrom: person"),
        raw.replace("Subject: ", "Subject: x "),
        raw.replace("Subject: ", "Reply-To: evil@example.net\r\nSubject: "),
        raw.replace("In-Reply-To: ", "X-In-Reply-To: "),
        format!("{raw}And more.\r\n"),
        String::from_utf8(written_by("person@example.org", Some(&signer))).unwrap(),
        String::from_utf8(written_by("person@example.com", None)).unwrap(),
        String::new(),
        "DKIM-Signature: v=1\r\nFrom: person@example.com\r\n\r\n".to_owned(),
    ];
    for raw in changed {
        assert_eq!(judged(&names, raw.as_bytes(), &[]).await.proof, SenderProof::Claimed, "{raw}");
    }
}

#[tokio::test]
async fn what_servers_on_the_way_do_to_blanks_and_lines_breaks_no_signature_of_ours() {
    let signer = Signer::new("example.com", "s1", &a_key()).unwrap();
    let record = signer.record().clone();
    let names = NameServer::start(&[(&record.name, &record.value), ("_dmarc.example.com", POLICY)]).await;
    let raw = String::from_utf8(written_by("person@example.com", Some(&signer))).unwrap();
    let refolded = raw.replace("References: <first@example.org> ", "REFERENCES:   <first@example.org>\r\n\t");
    assert_ne!(refolded, raw);
    let received = format!("Received: from a by b; Mon, 1 Jun 2026 10:00:00 +0100\r\n{refolded}\r\n\r\n");
    assert_eq!(judged(&names, received.as_bytes(), &[]).await.proof, verified());
}

#[tokio::test]
async fn silent_name_servers_cost_a_bounded_time_and_prove_nothing() {
    let signer = Signer::new("example.com", "s1", &a_key()).unwrap();
    let raw = written_by("person@example.com", Some(&signer));
    let silent = NameServer::silent().await;
    let check = OwnCheck::new(&[silent.address], Duration::from_millis(300)).unwrap();
    let (began, deadline) = (Instant::now(), check.deadline());
    let all = (0..100).map(|_| check.check(&raw, deadline));
    let found = futures_util::future::join_all(all).await;
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    for found in found {
        let mail = parse(&raw);
        let judged = authenticate(&mail, Border::default()).and_own_check(&mail, (&found, &[]));
        assert_eq!(judged.proof, SenderProof::Claimed, "{found:?}");
    }
}

#[test]
fn a_check_of_ours_never_takes_back_what_the_border_server_saw() {
    let author = "From: person@example.com\r\n\r\nwords";
    let own = OwnFinding::Checked {
        dmarc_pass_for: Some("example.com".to_owned()),
        has_policy: true,
        signed_by: vec!["example.com".to_owned()],
        sealed: false,
    };
    let nothing = OwnFinding::Unknown { why: "of the test" };
    for (said, with_own, with_nothing) in [
        ("dmarc=pass header.from=example.com", "verified", "verified"),
        ("dmarc=fail", "failed", "failed"),
        ("dkim=pass header.d=example.com", "verified", "weak"),
        ("none", "verified", "claimed"),
    ] {
        let mail = parse(format!("Authentication-Results: mx.force.example; {said}\r\n{author}").as_bytes());
        let border = Border { authserv_ids: &["mx.force.example".to_owned()], arc_forwarders: &[] };
        for (found, expected) in [(&own, with_own), (&nothing, with_nothing)] {
            let judged = authenticate(&mail, border).and_own_check(&mail, (found, &[]));
            assert_eq!(judged.proof.as_str(), expected, "{said}");
        }
    }
}

/// Forwards a mail as a list does: adds words, which breaks the author's signature, and seals what it saw.
async fn forwarded(names: &NameServer, raw: &[u8], sealer: &str) -> Vec<u8> {
    let connection = || {
        let mut connection = ConnectionConfig::udp();
        connection.port = names.address.port();
        connection
    };
    let server = NameServerConfig::new(names.address.ip(), true, vec![connection()]);
    let config = ResolverConfig::from_parts(None, Vec::new(), vec![server]);
    let forwarder = MessageAuthenticator::new(config, ResolverOpts::default()).unwrap();
    let mail = AuthenticatedMessage::parse(raw).unwrap();
    let signatures = forwarder.verify_dkim(&mail).await;
    let no_spf = SpfOutput::new(String::new());
    let saw = forwarder.verify_dmarc(DmarcParameters::new(&mail, &signatures, "", &no_spf)).await;
    let name = format!("mx.{sealer}");
    let results = AuthenticationResults::new(&name).with_dmarc_result(&saw);
    let changed = [raw, b"-- \r\nThe list.\r\n"].concat();
    let changed_mail = AuthenticatedMessage::parse(&changed).unwrap();
    let before = forwarder.verify_arc(&changed_mail).await;
    let key = Ed25519Key::from_pkcs8_der(&list_key()).unwrap();
    let sealed = ArcSealer::from_key(key).domain(sealer).selector("arc").headers(["From", "To", "Subject", "Date"]);
    let set = sealed.seal(&changed_mail, &results, &before).unwrap().to_header();
    [set.as_bytes(), changed.as_slice()].concat()
}

/// One key for all lists of these tests.
fn list_key() -> Vec<u8> {
    static KEY: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    KEY.get_or_init(|| Ed25519Key::generate_pkcs8().unwrap()).clone()
}

#[tokio::test]
async fn a_list_we_trust_vouches_for_an_author_whose_signature_it_broke() {
    use base64::Engine;
    let signer = Signer::new("example.com", "s1", &a_key()).unwrap();
    let record = signer.record().clone();
    let public = Ed25519Key::from_pkcs8_der(&list_key()).unwrap().public_key();
    let public = base64::engine::general_purpose::STANDARD.encode(public);
    let public = format!("v=DKIM1; k=ed25519; p={public}");
    let names = NameServer::start(&[
        (&record.name, &record.value),
        ("_dmarc.example.com", POLICY),
        ("arc._domainkey.lists.example", &public),
    ])
    .await;
    let raw = written_by("person@example.com", Some(&signer));
    let passed_on = forwarded(&names, &raw, "lists.example").await;
    let trusted = ["lists.example".to_owned()];
    let found = judged(&names, &passed_on, &trusted).await;
    assert_eq!(found.proof, verified(), "{found:?}\n{}", String::from_utf8_lossy(&passed_on));
    assert!(found.evidence.join(" ").contains("lists.example, which forwarded the mail"), "{found:?}");
    assert_eq!(judged(&names, &passed_on, &[]).await.proof, SenderProof::Claimed);
    let changed = String::from_utf8(passed_on).unwrap().replace("The list.", "Words of somebody else.");
    assert_eq!(judged(&names, changed.as_bytes(), &trusted).await.proof, SenderProof::Claimed);
}

#[test]
fn a_house_without_a_border_server_proves_its_senders_itself() {
    on_each_database(async |database| {
        let signer = Signer::new("example.com", "s1", &a_key()).unwrap();
        let record = signer.record().clone();
        let names = NameServer::start(&[(&record.name, &record.value), ("_dmarc.example.com", POLICY)]).await;
        let mut config = TestApp::config();
        config.own_check.enabled = true;
        config.own_check.resolvers = vec![names.address.to_string()];
        config.own_check.patience_seconds = 20;
        let room = Mailroom::with(database, config).await;
        let person = room.person("person@example.com").await;
        let raw = String::from_utf8(written_by("person@example.com", Some(&signer))).unwrap();
        let (explained, contact) = room.takes_in(raw.clone()).await;
        let sender = &explained["steps"][0]["evidence"]["sender"];
        assert_eq!(sender["proof"], "verified", "{explained}");
        assert!(sender["evidence"].to_string().contains("our own check found a signature"), "{sender}");
        assert_eq!((&contact["attribution"], &contact["countsForId"]), (&json!("verified"), &json!(person)));

        let forged = raw.replace("Some words", "Other words").replace("one@example.com", "two@example.com");
        let (explained, contact) = room.takes_in(forged).await;
        assert_eq!(explained["steps"][0]["evidence"]["sender"]["proof"], "claimed");
        assert_eq!((&contact["attribution"], &contact["countsForId"]), (&json!("suggested"), &Value::Null));
    });
}

fn signing() -> Config {
    let mut config = TestApp::config();
    config.mail.from = "Professional Standards <psd@example.com>".to_owned();
    config.dkim.domain = "example.com".to_owned();
    config.dkim.selector = "s1".to_owned();
    config.dkim.key = a_key().as_str().into();
    config
}

#[test]
fn every_mail_of_ours_leaves_signed() {
    on_each_database(async |database| {
        let config = signing();
        let record = config.dkim.signer().unwrap().unwrap().record().clone();
        let names = NameServer::start(&[(&record.name, &record.value), ("_dmarc.example.com", POLICY)]).await;
        let mut room = Mailroom::with(database, config).await;
        let sink = SmtpSink::start().await;
        room.app.app.delivery = Delivery::smtp(&sink.url()).unwrap();
        let case = room.case_about(None).await;
        room.writes(case, "person@example.org", 1).await;
        room.app.run_jobs().await;
        let [taken] = sink.taken().try_into().unwrap();
        let found = judged(&names, &taken.data, &[]).await;
        assert_eq!(found.proof, verified(), "{found:?}\n{}", String::from_utf8_lossy(&taken.data));
        assert_eq!(parse(&taken.data).defects, []);
    });
}

#[test]
fn a_key_that_cannot_sign_is_refused_without_a_word_of_it() {
    let short = openssl(&["genrsa", "1024"]);
    let mut unfit =
        vec![String::new(), "pale-moon".to_owned(), a_key().replace('M', "!"), a_key().replace("PRIVATE", "PUBLIC")];
    unfit.extend(short);
    unfit.extend(openssl(&["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]));
    for key in unfit {
        let Err(why) = Signer::new("example.com", "s1", &key) else { panic!("{key}") };
        assert!(why.starts_with("is "), "{why}");
        let word = key.lines().nth(1).unwrap_or("pale-moon");
        assert!(!why.contains(word), "{why}");
    }
}
