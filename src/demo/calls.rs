//! Eight weeks of the control room's calls, as four systems recorded them, and what came of some who called often.

use super::county::{County, Parameters};
use super::force::Force;
use super::meetings::act;
use crate::app::callers::{CallFileOf, FileRows, Nominated, import_calls, nominated_callers, take_up};
use crate::app::live_calls::{NewMarker, add_marker};
use crate::app::{App, AppError};
use crate::domain::calendar::london;
use crate::domain::calls::{CallerKind, MarkerKind};
use crate::domain::ids::CaseId;
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

const DAYS: u64 = 56;
const CALLS: u64 = 1_800;
const CALLERS: u32 = 420;
const REPEAT_CALLERS: u32 = 9;

/// Steps, one a line.
const PLAN: &str =
    "Ask what they hear, and where in the house.\nSay when the next visit is.\nOffer to stay on the line.";
const KEY_SAFE: &str = "A key safe by the door; the code is with the duty inspector.";

/// How far the work with a caller goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Nominated,
    Diverted,
    Referred,
    WithUnit,
    AreaUnknown,
}

const PARTS: [Stage; 5] = [Stage::WithUnit, Stage::Diverted, Stage::Referred, Stage::AreaUnknown, Stage::Nominated];

/// Brings the files in, and takes some of those up who were nominated by them; others still wait.
pub(super) async fn come_in(app: &App, force: &Force) -> Result<(), AppError> {
    let until = london::date_of(app.now());
    let from = until.checked_sub_days(Days::new(DAYS)).unwrap_or(until);
    let county =
        Parameters { seed: 20_261_126, calls: CALLS, callers: CALLERS, repeat_callers: REPEAT_CALLERS, from, until };
    let county = County::new(county).map_err(|fault| AppError::broken("making up a county", fault))?;
    for profile in app.catalog.import_profiles().iter() {
        let bytes = county.file(profile.system);
        let rows = FileRows::open(bytes, profile, app.now(), app.settings.imports.most_bytes);
        let rows = rows.map_err(|fault| AppError::broken("reading a made-up file", fault))?;
        let of = CallFileOf { profile: profile.profile.clone(), file_name: format!("{}-{until}.csv", profile.profile) };
        Box::pin(import_calls(app, &force.coordinator, of, rows, |_: &_| {})).await?;
    }
    // A caller may have been nominated more than once in the weeks; in the order of their numbers, the same on every machine.
    let mut waiting = nominated_callers(app, &force.coordinator, Nominated::Waiting, None, 50).await?;
    waiting.retain(|one| one.kind != CallerKind::Organisation);
    waiting.sort_by(|one, other| (&one.number, one.caller_id, other.at).cmp(&(&other.number, other.caller_id, one.at)));
    waiting.dedup_by_key(|one| one.caller_id);
    for (stage, nominated) in PARTS.into_iter().zip(&waiting) {
        if let (Stage::WithUnit, Some(number)) = (stage, &nominated.number) {
            mark(app, force, number, until).await?;
        }
        let input = json!({ "source": "rule", "reason": nominated.reason, "callerName": nominated.name,
                            "callerTelephone": nominated.number, "callerLocation": nominated.location });
        let case = take_up(app, &force.coordinator, nominated.nomination_id, without_nulls(input)).await?.id;
        Box::pin(go_as_far_as(app, force, (stage, case), until)).await?;
    }
    Ok(())
}

/// What call takers are told of a number and of where it calls from; the second is to be looked at again today.
async fn mark(app: &App, force: &Force, number: &str, today: NaiveDate) -> Result<(), AppError> {
    let marker = |kind, text: &str, review_on| NewMarker {
        kind,
        telephone: None,
        person: None,
        place: None,
        text: text.to_owned(),
        review_on,
    };
    let in_four_weeks = today.checked_add_days(Days::new(28));
    let plan = marker(MarkerKind::ResponsePlan, PLAN, in_four_weeks);
    let key_safe = marker(MarkerKind::Object, KEY_SAFE, Some(today));
    add_marker(app, &force.coordinator, NewMarker { telephone: Some(number.to_owned()), ..plan }).await?;
    add_marker(app, &force.coordinator, NewMarker { place: Some("1 Example Terrace".to_owned()), ..key_safe }).await?;
    Ok(())
}

async fn go_as_far_as(
    app: &App,
    force: &Force,
    (stage, case): (Stage, CaseId),
    today: NaiveDate,
) -> Result<(), AppError> {
    let coordinator = &force.coordinator;
    if stage == Stage::Nominated {
        return Ok(());
    }
    if stage == Stage::Diverted {
        return act(app, coordinator, case, "review_nature", targeted(today)).await;
    }
    act(app, coordinator, case, "review_nature", vulnerable()).await?;
    let referral = match stage {
        Stage::AreaUnknown => {
            json!({ "areaFrom": "unknown", "unit": "csu", "asked": "Please find out where they live, and visit." })
        }
        Stage::Nominated | Stage::Diverted | Stage::Referred | Stage::WithUnit => {
            json!({ "areaFrom": "told", "area": "north", "unit": "csu", "asked": "Please visit; most calls are at night." })
        }
    };
    act(app, coordinator, case, "refer", referral).await?;
    if stage == Stage::WithUnit {
        let review = today.checked_add_days(Days::new(28)).unwrap_or(today);
        act(app, &force.csu, case, "accept", json!({ "lead": "Example Officer (demo.csu)", "reviewOn": review }))
            .await?;
        let visit = json!({ "on": today, "who": "Example Officer (demo.csu)", "found": "Alone at night, and afraid of noises.",
                            "agreed": "A visit each Friday, and a number to call." });
        act(app, &force.csu, case, "record_visit", visit).await?;
    }
    Ok(())
}

fn vulnerable() -> Value {
    json!({ "nature": "vulnerable", "reasons": "Lives alone; calls when afraid.",
            "safeguarding": "Considered with the MASH; a concern was raised." })
}

fn targeted(today: NaiveDate) -> Value {
    json!({ "nature": "targeted_victim", "reasons": "A neighbour targets them; the calls are reports of it.",
            "safeguarding": "Considered; help was asked for at once.",
            "diversion": { "to": "specialist_department", "which": "Example Domestic Abuse Team",
                           "asked": "Look at what the neighbour does.", "sentOn": today } })
}

fn without_nulls(mut input: Value) -> Value {
    if let Some(fields) = input.as_object_mut() {
        fields.retain(|_, value| !value.is_null());
    }
    input
}
