//! Meetings of the programme: the morning, the month, and with fire and ambulance. What was told to which partner, on which
//! lawful basis, and why no less would do, is written down when one is closed.

use super::agenda::{Seeing, agenda};
use super::{MAY_MEET, MAY_READ_PROGRAMME, happened, programme};
use crate::app::callers::words;
use crate::app::cases::Sight;
use crate::app::{App, AppError, FieldFault, Shown, log_disclosure, log_list, log_reading, officer_names, rights};
use crate::domain::access::Actor;
use crate::domain::case::Refusal;
use crate::domain::ids::{CaseId, ProgrammeMeetingId};
use crate::domain::marking::Marking;
use crate::store::programme_meetings::{self, Closed, ProgrammeMeeting};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

/// What the access log calls one.
const MEETING: &str = "programme-meeting";
const MOST: u64 = 200;
/// The most characters of a name, of a line, of the minutes.
const NAME: usize = 200;
const LINE: usize = 500;
const LONG: usize = 20_000;

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
    /// The points, and what there was to look at when it was planned: cases and nominations by id, and nobody's name. Of a
    /// case that is listed for the three services, the listing as it stands now. What the reader may not see is left out.
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
    /// Why it was needed, and why no less would do; empty in minutes from before it was asked.
    #[serde(default)]
    pub necessary: String,
    /// The case of a repeat caller that it is about.
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

/// Plans a meeting; its agenda is made of the programme's points and of what its kind looks at, as it is now.
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
    let of_kind = of_kind.ok_or_else(|| AppError::invalid("/kind", "The programme has no such meeting."))?;
    let meeting = ProgrammeMeeting {
        id: app.new_id(),
        kind: kind.to_owned(),
        held_on,
        agenda: agenda(app, actor, of_kind).await?,
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
    views(app, actor, vec![meeting]).await?.pop().ok_or(AppError::NotFound)
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
    let faults = faults(app, actor, &said).await?;
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let minutes = words("/minutes", &said.minutes, LONG)?;
    let (attendees, shared, told) = (json!(said.attendees), json!(said.shared), said.shared);
    let how = Closed { attendees, shared, minutes, by: officer, at: app.now() };
    let (inner, by) = (app.clone(), actor.clone());
    let written = app.store.write(async move |tx| {
        if !programme_meetings::close(tx, id, &how).await? {
            return Err(closed());
        }
        // With the commit: who lost the race to close it told nobody anything.
        for thing in &told {
            let about = thing.case_id.map_or((MEETING, id.as_uuid()), |case| ("case", case.as_uuid()));
            let partner = programme(&inner)?.partner(&thing.with);
            let recipient = partner.map_or(thing.with.as_str(), |partner| partner.title.as_str());
            log_disclosure(&inner, &by, about, recipient).await?;
        }
        let data = json!({ "attendees": how.attendees, "shared": how.shared, "minutes": how.minutes });
        happened(&inner, tx, &by, (id.as_uuid(), "meeting_closed"), data).await
    });
    written.await?;
    again(app, actor, id).await
}

fn closed() -> AppError {
    Refusal::conflict("meeting-closed", "This meeting was closed.").into()
}

async fn faults(app: &App, actor: &Actor, said: &MeetingMinutes) -> Result<Vec<FieldFault>, AppError> {
    let programme = programme(app)?;
    let mut faults = Vec::new();
    let mut needed = |pointer: String, text: &str, most: usize| match words(&pointer, text, most) {
        Err(AppError::Invalid(found)) => {
            faults.extend(found);
            Ok(())
        }
        other => other.map(drop),
    };
    for (n, attendee) in said.attendees.iter().enumerate() {
        needed(format!("/attendees/{n}/name"), &attendee.name, NAME)?;
        needed(format!("/attendees/{n}/organisation"), &attendee.organisation, NAME)?;
    }
    for (n, thing) in said.shared.iter().enumerate() {
        needed(format!("/shared/{n}/what"), &thing.what, LINE)?;
        needed(format!("/shared/{n}/lawfulBasis"), &thing.lawful_basis, LINE)?;
        needed(format!("/shared/{n}/necessary"), &thing.necessary, LINE)?;
    }
    needed("/minutes".to_owned(), &said.minutes, LONG)?;
    let mut fault = |pointer: String, detail: &str| faults.push(FieldFault { pointer, detail: detail.to_owned() });
    if said.attendees.is_empty() {
        fault("/attendees".to_owned(), "Say who was there.");
    }
    let told: Vec<CaseId> = said.shared.iter().filter_map(|thing| thing.case_id).collect();
    let seeing = Seeing::of(app, actor, (&[], &told)).await?;
    for (n, thing) in said.shared.iter().enumerate() {
        if programme.partner(&thing.with).is_none() {
            fault(format!("/shared/{n}/with"), "The programme has no such partner.");
        }
        if thing.case_id.is_some_and(|case| seeing.sight(case) != Sight::Full) {
            fault(format!("/shared/{n}/caseId"), "You see no case of a repeat caller of this number.");
        }
    }
    Ok(faults)
}

