//! `GET /people/{id}/contacts`: every contact of a person, newest first and by day, with what was found of it; and when and
//! how they come, as pictures.

use super::pictures;
use super::tabs::{Tab, person_at, tabs};
use crate::app::App;
use crate::app::contacts::{ContactView, contact_log};
use crate::app::people::{contact_numbers, may_do};
use crate::domain::attribution::Certainty;
use crate::domain::calendar::london;
use crate::domain::contact::Channel;
use crate::domain::ids::{ContactId, PersonId};
use crate::domain::strategy::{Verdict, VerdictKind, WindowUnit};
use crate::render::pages::{choice, time_of_day};
use crate::web::fault::Fault;
use crate::web::frame::{Area, Page};
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

const ROWS_A_PAGE: usize = 50;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    channel: String,
    /// When the last contact of the page before was received, and its id.
    after: String,
}

impl Asked {
    fn after(&self) -> Option<(DateTime<Utc>, ContactId)> {
        let (at, id) = self.after.split_once('~')?;
        Some((at.parse().ok()?, id.parse().ok()?))
    }
}

#[get("/people/{id}/contacts")]
pub(crate) async fn show(
    app: Data<App>,
    visitor: Visitor,
    id: Path<PersonId>,
    asked: Query<Asked>,
) -> Result<HttpResponse, Fault> {
    let person = person_at(&app, &visitor, *id).await?;
    let channel: Option<Channel> = asked.channel.parse().ok();
    let most = u64::try_from(ROWS_A_PAGE + 1).unwrap_or(u64::MAX);
    let mut found = contact_log(&app, &visitor.actor, (person.id, channel), asked.after(), most).await?;
    let more = found.len() > ROWS_A_PAGE;
    found.truncate(ROWS_A_PAGE);
    let numbers = contact_numbers(&app, &visitor.actor, person.id).await?;
    let may = may_do(&visitor.actor);
    let place = format!("/people/{}/contacts", person.id);
    let narrowed = if channel.is_some() { format!("channel={}&", asked.channel) } else { String::new() };
    let older = found.last().filter(|_| more).map(|last| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("after", &format!("{}~{}", last.received_at.to_rfc3339(), last.id));
        format!("{place}?{narrowed}{}", query.finish())
    });
    let marking = found.iter().map(|contact| contact.marking).max().unwrap_or_default().max(person.marking);
    let view = json!({
        "person": person,
        "tabs": tabs(person.id, Tab::Contacts, may),
        "may": may,
        "place": place,
        "days": by_day(&found),
        "channels": choices(channel, &place),
        "channel": channel.map(|channel| choice(channel.as_str())),
        "newest": (!asked.after.is_empty()).then(|| json!({ "href": format!("{place}?{}", narrowed.trim_end_matches('&')) })),
        "older": older.map(|href| json!({ "href": href })),
        "heat": pictures::heat(&numbers),
        "mix": pictures::channels(&numbers),
    });
    let page = Page::new("people/contacts", "Contacts", view);
    Ok(Page { area: Area::People, marking, ..page }.show(&app, &visitor))
}

/// The ways of contact as links that narrow the log.
fn choices(chosen: Option<Channel>, place: &str) -> Vec<Value> {
    let all = json!({ "text": "All", "href": place, "active": chosen.is_none() });
    let one = |channel: Channel| {
        json!({ "text": choice(channel.as_str()), "href": format!("{place}?channel={channel}"),
                "active": chosen == Some(channel) })
    };
    std::iter::once(all).chain(Channel::ALL.into_iter().map(one)).collect()
}

/// The contacts of each London day, in the order they came in.
fn by_day(contacts: &[ContactView]) -> Vec<Value> {
    let mut days: Vec<(NaiveDate, Vec<Value>)> = Vec::new();
    for contact in contacts {
        let day = london::date_of(contact.received_at);
        match days.last_mut().filter(|(last, _)| *last == day) {
            Some((_, rows)) => rows.push(row(contact)),
            None => days.push((day, vec![row(contact)])),
        }
    }
    days.into_iter().map(|(day, rows)| json!({ "day": short_day(day), "rows": rows })).collect()
}

