//! Layers laid over each other: defaults, file, environment, flags. Every layer may only name keys that exist.

use super::{Config, validate};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

const PREFIX: &str = "EVENHAND_";
const DATABASE_URL: &str = "DATABASE_URL";
const DEFAULT_FILE: &str = "evenhand.toml";
/// Keys whose value may be kept in a file of its own: `message_id_secret_file = "/run/secrets/…"`.
const SECRETS: [&str; 4] = ["database.url", "mail.smtp_url", "mail.message_id_secret", "dkim.key"];

/// Where settings come from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The file named by `--config`; it must exist. `None`: `evenhand.toml` here, if there is one.
    pub file: Option<PathBuf>,
    /// The environment.
    pub environment: Vec<(String, String)>,
    /// Variables of ours whose value is no text.
    pub unreadable: Vec<String>,
    /// `("server.listen", "127.0.0.1:9000")` for each flag given.
    pub flags: Vec<(&'static str, String)>,
}

impl Sources {
    /// The environment of this process and the flags given.
    pub fn of_process(file: Option<PathBuf>, flags: Vec<(&'static str, String)>) -> Self {
        let mut sources = Self { file, flags, ..Self::default() };
        // Others may put anything into the environment; only what concerns us has to be text.
        for (name, value) in std::env::vars_os() {
            let Ok(name) = name.into_string() else { continue };
            match value.into_string() {
                Ok(value) => sources.environment.push((name, value)),
                Err(_) if name.starts_with(PREFIX) || name == DATABASE_URL => sources.unreadable.push(name),
                Err(_) => {}
            }
        }
        sources
    }
}

/// What is wrong with one setting, and where it was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFault {
    /// `evenhand.toml`, `EVENHAND_MAIL__FROM`, `--listen`.
    pub at: String,
    pub message: String,
}

impl fmt::Display for ConfigFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.message)
    }
}

pub(super) fn load(sources: Sources) -> Result<Config, Vec<ConfigFault>> {
    let defaults = serde_json::to_value(Config::default()).unwrap_or_default();
    let mut layers = Layers { known: keys_of(&defaults), said: BTreeMap::new(), faults: Vec::new() };
    for name in &sources.unreadable {
        layers.fault(name, "is not UTF-8 text".to_owned());
    }
    layers.file(sources.file.as_deref());
    layers.environment(sources.environment, &defaults);
    for (key, text) in sources.flags {
        let value = from_text(&text, defaults.pointer(&pointer(key)));
        layers.say(key, value, &flag_of(key));
    }
    let Layers { said, mut faults, .. } = layers;
    let (config, unfit) = config_of(&said);
    faults.extend(unfit);
    let place = |key: &str| said.get(key).map_or("the default", |said| said.at.as_str()).to_owned();
    let unsound = validate::faults(&config).into_iter();
    // A value that did not fit was reported as such, and its default is sound.
    faults.extend(unsound.map(|(key, why)| ConfigFault { at: place(key), message: format!("{key}: {why}") }));
    if faults.is_empty() { Ok(config) } else { Err(faults) }
}

/// `server.listen` → `--listen`.
fn flag_of(key: &str) -> String {
    match key {
        "database.url" => "--database".to_owned(),
        _ => format!("--{}", key.rsplit('.').next().unwrap_or(key)),
    }
}

/// The settings said, each tried by itself so that every one that does not fit is named.
fn config_of(said: &BTreeMap<String, Said>) -> (Config, Vec<ConfigFault>) {
    let mut sections = Map::new();
    let mut faults = Vec::new();
    for (key, Said { value, at }) in said {
        let Some((section, name)) = key.split_once('.') else { continue };
        let alone = json!({ section: { name: value } });
        if let Err(error) = serde_json::from_value::<Config>(alone) {
            let why = if SECRETS.contains(&key.as_str()) { "must be a text".to_owned() } else { error.to_string() };
            faults.push(ConfigFault { at: at.clone(), message: format!("{key}: {why}") });
            continue;
        }
        let keys = sections.entry(section).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(keys) = keys {
            keys.insert(name.to_owned(), value.clone());
        }
    }
    match serde_json::from_value(Value::Object(sections)) {
        Ok(config) => (config, faults),
        Err(error) => {
            faults.push(ConfigFault { at: "settings".into(), message: error.to_string() });
            (Config::default(), faults)
        }
    }
}

