//! `/nominations`: reasons to put people on the meeting's list.

use crate::api::auth::SignedIn;
use crate::api::body::Body;
use crate::api::paging::{Page, PageQuery};
use crate::api::problem::Problem;
use crate::app::App;
use crate::app::nominations::{self, ManualNomination, ShownNomination, Source};
use crate::app::people::AdjustmentView;
use crate::domain::ids::{CaseId, NominationId, PersonId};
use crate::domain::marking::Marking;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NewNomination {
    /// Absent while it is not known who it is about.
    person_id: Option<PersonId>,
    /// What happened.
    reason: String,
    /// The behaviour said to be unreasonable or unacceptable.
    behaviour: Option<String>,
    /// The added demand on resources.
    demand: Option<String>,
}

/// A nomination labels nobody: it asks people to look.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NominationView {
    id: NominationId,
    /// Of the case it went to.
    marking: Marking,
    /// In force today; to be kept to wherever contact is composed or judged.
    adjustments: Vec<AdjustmentView>,
    person_id: Option<PersonId>,
    /// `manual` or `rule`.
    source: &'static str,
    rule: Option<String>,
    rule_version: Option<String>,
    reason: String,
    #[schema(value_type = Object)]
    detail: Value,
    at: DateTime<Utc>,
    /// The case it was opened for or kept with.
    case_id: Option<CaseId>,
    /// Since when the contacts it rested on are taken back; absent: it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn_at: Option<DateTime<Utc>>,
}

impl From<ShownNomination> for NominationView {
    fn from(shown: ShownNomination) -> Self {
        let ShownNomination { nomination, marking, adjustments } = shown;
        let (source, rule, rule_version) = match nomination.source {
            Source::Manual => ("manual", None, None),
            Source::Rule { rule, version } => ("rule", Some(rule), Some(version)),
        };
        Self {
            id: nomination.id,
            marking,
            adjustments,
            person_id: nomination.person,
            source,
            rule,
            rule_version,
            reason: nomination.reason,
            detail: nomination.detail,
            at: nomination.at,
            case_id: nomination.case,
            withdrawn_at: nomination.withdrawn_at,
        }
    }
}

/// Nominations by people and by rules, newest first; yours alone where your role sees no full case.
#[utoipa::path(tag = "people", params(PageQuery), responses(
    (status = 200, description = "A page of nominations", body = Page<NominationView>)))]
#[get("/nominations")]
pub(crate) async fn list(
    app: Data<App>,
    caller: SignedIn,
    req: HttpRequest,
    paging: Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let limit = paging.limit()?;
    let after = paging.after(&())?;
    let listed = nominations::list_nominations(&app, &caller.actor, after, limit + 1).await?;
    let views = listed.into_iter().map(NominationView::from).collect();
    Ok(Page::new(views, limit, &(), |view: &NominationView| view.id).respond(&req))
}

/// Nominates somebody in the name of the person who is signed in. Where the person has an open case the nomination is
/// kept with it, and a monitored one goes back on the agenda; otherwise a case is opened for the meeting.
#[utoipa::path(tag = "people", request_body = NewNomination, responses(
    (status = 201, description = "Nominated", body = NominationView),
    (status = 403, description = "A system, or a role that may not"),
    (status = 422, description = "No reason, or no such person")))]
#[post("/nominations")]
pub(crate) async fn nominate(
    app: Data<App>,
    caller: SignedIn,
    body: Body<NewNomination>,
) -> Result<HttpResponse, Problem> {
    let NewNomination { person_id, reason, behaviour, demand } = body.into_inner();
    let asked = ManualNomination { person: person_id, reason, behaviour, demand };
    let nomination = nominations::nominate(&app, &caller.actor, asked).await?;
    let shown = nominations::show_nominations(&app, vec![nomination]).await?;
    let view = shown.into_iter().next().map(NominationView::from);
    Ok(HttpResponse::Created().json(view))
}
