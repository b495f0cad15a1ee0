//! A warning letter: written by one officer, approved by another, and sent in the words that were approved.

use super::cast::{ADDRESS, Force};
use super::forms;
use crate::support::on_each_database;
use evenhand::domain::access::Role;
use serde_json::json;

#[test]
fn a_warning_goes_out_in_the_words_that_were_approved_to_the_address_that_was_approved() {
    on_each_database(async |database| {
        let force = Force::gather(database).await;
        let supervisor = force.app.officer("supervisor", &[Role::PsdSupervisor]).await;
        let (case, _) = force.strategy_begun().await;
        let draft = json!({
            "kind": "warning_letter", "behaviour": "Nine mails in two days.", "asked": "One mail a week.",
            "consequence": "A strategy.", "help": "The advice line.", "adjustments": "None asked for.",
            "letter": { "heading": "How you write to us", "text": "Once a week is enough.", "method": "email",
                        "address": ADDRESS },
        });
        let new = json!({ "workflow": "warning", "parentId": case, "input": draft });
        let warning = force.app.post(&force.staff, "/api/v1/cases", new).await.ok();
        let warning = warning["id"].as_str().unwrap();
        force.app.run_jobs().await;
        let before = force.app.app.delivery.delivered().len();
        force.act(&supervisor, warning, "approve", forms::approval()).await.ok();
        force.app.run_jobs().await;
        let sent = force.app.app.delivery.delivered();
        let letters: Vec<_> = sent.iter().skip(before).filter(|mail| mail.to == ADDRESS).collect();
        assert_eq!(letters.len(), 1);
        let parsed = mail_parser::MessageParser::default().parse(&letters[0].mime).expect("a MIME message");
        let words = parsed.body_text(0).unwrap();
        assert!(words.contains("How you write to us") && words.contains("Once a week is enough."), "{words}");
    });
}
