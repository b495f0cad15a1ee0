//! `/people/{id}/merge`: two records side by side that may be one person, merging them, and taking a merge back.

use super::asking::{Asking, reason_form, said};
use super::tabs::{Tab, person_at, tabs};
use crate::app::people::{
    Linked, PersonView, Searched, linked_records, may_do, merge_people, reverse_merge, search_people,
};
use crate::app::{App, AppError, drafts};
use crate::domain::ids::{MergeId, PersonId};
use crate::web::fault::Fault;
use crate::web::form::{faults, read};
use crate::web::frame::see_other;
use crate::web::posted::Posted;
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query};
use actix_web::{HttpResponse, get, post};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// The other record.
    with: Option<PersonId>,
    /// A name or reference to look for it by.
    find: String,
}

#[get("/people/{id}/merge")]
pub(crate) async fn ask(
    app: Data<App>,
    visitor: Visitor,
    id: Path<PersonId>,
    asked: Query<Asked>,
) -> Result<HttpResponse, Fault> {
    let person = person_at(&app, &visitor, *id).await?;
    asking(&app, &visitor, person, &asked).await?.show(&app, &visitor).await
}

async fn asking(app: &App, visitor: &Visitor, person: PersonView, asked: &Asked) -> Result<Asking, Fault> {
    let may = may_do(&visitor.actor);
    let linked = linked_records(app, &visitor.actor, person.id).await?;
    let other = match asked.with {
        Some(other) => Some(person_at(app, visitor, other).await?),
        None => None,
    };
    let found = match asked.find.trim() {
        "" => None,
        text => Some(found(app, visitor, text, person.id).await?),
    };
    let beside = json!({
        "tabs": tabs(person.id, Tab::SamePerson, may),
        "may": may,
        "sharing": sharing(&linked, person.id),
        "merges": merges(&linked, person.id, may.merge),
        "find": asked.find,
        "searched": found.is_some(),
        "found": found.clone().and_then(Result::ok),
        "findErrors": found.and_then(Result::err).map(|fault| json!([{ "text": fault }])),
        "other": other,
        "sides": other.as_ref().map(|other| sides(&person, other)),
    });
    let marking = other.as_ref().map_or(person.marking, |other| other.marking.max(person.marking));
    let path = other.as_ref().map_or_else(|| "merge".to_owned(), |other| format!("merge?with={}", other.id));
    Ok(Asking {
        template: Some("people/merge"),
        title: "Is this the same person as somebody else?".to_owned(),
        button: "Merge these records".to_owned(),
        schema: reason_form("How do you know that they are the same person?", "A name alone is not enough"),
        marking,
        beside,
        ..Asking::about(person, &path)
    })
}

/// Who else a search finds, or what is wrong with it.
async fn found(app: &App, visitor: &Visitor, text: &str, but: PersonId) -> Result<Result<Vec<Value>, String>, Fault> {
    let searched = Searched { text: Some(text.to_owned()), identifier: None };
    match search_people(app, &visitor.actor, searched).await {
        Ok(people) => {
            let others = people.into_iter().filter(|person| person.id != but);
            let row = |person: PersonView| {
                json!({ "reference": person.reference, "fullName": person.full_name, "dateOfBirth": person.date_of_birth,
                        "href": format!("/people/{but}/merge?with={}", person.id) })
            };
            Ok(Ok(others.map(row).collect()))
        }
        Err(AppError::Invalid(faults)) => {
            Ok(Err(faults.into_iter().map(|fault| fault.detail).collect::<Vec<_>>().join(" ")))
        }
        Err(other) => Err(other.into()),
    }
}

fn sharing(linked: &Linked, person: PersonId) -> Vec<Value> {
    let row = |other: &crate::app::people::Sharing| {
        let kinds: Vec<String> =
            other.kinds.iter().map(|kind| crate::render::pages::choice(kind).to_lowercase()).collect();
        json!({ "reference": other.reference, "fullName": other.full_name, "kinds": kinds.join(", "),
                "href": format!("/people/{person}/merge?with={}", other.person_id) })
    };
    linked.sharing.iter().map(row).collect()
}

fn merges(linked: &Linked, person: PersonId, may_merge: bool) -> Vec<Value> {
    let row = |merge: &crate::app::people::MergedRecord| {
        let href = format!("/people/{person}/merge/{}/reverse", merge.id);
        let href = Some(href).filter(|_| may_merge && merge.reversed_at.is_none());
        json!({ "merge": merge, "reverseHref": href })
    };
    linked.merges.iter().map(row).collect()
}

