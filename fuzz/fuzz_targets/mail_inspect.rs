//! Any bytes as a mail: what the gateway understands of it. Never a panic, never a text cut inside a character.
#![no_main]

use evenhand::domain::correspondence::automatic::OurMail;
use evenhand::mail::inspect::inspect;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    let ours = ["psd@force.example".to_owned()];
    let inspection = inspect(raw, OurMail { addresses: &ours, message_id_domain: "force.example" });
    assert!(serde_json::to_string(&inspection).is_ok());
});
