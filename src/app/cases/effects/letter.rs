//! What every letter to the person of a case shares: its own templates, how it begins, how it is kept and posted.

use super::Step;
use crate::app::AppError;
use crate::app::cases::facts::today;
use crate::app::cases::pinned;
use crate::app::outbox::{Draft, Origin, queue_mail};
use crate::domain::access::Actor;
use crate::domain::ids::{PersonId, of};
use crate::domain::registers::PolicyEntry;
use crate::render::{ContactPoint, Letterhead, Rendered, Renderer, long_date};
use crate::store::notices::{self, NoticeRow};
use crate::store::{Tx, adjustments, people};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// The letters of the definition the case is pinned to: a template edited since changes no letter of an open case.
///
/// # Errors
/// `Broken` where the definition is not kept, or its letters no longer parse.
pub(super) async fn letters(step: Step<'_>, db: &impl ConnectionTrait) -> Result<Arc<Renderer>, AppError> {
    let (workflow, app) = (step.workflow, step.app);
    if app.catalog.latest(&workflow.key).is_some_and(|latest| latest.content_hash == workflow.content_hash) {
        return Ok(Arc::clone(&app.renderer));
    }
    let bundle = pinned::bundle(db, &workflow.content_hash).await?;
    let kept = Renderer::of_kept(&bundle.templates).map_err(|faults| {
        let first = faults.into_iter().next().map(|fault| fault.message).unwrap_or_default();
        AppError::broken("reading a kept letter", first)
    });
    Ok(Arc::new(kept?))
}

pub(super) const DEPARTMENT: &str = "Professional Standards Department";

/// The department as the one to ask.
pub(super) fn department(step: Step<'_>) -> ContactPoint {
    ContactPoint {
        name: format!("the {DEPARTMENT}"),
        email: Some(step.app.settings.mail_from.clone()).filter(|from| !from.is_empty()),
        ..ContactPoint::default()
    }
}

/// What a letter to the person of the case begins with, and how they read it.
pub(super) async fn head(step: Step<'_>, db: &impl ConnectionTrait) -> Result<Letterhead, AppError> {
    let settings = &step.app.settings;
    let (reference, greeting) = addressed(step, db).await?;
    let in_force = adjustments_in_force(step, db).await?;
    Ok(Letterhead {
        force_name: settings.force_name.clone(),
        force_address: settings.force_address.lines().map(str::to_owned).collect(),
        department: DEPARTMENT.to_owned(),
        marking: Some(marking(step)),
        policy: step.app.catalog.registers().policy.as_ref().map(PolicyEntry::cited),
        date: long_date(today(step.app)),
        reference,
        greeting,
        large_print: large_print(step, &in_force),
        adjustments: in_force.into_iter().map(|(_, words)| words).collect(),
    })
}

fn marking(step: Step<'_>) -> String {
    step.app.shown_with(step.case.marking).to_string()
}

/// Keeps a letter word for word, by the hash of its page and, where it was made from a signed text, of that.
pub(super) async fn keep(step: Step<'_>, tx: &Tx, words: &Rendered, content_hash: String) -> Result<(), AppError> {
    let kept = NoticeRow {
        id: step.app.new_id::<of::Event>().as_uuid(),
        case_id: step.case.id.as_uuid(),
        content_hash,
        sha256: hex::encode(Sha256::digest(words.html.as_bytes())),
        html: words.html.clone(),
        text: words.text.clone(),
        created_at: step.app.now(),
        composed_by: json!(step.actor.reference()),
        marking: marking(step),
    };
    Ok(notices::insert(tx, kept).await?)
}

/// Queues a letter as a mail of this case, keyed by the step: it goes out once.
pub(super) async fn post(step: Step<'_>, tx: &Tx, to: String, words: Rendered) -> Result<(), AppError> {
    let draft = Draft {
        event: step.event,
        to,
        words,
        origin: match step.actor {
            Actor::Officer(officer) => Origin::Officer(officer.id),
            Actor::System(_) | Actor::Clock | Actor::Software => Origin::Program,
        },
        person: step.case.person,
        case: Some(step.case.id),
        in_reply_to: None,
        references: Vec::new(),
    };
    queue_mail(step.app, tx, draft).await?;
    Ok(())
}

/// The reference and the greeting.
async fn addressed(step: Step<'_>, db: &impl ConnectionTrait) -> Result<(String, String), AppError> {
    let person = match step.case.person {
        Some(person) => people::find(db, person).await?,
        None => None,
    };
    let Some(person) = person else { return Ok((String::new(), "Hello".to_owned())) };
    Ok((person.reference, format!("Dear {}", person.full_name)))
}

/// The kind and the words of each adjustment in force (invariant 23).
async fn adjustments_in_force(step: Step<'_>, db: &impl ConnectionTrait) -> Result<Vec<(String, String)>, AppError> {
    let today = today(step.app);
    let members: Vec<PersonId> = match step.case.person {
        Some(person) => people::members(db, &[person]).await?.into_iter().map(|person| person.id).collect(),
        None => Vec::new(),
    };
    let in_force = adjustments::of_people(db, &members).await?;
    let in_force = in_force.into_iter().filter(|adjustment| adjustment.in_force(today));
    Ok(in_force.map(|adjustment| (adjustment.kind, adjustment.detail)).collect())
}

/// Whether the person reads large print: by an adjustment in force, or by the format the notice was shared in.
fn large_print(step: Step<'_>, in_force: &[(String, String)]) -> bool {
    let asked = |kind: &str| kind.to_lowercase().replace([' ', '-'], "_").contains("large_print");
    let adjusted = in_force.iter().any(|(kind, _)| asked(kind));
    adjusted || step.case.data.pointer("/sharing/format").and_then(Value::as_str) == Some("large_print")
}
