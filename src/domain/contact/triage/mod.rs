//! What every item is looked through for before any limit: seven flags.
//!
//! A rule may raise a flag and move an item up the reading list; it never lowers one, never exempts, never restricts.
//! Only a person's tick makes an item exempt or removes a flag.

mod phrases;

use crate::domain::access::ActorRef;
use regex::{Regex, RegexSet};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr, sync::LazyLock};

/// In the order of the seven questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// Risk to life, safeguarding, self-harm.
    Risk,
    /// A new complaint or allegation, or the wish to have one recorded.
    Complaint,
    /// A crime is reported.
    Crime,
    /// Freedom of information, subject access, litigation, IOPC or review application.
    #[serde(rename = "rights")]
    RightsRequest,
    /// An adjustment request, a representation or an appeal on the strategy.
    Adjustment,
    #[serde(rename = "threat")]
    ThreatToStaff,
    /// An answer to something we asked for.
    RequestedReply,
}

impl Flag {
    pub const ALL: [Flag; 7] = [
        Flag::Risk,
        Flag::Complaint,
        Flag::Crime,
        Flag::RightsRequest,
        Flag::Adjustment,
        Flag::ThreatToStaff,
        Flag::RequestedReply,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Flag::Risk => "risk",
            Flag::Complaint => "complaint",
            Flag::Crime => "crime",
            Flag::RightsRequest => "rights",
            Flag::Adjustment => "adjustment",
            Flag::ThreatToStaff => "threat",
            Flag::RequestedReply => "requested_reply",
        }
    }

    /// Whether a person's tick takes the item out of every limit. A threat to staff does not.
    pub fn may_exempt(self) -> bool {
        self != Flag::ThreatToStaff
    }
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a triage flag")]
pub struct UnknownFlag(pub String);

impl FromStr for Flag {
    type Err = UnknownFlag;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Flag::ALL.into_iter().find(|flag| flag.as_str() == text).ok_or_else(|| UnknownFlag(text.to_owned()))
    }
}

/// A flag on an item, and why it is there. JSON: `{"flag":"risk","raisedBy":"rule","words":"end my life"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RaisedFlag {
    pub flag: Flag,
    pub raised_by: RaisedBy,
    /// The words a rule found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// Who ticked it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<ActorRef>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RaisedBy {
    Rule,
    Officer,
}

impl RaisedFlag {
    pub fn by_rule(flag: Flag, words: Option<String>) -> Self {
        Self { flag, raised_by: RaisedBy::Rule, words, by: None }
    }

    pub fn by_person(flag: Flag, by: ActorRef) -> Self {
        Self { flag, raised_by: RaisedBy::Officer, words: None, by: Some(by) }
    }
}

/// The flags the words themselves raise, in the order of the questions. `answers_us`: it is a reply to a message in
/// which we asked for something.
pub fn raise(subject: &str, words: &str, answers_us: bool) -> Vec<RaisedFlag> {
    let mut raised: Vec<RaisedFlag> = Vec::new();
    for text in [subject, words].into_iter().filter(|text| !text.is_empty()) {
        for index in RULES.any.matches(text) {
            let Some((flag, pattern)) = RULES.each.get(index) else { continue };
            if raised.iter().all(|known| known.flag != *flag) {
                raised.push(RaisedFlag::by_rule(*flag, pattern.find(text).map(|found| found.as_str().to_owned())));
            }
        }
    }
    if answers_us {
        raised.push(RaisedFlag::by_rule(Flag::RequestedReply, None));
    }
    raised.sort_by_key(|raised| raised.flag);
    raised
}

struct Rules {
    /// One pattern a flag, tried in a single pass.
    any: RegexSet,
    each: Vec<(Flag, Regex)>,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let patterns = phrases::ALL.map(|(flag, phrases)| (flag, pattern_of(phrases)));
    Rules {
        any: RegexSet::new(patterns.iter().map(|(_, pattern)| pattern)).unwrap_or_default(),
        each: patterns.into_iter().filter_map(|(flag, pattern)| Some((flag, Regex::new(&pattern).ok()?))).collect(),
    }
});

