//! Any text as an Authentication-Results field: whoever it speaks for, only a server we name is believed.
#![no_main]

use evenhand::mail::authenticate::{SenderProof, authenticate};
use evenhand::mail::parse::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|field: &[u8]| {
    let mut raw = b"Authentication-Results: ".to_vec();
    raw.extend_from_slice(field);
    raw.extend_from_slice(b"\r\nFrom: a@example.com\r\n\r\nWords\r\n");
    let mail = parse(&raw);
    let _believed = authenticate(&mail, &["mx.force.example".to_owned()]);
    let nobody = authenticate(&mail, &[]).proof;
    assert_eq!(nobody, SenderProof::Claimed, "nobody is believed where no server is named");
});
