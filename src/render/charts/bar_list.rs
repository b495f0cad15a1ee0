//! A few counts by label, as bars in the order given.

use super::bars::{Bar, Group, Look, draw, share};
use super::svg::{Gutter, Said};
use super::words::{counted, grouped, listed, sentence_case};
use super::{Chart, Table, csv};

/// Bars for `counts` (label and number). `id` begins the ids: letters, digits and hyphens, unique on the page. `title`
/// says what is counted, `thing` one of it (`contact`; an s makes more of them).
///
/// No counts, or all of them 0: the heading says so and nothing is drawn.
pub fn bar_list(id: &str, title: &str, thing: &str, counts: &[(String, u32)]) -> Chart {
    let sum = counts.iter().fold(0_u32, |sum, (_, count)| sum.saturating_add(*count));
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let heading = heading(thing, counts, most, sum);
    let described: Vec<String> = counts.iter().map(|(label, count)| format!("{label} {}", grouped(*count))).collect();
    let description = format!("{}: {}.", sentence_case(&counted(sum, thing)), listed(&described));
    let description = if sum == 0 { format!("{heading}.") } else { description };
    let groups: Vec<Group> = counts
        .iter()
        .map(|(label, count)| {
            let bar = Bar {
                share: share(f64::from(*count), f64::from(most)),
                words: words_at_end(*count, sum),
                look: Look::Solid,
            };
            Group { label: label.clone(), bars: vec![bar] }
        })
        .collect();
    let said = Said { id, title, description: &description };
    let svg = if sum == 0 { String::new() } else { draw(&said, &groups, Gutter::Number) };
    let key = if sum == 0 {
        String::new()
    } else {
        format!("Length of a bar: {thing}s, with their share of all {}.", grouped(sum))
    };
    let head = vec!["Label".to_owned(), sentence_case(&format!("{thing}s"))];
    let plain: Vec<Vec<String>> = counts.iter().map(|(label, count)| vec![label.clone(), count.to_string()]).collect();
    let rows = counts.iter().map(|(label, count)| vec![label.clone(), grouped(*count)]).collect();
    let csv = csv::document(&head, &plain);
    let table = Table { caption: title.to_owned(), head, numeric: vec![false, true], rows };
    Chart { id: id.to_owned(), heading, title: title.to_owned(), description, svg, key, table, csv }
}

fn heading(thing: &str, counts: &[(String, u32)], most: u32, sum: u32) -> String {
    if sum == 0 {
        return sentence_case(&format!("{} to show", counted(0, thing)));
    }
    let top: Vec<String> = counts.iter().filter(|(_, count)| *count == most).map(|(label, _)| label.clone()).collect();
    match top.as_slice() {
        [one] if counts.len() == 1 => format!("{one}: {}", counted(most, thing)),
        [one] => format!("{one} comes first: {} of {}", grouped(most), counted(sum, thing)),
        all if all.len() == counts.len() => format!("All are equal: {} each", counted(most, thing)),
        several => format!("{} come first: {} each", listed(several), counted(most, thing)),
    }
}

/// `12 (40%)`; a share that rounds to 0 is `under 1%`.
fn words_at_end(count: u32, sum: u32) -> String {
    let percent = (u64::from(count) * 200 + u64::from(sum)) / (u64::from(sum) * 2).max(1);
    match (count, percent) {
        (0, _) => "0".to_owned(),
        (_, 0) => format!("{} (<1%)", grouped(count)),
        _ => format!("{} ({percent}%)", grouped(count)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(counts: &[(&str, u32)]) -> Vec<(String, u32)> {
        counts.iter().map(|(label, count)| ((*label).to_owned(), *count)).collect()
    }

    #[test]
    fn the_first_is_named_with_its_part_of_the_whole() {
        let chart = bar_list("l", "Cases by state", "case", &counts(&[("Triage", 3), ("In force", 7), ("Ended", 0)]));
        assert_eq!(chart.heading, "In force comes first: 7 of 10 cases");
        assert_eq!(chart.description, "10 cases: Triage 3, In force 7 and Ended 0.");
        assert!(chart.svg.contains(">7 (70%)</text>") && chart.svg.contains(">0</text>"));
        assert_eq!(chart.csv, "Label,Cases\r\nTriage,3\r\nIn force,7\r\nEnded,0\r\n");
    }

    #[test]
    fn equals_are_said_to_be_equal() {
        assert_eq!(bar_list("l", "T", "case", &counts(&[("A", 2), ("B", 2)])).heading, "All are equal: 2 cases each");
        let chart = bar_list("l", "T", "case", &counts(&[("A", 2), ("B", 2), ("C", 1)]));
        assert_eq!(chart.heading, "A and B come first: 2 cases each");
    }

    #[test]
    fn nothing_is_said_and_not_drawn() {
        for none in [counts(&[]), counts(&[("A", 0)])] {
            let chart = bar_list("l", "T", "case", &none);
            assert_eq!((chart.heading.as_str(), chart.svg.as_str()), ("No cases to show", ""));
        }
    }

    #[test]
    fn a_small_part_is_not_nought_percent() {
        assert_eq!(words_at_end(1, 10_000), "1 (<1%)");
        assert_eq!(words_at_end(10_000, 10_001), "10,000 (100%)");
    }
}