/// What is known of both, line by line.
fn sides(kept: &PersonView, merged: &PersonView) -> Vec<Value> {
    let line = |label: &str, of: &dyn Fn(&PersonView) -> Vec<String>| {
        let (one, other) = (of(kept), of(merged));
        json!({ "label": label, "same": one == other && !one.is_empty(), "one": one, "other": other })
    };
    let identifiers = |person: &PersonView| {
        let held = person.identifiers.iter().filter(|identifier| identifier.ended_at.is_none());
        held.map(|held| format!("{}: {}", crate::render::pages::choice(held.kind), held.value)).collect()
    };
    let adjustments = |person: &PersonView| {
        let each = person.adjustments.iter();
        each.map(|one| format!("{}: {}", crate::render::pages::choice(&one.kind), one.detail)).collect()
    };
    vec![
        line("Name", &|person| vec![person.full_name.clone()]),
        line("Reference", &|person| vec![person.reference.clone()]),
        line("Date of birth", &|person| person.date_of_birth.map(crate::render::long_date).into_iter().collect()),
        line("Recognised by", &identifiers),
        line("Adjustments", &adjustments),
        line("Vulnerability", &|person| person.vulnerability.clone()),
        line("Strategy in force", &|person| {
            let until = person.strategy_in_force.iter().map(|strategy| strategy.ends_at);
            until.map(|until| format!("Until {}", crate::render::pages::date_and_time(until))).collect()
        }),
    ]
}

#[post("/people/{id}/merge")]
pub(crate) async fn join(
    app: Data<App>,
    id: Path<PersonId>,
    asked: Query<Asked>,
    posted: Posted,
) -> Result<HttpResponse, Fault> {
    let person = person_at(&app, &posted.visitor, *id).await?;
    let kept = person.id;
    let asking = asking(&app, &posted.visitor, person, &asked).await?;
    let Some(other) = asked.with else { return Err(AppError::NotFound.into()) };
    let read_all = read(&asking.schema, posted.fields());
    if !read_all.faults.is_empty() {
        return asking.again(&app, &posted, (StatusCode::UNPROCESSABLE_ENTITY, read_all.faults)).await;
    }
    match merge_people(&app, &posted.visitor.actor, (kept, other), said(&read_all.input, "reason")).await {
        Ok(_) => {
            drafts::discard_draft(&app, &posted.visitor.actor, &asking.place).await?;
            Ok(see_other(&format!("/people/{kept}")))
        }
        Err(error) => asking.again(&app, &posted, faults::of_error(error)?).await,
    }
}

async fn reversing(app: &App, visitor: &Visitor, id: PersonId, merge: MergeId) -> Result<Asking, Fault> {
    let person = person_at(app, visitor, id).await?;
    let linked = linked_records(app, &visitor.actor, person.id).await?;
    let merge = linked.merges.into_iter().find(|known| known.id == merge).ok_or(AppError::NotFound)?;
    let says = vec![
        format!(
            "{} ({}) becomes a record of its own again. Each contact goes back to the record it was found to be from, and both are counted anew.",
            merge.merged_name, merge.merged_reference
        ),
        format!("They were merged because: {}", merge.reason),
    ];
    Ok(Asking {
        title: "Take this merge back".to_owned(),
        button: "Take the merge back".to_owned(),
        schema: reason_form("How do you know that they are two people?", "Say what showed it"),
        back: format!("/people/{}/merge", person.id),
        says,
        ..Asking::about(person, &format!("merge/{}/reverse", merge.id))
    })
}

type OneOfPerson = (PersonId, MergeId);

#[get("/people/{id}/merge/{merge}/reverse")]
pub(crate) async fn ask_reverse(
    app: Data<App>,
    visitor: Visitor,
    path: Path<OneOfPerson>,
) -> Result<HttpResponse, Fault> {
    reversing(&app, &visitor, path.0, path.1).await?.show(&app, &visitor).await
}

#[post("/people/{id}/merge/{merge}/reverse")]
pub(crate) async fn reverse(app: Data<App>, path: Path<OneOfPerson>, posted: Posted) -> Result<HttpResponse, Fault> {
    let asking = reversing(&app, &posted.visitor, path.0, path.1).await?;
    let read_all = read(&asking.schema, posted.fields());
    if !read_all.faults.is_empty() {
        return asking.again(&app, &posted, (StatusCode::UNPROCESSABLE_ENTITY, read_all.faults)).await;
    }
    match reverse_merge(&app, &posted.visitor.actor, path.1, said(&read_all.input, "reason")).await {
        Ok(_) => {
            drafts::discard_draft(&app, &posted.visitor.actor, &asking.place).await?;
            Ok(see_other(&asking.back))
        }
        Err(error) => asking.again(&app, &posted, faults::of_error(error)?).await,
    }
}
