//! Bugs planted in the workflow files, which the random histories find.

use crate::properties::door::Door;
use crate::properties::run::{Checked, Sequence, run};
use crate::support::TestDatabase;
use crate::support::database::say;
use evenhand::catalog::{Catalog, read_sources};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// The shipped workflows with edits, each of a text that stands there exactly once.
fn edited(edits: &[(&str, &str, &str)]) -> Arc<Catalog> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut sources, faults) = read_sources(&root.join("workflows"), &root.join("templates"));
    assert_eq!(faults, []);
    for (ending, from, to) in edits {
        let file = sources.workflows.iter_mut().find(|file| file.file.ends_with(ending)).unwrap();
        assert_eq!(file.text.matches(from).count(), 1, "{from}");
        file.text = file.text.replacen(from, to, 1);
    }
    Arc::new(Catalog::of(&sources, Vec::new()).unwrap_or_else(|faults| panic!("{faults:#?}")))
}

/// Random histories under a broken workflow find something wrong, and it is this invariant and no other. `first` is the
/// seed of a history that finds it, so that the search is short; later ones are tried where it finds nothing any more.
#[track_caller]
fn random_histories_find(invariant: u8, first: u64, edits: &[(&str, &str, &str)]) {
    let catalog = edited(edits);
    let work = move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        (first..first + 400).find_map(|seed| {
            let sequence = Sequence::new(seed);
            let ran = runtime.block_on(run(
                &sequence,
                (TestDatabase::sqlite(), catalog.clone(), Door::App),
                Checked::AtTheEnd,
            ));
            let broken: BTreeSet<u8> = ran.violations.iter().map(|violation| violation.invariant).collect();
            (!broken.is_empty()).then_some((seed, broken))
        })
    };
    let found = std::thread::Builder::new().stack_size(64 << 20).spawn(work).unwrap().join().unwrap();
    let (seed, broken) = found.expect("a history that goes wrong");
    say(&format!("invariant {invariant} is broken in the history of seed {seed}"));
    assert_eq!(broken, BTreeSet::from([invariant]), "seed {seed}");
}

const STRATEGY: &str = "communications-strategy.yaml";

#[test]
fn random_histories_find_that_signing_ones_own_text_was_let_through() {
    let four_eyes = "        separate_from: [edit, submit]\n        not_involved: [case.spoc, person.complained_about]\n        delegation: communications-strategy\n";
    let proof = "  - id: I2\n    policy: \"7.5\"\n    says: Whoever wrote or submitted it does not sign it\n    different_actor: [[edit, submit], approve]\n";
    let delegated = "        delegation: communications-strategy\n";
    random_histories_find(2, 244, &[(STRATEGY, four_eyes, delegated), (STRATEGY, proof, "")]);
}

#[test]
fn random_histories_find_that_a_delegation_was_no_longer_asked_for() {
    random_histories_find(
        3,
        234,
        &[(
            STRATEGY,
            "        delegation: communications-strategy\n        signs: content\n",
            "        signs: content\n",
        )],
    );
}

#[test]
fn random_histories_find_that_emergency_numbers_could_be_limited() {
    random_histories_find(9, 58, &[(STRATEGY, "that: emergency_untouched()", "that: emergency_untouched() || true")]);
}

#[test]
fn random_histories_find_that_a_unit_was_left_out() {
    random_histories_find(
        14,
        143,
        &[(
            STRATEGY,
            "consultations_settled([\"snt\", \"opt\", \"mash\"])",
            "consultations_settled([\"snt\", \"opt\"])",
        )],
    );
}

#[test]
fn random_histories_find_that_a_targeted_victim_could_be_restricted() {
    random_histories_find(
        13,
        206,
        &[(STRATEGY, "!person.targetedVictim || has(case.data.victimOverride)", "!person.targetedVictim || true")],
    );
}

const ORDER: &str = "enforcement-order.yaml";

#[test]
fn random_histories_find_that_a_child_could_be_warned() {
    random_histories_find(
        15,
        166,
        &[(
            ORDER,
            "that: case.data.subject == \"body\" || (has(person.dateOfBirth) && age_on(input.issuedOn) >= 16)\n            else: A warning",
            "that: case.data.subject == \"body\" || true\n            else: A warning",
        )],
    );
}

#[test]
fn random_histories_find_that_whoever_assessed_an_order_pursued_it() {
    random_histories_find(
        12,
        209,
        &[
            (
                ORDER,
                "by: [opt, snt, csu, spoc]\n        form: order_assessment",
                "by: [opt, snt, appropriate_authority]\n        form: order_assessment",
            ),
            (ORDER, "        separate_from: [open, assess]\n", ""),
            (
                ORDER,
                "  - id: I12b\n    policy: \"8.1\"\n    says: Whoever assessed it does not decide it\n    different_actor: [[assess], pursue]\n",
                "",
            ),
        ],
    );
}