struct Layers {
    /// `server.listen`, …: every key there is.
    known: Vec<String>,
    said: BTreeMap<String, Said>,
    faults: Vec<ConfigFault>,
}

/// A value, and where it was said last.
struct Said {
    value: Value,
    at: String,
}

impl Layers {
    fn file(&mut self, named: Option<&Path>) {
        let path = named.unwrap_or(Path::new(DEFAULT_FILE));
        let at = path.display().to_string();
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => return,
            Err(error) => return self.fault(&at, format!("cannot be read: {error}")),
        };
        let sections = match toml::from_str::<Map<String, Value>>(&text) {
            Ok(sections) => sections,
            Err(error) => return self.fault(&at, toml_words(&error, &text)),
        };
        for (section, keys) in sections {
            match keys {
                Value::Object(keys) => {
                    for (key, value) in keys {
                        self.say(&format!("{section}.{key}"), value, &at);
                    }
                }
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
                    self.unknown(&section, &at);
                }
            }
        }
    }

    fn environment(&mut self, variables: Vec<(String, String)>, defaults: &Value) {
        let mut ours: Vec<(String, String)> = variables;
        ours.sort();
        if let Some((name, url)) = ours.iter().find(|(name, _)| name == DATABASE_URL) {
            self.say("database.url", Value::String(url.clone()), &name.clone());
        }
        for (name, text) in ours {
            let Some(path) = name.strip_prefix(PREFIX) else { continue };
            let key = path.to_lowercase().replacen("__", ".", 1);
            let value = from_text(&text, defaults.pointer(&pointer(&key)));
            self.say(&key, value, &name);
        }
    }

    /// Notes a value, over what an earlier layer said.
    fn say(&mut self, key: &str, value: Value, at: &str) {
        let in_file = key.strip_suffix("_file").filter(|secret| SECRETS.contains(secret));
        let (key, value) = match in_file {
            Some(secret) => match read_secret(&value) {
                Ok(text) => (secret, Value::String(text)),
                Err(why) => return self.fault(at, format!("{key}: {why}")),
            },
            None => (key, value),
        };
        match key.split_once('.') {
            Some(_) if self.known.iter().any(|known| known == key) => {
                self.said.insert(key.to_owned(), Said { value, at: at.to_owned() });
            }
            Some(_) | None => self.unknown(key, at),
        }
    }

    fn unknown(&mut self, key: &str, at: &str) {
        let nearest = self.known.iter().map(|known| (strsim::damerau_levenshtein(known, key), known)).min();
        let hint = match nearest {
            Some((distance, known)) if distance <= key.len() / 3 + 1 => format!("; did you mean `{known}`?"),
            Some(_) | None => String::new(),
        };
        self.fault(at, format!("there is no setting `{key}`{hint}"));
    }

    fn fault(&mut self, at: &str, message: String) {
        self.faults.push(ConfigFault { at: at.to_owned(), message });
    }
}

/// What is wrong and on which line; never the line itself, which may hold a password.
fn toml_words(error: &toml::de::Error, text: &str) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    format!("line {}: this is not TOML: {}", before.matches('\n').count() + 1, error.message())
}

fn keys_of(defaults: &Value) -> Vec<String> {
    let sections = defaults.as_object().into_iter().flatten();
    let keys = sections.flat_map(|(section, keys)| {
        let names = keys.as_object().into_iter().flatten();
        names.map(move |(name, _)| format!("{section}.{name}"))
    });
    keys.collect()
}

fn pointer(key: &str) -> String {
    format!("/{}", key.replace('.', "/"))
}

