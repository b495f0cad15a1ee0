//! How pages about callers say whom, which days and how much.

use crate::domain::calls::SystemKind;
use crate::domain::calls::months::Span;
use crate::render::long_date;

/// What a caller is called on a page: a name, a number, or neither.
pub(super) fn called(name: Option<&str>, number: Option<&str>) -> String {
    match (name, number) {
        (Some(name), Some(number)) => format!("{name}, {number}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "A caller without a number".to_owned(),
    }
}

/// A kind of system, as people call it; what another version wrote stays as it is.
pub(super) fn system_title(key: &str) -> String {
    key.parse().map_or_else(|_unknown| key.to_owned(), |kind: SystemKind| kind.title().to_owned())
}

/// `1 May 2026 to 3 May 2026; 9 May 2026`.
pub(super) fn days(spans: &[Span]) -> String {
    let one = |span: &Span| match span.from == span.to {
        true => long_date(span.from),
        false => format!("{} to {}", long_date(span.from), long_date(span.to)),
    };
    spans.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Whole pence as pounds, minutes as hours, or a count.
pub(super) fn amount(amount: i64, unit: &str) -> String {
    match unit {
        "pence" => format!("£{}.{:02}", grouped(amount / 100), (amount % 100).abs()),
        "minutes" if amount % 60 == 0 => format!("{} hours", grouped(amount / 60)),
        unit => format!("{} {unit}", grouped(amount)),
    }
}

fn grouped(number: i64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) && !grouped.ends_with('-') {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A unit, as it is named on pages.
pub(super) fn unit(team: &str, area: Option<&str>) -> String {
    let team = crate::render::pages::choice(team);
    match area {
        Some(area) => format!("{team}, {area}"),
        None => team,
    }
}

/// An area, or the county.
pub(super) fn area(area: Option<&str>) -> String {
    area.map_or_else(|| "The whole county".to_owned(), str::to_owned)
}

/// How a case ended, or what happened to it.
pub(super) fn outcome(key: &str) -> String {
    let known = match key {
        "no_longer_calling" => "Concluded: no longer calling",
        "calls_reduced" => "Concluded: calls reduced",
        "needs_met" => "Concluded: needs met",
        "unchanged" => "Concluded: unchanged",
        "transferred" => "Concluded: transferred",
        "returned" => "Returned to the coordinator by a unit",
        "diverted" => "Targeted victim, diverted to help",
        "not_taken_on" => "Neither vulnerable nor targeted, not taken on",
        "closed" => "Closed with a reason",
        other => return crate::render::pages::choice(other),
    };
    known.to_owned()
}

/// What a count behind an aim counts.
pub(super) fn measure(key: &str) -> &'static str {
    match key {
        "nominated" => "Nominations of callers",
        "looked_at" => "Nominations that somebody looked at",
        "waiting" => "Nominations that nobody has looked at",
        "referred" => "Cases referred to a unit",
        "with_unit" => "Cases with a unit now",
        "diverted" => "Targeted victims who left the process",
        "concluded" => "Cases concluded",
        "calls_before" => "Calls of concluded callers, 28 days before referral",
        "calls_after" => "The same, 28 days after conclusion",
        _ => "Cases open now",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_said_in_their_own_unit() {
        assert_eq!(amount(123_456_789, "pence"), "£1,234,567.89");
        assert_eq!(amount(5, "pence"), "£0.05");
        assert_eq!((amount(120, "minutes"), amount(90, "minutes")), ("2 hours".to_owned(), "90 minutes".to_owned()));
        assert_eq!(amount(1200, "calls"), "1,200 calls");
    }

    #[test]
    fn a_caller_is_called_by_what_is_known() {
        assert_eq!(called(Some("Example"), Some("+44")), "Example, +44");
        assert_eq!(called(None, None), "A caller without a number");
    }
}
