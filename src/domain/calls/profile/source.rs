//! A profile as its file writes it, and everything that can be wrong with one.

use super::{Encoding, Field, Format, Profile, Skip, Time, TimeFormat, Words, Zone};
use crate::domain::calls::{CallerKind, Direction, SystemKind};
use crate::domain::contact::Channel;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::str::FromStr;

/// What is wrong with a profile, in words for whoever wrote it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ProfileFault {
    /// Where in the file's structure: `time.formats[0]`. Empty for the whole file.
    pub path: String,
    pub message: String,
    /// Of a fault that has no path, counted from 1.
    pub line: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileFile {
    profile: String,
    version: u32,
    title: String,
    policy: Option<String>,
    system: SystemKind,
    precedence: u8,
    format: FormatFile,
    time: TimeFile,
    key: Vec<String>,
    columns: BTreeMap<Field, Headings>,
    #[serde(default)]
    values: ValuesFile,
    #[serde(default)]
    skip: Vec<SkipFile>,
    default_channel: Option<String>,
    #[serde(default)]
    limits: LimitsFile,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FormatKind {
    Csv,
    Ndjson,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormatFile {
    kind: FormatKind,
    delimiter: Option<String>,
    encoding: Option<Encoding>,
    header: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TimeFile {
    columns: Vec<String>,
    formats: Vec<String>,
    zone: Zone,
}

/// One heading, or several whose cells belong together.
#[derive(Deserialize)]
#[serde(untagged)]
enum Headings {
    One(String),
    Several(Vec<String>),
}

/// By what is meant here, the words of the other system.
type WordsFile = BTreeMap<String, Vec<String>>;

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ValuesFile {
    channel: WordsFile,
    direction: WordsFile,
    caller_kind: WordsFile,
    withheld: Vec<String>,
    not_given: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SkipFile {
    column: String,
    any_of: Vec<String>,
    because: String,
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct LimitsFile {
    max_field_bytes: usize,
}

impl Default for LimitsFile {
    fn default() -> Self {
        Self { max_field_bytes: 16 * 1024 }
    }
}

/// The channels a call can come by.
const CALLS: [Channel; 3] = [Channel::Phone999, Channel::Phone101, Channel::Telephone];

impl Profile {
    /// Reads `workflows/imports/<name>.yaml`.
    ///
    /// # Errors
    /// Every fault of the file.
    pub fn read(name: &str, yaml: &str) -> Result<Self, Vec<ProfileFault>> {
        let unreadable = |fault: serde_saphyr::Error| ProfileFault {
            path: String::new(),
            line: fault.location().and_then(|at| u32::try_from(at.line()).ok()),
            message: fault.to_string(),
        };
        let file: ProfileFile = serde_saphyr::from_str(yaml).map_err(|fault| vec![unreadable(fault)])?;
        let mut faults = Faults::default();
        let profile = faults.profile(name, file);
        if faults.found.is_empty() { Ok(profile) } else { Err(faults.found) }
    }
}

/// The profiles of another system that stands as high as this one: a call that both saw would have two heads.
pub fn precedence_clash(profiles: &[Profile]) -> Option<(&Profile, &Profile)> {
    let clash = |(index, one): (usize, &'_ Profile)| {
        let earlier = profiles.iter().take(index);
        let same = |other: &&Profile| other.precedence == one.precedence;
        let mut clashing = earlier.filter(|other| (other.system == one.system) != same(other));
        clashing.next().map(|other| (index, other.profile.clone()))
    };
    let (index, other) = profiles.iter().enumerate().find_map(clash)?;
    Some((profiles.get(index)?, profiles.iter().find(|profile| profile.profile == other)?))
}

#[derive(Default)]
struct Faults {
    found: Vec<ProfileFault>,
}

impl Faults {
    fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.found.push(ProfileFault { path: path.into(), message: message.into(), line: None });
    }

    fn unless(&mut self, sound: bool, path: &str, message: &str) {
        if !sound {
            self.add(path, message);
        }
    }

    fn profile(&mut self, name: &str, file: ProfileFile) -> Profile {
        if file.profile != name {
            self.add("profile", format!("`profile` is the file's name: {name}"));
        }
        self.unless(file.version > 0, "version", "`version` is 1 or more");
        self.unless(!file.title.trim().is_empty(), "title", "a title says what is imported");
        self.unless((1..=9).contains(&file.precedence), "precedence", "`precedence` is 1 to 9, 1 first");
        self.headings("key", &file.key);
        let mut by_field = file.columns;
        let mut columns = Vec::new();
        for field in Field::ALL {
            columns.push(match by_field.remove(&field) {
                None => Vec::new(),
                Some(Headings::One(heading)) => vec![heading],
                Some(Headings::Several(headings)) => headings,
            });
        }
        self.unless(columns.iter().flatten().all(|heading| sound(heading)), "columns", "a heading is not empty");
        let mapped = |field: Field| columns.get(field as usize).is_some_and(|headings| !headings.is_empty());
        let channels = self.words("channel", file.values.channel, mapped(Field::Channel), call_channel);
        let directions = self.words("direction", file.values.direction, mapped(Field::Direction), known::<Direction>);
        let kinds = self.words("caller_kind", file.values.caller_kind, mapped(Field::CallerKind), known::<CallerKind>);
        let default_channel = self.default_channel(file.default_channel.as_deref(), mapped(Field::Channel));
        self.unless(
            mapped(Field::Number) || (mapped(Field::CallerName) && mapped(Field::Location)),
            "columns",
            "a caller is known by `number`, or by `caller_name` and `location`: one of the two is needed",
        );
        let limits = &file.limits;
        self.unless(
            (64..=512 * 1024).contains(&limits.max_field_bytes),
            "limits.max_field_bytes",
            "a cell may have 64 to 524288 bytes",
        );
        Profile {
            profile: file.profile,
            version: file.version,
            title: file.title,
            policy: file.policy,
            system: file.system,
            precedence: file.precedence,
            format: self.format(&file.format),
            time: self.time(file.time),
            key: file.key,
            columns,
            channels,
            directions,
            caller_kinds: kinds,
            withheld: self.plain("values.withheld", file.values.withheld),
            not_given: self.plain("values.not_given", file.values.not_given),
            skip: file.skip.into_iter().enumerate().map(|(index, skip)| self.skip(index, skip)).collect(),
            default_channel,
            max_field_bytes: limits.max_field_bytes,
        }
    }

    fn format(&mut self, file: &FormatFile) -> Format {
        if file.kind == FormatKind::Ndjson {
            let alone = file.delimiter.is_none() && file.encoding.is_none() && file.header.is_none();
            self.unless(alone, "format", "`ndjson` has no delimiter, encoding or header");
            return Format::Ndjson;
        }
        self.unless(file.header != Some(false), "format.header", "a file without headings cannot be read");
        let delimiter = match file.delimiter.as_deref().unwrap_or(",").as_bytes() {
            [one] if one.is_ascii() && !matches!(one, b'"' | b'\r' | b'\n' | b'\0') => *one,
            _ => {
                self.add("format.delimiter", "a delimiter is one ASCII character, and no quotation mark");
                b','
            }
        };
        Format::Csv { delimiter, encoding: file.encoding.unwrap_or_default() }
    }

    fn time(&mut self, file: TimeFile) -> Time {
        self.headings("time.columns", &file.columns);
        self.unless(!file.formats.is_empty(), "time.formats", "at least one format is needed");
        let mut formats = Vec::new();
        for (index, text) in file.formats.iter().enumerate() {
            match TimeFormat::read(text) {
                Ok(format) => formats.push(format),
                Err(message) => self.add(format!("time.formats[{index}]"), message),
            }
        }
        Time { columns: file.columns, formats, zone: file.zone }
    }

    fn headings(&mut self, path: &str, headings: &[String]) {
        self.unless(!headings.is_empty(), path, "at least one column is needed");
        self.unless(headings.iter().all(|heading| sound(heading)), path, "a heading is not empty");
    }

    /// Words for one field, and whether they have a column to stand in.
    fn words<T: Copy>(&mut self, field: &str, file: WordsFile, mapped: bool, known: fn(&str) -> Option<T>) -> Words<T> {
        let path = format!("values.{field}");
        match (mapped, file.is_empty()) {
            (true, true) => self.add(&path, format!("the words of the column `{field}` are missing")),
            (false, false) => self.add(&path, format!("there are words for `{field}`, but `columns` names no column")),
            _ => {}
        }
        let mut meanings: Vec<(String, T)> = Vec::new();
        for (meant, words) in file {
            let Some(meaning) = known(&meant) else {
                self.add(format!("{path}.{meant}"), format!("`{meant}` is no {}", field.replace('_', " ")));
                continue;
            };
            for word in words {
                if meanings.iter().any(|(earlier, _)| earlier.eq_ignore_ascii_case(word.trim())) {
                    self.add(format!("{path}.{meant}"), format!("the word `{word}` stands here twice"));
                }
                meanings.push((word.trim().to_owned(), meaning));
            }
        }
        Words::of(meanings)
    }

    fn plain(&mut self, path: &str, words: Vec<String>) -> Words<()> {
        self.unless(words.iter().all(|word| sound(word)), path, "a word is not empty");
        Words::of(words.into_iter().map(|word| (word.trim().to_owned(), ())).collect())
    }

    fn default_channel(&mut self, given: Option<&str>, mapped: bool) -> Option<Channel> {
        match given {
            None => {
                let message = "without a column for the channel, `default_channel` says it";
                self.unless(mapped, "default_channel", message);
                None
            }
            Some(word) => {
                let channel = call_channel(word);
                self.unless(channel.is_some(), "default_channel", "a call comes by 999, 101 or telephone");
                channel
            }
        }
    }

    fn skip(&mut self, index: usize, file: SkipFile) -> Skip {
        let path = format!("skip[{index}]");
        self.unless(sound(&file.column), &format!("{path}.column"), "a heading is not empty");
        self.unless(!file.any_of.is_empty(), &format!("{path}.any_of"), "at least one word is needed");
        let word = !file.because.is_empty() && file.because.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        self.unless(word, &format!("{path}.because"), "`because` is one word in lower case, such as radio");
        let any_of = self.plain(&format!("{path}.any_of"), file.any_of);
        Skip { column: file.column, any_of, because: file.because }
    }
}

fn sound(word: &str) -> bool {
    !word.trim().is_empty()
}

fn known<T: FromStr>(word: &str) -> Option<T> {
    word.parse().ok()
}

fn call_channel(word: &str) -> Option<Channel> {
    word.parse().ok().filter(|channel| CALLS.contains(channel))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORDER: &str = include_str!("../../../../workflows/imports/call-recorder.yaml");

    fn faults(from: &str, to: &str) -> Vec<(String, String)> {
        assert_eq!(RECORDER.matches(from).count(), 1, "{from}");
        let faults = Profile::read("call-recorder", &RECORDER.replacen(from, to, 1)).err().unwrap_or_default();
        faults.into_iter().map(|fault| (fault.path, fault.message)).collect()
    }

    fn path(from: &str, to: &str) -> Vec<String> {
        faults(from, to).into_iter().map(|(path, _)| path).collect()
    }

    #[test]
    fn the_shipped_profile_is_read() {
        let profile = Profile::read("call-recorder", RECORDER).unwrap_or_else(|faults| panic!("{faults:#?}"));
        assert_eq!(profile.system, SystemKind::CallRecorder);
        assert_eq!(profile.channels.meaning("emergency"), Some(Channel::Phone999));
        assert!(profile.skip.iter().any(|skip| skip.because == "radio" && skip.any_of.meaning("Radio").is_some()));
    }

    #[test]
    fn each_fault_is_named_by_its_place() {
        assert_eq!(path("profile: call-recorder", "profile: recorder"), ["profile"]);
        assert_eq!(path("precedence: 2", "precedence: 0"), ["precedence"]);
        assert_eq!(path("key: [Recording ID]", "key: []"), ["key"]);
        assert_eq!(path("delimiter: \",\"", "delimiter: \"::\""), ["format.delimiter"]);
        assert_eq!(path("header: true", "header: false"), ["format.header"]);
        assert_eq!(path("\"%d/%m/%Y %H:%M:%S\"", "\"%d/%m/%Y\""), ["time.formats[0]"]);
        assert_eq!(path("  number: Other Party\n", ""), ["columns"]);
        assert_eq!(path("  direction: Direction\n", ""), ["values.direction"]);
        assert_eq!(path("because: radio", "because: \"a radio\""), ["skip[0].because"]);
        assert_eq!(path("    telephone: [", "    letter: ["), ["values.channel.letter"]);
    }

    #[test]
    fn a_word_that_means_two_things_is_a_fault() {
        let faults = faults("out: [Outgoing", "out: [incoming, Outgoing");
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].1.contains("stands here twice"), "{faults:?}");
    }

    #[test]
    fn all_faults_are_told_together_and_a_misspelt_key_with_its_line() {
        let twice = RECORDER.replacen("precedence: 2", "precedence: 0", 1).replacen("version: 1", "version: 0", 1);
        assert_eq!(Profile::read("call-recorder", &twice).unwrap_err().len(), 2);
        let misspelt = RECORDER.replacen("precedence:", "precedense:", 1);
        let faults = Profile::read("call-recorder", &misspelt).unwrap_err();
        assert!(faults[0].line.is_some() && faults[0].message.contains("precedense"), "{faults:?}");
        let field = RECORDER.replacen("  number: ", "  nomber: ", 1);
        assert!(Profile::read("call-recorder", &field).unwrap_err()[0].message.contains("nomber"));
    }

    #[test]
    fn two_systems_of_one_precedence_clash_and_two_profiles_of_one_system_do_not() {
        let own = Profile::read("call-recorder", RECORDER).unwrap();
        let again = Profile { profile: "second-recorder".to_owned(), ..own.clone() };
        let other = Profile { profile: "acd".to_owned(), system: SystemKind::Acd, ..own.clone() };
        assert_eq!(precedence_clash(&[own.clone(), again.clone()]), None);
        let names =
            |pair: Option<(&Profile, &Profile)>| pair.map(|(one, other)| (one.profile.clone(), other.profile.clone()));
        assert_eq!(
            names(precedence_clash(&[own.clone(), again.clone(), other])),
            Some(("acd".to_owned(), "call-recorder".to_owned()))
        );
        let higher = Profile { precedence: 1, ..again };
        assert!(precedence_clash(&[own, higher]).is_some(), "one system has one precedence");
    }
}
