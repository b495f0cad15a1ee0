//! Any bytes as a delivery report: each recipient once, and none without an address.
#![no_main]

use evenhand::domain::correspondence::bounce;
use evenhand::mail::parse::parse;
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeSet;

fuzz_target!(|report: &[u8]| {
    let mut raw = b"From: MAILER-DAEMON@mx.example\r\nContent-Type: multipart/report; \
        report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        .to_vec();
    raw.extend_from_slice(report);
    raw.extend_from_slice(b"\r\n--b--\r\n");
    for mail in [parse(&raw), parse(report)] {
        let bounce = bounce::read(&mail);
        let addresses: BTreeSet<_> = bounce.recipients.iter().map(|recipient| &recipient.address).collect();
        assert_eq!(addresses.len(), bounce.recipients.len());
        assert!(addresses.iter().all(|address| !address.is_empty()));
    }
});
