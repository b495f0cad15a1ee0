//! Any JSON as the input of every shipped form, and as the limits of a strategy.
#![no_main]

use evenhand_whole::catalog::Catalog;
use evenhand_whole::domain::strategy::Limit;
use evenhand_whole::render::limits_in_words;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use std::sync::LazyLock;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::embedded().expect("sound workflows"));

fuzz_target!(|text: &[u8]| {
    let Ok(value) = serde_json::from_slice::<Value>(text) else { return };
    for workflow in CATALOG.all() {
        for form in workflow.forms.values() {
            let _faults = form.faults(&value);
        }
    }
    let limits = value.get("limits").cloned().unwrap_or(value);
    if let Ok(limits) = serde_json::from_value::<Vec<Limit>>(limits) {
        let _words = limits_in_words(&limits);
    }
});
