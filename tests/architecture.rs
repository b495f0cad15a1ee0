//! The walls of the house: which floor may import which. README shows the same table.

use std::fs;
use std::path::{Path, PathBuf};

/// A room and the rooms of this crate its files may name. A room may always name itself.
const MAY_IMPORT: [(&str, &[&str]); 22] = [
    // Floor 0: nothing.
    ("domain", &[]),
    // Beside the floors: anybody may stand at one.
    ("fault_points", &[]),
    // Floor 1: domain, never each other.
    ("calls_file", &["domain"]),
    ("catalog", &["domain"]),
    ("clock", &["domain"]),
    ("id_source", &["domain"]),
    ("mail", &["domain"]),
    ("render", &["domain"]),
    ("store", &["domain"]),
    ("tokens", &["domain"]),
    ("webhooks", &["domain"]),
    // Floor 2: everything below.
    (
        "app",
        &[
            "domain",
            "fault_points",
            "calls_file",
            "catalog",
            "clock",
            "id_source",
            "mail",
            "render",
            "store",
            "tokens",
            "webhooks",
        ],
    ),
    // Floor 3: doors; floor 1 for its types, never another door.
    ("api", &["domain", "calls_file", "catalog", "clock", "id_source", "mail", "render", "store", "tokens", "app"]),
    (
        "gateway",
        &[
            "domain",
            "fault_points",
            "calls_file",
            "catalog",
            "clock",
            "id_source",
            "mail",
            "render",
            "store",
            "tokens",
            "app",
        ],
    ),
    (
        "worker",
        &[
            "domain",
            "fault_points",
            "calls_file",
            "catalog",
            "clock",
            "id_source",
            "mail",
            "render",
            "store",
            "tokens",
            "app",
        ],
    ),
    (
        "cli",
        &[
            "domain",
            "calls_file",
            "catalog",
            "clock",
            "id_source",
            "mail",
            "render",
            "store",
            "tokens",
            "app",
            "boot",
            "config",
        ],
    ),
    ("web", &["domain", "calls_file", "catalog", "clock", "id_source", "mail", "render", "store", "tokens", "app"]),
    ("demo", &["domain", "calls_file", "catalog", "clock", "id_source", "mail", "render", "store", "tokens", "app"]),
    // The composition root.
    ("config", &["app", "tokens", "mail", "store", "gateway"]),
    ("boot", ALL),
    ("lib", ALL),
    ("main", ALL),
];
const ALL: &[&str] = &[
    "domain",
    "fault_points",
    "calls_file",
    "catalog",
    "clock",
    "id_source",
    "mail",
    "render",
    "store",
    "tokens",
    "webhooks",
    "app",
    "api",
    "gateway",
    "web",
    "worker",
    "cli",
    "demo",
    "config",
    "boot",
];

/// Lines before a file's tests.
const LONGEST_FILE: usize = 500;
/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 7] = ["utils", "util", "core", "common", "helpers", "misc", "shared"];

struct Source {
    path: PathBuf,
    room: String,
    text: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let room = path.strip_prefix(&root).unwrap().iter().next().unwrap().to_str().unwrap();
                let room = room.trim_end_matches(".rs").to_owned();
                found.push(Source { room, text: fs::read_to_string(&path).unwrap(), path });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn rooms_of(room: &str) -> &'static [&'static str] {
    MAY_IMPORT.iter().find(|(name, _)| *name == room).unwrap_or_else(|| panic!("`{room}` is on no floor")).1
}

/// `path:line: fault` for each line that `find` finds fault with. A file's own tests may stand on anything.
fn faults(find: impl Fn(&Source, &str) -> Option<String>) -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources() {
        let lines = source.text.lines().take_while(|line| *line != "#[cfg(test)]");
        for (n, line) in lines.enumerate() {
            if !line.trim_start().starts_with("//")
                && let Some(fault) = find(&source, line)
            {
                faults.push(format!("{}:{}: {fault}", source.path.display(), n + 1));
            }
        }
    }
    faults
}

fn imported_rooms(line: &str) -> impl Iterator<Item = &str> {
    let after = line.split("crate::").skip(1);
    after.map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default())
}