/// `24 Nov 2026`, as tables say days.
fn short_day(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

/// One contact as a line of a log.
pub(super) fn row(contact: &ContactView) -> Value {
    let wall = london::wall_time(contact.received_at);
    let time = (!pictures::is_date_alone(contact.received_at)).then(|| time_of_day(wall.time()));
    let subject = contact.subject.as_deref().map(str::trim).filter(|subject| !subject.is_empty());
    json!({
        "id": contact.id,
        "href": format!("/contacts/{}", contact.id),
        "receivedAt": contact.received_at,
        "date": wall.date(),
        "when": match &time {
            Some(time) => format!("{}, {time}", short_day(wall.date())),
            None => short_day(wall.date()),
        },
        "time": time,
        "channel": choice(contact.channel.as_str()),
        "subject": subject,
        "counted": contact.counted && contact.counts_for_id.is_some(),
        "notCounted": not_counted(contact),
        "found": contact.verdict.as_ref().map(found),
        "flags": contact.flags.len(),
    })
}

/// Why a contact does not count, in words; `None` where it does.
fn not_counted(contact: &ContactView) -> Option<&'static str> {
    match (contact.not_counted_because, contact.counts_for_id) {
        (Some("automatic"), _) => Some("sent by a machine"),
        (Some("list"), _) => Some("sent to a mailing list"),
        (Some("own"), _) => Some("our own mail coming back"),
        (Some("duplicate"), _) => Some("the same contact again"),
        (Some("suspected_spoof"), _) => Some("not shown to come from their address"),
        (Some("on_behalf"), _) => Some("somebody else wrote for them"),
        (Some("withdrawn"), _) => Some("what told of it was withdrawn"),
        (Some(_), _) => Some("set aside"),
        (None, Some(_)) => None,
        (None, None) if contact.attribution == Certainty::OnBehalf => Some("somebody else wrote for them"),
        (None, None) => Some("not confirmed to be theirs"),
    }
}

/// What the limits said, and by which of them.
fn found(verdict: &Verdict) -> Value {
    let kind = verdict.kinds.first();
    let words = match kind {
        VerdictKind::WithinLimit if verdict.strategy.is_none() => "No strategy was in force",
        VerdictKind::WithinLimit => "Inside the strategy",
        VerdictKind::WrongChannel => "Outside: by a closed way of contact",
        VerdictKind::WrongAddressee => "Outside: not to the agreed address",
        VerdictKind::ClosedSubject => "Outside: a subject that is closed",
        VerdictKind::WrongTime => "Outside: not at an agreed time",
        VerdictKind::OverFrequency => "Outside: more often than agreed",
        VerdictKind::Exempt => "No limit applies",
        VerdictKind::Unattributed => "Not measured: not confirmed to be theirs",
        VerdictKind::NotYetEffective => "Before the strategy took effect",
        VerdictKind::NotCounted => "Not measured",
    };
    let clause = verdict.frequency.map(|frequency| {
        let unit = match (frequency.window.unit, frequency.window.n) {
            (WindowUnit::Day, 1) => "a day".to_owned(),
            (WindowUnit::Week, 1) => "a week".to_owned(),
            (WindowUnit::Month, 1) => "a month".to_owned(),
            (WindowUnit::Day, n) => format!("in {n} days"),
            (WindowUnit::Week, n) => format!("in {n} weeks"),
            (WindowUnit::Month, n) => format!("in {n} months"),
        };
        format!("Clause {}: {} {unit}", frequency.limit + 1, frequency.max)
    });
    json!({ "words": words, "outside": kind.is_breach(), "clause": clause,
            "href": verdict.strategy.map(|strategy| format!("/cases/{strategy}")) })
}