/// A text from the environment or a flag, read as what the setting's default is.
fn from_text(text: &str, default: Option<&Value>) -> Value {
    match default {
        Some(Value::Array(_)) if text.trim_start().starts_with('[') => {
            serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
        }
        Some(Value::Array(_)) => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            Value::Array(items.map(|item| Value::String(item.to_owned())).collect())
        }
        Some(Value::Bool(_) | Value::Number(_)) => {
            serde_json::from_str(text.trim()).unwrap_or_else(|_| Value::String(text.to_owned()))
        }
        Some(Value::Null | Value::String(_) | Value::Object(_)) | None => Value::String(text.to_owned()),
    }
}

fn read_secret(path: &Value) -> Result<String, String> {
    read_secret_file(Path::new(path.as_str().ok_or("is not a path")?))
}

/// # Errors
/// What the system says.
pub(super) fn read_secret_file(path: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("cannot be read: {error}"))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn environment(pairs: &[(&str, &str)]) -> Sources {
        let environment = pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        Sources { environment, ..Sources::default() }
    }

    fn file(text: &str) -> (tempfile::NamedTempFile, Sources) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let sources = Sources { file: Some(file.path().to_owned()), ..Sources::default() };
        (file, sources)
    }

    fn message(faults: Vec<ConfigFault>) -> String {
        faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn nothing_said_means_loopback_and_a_file_beside_us() {
        let config = load(Sources::default()).unwrap();
        assert_eq!(config.server.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.database.url.expose(), "sqlite://evenhand.db");
    }

    #[test]
    fn a_flag_beats_the_environment_which_beats_the_file() {
        let (_kept, mut sources) =
            file("[server]\nlisten = '127.0.0.1:1'\n[force]\nname = 'File'\n[mail]\nfrom = 'f@x'");
        sources.environment =
            environment(&[("EVENHAND_SERVER__LISTEN", "127.0.0.1:2"), ("EVENHAND_FORCE__NAME", "Env")]).environment;
        sources.flags = vec![("server.listen", "127.0.0.1:3".into())];
        let config = load(sources).unwrap();
        assert_eq!(config.server.listen.port(), 3);
        assert_eq!(config.force.name, "Env");
        assert_eq!(config.mail.from, "f@x");
    }

    #[test]
    fn our_own_variable_beats_the_common_database_url() {
        let both = [("DATABASE_URL", "sqlite://a"), ("EVENHAND_DATABASE__URL", "sqlite://b")];
        assert_eq!(load(environment(&both)).unwrap().database.url.expose(), "sqlite://b");
        assert_eq!(load(environment(&both[..1])).unwrap().database.url.expose(), "sqlite://a");
    }

    #[test]
    fn lists_are_written_with_commas_numbers_and_truths_as_they_are() {
        let config = load(environment(&[
            ("EVENHAND_MAIL__AUTHSERV_IDS", "mx.example.police.uk, mx2.example.police.uk"),
            ("EVENHAND_AUTH__TOKEN_MINUTES", "5"),
            ("EVENHAND_AUTH__USER_TOKENS_ENABLED", "false"),
        ]))
        .unwrap();
        assert_eq!(config.mail.authserv_ids, ["mx.example.police.uk", "mx2.example.police.uk"]);
        assert_eq!((config.auth.token_minutes, config.auth.user_tokens_enabled), (5, false));
    }

    #[test]
    fn a_key_nobody_knows_is_a_fault_with_a_suggestion() {
        let faults = load(environment(&[("EVENHAND_MAIL__AUTHSERV_ID", "x")])).unwrap_err();
        assert_eq!(
            message(faults),
            "EVENHAND_MAIL__AUTHSERV_ID: there is no setting `mail.authserv_id`; did you mean `mail.authserv_ids`?"
        );
        let (_kept, sources) = file("[servr]\nlisten = '127.0.0.1:1'\n[mail]\nform = 'x'");
        let text = message(load(sources).unwrap_err());
        assert!(text.contains("`servr.listen`; did you mean `server.listen`?"), "{text}");
        assert!(text.contains("`mail.form`; did you mean `mail.from`?"), "{text}");
    }

    #[test]
    fn a_secret_may_be_kept_in_a_file_and_is_never_shown() {
        let (secret, _) = file("pale-moon\n");
        let path = secret.path().display().to_string();
        let config = load(environment(&[("EVENHAND_MAIL__MESSAGE_ID_SECRET_FILE", &path)])).unwrap();
        assert_eq!(config.mail.message_id_secret.expose(), "pale-moon");
        let shown = format!("{config:?} {}", serde_json::to_string(&config).unwrap());
        assert!(!shown.contains("pale-moon"));
    }

    #[test]
    fn every_setting_that_does_not_fit_is_named_with_the_place_where_it_was_given() {
        let (_kept, mut sources) = file("[database]\nurl = 'mysql://root:pale-moon@db/x'\n[mail]\nfrom = 'nobody'");
        let given = [
            ("EVENHAND_AUTH__TOKEN_MINUTES", "soon"),
            ("EVENHAND_MAIL__SMTP_URL", "http://user:pale-moon@mx"),
            ("EVENHAND_POLICY__WORKFLOWS", "/nowhere"),
        ];
        sources.environment = environment(&given).environment;
        sources.flags = vec![("server.listen", "here".into())];
        let at = sources.file.clone().unwrap().display().to_string();
        let text = message(load(sources).unwrap_err());
        for said in [
            "EVENHAND_AUTH__TOKEN_MINUTES: auth.token_minutes: invalid type",
            "EVENHAND_MAIL__SMTP_URL: mail.smtp_url: the address of the SMTP server begins with",
            "EVENHAND_POLICY__WORKFLOWS: policy.workflows: there is no folder /nowhere",
            "--listen: server.listen: invalid socket address",
            &format!("{at}: database.url: the database URL must start with sqlite:// or postgres://"),
            &format!("{at}: mail.from: is not a mail address"),
        ] {
            assert!(text.contains(said), "{said}\nis not in\n{text}");
        }
        assert!(!text.contains("pale-moon"));
    }

    #[test]
    fn a_file_that_is_not_toml_is_a_fault_with_its_line_and_without_its_words() {
        let (_kept, broken) = file("[mail]\nfrom = 'a@b.org'\nmessage_id_secret = pale-moon\n");
        let text = message(load(broken).unwrap_err());
        assert!(text.contains("line 3"), "{text}");
        assert!(!text.contains("pale-moon"), "{text}");
        let (_kept, number) = file("[mail]\nmessage_id_secret = 271828\n");
        let text = message(load(number).unwrap_err());
        assert!(text.contains("mail.message_id_secret: must be a text") && !text.contains("271828"), "{text}");
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_a_fault_and_no_panic() {
        for (name, text) in [
            ("EVENHAND_SERVER__LISTEN", "here"),
            ("EVENHAND_AUTH__TOKEN_MINUTES", "soon"),
            ("EVENHAND_AUTH__TOKEN_MINUTES", "-1"),
            ("EVENHAND_AUTH__TOKEN_MINUTES", "0"),
            ("EVENHAND_DATABASE__URL", "sqlite::memory:"),
            ("EVENHAND_POLICY__TEMPLATES", "/nowhere"),
            ("EVENHAND_AUTH__ISSUERS", "[{\"issuer\":\"x\"}]"),
            ("EVENHAND_AUTH__ISSUERS", "[{\"issuer\":\"x\",\"audience\":\"y\"}]"),
            ("EVENHAND_SERVER__LOG", "loud"),
            ("EVENHAND_", "x"),
            ("EVENHAND_MAIL__MESSAGE_ID_SECRET_FILE", "/nowhere"),
        ] {
            assert!(load(environment(&[(name, text)])).is_err(), "{name}={text}");
        }
        let (_kept, broken) = file("[server\n");
        assert!(load(broken).is_err());
        assert!(load(Sources { file: Some("/nowhere.toml".into()), ..Sources::default() }).is_err());
    }
}
