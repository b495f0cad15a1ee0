//! `/callers/{id}`: how often, when and about what somebody calls, and what people were asked to look at.

use super::nominate::may_nominate;
use super::places::{Place, may, page};
use super::words::{called, system_title};
use crate::app::App;
use crate::app::callers::{CallerNomination, CallerProfile, Counted, caller_profile};
use crate::domain::access::Role;
use crate::domain::ids::CallerId;
use crate::render::charts::{HeatCounts, bar_list, heat_table};
use crate::render::long_date;
use crate::render::pages::{choice, date_and_time};
use crate::web::fault::Fault;
use crate::web::visitor::Visitor;
use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use serde_json::{Value, json};

const NOTING: [Role; 4] = [Role::Coordinator, Role::Csu, Role::Opt, Role::Snt];

#[get("/callers/{id:[0-9a-f-]{36}}")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor, id: Path<CallerId>) -> Result<HttpResponse, Fault> {
    let profile = caller_profile(&app, &visitor.actor, *id).await?;
    let title = called(profile.name.as_deref(), profile.number.as_deref());
    let view = view(&visitor, &profile);
    let page = page(&visitor, ("callers/profile", &title, Place::Within), profile.marking, view);
    Ok(page.show(&app, &visitor))
}

fn view(visitor: &Visitor, profile: &CallerProfile) -> Value {
    let heat =
        HeatCounts { first_day: profile.first_day, last_day: profile.last_day, counts: profile.hours, date_only: 0 };
    let weeks: Vec<(String, u32)> = profile.weeks.iter().map(|week| (long_date(week.from), week.calls)).collect();
    let bars = |id: &str, title: &str, counted: &[Counted], words: fn(&str) -> String| {
        let counts: Vec<(String, u32)> = counted.iter().map(|one| (words(&one.what), one.calls)).collect();
        bar_list(id, title, "call", &counts)
    };
    let open = |one: &&CallerNomination| one.case_id.is_none() && one.left_because.is_none() && !one.withdrawn;
    json!({
        "place": format!("/callers/{}", profile.id), "kind": choice(profile.kind.as_str()),
        "number": profile.number, "name": profile.name, "location": profile.location,
        "person": profile.person, "calls": profile.calls, "ever": profile.calls_ever, "out": profile.calls_out,
        "last": profile.last_call_at.map(date_and_time), "gap": profile.longest_gap_days,
        "firstDay": long_date(profile.first_day), "lastDay": long_date(profile.last_day),
        "heat": heat_table("hours", &heat),
        "weeks": bar_list("weeks", "Calls a week, by the day the week begins", "call", &weeks),
        "subjects": bars("subjects", "Subjects, as the systems put them down", &profile.subjects, str::to_owned),
        "lines": bars("lines", "Calls by line", &profile.channels, choice),
        "systems": profile.systems.iter()
            .map(|one| json!({ "what": system_title(&one.what), "calls": one.calls })).collect::<Vec<_>>(), "areas": profile.areas, "cutShort": profile.cut_short,
        "nominations": profile.nominations.iter().map(nomination).collect::<Vec<_>>(),
        "waiting": profile.nominations.iter().find(open).map(|one| one.id),
        "nominates": may_nominate(&visitor.officer),
        "notes": profile.notes, "known": profile.knowledge,
        "marks": may(visitor).mark && profile.number.is_some(),
        "marker": format!("/callers/markers/new?caller={}", profile.id),
        "mayNote": may(visitor).read_profiles && visitor.officer.has_any(&NOTING),
        "back": { "href": "/callers/nominations", "text": "Nominated callers" },
    })
}

fn nomination(one: &CallerNomination) -> Value {
    json!({ "at": date_and_time(one.at), "reason": one.reason, "byRule": one.rule.is_some(),
            "case": one.case_id.map(|case| format!("/cases/{case}")), "leftBecause": one.left_because,
            "withdrawn": one.withdrawn })
}
