//! Every page asked for in the name of every role, and every form sent without its token: one table.
//!
//! The list is read from the handlers themselves, so that no page can be forgotten.

use super::browser::Browser;
use crate::story::cast::Force;
use crate::support::TestDatabase;
use evenhand::app::callers::{self, CallFileOf};
use evenhand::domain::access::{Actor, Role, Scope};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Signing in is shown by its own tests; a stream does not end.
const NOT_SWEPT: [&str; 2] = ["/sign-in", "/live"];

struct Handler {
    method: &'static str,
    path: String,
}

/// Every `#[get("…")]` and `#[post("…")]` of the pages.
fn handlers() -> Vec<Handler> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                for line in text.lines() {
                    for (method, opening) in [("GET", "#[get(\""), ("POST", "#[post(\"")] {
                        if let Some(rest) = line.trim().strip_prefix(opening) {
                            found.push(Handler { method, path: rest.split('"').next().unwrap().to_owned() });
                        }
                    }
                }
            }
        }
    }
    found.sort_by(|a, b| (&a.path, a.method).cmp(&(&b.path, b.method)));
    found
}

/// A file that waits to be looked at.
async fn hand_in_calls(app: &evenhand::app::App, file: &str) -> String {
    let of = CallFileOf { profile: "command-and-control".to_owned(), file_name: "file.csv".to_owned() };
    let headings = "Source,Telephone,Name,Caller Type,Location,Type,Details,Actions,Result";
    let file = file.replace("Created\n", &format!("Created,{headings}\n")).replace("10:00:00", "10:00:00,101,,,,,,,,");
    callers::hand_in_calls(app, &Actor::Software, of, file.into_bytes()).await.unwrap().id.to_string()
}

/// A caller with a month that was sent to a unit, a nomination, a meeting and a marker. Answers their ids.
async fn callers(force: &Force) -> [String; 4] {
    use crate::support::made_calls::{calls, keep_calls, nominated};
    keep_calls(&force.app, calls("+447700900555", "2026-05", 12)).await;
    let nomination = nominated(&force.app, "+447700900555").await;
    let coordinator = force.app.officer("sweep.callers", &[Role::Coordinator]).await;
    let sending = serde_json::json!({ "team": "opt" });
    let sent = force.app.post(&coordinator, "/api/v1/caller-months/2026-05/sendings", sending).await.ok();
    let meeting = serde_json::json!({ "kind": "morning", "heldOn": "2026-06-02" });
    let meeting = force.app.post(&coordinator, "/api/v1/coordination/meetings", meeting).await.ok();
    let marker = serde_json::json!({ "kind": "object", "place": "1 Example Road", "text": "A key safe." });
    let marker = force.app.post(&coordinator, "/api/v1/markers", marker).await.ok();
    let id = |value: &serde_json::Value| value["id"].as_str().unwrap().to_owned();
    [id(&meeting), nomination, id(&sent), id(&marker)]
}

/// Things that paths name.
struct World {
    ids: BTreeMap<&'static str, String>,
}

impl World {
    async fn of(force: &Force) -> Self {
        let (case, strategy) = force.strategy_begun().await;
        force.units_answer(&strategy).await;
        let consultation = force.children(&strategy, "consultation").await.pop().unwrap();
        let results = "Authentication-Results: mx.force.example; dmarc=pass header.from=mail.example\r\n";
        let raw = format!(
            "{results}From: Person <person.one@mail.example>\r\nTo: psd@force.example\r\nSubject: Again\r\nMessage-ID: <one@mail.example>\r\nContent-Type: text/plain\r\n\r\nI write again.\r\n"
        );
        let kept = force.app.post_mail(&force.border, "psd@force.example", raw).await.ok();
        force.app.run_jobs().await;
        let contacts = force.app.get(&force.staff, "/api/v1/contacts").await.ok();
        let meetings = force.app.get(&force.chair, "/api/v1/meetings").await.ok();
        let outgoing = force.app.get(&force.admin, "/api/v1/outgoing").await;
        let file = "Incident Number,Created\nA1,10/05/2026 10:00:00\n";
        let file = hand_in_calls(&force.app.app, file).await;
        let [meeting, nomination, sending, marker] = callers(force).await;
        let id = |value: &serde_json::Value| value["id"].as_str().unwrap_or_default().to_owned();
        let taker = force.app.officer("taker", &[Role::Ccr]).await;
        let new = serde_json::json!({ "channel": "101", "withheld": true });
        let call = force.app.post(&taker, "/api/v1/calls", new).await.ok();
        let nothing = "00000000-0000-7000-8000-000000000000".to_owned();
        let outgoing =
            outgoing.body["data"].as_array().and_then(|data| data.first()).map(id).unwrap_or(nothing.clone());
        let listener = force.app.system("listener", &[Scope::ContactsRead]).await;
        let receiver = json!({ "systemId": listener.id, "url": "https://hooks.force.example/evenhand",
                               "types": ["psd.contact.recorded.v1"] });
        let webhook = force.app.post(&force.admin, "/api/v1/webhooks", receiver).await.ok();
        let ids = BTreeMap::from([
            ("/calls/", id(&call)),
            ("/cases/", case),
            ("/strategies/", strategy.clone()),
            ("/approvals/", strategy),
            ("/consultations/", consultation.clone()),
            ("/c/", consultation),
            ("/contacts/", id(&contacts["data"][0])),
            ("/mail/senders/", id(&contacts["data"][0])),
            ("/mail/", id(&kept)),
            ("/meetings/", id(&meetings["data"][0])),
            ("/people/", force.person.clone()),
            ("/callers/imports/", file),
            ("/callers/", crate::support::made_calls::id_of("+447700900555")),
            ("/callers/meetings/", meeting),
            ("/callers/markers/", marker),
            ("/callers/nominations/", nomination),
            ("/callers/sendings/", sending),
            ("/outbox/", outgoing),
            ("/admin/officers/", force.staff.id.clone()),
            ("/admin/webhooks/", id(&webhook)),
        ]);
        Self { ids }
    }

