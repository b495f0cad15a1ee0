//! What `mail inspect` does with a message, beside bare `mail-parser` on the same messages in the same run; the aim is
//! two fifths of its speed. Real odd mails and bounces where they lie beside this repository (`../shared/corpus`, or the
//! folder in `EVENHAND_CORPUS`), and made-up ones of ordinary shape.
//!
//! `cargo bench --bench inspect`
#![expect(clippy::print_stdout, clippy::expect_used, reason = "a benchmark prints, and stops where it cannot go on")]

mod force;

use evenhand::app::mail::inspect_mail;
use evenhand::mail::mailbox::{Reading, messages};
use evenhand::mail::parse::parse;
use mail_parser::MessageParser;
use sha2::{Digest, Sha256};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const ROUNDS: usize = 7;
/// A set is gone through until a round takes this long.
const ROUND: Duration = Duration::from_millis(700);
const MADE_UP: usize = 2_000;

type Way = Box<dyn Fn(&[u8])>;

fn main() {
    for (name, mails) in sets() {
        let bytes: usize = mails.iter().map(Vec::len).sum();
        println!("\n{name}: {} messages, {:.1} MB", mails.len(), bytes as f64 / 1e6);
        let ours = ["psd@force.example".to_owned()];
        let ways: [(&str, Way); 5] = [
            ("bare mail-parser", Box::new(|raw| drop(black_box(MessageParser::default().parse(raw))))),
            ("taken apart and read", Box::new(|raw| drop(black_box(parse(raw))))),
            ("mail inspect", Box::new(move |raw| drop(black_box(inspect_mail(raw, &ours, "force.example"))))),
            ("the same as JSON", Box::new(|raw| drop(black_box(serde_json::to_vec(&inspect_mail(raw, &[], "")))))),
            ("SHA-256 of the raw mail, alone", Box::new(|raw| drop(black_box(Sha256::digest(raw).to_vec())))),
        ];
        let mut rates = vec![Vec::new(); ways.len()];
        for _ in 0..ROUNDS {
            for ((_, way), rates) in ways.iter().zip(&mut rates) {
                rates.push(rate(&mails, way));
            }
        }
        let mut bare = None;
        for ((way, _), mut rates) in ways.iter().zip(rates) {
            rates.sort_by(f64::total_cmp);
            let median = rates.get(ROUNDS / 2).copied().unwrap_or_default();
            let bare = *bare.get_or_insert(median);
            let megabytes = median * bytes as f64 / mails.len() as f64 / 1e6;
            println!(
                "{way:<32} {median:>9.0} messages/s {megabytes:>8.1} MB/s, {:.2} of bare mail-parser",
                median / bare
            );
        }
    }
}

/// Messages a second.
fn rate(mails: &[Vec<u8>], way: &dyn Fn(&[u8])) -> f64 {
    let started = Instant::now();
    let mut done = 0;
    while started.elapsed() < ROUND {
        mails.iter().for_each(|raw| way(raw));
        done += mails.len();
    }
    done as f64 / started.elapsed().as_secs_f64()
}

fn sets() -> Vec<(&'static str, Vec<Vec<u8>>)> {
    let folder = tempfile::tempdir().expect("a folder");
    let mbox = folder.path().join("made-up.mbox");
    force::mailbox(&mbox, MADE_UP, 50, force::start());
    let mut sets = vec![("made-up mails", read(&mbox))];
    for (name, part) in [("real bounces", "bounces/mails"), ("real odd mails", "mail-parsing/mails")] {
        match corpus(part) {
            Some(folder) => sets.push((name, files(&folder))),
            None => println!("{name}: there is no corpus folder `{part}` beside this repository"),
        }
    }
    sets
}

fn read(mbox: &Path) -> Vec<Vec<u8>> {
    let found = messages(mbox).expect("a mailbox").filter_map(|reading| match reading {
        Reading::Message(found) => Some(found.raw),
        Reading::Passed(_) | Reading::Unreadable(..) => None,
    });
    found.collect()
}

fn files(folder: &Path) -> Vec<Vec<u8>> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    entries.map(|entry| std::fs::read(entry.expect("an entry").path()).expect("a file")).collect()
}

fn corpus(part: &str) -> Option<PathBuf> {
    let named = option_env!("EVENHAND_CORPUS").map(PathBuf::from);
    let beside =
        ["../shared/corpus", "../../shared/corpus"].map(|path| Path::new(env!("CARGO_MANIFEST_DIR")).join(path));
    named.into_iter().chain(beside).map(|root| root.join(part)).find(|path| path.is_dir())
}
