//! Meetings of the programme: the morning, the month, and with fire and ambulance. The agenda is made of what is open when
//! one is planned; what was told to which partner, and on which lawful basis, is written down when it is closed.

use super::{MAY_MEET, MAY_READ_PROGRAMME, happened, programme, referrals};
use crate::app::callers::{months_now, words};
use crate::app::{App, AppError, FieldFault, log_disclosure, officer_names, rights};
use crate::domain::access::Actor;
use crate::domain::case::Refusal;
use crate::domain::ids::{CaseId, ProgrammeMeetingId};
use crate::domain::marking::Marking;
use crate::store::nominated_callers::{self, Which};
use crate::store::programme_meetings::{self, Closed, ProgrammeMeeting};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

const MOST: u64 = 200;
/// Months whose checks a meeting looks at.
const MONTHS: usize = 6;

/// A meeting, and how it went.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ProgrammeMeeting)]
pub struct ProgrammeMeetingView {
    pub id: ProgrammeMeetingId,
    pub marking: Marking,
    /// `morning`, `monthly` or `three_service`, as the programme names them.
    pub kind: String,
    pub title: String,
    pub held_on: NaiveDate,
    /// The points, and what was open when it was planned: cases by id, and nobody's name.
    #[schema(value_type = Object)]
    pub agenda: Value,
    pub planned_by: String,
    pub planned_at: DateTime<Utc>,
    pub closed: bool,
    pub attendees: Vec<Attendee>,
    pub shared: Vec<SharedThing>,
    pub minutes: Option<String>,
    pub closed_by: Option<String>,
    pub closed_at: Option<DateTime<Utc>>,
}

/// Somebody who was there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Attendee {
    pub name: String,
    pub organisation: String,
}

/// Something that a partner was told: the least they have to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SharedThing {
    pub what: String,
    /// A partner of the programme.
    pub with: String,
    pub lawful_basis: String,
    /// The case it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case_id: Option<CaseId>,
}

/// What is written down when a meeting is closed.
#[derive(Clone, Debug)]
pub struct MeetingMinutes {
    pub attendees: Vec<Attendee>,
    pub shared: Vec<SharedThing>,
    pub minutes: String,
}

/// Plans a meeting; its agenda is made of the programme's points and of what is open now.
///
/// # Errors
/// `wrong-role`; `Invalid` for a kind of meeting that the programme does not have.
pub async fn plan_meeting(
    app: &App,
    actor: &Actor,
    (kind, held_on): (&str, NaiveDate),
) -> Result<ProgrammeMeetingView, AppError> {
    let officer = rights::officer_with(actor, &MAY_MEET)?.id;
    let of_kind = programme(app)?.meeting(kind);
    let points =
        of_kind.ok_or_else(|| AppError::invalid("/kind", "The programme has no such meeting."))?.agenda.clone();
    let meeting = ProgrammeMeeting {
        id: app.new_id(),
        kind: kind.to_owned(),
        held_on,
        agenda: agenda(app, actor, points).await?,
        planned: (officer, app.now()),
        closed: None,
    };
    let (inner, by, row) = (app.clone(), actor.clone(), meeting.clone());
    let written = app.store.write(async move |tx| {
        programme_meetings::insert(tx, &row).await?;
        let data = json!({ "kind": row.kind, "heldOn": row.held_on });
        happened(&inner, tx, &by, (row.id.as_uuid(), "meeting_planned"), data).await
    });
    written.await?;
    views(app, vec![meeting]).await?.pop().ok_or(AppError::NotFound)
}

async fn agenda(app: &App, actor: &Actor, points: Vec<String>) -> Result<Value, AppError> {
    let mut open = referrals::of_reader(actor, referrals::rows(app, actor, &[]).await?);
    open.retain(|row| !referrals::is_ended(app, row));
    let open = referrals::shown(app, actor, open, u64::MAX).await?;
    let referral = |one: &super::AreaReferral| {
        json!({ "caseId": one.case_id, "state": one.state, "stateTitle": one.state_title, "unit": one.unit,
                "area": one.area, "since": one.state_since, "overdue": one.overdue })
    };
    let months = months_now(app, MONTHS).await?;
    let missed = months.iter().filter(|month| month.checks_owed.iter().any(|owed| owed.missed));
    let missed: Vec<_> = missed.map(|month| month.month.to_string()).collect();
    let waiting = nominated_callers::count(app.store.reader(), Which::Waiting).await?;
    Ok(json!({ "points": points, "referrals": open.iter().map(referral).collect::<Vec<_>>(),
               "nominationsWaiting": waiting, "checksMissed": missed }))
}

