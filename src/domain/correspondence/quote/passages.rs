//! Each line of a mail and what it is: new, quoted, naming the author of a quote, or the head of an embedded mail.

use super::markers;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    New,
    Quoted,
    /// `On Monday, A wrote:`
    Attribution,
    /// The head of a mail that follows without quote marks, or part of that mail.
    Embedded,
    Signature,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    pub(super) class: Class,
}

impl Line<'_> {
    pub(super) fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    pub(super) fn is_rule(&self) -> bool {
        markers::is_rule(self.text)
    }
}

/// An attribution or a head spreads over at most this many lines of text.
const LONGEST_ATTRIBUTION: usize = 4;
const LONGEST_HEAD: usize = 14;

pub(super) fn classify(text: &str) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = text.lines().map(|text| Line { text, class: Class::New }).collect();
    mark_quotes(&mut lines);
    let mut at = 0;
    while at < lines.len() {
        at += mark_head(&mut lines, at).or_else(|| mark_attribution(&mut lines, at)).unwrap_or(1);
    }
    lines
}

fn mark_quotes(lines: &mut [Line<'_>]) {
    for line in lines.iter_mut() {
        if line.text.trim_start().starts_with('>') {
            line.class = Class::Quoted;
        }
    }
    // Some programs mark with a bar; one such line alone may be a table or a drawing.
    let is_bar = |line: &Line<'_>| line.text.starts_with('|') && line.class == Class::New;
    let mut at = 0;
    while at < lines.len() {
        let run = lines.iter().skip(at).take_while(|line| is_bar(line)).count();
        if run >= 3 {
            lines.iter_mut().skip(at).take(run).for_each(|line| line.class = Class::Quoted);
        }
        at += run.max(1);
    }
}

/// Whether the next line with words, from `at` on, is marked as quoted.
fn quote_follows(lines: &[Line<'_>], at: usize) -> bool {
    lines.iter().skip(at).find(|line| !line.is_empty()).is_some_and(|line| line.class == Class::Quoted)
}

/// At `at`: one to four lines that end by naming the author of what follows. Answers how far to go on.
fn mark_attribution(lines: &mut [Line<'_>], at: usize) -> Option<usize> {
    let first = lines.get(at)?;
    if first.class != Class::New || !markers::may_begin_attribution(first.text) {
        return None;
    }
    for length in 1..=LONGEST_ATTRIBUTION {
        let line = lines.get(at + length - 1)?;
        // The mark may stand before the second half of a broken line: `> foo@example.org> wrote:`.
        if line.is_empty() || (line.class == Class::Quoted && length == 1) {
            return None;
        }
        if !markers::may_end_attribution(line.text) || attribution(lines, at, length).is_none() {
            continue;
        }
        // The sender's last words may stand right above: the attribution is as short as it can be, from a beginning on.
        let end = at + length;
        let starts: Vec<usize> = (at..end).filter(|start| attribution(lines, *start, end - start).is_some()).collect();
        let begins = |start: &&usize| lines.get(**start).is_some_and(|line| markers::begins_attribution(line.text));
        let start = *starts.iter().rev().find(begins).or(starts.last())?;
        let class = attribution(lines, start, end - start)?;
        lines.iter_mut().skip(start).take(end - start).for_each(|line| line.class = class);
        return Some(length);
    }
    None
}

/// What `length` lines from `at` on are, if together they name the author of what follows.
fn attribution(lines: &[Line<'_>], at: usize, length: usize) -> Option<Class> {
    let words: Vec<&str> = lines.iter().skip(at).take(length).map(|line| line.text.trim()).collect();
    let found = markers::attribution(&words.join(" "));
    match found {
        markers::Attribution::None => None,
        markers::Attribution::Sure if !quote_follows(lines, at + length) => Some(Class::Embedded),
        markers::Attribution::Sure => Some(Class::Attribution),
        markers::Attribution::Likely => quote_follows(lines, at + length).then_some(Class::Attribution),
    }
}

/// At `at`: a separator of forwarded or original mail, or the From/Sent/To/Subject lines of one. Answers how many.
fn mark_head(lines: &mut [Line<'_>], at: usize) -> Option<usize> {
    let first = lines.get(at)?;
    if first.class != Class::New {
        return None;
    }
    let separator = markers::is_separator(first.text);
    let fields_at = if separator || first.is_rule() {
        let gap = lines.iter().skip(at + 1).take(3).take_while(|line| line.is_empty()).count();
        at + 1 + gap
    } else {
        at
    };
    let fields = head_fields(lines, fields_at);
    let length = match fields {
        Some(length) => fields_at + length - at,
        None if separator => 1,
        None => return None,
    };
    lines.iter_mut().skip(at).take(length).for_each(|line| line.class = Class::Embedded);
    Some(length)
}

/// The length of a run of header lines that names an author, and a date or two other things.
fn head_fields(lines: &[Line<'_>], at: usize) -> Option<usize> {
    let mut seen = markers::Fields::default();
    let mut length = 0;
    let mut blanks = 0;
    for line in lines.iter().skip(at).take(LONGEST_HEAD) {
        if line.is_empty() {
            blanks += 1;
            // HTML heads are often written with a blank line after each field.
            if blanks > 1 || seen.is_complete() {
                break;
            }
            continue;
        }
        match markers::header_field(line.text) {
            Some(field) => seen.add(field),
            None if seen.count() == 0 || blanks > 0 => break,
            // A field that goes on in the next line.
            None if seen.is_complete() && !line.text.starts_with([' ', '\t']) && seen.ended_with_subject() => break,
            None => {}
        }
        length += 1 + std::mem::take(&mut blanks);
    }
    seen.is_head().then_some(length)
}