fn none(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn a_floor_imports_only_what_lies_below_it() {
    none(faults(|source, line| {
        let allowed = rooms_of(&source.room);
        let climbs = imported_rooms(line)
            .find(|room| !room.is_empty() && *room != source.room && ALL.contains(room) && !allowed.contains(room))?;
        Some(format!("`{}` imports `{climbs}`", source.room))
    }));
}

#[test]
fn every_room_is_on_a_floor() {
    for source in sources() {
        rooms_of(&source.room);
    }
}

#[test]
fn imports_of_other_modules_are_written_out_one_a_line() {
    none(faults(|_, line| line.contains("crate::{").then(|| "a `crate::{…}` group hides what is imported".to_owned())));
}

#[test]
fn nothing_climbs_two_floors_by_super() {
    none(faults(|_, line| line.contains("super::super").then(|| "write `crate::…`".to_owned())));
}

#[test]
fn no_module_has_a_name_that_says_nothing() {
    none(faults(|_, line| {
        let name =
            line.trim_start().trim_start_matches("pub ").trim_start_matches("pub(crate) ").strip_prefix("mod ")?;
        let name = name.trim_end_matches([';', '{', ' ']);
        EMPTY_NAMES.contains(&name).then(|| format!("a module called `{name}`"))
    }));
}

#[test]
fn no_file_is_longer_than_five_hundred_lines_before_its_tests() {
    let long = sources().into_iter().filter_map(|source| {
        let lines = source.text.lines().take_while(|line| *line != "#[cfg(test)]").count();
        (lines > LONGEST_FILE).then(|| format!("{}: {lines} lines", source.path.display()))
    });
    none(long.collect());
}

#[test]
fn every_file_says_what_it_answers() {
    let silent = sources().into_iter().filter(|source| !source.text.starts_with("//!"));
    none(silent.map(|source| format!("{}: no `//!` line at the top", source.path.display())).collect());
}

/// Every budget, breaker and rule of who may be answered stands before one door: nothing passes beside it.
#[test]
fn mail_leaves_by_one_door() {
    let may = [
        // The server's dialogue itself.
        ("lettre::transport", "mail/deliver/"),
        (".deliver(", "mail/deliver/"),
        // Who hands a mail over, and who makes one.
        (".deliver(", "app/outbox/send_mail.rs"),
        ("compose(&mail, ", "app/outbox/queue_mail.rs"),
        ("outgoing::insert(", "app/outbox/queue_mail.rs"),
        ("mail::compose", "app/outbox/queue_mail.rs"),
    ];
    none(faults(|source, line| {
        let path = source.path.to_string_lossy().replace('\\', "/");
        let word = may.iter().map(|(word, _)| *word).find(|word| line.contains(word))?;
        let allowed = may.iter().any(|(one, place)| *one == word && path.contains(place));
        (!allowed).then(|| format!("`{word}` beside the door that mail leaves by"))
    }));
}

/// What is recorded for equality reports decides nothing, measures nothing and shows nowhere else (policy 3.2).
#[test]
fn nothing_but_its_own_record_and_report_looks_at_equality_monitoring() {
    let own = [
        "domain/person/equality.rs",
        "domain/person/mod.rs",
        "domain/report/",
        "store/equality_monitoring.rs",
        "store/mod.rs",
        "store/table_copy.rs",
        "store/disposal/",
        "app/people/equality_monitoring.rs",
        "app/people/mod.rs",
        "app/reports/",
        "api/v1/people/equality_monitoring.rs",
        "api/v1/people/mod.rs",
        "api/routes.rs",
        // The page on which it is recorded.
        "web/people/equality.rs",
    ];
    let others = sources().into_iter().filter(|source| {
        let path = source.path.to_string_lossy().replace('\\', "/");
        !own.iter().any(|own| path.contains(own))
    });
    let looks =
        others.filter(|source| source.text.contains("equality_monitoring") || source.text.contains("person::equality"));
    none(looks.map(|source| format!("{} looks at equality monitoring", source.path.display())).collect());
}

#[test]
fn nothing_is_left_for_later() {
    let later = ["todo!", "TODO", "FIXME", "unimplemented!", "(in the making)", "is in the making"];
    let mut found = Vec::new();
    for source in sources() {
        for (n, line) in source.text.lines().enumerate() {
            if let Some(word) = later.iter().find(|word| line.contains(**word)) {
                found.push(format!("{}:{}: {word}", source.path.display(), n + 1));
            }
        }
    }
    none(found);
}

/// Every mail of ours goes out through one room, which keeps to the budgets and stops when it has to.
#[test]
fn only_the_outbox_hands_mail_over_and_only_the_edge_knows_how() {
    none(faults(|source, line| {
        let path = source.path.to_string_lossy().replace('\\', "/");
        let mails = source.room == "mail" || path.ends_with("src/config/validate.rs");
        if line.contains("lettre") && !mails {
            return Some("names `lettre` outside of `mail`".to_owned());
        }
        let hands_over = line.contains(".deliver(") && source.room != "mail" && !path.contains("src/app/outbox/");
        hands_over.then(|| "hands a mail over past the outbox".to_owned())
    }));
}