/// Phrases as whole words, in any case, with any white space between their words and either apostrophe.
fn pattern_of(phrases: &[&str]) -> String {
    let spaced = |phrase: &&str| phrase.replace(' ', r"\s+").replace('\'', "(?:'|\u{2019})?");
    let phrases: Vec<String> = phrases.iter().map(spaced).collect();
    format!(r"(?i)(?-u:\b)(?:{})(?-u:\b)", phrases.join("|"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(words: &str) -> Vec<Flag> {
        raise("", words, false).into_iter().map(|raised| raised.flag).collect()
    }

    #[test]
    fn every_list_of_phrases_makes_a_rule() {
        assert_eq!(RULES.each.len(), phrases::ALL.len());
        assert_eq!(RULES.any.len(), phrases::ALL.len());
    }

    #[test]
    fn every_phrase_with_its_own_words_is_found() {
        for (flag, phrases) in phrases::ALL {
            for phrase in
                phrases.iter().filter(|phrase| phrase.chars().all(|c| c.is_alphanumeric() || c == ' ' || c == '\''))
            {
                assert!(flags(&format!("Well, {} .", phrase.to_uppercase())).contains(&flag), "{flag}: {phrase}");
            }
        }
    }

    #[test]
    fn risk_is_found_across_a_line_break_and_with_either_apostrophe() {
        assert_eq!(flags("I want to end\n my life"), [Flag::Risk]);
        assert_eq!(flags("I can\u{2019}t go on"), [Flag::Risk]);
        assert_eq!(flags("i cant go on"), [Flag::Risk]);
    }

    #[test]
    fn a_complaint_a_crime_and_a_rights_request_in_one_letter_are_all_flagged() {
        let words = "I wish to make a complaint. My car was stolen. This is also a Subject Access Request.";
        assert_eq!(flags(words), [Flag::Complaint, Flag::Crime, Flag::RightsRequest]);
    }

    #[test]
    fn an_appeal_and_an_adjustment_are_flagged() {
        assert_eq!(flags("please send it in large print, it is a reasonable adjustment"), [Flag::Adjustment]);
        assert_eq!(flags("I appeal against the communications strategy"), [Flag::Adjustment]);
    }

    #[test]
    fn a_threat_to_staff_is_flagged() {
        assert!(flags("I know where you live and I will find you").contains(&Flag::ThreatToStaff));
    }

    #[test]
    fn a_flag_has_one_name_everywhere() {
        for flag in Flag::ALL {
            assert_eq!(serde_json::to_value(flag).unwrap(), flag.as_str());
            assert_eq!(flag.as_str().parse::<Flag>().unwrap(), flag);
        }
    }

    #[test]
    fn ordinary_words_raise_nothing() {
        for words in
            ["Thank you for your letter.", "When will I hear from you?", "my skills are many", "a foil hat", ""]
        {
            assert_eq!(flags(words), [], "{words}");
        }
    }

    #[test]
    fn the_subject_is_read_too_and_each_flag_is_raised_once_with_its_words() {
        let raised = raise("FOI request", "this is a freedom of information request", false);
        assert_eq!(raised.len(), 1);
        assert_eq!((raised[0].flag, raised[0].words.as_deref()), (Flag::RightsRequest, Some("FOI")));
    }

    #[test]
    fn an_answer_to_our_question_is_flagged_without_words() {
        assert_eq!(raise("Re: your statement", "Here it is.", true), [RaisedFlag::by_rule(Flag::RequestedReply, None)]);
    }

    #[test]
    fn a_megabyte_without_spaces_is_read_in_good_time() {
        assert_eq!(flags(&"a".repeat(1 << 20)), []);
    }
}
