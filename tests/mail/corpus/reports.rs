//! Delivery reports: whom they are about, for good or for now, and which mail.

use super::figure::{Aim, Figure, Miss, settle, whereabouts};
use super::{corpus, list, rows, text};
use evenhand::domain::correspondence::bounce;
use evenhand::mail::parse::parse;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;

#[test]
fn bounces_name_their_recipients() {
    let Some(folder) = corpus("bounces") else { return };
    let mut recipients = Figure::new("bounce recipients", Aim::Percent(90));
    let mut permanence = Figure::new("permanence", Aim::None);
    let mut ids = Figure::new("original Message-ID", Aim::None);
    for row in rows(folder.join("expected.jsonl")) {
        if !["bounce", "complaint"].contains(&text(&row, "kind")) {
            continue;
        }
        let file = text(&row, "mail");
        let raw = fs::read(folder.join(file)).unwrap();
        let mail = parse(&raw);
        let read = bounce::read(&mail);
        let seen: BTreeSet<String> = read.recipients.iter().map(|failed| failed.address.to_lowercase()).collect();
        let expected = lower(list(&row, "recipients"));
        recipients.count(seen == expected, || {
            let missing = expected.difference(&seen).next();
            let why = missing.map(|address| format!("{address}: {}", whereabouts(&raw, &mail, address)));
            Miss::new(file, &expected, &seen, why.unwrap_or_else(|| "one address too many is taken".to_owned()))
        });
        if let (Some(permanent), Some(failed)) = (row["permanent"].as_bool(), read.recipients.first()) {
            permanence.count(failed.permanent == permanent, || {
                Miss::new(file, permanent, failed.permanent, format!("the other side saw {}", row["rows"]))
            });
        }
        let expected = lower(list(&row, "original_message_id"));
        if let Some(first) = expected.first() {
            let seen = read.original_message_id.unwrap_or_default().to_lowercase();
            ids.count(expected.contains(&seen), || Miss::new(file, &expected, &seen, whereabouts(&raw, &mail, first)));
        }
    }
    settle(&[&recipients, &permanence, &ids]);
}

fn lower(values: &[Value]) -> BTreeSet<String> {
    values.iter().filter_map(Value::as_str).map(str::to_lowercase).collect()
}
