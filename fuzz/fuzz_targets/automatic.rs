//! Any bytes as a mail, judged: never a panic, and what one of our own instances sent is ours whatever else it says.
#![no_main]

use evenhand::domain::correspondence::automatic::{OurMail, judge};
use evenhand::mail::parse::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    let ours = ["psd@force.example".to_owned()];
    let mail = parse(raw);
    let judged = judge(&mail, OurMail { addresses: &ours, message_id_domain: "force.example" });
    assert_eq!(judged, judge(&mail, OurMail { addresses: &ours, message_id_domain: "force.example" }));
});
