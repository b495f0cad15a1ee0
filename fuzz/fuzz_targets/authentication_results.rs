//! Any text as an Authentication-Results field, and as the fields of a chain of forwarders: whoever it speaks for, only
//! a server we name is believed.
#![no_main]

use evenhand::mail::authenticate::{Border, SenderProof, authenticate};
use evenhand::mail::parse::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|fields: &[u8]| {
    let (border, forwarders) = (["mx.force.example".to_owned()], ["lists.example".to_owned()]);
    let trusting = Border { authserv_ids: &border, arc_forwarders: &forwarders };
    let mut raw = b"Authentication-Results: ".to_vec();
    raw.extend_from_slice(fields);
    raw.extend_from_slice(b"\r\nFrom: a@example.com\r\n\r\nWords\r\n");
    let mail = parse(&raw);
    let believed = authenticate(&mail, trusting);
    assert!(!believed.evidence.is_empty(), "whatever is said has a reason");
    let nobody = authenticate(&mail, Border { authserv_ids: &[], ..trusting }).proof;
    assert_eq!(nobody, SenderProof::Claimed, "nobody is believed where no server is named");

    // The same bytes, split at line ends, as a chain that our server says is whole.
    let mut lines = fields.split(|byte| *byte == b'\n');
    let mut part = || String::from_utf8_lossy(lines.next().unwrap_or_default()).replace(['\r', '\n'], " ");
    let chain = format!(
        "Authentication-Results: mx.force.example; arc=pass; dmarc=fail\r\nARC-Seal: {}\r\n\
         ARC-Message-Signature: {}\r\nARC-Authentication-Results: {}\r\nFrom: a@example.com\r\n\r\nWords\r\n",
        part(),
        part(),
        part()
    );
    let mail = parse(chain.as_bytes());
    let untrusting = authenticate(&mail, Border { arc_forwarders: &[], ..trusting }).proof;
    assert_eq!(untrusting, SenderProof::Failed, "nobody vouches who is not named");
    let _vouched = authenticate(&mail, trusting);
});
