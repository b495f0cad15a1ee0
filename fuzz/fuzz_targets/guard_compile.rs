//! Any text as a guard: an expression, or a fault with its place.
#![no_main]

use evenhand_whole::domain::workflow::Expression;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|source: &str| {
    if let Err(fault) = Expression::compile(source) {
        assert!(fault.line >= 1 && fault.column >= 1);
    }
});
