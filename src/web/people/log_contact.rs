//! `/people/{id}/contacts/new`: writing down a call, a letter or a visit; a call takes three answers.

use super::asking::{Asking, fault, said};
use super::tabs::{only_where, person_at};
use crate::app::contacts::{ContactFacts, record_and_tell};
use crate::app::people::{PersonView, may_do};
use crate::app::{App, drafts};
use crate::domain::calendar::london;
use crate::domain::contact::Channel;
use crate::domain::ids::{PersonId, of};
use crate::web::fault::Fault;
use crate::web::form::{Drawing, faults, read};
use crate::web::frame::see_other;
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get, post};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde_json::{Value, json};

fn schema() -> Value {
    let channels = [
        Channel::Telephone,
        Channel::Phone101,
        Channel::Phone999,
        Channel::InPerson,
        Channel::Letter,
        Channel::Email,
        Channel::OnlineMessage,
        Channel::OnlineChat,
    ];
    json!({ "type": "object", "required": ["channel", "receivedOn"], "properties": {
        "channel": { "type": "string", "title": "How were they in contact?", "enum": channels.map(Channel::as_str) },
        "subject": { "type": "string", "title": "What was it about?", "maxLength": 300,
                     "description": "A few words, as they would say it" },
        "words": { "type": "string", "title": "What was said", "maxLength": 20000 },
        "receivedOn": { "type": "string", "format": "date", "title": "Which day?" },
        "receivedAt": { "type": "string", "title": "At what time?", "maxLength": 10, "pattern": "\\S",
                        "description": "For example, 2:30pm or 14:30. Leave it empty for a letter or a visit of which only the day is known" },
        "addressee": { "type": "string", "title": "Which of our numbers or addresses did it come to?", "maxLength": 300 },
        "presented": { "type": "string", "title": "Which number or address did it come from?", "maxLength": 300 } } })
}

/// The system under whose names the contacts of this form are kept: sent twice, it is one contact.
const FORM: &str = "evenhand-form";
/// The field with the form's own name.
const TOKEN: &str = "token";

fn asking(person: PersonView, may_read: bool, token: &str) -> Asking {
    let contacts = if may_read { "/contacts" } else { "" };
    Asking {
        beside: json!({ "hidden": [{ "name": TOKEN, "value": token }] }),
        template: Some("people/log-contact"),
        few: Some(5),
        title: "Log a contact".to_owned(),
        button: "Log this contact".to_owned(),
        schema: schema(),
        back: format!("/people/{}{contacts}", person.id),
        says: vec![
            "It counts for this person from the time it was received. Write what happened; judge nothing.".to_owned(),
        ],
        ..Asking::about(person, "contacts/new")
    }
}

#[get("/people/{id}/contacts/new")]
pub(crate) async fn ask(app: Data<App>, visitor: Visitor, id: Path<PersonId>) -> Result<HttpResponse, Fault> {
    only_where(may_do(&visitor.actor).log_contact, "Your role does not record contacts.")?;
    let person = person_at(&app, &visitor, *id).await?;
    let now = london::wall_time(app.now());
    let fresh = app.new_id::<of::Event>().to_string();
    let asking = asking(person, may_do(&visitor.actor).read_contacts, &fresh);
    let kept = json!({ "receivedOn": now.date(), "receivedAt": now.format("%H:%M").to_string() });
    let drawing = Drawing::of_value(&asking.schema, &kept);
    let mut asking = Asking { drawing, ..asking }.or_draft(&app, &visitor).await?;
    if let (Some((_, drafted)), Some(shown)) =
        (asking.drawing.fields.iter().find(|(name, _)| name == TOKEN), asking.beside.pointer_mut("/hidden/0/value"))
    {
        *shown = json!(drafted);
    }
    asking.show(&app, &visitor).await
}

