//! Each line of a mail and what it is: new, quoted, naming the author of a quote, or the head of an embedded mail.

use super::forwards;
use super::markers;
use crate::domain::correspondence::lines;
use crate::domain::correspondence::{Hint, HintRole};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    New,
    Quoted,
    /// `On Monday, A wrote:`
    Attribution,
    /// The head of a mail that follows without quote marks, or part of that mail.
    Embedded(Origin),
    /// Part of a mail that was sent on and whose end is known.
    Forwarded,
    Signature,
}

/// Why a mail stands in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    Answered,
    SentOn,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// Without the blanks at its end.
    pub(super) text: &'a str,
    pub(super) class: Class,
    is_rule: bool,
    /// It ends as a line that names an author does.
    may_end_attribution: bool,
}

impl<'a> Line<'a> {
    fn of(line: &'a str) -> Self {
        let text = line.trim_end();
        let class = if text.trim_start().starts_with('>') { Class::Quoted } else { Class::New };
        let may_end_attribution = markers::may_end_attribution(text);
        Self { text, class, is_rule: markers::is_rule(text), may_end_attribution }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub(super) fn is_rule(&self) -> bool {
        self.is_rule
    }
}

/// An attribution or a head spreads over at most this many lines of text.
const LONGEST_ATTRIBUTION: usize = 4;
const LONGEST_HEAD: usize = 14;

pub(super) fn classify<'a>(text: &'a str, hints: &[Hint], head: Origin) -> Vec<Line<'a>> {
    let mut lines: Vec<Line<'a>> = Vec::with_capacity(memchr::memchr_iter(b'\n', text.as_bytes()).count() + 1);
    lines.extend(lines::lines(text).map(Line::of));
    mark_forwarded_quotes(&mut lines);
    mark_bars(&mut lines);
    let mut at = 0;
    while at < lines.len() {
        at += mark_head(&mut lines, at, head).or_else(|| mark_attribution(&mut lines, at)).unwrap_or(1);
    }
    hints.iter().for_each(|hint| heed(&mut lines, hint, head));
    lines
}

