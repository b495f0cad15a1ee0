//! Any text of a mail: each word of it is new, quoted, forwarded or signature, and none is made up.
#![no_main]

use evenhand::domain::correspondence::quote::split;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let words = split(text);
    let count = |text: &str| text.split_whitespace().count();
    assert!(count(&words.new) <= count(text));
    assert!(text.trim().is_empty() || count(&words.new) + count(&words.quoted) + count(&words.forwarded) + count(&words.signature) > 0);
});