#[post("/people/{id}/contacts/new")]
pub(crate) async fn log(app: Data<App>, id: Path<PersonId>, posted: Posted) -> Result<HttpResponse, Fault> {
    let person = person_at(&app, &posted.visitor, *id).await?;
    let id = person.id;
    let token = posted.text(TOKEN);
    let asking = asking(person, may_do(&posted.visitor.actor).read_contacts, token);
    let read_all = read(&asking.schema, posted.fields());
    if !read_all.faults.is_empty() {
        return asking.again(&app, &posted, (StatusCode::UNPROCESSABLE_ENTITY, read_all.faults)).await;
    }
    let input = &read_all.input;
    let Ok(channel) = said(input, "channel").parse::<Channel>() else { return Err(Fault::Unreadable) };
    let received_at = match received_at(channel, &said(input, "receivedOn"), &said(input, "receivedAt")) {
        Ok(at) => at,
        Err(message) => return asking.again(&app, &posted, fault("receivedAt", message)).await,
    };
    let given = |name: &str| Some(said(input, name)).filter(|text| !text.is_empty());
    let facts = ContactFacts {
        channel,
        received_at: Some(received_at),
        addressee: given("addressee"),
        presented: given("presented"),
        subject: given("subject"),
        words: given("words"),
        external_system: (!token.is_empty()).then(|| FORM.to_owned()),
        external_ref: (!token.is_empty()).then(|| token.to_owned()),
        person_id: Some(id),
        person_reference: None,
    };
    match Box::pin(record_and_tell(&app, &posted.visitor.actor, facts)).await {
        Ok(_) => {
            drafts::discard_draft(&app, &posted.visitor.actor, &asking.place).await?;
            Ok(see_other(&asking.back))
        }
        Err(error) => {
            let (status, mut faults) = faults::of_error(error)?;
            // The time is asked for in two fields; a day in the future is the likelier slip.
            let time = faults.iter_mut().filter(|fault| fault.name == "receivedAt");
            time.for_each(|fault| "receivedOn".clone_into(&mut fault.name));
            asking.again(&app, &posted, (status, faults)).await
        }
    }
}

/// The instant of a day and a time in London. A letter and a visit may be known by their day alone, kept as the midnight
/// it begins with.
fn received_at(channel: Channel, day: &str, time: &str) -> Result<DateTime<Utc>, &'static str> {
    let day: NaiveDate = day.parse().map_err(|_unread| "Enter the day")?;
    let time = match time.trim() {
        "" if matches!(channel, Channel::Letter | Channel::InPerson) => NaiveTime::MIN,
        "" => return Err("Enter the time: limits are counted to the minute"),
        written => time_of(written).ok_or("Enter a time such as 2:30pm or 14:30")?,
    };
    Ok(london::instant_of(day.and_time(time)))
}

/// `14:30`, `2.30 pm`, `2pm`, `1430`.
fn time_of(written: &str) -> Option<NaiveTime> {
    let plain: String = written.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    let plain = plain.replace('.', ":");
    let (clock, half) = match (plain.strip_suffix("am"), plain.strip_suffix("pm")) {
        (Some(clock), _) => (clock, Some(0)),
        (_, Some(clock)) => (clock, Some(12)),
        (None, None) => (plain.as_str(), None),
    };
    let (hour, minute) = match clock.split_once(':') {
        Some((hour, minute)) => (hour.parse::<u32>().ok()?, minute.parse::<u32>().ok()?),
        None if clock.len() == 4 => {
            let number: u32 = clock.parse().ok()?;
            (number / 100, number % 100)
        }
        None => (clock.parse::<u32>().ok().filter(|_| half.is_some())?, 0),
    };
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    NaiveTime::from_hms_opt(hour, minute, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_taken_as_people_write_them() {
        let said = |text: &str| time_of(text).map(|time| time.format("%H:%M").to_string());
        for (written, meant) in [
            ("14:30", "14:30"),
            ("2:30pm", "14:30"),
            ("2.30 PM", "14:30"),
            ("2pm", "14:00"),
            ("12am", "00:00"),
            ("12:05pm", "12:05"),
            ("0905", "09:05"),
            ("9:05", "09:05"),
        ] {
            assert_eq!(said(written).as_deref(), Some(meant), "{written}");
        }
        for nonsense in ["25:00", "13pm", "0pm", "noonish", "9", "9:61", ""] {
            assert_eq!(said(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn only_a_letter_or_a_visit_may_be_known_by_its_day_alone() {
        assert_eq!(received_at(Channel::Letter, "2026-06-01", "").unwrap().to_rfc3339(), "2026-05-31T23:00:00+00:00");
        assert!(received_at(Channel::Phone101, "2026-06-01", "").is_err());
        assert_eq!(
            received_at(Channel::Telephone, "2026-06-01", "9:30").unwrap().to_rfc3339(),
            "2026-06-01T08:30:00+00:00"
        );
    }
}