/// One meeting.
///
/// # Errors
/// `wrong-role`; `NotFound`.
pub async fn find_meeting(app: &App, actor: &Actor, id: ProgrammeMeetingId) -> Result<ProgrammeMeetingView, AppError> {
    rights::officer_with(actor, &MAY_READ_PROGRAMME)?;
    let meeting = again(app, actor, id).await?;
    log_reading(app, actor, MEETING, Some(id.as_uuid())).await?;
    Ok(meeting)
}

async fn again(app: &App, actor: &Actor, id: ProgrammeMeetingId) -> Result<ProgrammeMeetingView, AppError> {
    let meeting = programme_meetings::find(app.store.reader(), id).await?.ok_or(AppError::NotFound)?;
    views(app, actor, vec![meeting]).await?.pop().ok_or(AppError::NotFound)
}

/// Planned and held, the latest day first.
///
/// # Errors
/// `wrong-role`.
pub async fn list_meetings(app: &App, actor: &Actor) -> Result<Vec<ProgrammeMeetingView>, AppError> {
    rights::officer_with(actor, &MAY_READ_PROGRAMME)?;
    let listed = programme_meetings::list(app.store.reader(), MOST).await?;
    let shown: Vec<Shown> = listed.iter().map(|meeting| Shown::itself(meeting.id.as_uuid())).collect();
    let views = views(app, actor, listed).await?;
    log_list(app, actor, MEETING, &shown).await?;
    Ok(views)
}

/// What was told to partners, as it was written down.
fn told(meeting: &ProgrammeMeeting) -> Vec<SharedThing> {
    let closed = meeting.closed.as_ref();
    closed.and_then(|closed| serde_json::from_value(closed.shared.clone()).ok()).unwrap_or_default()
}

async fn views(
    app: &App,
    actor: &Actor,
    meetings: Vec<ProgrammeMeeting>,
) -> Result<Vec<ProgrammeMeetingView>, AppError> {
    let programme = programme(app)?;
    let who = |meeting: &ProgrammeMeeting| {
        let closed = meeting.closed.as_ref().map(|closed| closed.by);
        [Some(meeting.planned.0), closed].into_iter().flatten().map(|by| by.as_uuid()).collect::<Vec<_>>()
    };
    let names = officer_names(app, &meetings.iter().flat_map(who).collect::<Vec<_>>()).await?;
    let cases: Vec<CaseId> = meetings.iter().flat_map(told).filter_map(|thing| thing.case_id).collect();
    let agendas: Vec<&Value> = meetings.iter().map(|meeting| &meeting.agenda).collect();
    let seeing = Seeing::of(app, actor, (&agendas, &cases)).await?;
    let name = |id: uuid::Uuid| names.get(&id).cloned().unwrap_or_default();
    let view = |meeting: ProgrammeMeeting| {
        let closed = meeting.closed.as_ref();
        let theirs = |thing: &SharedThing| thing.case_id.is_none_or(|case| seeing.sight(case) != Sight::Nothing);
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
                .and_then(|closed| serde_json::from_value(closed.attendees.clone()).ok())
                .unwrap_or_default(),
            shared: told(&meeting).into_iter().filter(theirs).collect(),
            minutes: closed.map(|closed| closed.minutes.clone()),
            closed_by: closed.map(|closed| name(closed.by.as_uuid())),
            closed_at: closed.map(|closed| closed.at),
            agenda: seeing.agenda(meeting.agenda),
            kind: meeting.kind,
        }
    };
    Ok(meetings.into_iter().map(view).collect())
}