/// Closes a meeting: who was there, what was told to whom on which lawful basis, what was agreed. Each thing told is written
/// down as a disclosure to that partner.
///
/// # Errors
/// `wrong-role`; `NotFound`; `meeting-closed`; `Invalid`, with every field that is wrong.
pub async fn close_meeting(
    app: &App,
    actor: &Actor,
    id: ProgrammeMeetingId,
    said: MeetingMinutes,
) -> Result<ProgrammeMeetingView, AppError> {
    let officer = rights::officer_with(actor, &MAY_MEET)?.id;
    let meeting = programme_meetings::find(app.store.reader(), id).await?.ok_or(AppError::NotFound)?;
    if meeting.closed.is_some() {
        return Err(closed());
    }
    let faults = faults(app, &said)?;
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    for thing in &said.shared {
        let about = thing.case_id.map_or(("programme-meeting", id.as_uuid()), |case| ("case", case.as_uuid()));
        let partner = programme(app)?.partner(&thing.with);
        let recipient = partner.map_or(thing.with.as_str(), |partner| partner.title.as_str());
        log_disclosure(app, actor, about, recipient).await?;
    }
    let minutes = words("/minutes", &said.minutes, 20_000)?;
    let (attendees, shared) = (json!(said.attendees), json!(said.shared));
    let how = Closed { attendees, shared, minutes, by: officer, at: app.now() };
    let (inner, by) = (app.clone(), actor.clone());
    let written = app.store.write(async move |tx| {
        if !programme_meetings::close(tx, id, &how).await? {
            return Err(closed());
        }
        let data = json!({ "attendees": how.attendees, "shared": how.shared, "minutes": how.minutes });
        happened(&inner, tx, &by, (id.as_uuid(), "meeting_closed"), data).await
    });
    written.await?;
    again(app, id).await
}

fn closed() -> AppError {
    Refusal::conflict("meeting-closed", "This meeting was closed.").into()
}

fn faults(app: &App, said: &MeetingMinutes) -> Result<Vec<FieldFault>, AppError> {
    let programme = programme(app)?;
    let mut faults = Vec::new();
    let mut needed = |pointer: String, text: &str| {
        if text.trim().is_empty() {
            faults.push(FieldFault { pointer, detail: "This is needed.".to_owned() });
        }
    };
    for (n, attendee) in said.attendees.iter().enumerate() {
        needed(format!("/attendees/{n}/name"), &attendee.name);
        needed(format!("/attendees/{n}/organisation"), &attendee.organisation);
    }
    for (n, thing) in said.shared.iter().enumerate() {
        needed(format!("/shared/{n}/what"), &thing.what);
        needed(format!("/shared/{n}/lawfulBasis"), &thing.lawful_basis);
    }
    needed("/minutes".to_owned(), &said.minutes);
    if said.attendees.is_empty() {
        faults.push(FieldFault { pointer: "/attendees".to_owned(), detail: "Say who was there.".to_owned() });
    }
    let strangers = said.shared.iter().enumerate().filter(|(_, thing)| programme.partner(&thing.with).is_none());
    faults.extend(strangers.map(|(n, _)| FieldFault {
        pointer: format!("/shared/{n}/with"),
        detail: "The programme has no such partner.".to_owned(),
    }));
    Ok(faults)
}

/// One meeting.
///
/// # Errors
/// `wrong-role`; `NotFound`.
pub async fn find_meeting(app: &App, actor: &Actor, id: ProgrammeMeetingId) -> Result<ProgrammeMeetingView, AppError> {
    rights::officer_with(actor, &MAY_READ_PROGRAMME)?;
    again(app, id).await
}

async fn again(app: &App, id: ProgrammeMeetingId) -> Result<ProgrammeMeetingView, AppError> {
    let meeting = programme_meetings::find(app.store.reader(), id).await?.ok_or(AppError::NotFound)?;
    views(app, vec![meeting]).await?.pop().ok_or(AppError::NotFound)
}

/// Planned and held, the latest day first.
///
/// # Errors
/// `wrong-role`.
pub async fn list_meetings(app: &App, actor: &Actor) -> Result<Vec<ProgrammeMeetingView>, AppError> {
    rights::officer_with(actor, &MAY_READ_PROGRAMME)?;
    views(app, programme_meetings::list(app.store.reader(), MOST).await?).await
}

async fn views(app: &App, meetings: Vec<ProgrammeMeeting>) -> Result<Vec<ProgrammeMeetingView>, AppError> {
    let programme = programme(app)?;
    let who = |meeting: &ProgrammeMeeting| {
        let closed = meeting.closed.as_ref().map(|closed| closed.by);
        [Some(meeting.planned.0), closed].into_iter().flatten().map(|by| by.as_uuid()).collect::<Vec<_>>()
    };
    let names = officer_names(app, &meetings.iter().flat_map(who).collect::<Vec<_>>()).await?;
    let name = |id: uuid::Uuid| names.get(&id).cloned().unwrap_or_default();
    let view = |meeting: ProgrammeMeeting| {
        let closed = meeting.closed.as_ref();
        let read = |value: &Value| value.clone();
        ProgrammeMeetingView {
            id: meeting.id,
            marking: app.shown_with(Marking::OfficialSensitive),
            title: programme
                .meeting(&meeting.kind)
                .map_or_else(|| meeting.kind.clone(), |of_kind| of_kind.title.clone()),
            held_on: meeting.held_on,
            planned_by: name(meeting.planned.0.as_uuid()),
            planned_at: meeting.planned.1,
            closed: closed.is_some(),
            attendees: closed
                .and_then(|closed| serde_json::from_value(read(&closed.attendees)).ok())
                .unwrap_or_default(),
            shared: closed.and_then(|closed| serde_json::from_value(read(&closed.shared)).ok()).unwrap_or_default(),
            minutes: closed.map(|closed| closed.minutes.clone()),
            closed_by: closed.map(|closed| name(closed.by.as_uuid())),
            closed_at: closed.map(|closed| closed.at),
            agenda: meeting.agenda,
            kind: meeting.kind,
        }
    };
    Ok(meetings.into_iter().map(view).collect())
}
