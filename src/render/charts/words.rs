//! Dates, numbers and changes as a chart says them.

use chrono::NaiveDate;

/// `24 October 2026`.
pub(super) fn long_date(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

/// `24 Oct`.
pub(super) fn short_date(date: NaiveDate) -> String {
    date.format("%-d %b").to_string()
}

/// `10,000`.
pub fn grouped(number: impl Into<u64>) -> String {
    let digits = number.into().to_string();
    let mut grouped = String::with_capacity(digits.len() + 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `no contacts`, `1 contact`, `1,200 contacts`; the plural adds an s.
pub(super) fn counted(number: u32, thing: &str) -> String {
    match number {
        0 => format!("no {thing}s"),
        1 => format!("1 {thing}"),
        many => format!("{} {thing}s", grouped(many)),
    }
}

/// `7 days`, `day` for one: what follows "in the last" or "a total of".
pub(super) fn days_long(days: u32) -> String {
    if days == 1 { "day".to_owned() } else { format!("{} days", grouped(days)) }
}

/// `from 1 May 2026 to 3 May 2026`, or `on 1 May 2026` where both are the same day.
pub(super) fn period(first: NaiveDate, last: NaiveDate) -> String {
    if first == last {
        format!("on {}", long_date(first))
    } else {
        format!("from {} to {}", long_date(first), long_date(last))
    }
}

/// `up from 8`, `down from 8`, or that nothing changed.
pub(super) fn change(now: u32, before: u32) -> String {
    match now.cmp(&before) {
        std::cmp::Ordering::Greater => format!("up from {}", grouped(before)),
        std::cmp::Ordering::Less => format!("down from {}", grouped(before)),
        std::cmp::Ordering::Equal => "the same as before".to_owned(),
    }
}

/// `E-mail, 101 and visits`.
pub(super) fn listed(things: &[String]) -> String {
    match things {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The same words with a capital at the start.
pub(super) fn sentence_case(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        let said: Vec<String> = [0_u32, 12, 999, 1_000, 10_000, 1_234_567].into_iter().map(grouped).collect();
        assert_eq!(said, ["0", "12", "999", "1,000", "10,000", "1,234,567"]);
    }

    #[test]
    fn one_is_not_a_plural_and_none_is_a_word() {
        assert_eq!([0, 1, 2].map(|n| counted(n, "contact")), ["no contacts", "1 contact", "2 contacts"]);
        assert_eq!(sentence_case("no contacts"), "No contacts");
    }

    #[test]
    fn the_last_of_a_list_comes_after_and() {
        let things = ["A", "B", "C"].map(str::to_owned);
        assert_eq!(listed(&things), "A, B and C");
        assert_eq!(listed(&[]), "");
    }
}
