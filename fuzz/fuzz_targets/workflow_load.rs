//! Any text as a workflow file beside the shipped ones: sound, or faults that name it.
#![no_main]

use evenhand_whole::catalog::{Catalog, read_policy};
use evenhand_whole::domain::workflow::{SourceFile, Sources};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static SHIPPED: LazyLock<Sources> = LazyLock::new(|| read_policy(None, None).0);

fuzz_target!(|text: &str| {
    let file = SourceFile { file: "workflows/x.yaml".into(), name: "x".into(), text: text.to_owned() };
    let sources = Sources {
        migrations: Vec::new(),
        workflows: vec![file],
        forms: SHIPPED.forms.clone(),
        templates: SHIPPED.templates.clone(),
        registers: SHIPPED.registers.clone(),
        rules: Vec::new(),
        imports: Vec::new(),
    };
    if let Err(faults) = Catalog::of(&sources, Vec::new()) {
        assert!(!faults.is_empty() && faults.iter().all(|fault| !fault.message.is_empty()));
    }
});
