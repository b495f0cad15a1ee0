//! Replies: what their senders newly wrote.

use super::figure::{Aim, Figure, Miss, settle};
use super::{corpus, flat, rows, text, word_set};
use evenhand::domain::correspondence::quote;
use std::fs;

#[test]
fn replies_keep_every_word_of_their_sender() {
    let Some(folder) = corpus("replies") else { return };
    let mut kept = Figure::new("replies, no word lost", Aim::Misses(0));
    let mut exact = Figure::new("replies, exact", Aim::Percent(85));
    for row in rows(folder.join("index.jsonl")) {
        let read = |field: &str| fs::read_to_string(folder.join(text(&row, field))).unwrap();
        let (mail, trimmed) = (read("mail"), read("trimmed"));
        let words = quote::split(&mail);
        let lost: Vec<_> = word_set(&trimmed).difference(&word_set(&words.new)).cloned().collect();
        kept.count(lost.is_empty(), || Miss::new(text(&row, "mail"), &trimmed, &words.new, format!("lost: {lost:?}")));
        exact.count(flat(&words.new) == flat(&trimmed), || {
            let more: Vec<_> = words.new.lines().filter(|line| !trimmed.contains(line.trim())).collect();
            Miss::new(text(&row, "mail"), &trimmed, &words.new, format!("kept as new, being in doubt: {more:?}"))
        });
    }
    settle(&[&kept, &exact]);
}