    /// A path with its names filled in.
    fn filled(&self, pattern: &str) -> String {
        let known = |opening: &&&'static str| pattern.starts_with(**opening);
        let longest = self.ids.keys().filter(|opening| known(opening)).max_by_key(|opening| opening.len());
        let id = longest.and_then(|opening| self.ids.get(opening)).cloned().unwrap_or_default();
        let mut path = String::new();
        let plain = pattern.replace(":[0-9a-f-]{36}", "");
        for (n, part) in plain.split('{').enumerate() {
            if n == 0 {
                path.push_str(part);
                continue;
            }
            let (name, rest) = part.split_once('}').unwrap_or_else(|| panic!("{pattern}"));
            path.push_str(match name {
                "n" => "1",
                "action" => "record_local_opt",
                "key" => "appeal",
                "month" => "2026-05",
                "name" if pattern.contains("registers") => "policy",
                "name" => "equality",
                _ => &id,
            });
            path.push_str(rest);
        }
        match path.as_str() {
            "/cases/new" => format!("{path}?workflow=frequent-service-user"),
            _ => path,
        }
    }
}

fn swept() -> impl Iterator<Item = Handler> {
    handlers().into_iter().filter(|handler| {
        !NOT_SWEPT.iter().any(|not| handler.path.starts_with(not)) && !handler.path.starts_with("/static")
    })
}

#[tokio::test]
async fn every_page_answers_every_role_and_shows_nothing_to_who_is_not_signed_in() {
    let force = Box::pin(Force::gather(TestDatabase::sqlite())).await;
    let world = Box::pin(World::of(&force)).await;
    let nobody = Browser::without_session(&force.app);
    let mut table = BTreeMap::new();
    for role in Role::ALL {
        let name = format!("sweep.{role}");
        force.app.officer(&name, &[role]).await;
        let browser = Browser::sign_in(&force.app, &name).await;
        for page in swept().filter(|page| page.method == "GET") {
            let answer = browser.get(&world.filled(&page.path)).await;
            assert!(
                [200, 303, 403, 404, 409, 422].contains(&answer.status),
                "{} for {role}: {} {}",
                page.path,
                answer.status,
                answer.text
            );
            let cell: &mut Vec<String> = table.entry(page.path.clone()).or_default();
            if answer.status == 200 {
                cell.push(role.to_string());
            }
        }
    }
    for page in swept().filter(|page| page.method == "GET" && page.path != "/accessibility") {
        let answer = nobody.get(&world.filled(&page.path)).await;
        assert!(answer.leads_to().starts_with("/sign-in"), "{} is shown to nobody", page.path);
    }
    let lines: Vec<String> = table.iter().map(|(path, roles)| format!("{path}: {}", roles.join(", "))).collect();
    insta::assert_snapshot!("who_sees_which_page", lines.join("\n"));
}

#[tokio::test]
async fn no_form_does_anything_without_its_token() {
    let force = Box::pin(Force::gather(TestDatabase::sqlite())).await;
    let world = Box::pin(World::of(&force)).await;
    let roles: Vec<Role> = Role::ALL.to_vec();
    force.app.officer("sweep.everything", &roles).await;
    let browser = Browser::sign_in(&force.app, "sweep.everything").await;
    let mut forms = 0;
    for form in swept().filter(|form| form.method == "POST") {
        let path = world.filled(&form.path);
        let answer = browser.post_as_it_is(&path, &[("reason", "because"), ("csrf", "nonsense")]).await;
        assert_eq!(answer.status, 403, "{path}: {}", answer.text);
        assert!(answer.text.contains("could not take this form"), "{path}: {}", answer.text);
        forms += 1;
    }
    assert!(forms > 40, "{forms} forms were found");
}
