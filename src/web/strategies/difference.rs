//! What two versions of a text say differently, word by word.

use super::words::{lines_of, title};
use crate::domain::case::Difference;
use serde::Serialize;
use serde_json::Value;

/// More steps than this are not worth comparing: the whole is shown as taken out and put in.
const MOST_STEPS: usize = 4_000_000;

/// A place at which two texts differ, in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Told {
    pub(crate) title: String,
    pub(crate) before: String,
    pub(crate) after: String,
    /// Both in one: what stayed, was taken out, was put in.
    pub(crate) pieces: Vec<Piece>,
}

/// Some words that stayed, or were taken out, or put in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Piece {
    pub(crate) added: bool,
    pub(crate) removed: bool,
    pub(crate) text: String,
}

/// The differences in words.
pub(crate) fn told(differences: &[Difference]) -> Vec<Told> {
    let one = |difference: &Difference| {
        let words = |value: &Option<Value>| value.as_ref().map(|value| words(&difference.path, value));
        let (before, after) =
            (words(&difference.before).unwrap_or_default(), words(&difference.after).unwrap_or_default());
        Told { title: title(&difference.path), pieces: pieces(&before, &after), before, after }
    };
    // A part that was empty and is empty in another way says nothing differently.
    differences.iter().map(one).filter(|told| told.before != told.after).collect()
}

fn words(path: &str, value: &Value) -> String {
    let lines = lines_of(path, value).into_iter().map(|line| match line.label {
        Some(label) => format!("{label}: {}", line.text),
        None => line.text,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What has to be taken out of `before` and put in to make `after`, by whole words.
fn pieces(before: &str, after: &str) -> Vec<Piece> {
    let (old, new) = (tokens(before), tokens(after));
    let mut found: Vec<Piece> = Vec::new();
    let mut put = |added: bool, removed: bool, text: &str| match found.last_mut() {
        Some(last) if (last.added, last.removed) == (added, removed) => last.text.push_str(text),
        _ => found.push(Piece { added, removed, text: text.to_owned() }),
    };
    let common = Common::of(&old, &new);
    let (mut i, mut j) = (0, 0);
    loop {
        match (old.get(i), new.get(j)) {
            (Some(left), Some(right)) if left == right => {
                put(false, false, left);
                (i, j) = (i + 1, j + 1);
            }
            (Some(left), Some(_)) if common.after(i + 1, j) >= common.after(i, j + 1) => {
                put(false, true, left);
                i += 1;
            }
            (_, Some(right)) => {
                put(true, false, right);
                j += 1;
            }
            (Some(left), None) => {
                put(false, true, left);
                i += 1;
            }
            (None, None) => return found,
        }
    }
}

/// Words with the white space behind them.
fn tokens(text: &str) -> Vec<&str> {
    text.split_inclusive(char::is_whitespace).collect()
}

/// How many words two texts have in common from each pair of places on.
struct Common {
    width: usize,
    counts: Vec<u32>,
}

impl Common {
    fn of(old: &[&str], new: &[&str]) -> Self {
        let width = new.len() + 1;
        if width.saturating_mul(old.len() + 1) > MOST_STEPS {
            return Self { width, counts: Vec::new() };
        }
        let mut common = Self { width, counts: vec![0; width * (old.len() + 1)] };
        for (i, left) in old.iter().enumerate().rev() {
            for (j, right) in new.iter().enumerate().rev() {
                let count = match left == right {
                    true => common.after(i + 1, j + 1) + 1,
                    false => common.after(i + 1, j).max(common.after(i, j + 1)),
                };
                if let Some(place) = common.counts.get_mut(i * width + j) {
                    *place = count;
                }
            }
        }
        common
    }

    fn after(&self, i: usize, j: usize) -> u32 {
        self.counts.get(i * self.width + j).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn signs(before: &str, after: &str) -> String {
        let sign = |piece: &Piece| match (piece.added, piece.removed) {
            (true, _) => format!("[+{}]", piece.text),
            (_, true) => format!("[-{}]", piece.text),
            _ => piece.text.clone(),
        };
        pieces(before, after).iter().map(sign).collect()
    }

    #[test]
    fn what_was_taken_out_and_put_in_is_told_word_by_word() {
        assert_eq!(signs("Write once a week.", "Write twice a week."), "Write [-once ][+twice ]a week.");
        assert_eq!(signs("", "New."), "[+New.]");
        assert_eq!(signs("Old.", ""), "[-Old.]");
        assert_eq!(signs("Same.", "Same."), "Same.");
        assert_eq!(signs("a b c", "b c d"), "[-a ]b [-c][+c d]");
    }

    #[test]
    fn texts_too_long_to_compare_are_shown_whole() {
        let (before, after) = ("a ".repeat(3_000), "b ".repeat(3_000));
        assert_eq!(pieces(&before, &after).len(), 2);
    }

    #[test]
    fn limits_differ_in_the_words_of_the_letter() {
        let limits = |max: u32| {
            Some(json!([{ "channel": "letter", "allowed": true, "max": max,
                                             "window": { "kind": "calendar", "unit": "month", "n": 1 } }]))
        };
        let found = told(&[Difference { path: "limits".to_owned(), before: limits(1), after: limits(2) }]);
        assert_eq!(found[0].title, "How and when PSD can be contacted");
        assert_eq!(found[0].after, "You may contact us by letter at most twice in a calendar month.");
        let empty = Difference { path: "help".to_owned(), before: None, after: Some(json!(" ")) };
        assert!(told(&[empty]).is_empty());
    }
}
