//! A message that the program cannot read in time: kept, told, and read again when that was mended.

use super::mailroom::{Mailroom, OURS};
use crate::support::on_each_database;
use evenhand::app::Settings;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

const MAIL: &str = "From: person@example.com\r\nSubject: Please read this\r\n\r\nWords\r\n";

#[test]
fn a_mail_that_takes_too_long_is_quarantined_with_that_reason_and_can_be_read_again() {
    on_each_database(async |database| {
        let mut room = Mailroom::open(database).await;
        let allow = |room: &mut Mailroom, time_per_mail: Duration| {
            let settings = Settings { time_per_mail, ..(*room.app.app.settings).clone() };
            room.app.app.settings = Arc::new(settings);
            room.app.serve_again();
        };
        allow(&mut room, Duration::ZERO);
        let kept = room.app.post_mail(&room.border, OURS, MAIL).await.ok();
        room.app.run_jobs().await;
        let path = format!("/api/v1/mail/{}", kept["id"].as_str().unwrap());
        let explained = room.app.get(&room.staff, &path).await.ok();
        assert_eq!((&explained["state"], &explained["contact"]), (&json!("quarantined"), &json!(null)));
        let reason = "reading it takes longer than a message may take";
        assert_eq!(explained["steps"].as_array().unwrap().last().unwrap()["evidence"]["reason"], reason);

        let again = room.app.post(&room.staff, &format!("{path}/routing"), json!({})).await.ok();
        assert_eq!(again["state"], "quarantined", "nothing was mended, and that is one more step: {again}");
        assert_eq!(again["steps"].as_array().unwrap().len(), explained["steps"].as_array().unwrap().len() + 1);

        allow(&mut room, Duration::from_secs(60));
        let read = room.app.post(&room.staff, &format!("{path}/routing"), json!({})).await.ok();
        assert_eq!(read["state"], "unattributed", "{read}");
    });
}