/// What the HTML says counts where the words do not tell by themselves, and where the lines look like it.
fn heed(lines: &mut [Line<'_>], hint: &Hint, head: Origin) {
    let Some(length) = hint.last.checked_sub(hint.first).map(|length| length + 1) else { return };
    let Some(block) = lines.get(hint.first..).and_then(|rest| rest.get(..length)) else { return };
    let words = block.iter().filter(|line| !line.is_empty()).count();
    let is_new = block.iter().all(|line| line.class == Class::New);
    let class = match hint.role {
        HintRole::Forwarded => Class::Forwarded,
        HintRole::Attribution if is_new && words <= LONGEST_ATTRIBUTION && quote_follows(lines, hint.last + 1) => {
            Class::Attribution
        }
        HintRole::Head if is_new && words <= LONGEST_HEAD && fields_in(block) >= FEWEST_FIELDS => Class::Embedded(head),
        HintRole::Head | HintRole::Attribution => return,
    };
    lines.iter_mut().skip(hint.first).take(length).for_each(|line| line.class = class);
}

/// A head in a language we do not know has at least so many lines with a name and a colon before something.
const FEWEST_FIELDS: usize = 3;

fn fields_in(block: &[Line<'_>]) -> usize {
    let is_field = |line: &&Line<'_>| {
        let (name, value) = line.text.split_once([':', '：']).unwrap_or_default();
        (1..=24).contains(&name.trim().chars().count()) && !value.trim().is_empty()
    };
    block.iter().filter(is_field).count()
}

/// Some programs mark with a bar; one such line alone may be a table or a drawing.
fn mark_bars(lines: &mut [Line<'_>]) {
    let is_bar = |line: &Line<'_>| line.text.starts_with('|') && line.class == Class::New;
    let mut at = 0;
    while let Some(next) = next_of(lines, at, is_bar) {
        let run = lines.iter().skip(next).take_while(|line| is_bar(line)).count();
        if run >= 3 {
            lines.iter_mut().skip(next).take(run).for_each(|line| line.class = Class::Quoted);
        }
        at = next + run;
    }
}

/// The first such line from `at` on.
fn next_of(lines: &[Line<'_>], at: usize, is_one: impl Fn(&Line<'_>) -> bool) -> Option<usize> {
    Some(at + lines.get(at..)?.iter().position(is_one)?)
}

/// A run of quoted lines that begins by saying that it was sent on.
fn mark_forwarded_quotes(lines: &mut [Line<'_>]) {
    let is_quoted = |line: &Line<'_>| line.class == Class::Quoted;
    let mut at = 0;
    while let Some(next) = next_of(lines, at, is_quoted) {
        let run = lines.iter().skip(next).take_while(|line| is_quoted(line)).count();
        let mut words = lines.iter().skip(next).take(run).map(|line| line.text.trim_start_matches(['>', ' ', '\t']));
        if words.find(|words| !words.is_empty()).is_some_and(forwards::is_separator) {
            lines.iter_mut().skip(next).take(run).for_each(|line| line.class = Class::Forwarded);
        }
        at = next + run;
    }
}

/// Whether the next line with words, from `at` on, is marked as quoted.
fn quote_follows(lines: &[Line<'_>], at: usize) -> bool {
    lines.iter().skip(at).find(|line| !line.is_empty()).is_some_and(|line| line.class == Class::Quoted)
}

/// At `at`: one to four lines that end by naming the author of what follows. Answers how far to go on.
fn mark_attribution(lines: &mut [Line<'_>], at: usize) -> Option<usize> {
    let first = lines.get(at)?;
    if first.class != Class::New || !may_end(lines, at) || !markers::may_begin_attribution(first.text) {
        return None;
    }
    for length in 1..=LONGEST_ATTRIBUTION {
        let line = lines.get(at + length - 1)?;
        // The mark may stand before the second half of a broken line: `> foo@example.org> wrote:`.
        if line.is_empty() || (line.class == Class::Quoted && length == 1) {
            return None;
        }
        if !line.may_end_attribution {
            continue;
        }
        let Some(whole) = attribution(lines, at, length) else { continue };
        // The sender's last words may stand right above: the attribution is as short as it can be, from a beginning on.
        let end = at + length;
        let from = |start: usize| Some((start, attribution(lines, start, end - start)?));
        let shorter: Vec<(usize, Class)> = (at + 1..end).filter_map(from).collect();
        let begins = |start: usize| lines.get(start).is_some_and(|line| markers::begins_attribution(line.text));
        let begun = shorter.iter().rev().find(|(start, _)| begins(*start)).copied();
        let shortest = || shorter.last().copied().filter(|_| !begins(at));
        let (start, class) = begun.or_else(shortest).unwrap_or((at, whole));
        lines.iter_mut().skip(start).take(end - start).for_each(|line| line.class = class);
        return Some(length);
    }
    None
}

/// Whether one of the lines that could be the end of an attribution from `at` on can be that.
fn may_end(lines: &[Line<'_>], at: usize) -> bool {
    let block = lines.iter().skip(at).take(LONGEST_ATTRIBUTION).take_while(|line| !line.is_empty());
    block.into_iter().any(|line| line.may_end_attribution)
}

/// What `length` lines from `at` on are, if together they name the author of what follows.
fn attribution(lines: &[Line<'_>], at: usize, length: usize) -> Option<Class> {
    let found = match lines.get(at..at + length)? {
        [line] => markers::attribution(line.text.trim_start()),
        lines => {
            let words: Vec<&str> = lines.iter().map(|line| line.text.trim_start()).collect();
            markers::attribution(&words.join(" "))
        }
    };
    match found {
        markers::Attribution::None => None,
        markers::Attribution::Sure if !quote_follows(lines, at + length) => Some(Class::Embedded(Origin::Answered)),
        markers::Attribution::Sure => Some(Class::Attribution),
        markers::Attribution::Likely => quote_follows(lines, at + length).then_some(Class::Attribution),
    }
}

/// At `at`: a separator of forwarded or original mail, or the From/Sent/To/Subject lines of one. Answers how many.
fn mark_head(lines: &mut [Line<'_>], at: usize, head: Origin) -> Option<usize> {
    let first = lines.get(at)?;
    if first.class != Class::New {
        return None;
    }
    let sent_on = forwards::is_separator(first.text);
    let separator = sent_on || markers::is_separator(first.text);
    let origin = if sent_on { Origin::SentOn } else { head };
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
    lines.iter_mut().skip(at).take(length).for_each(|line| line.class = Class::Embedded(origin));
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
