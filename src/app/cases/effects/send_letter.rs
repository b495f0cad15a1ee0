//! A letter in an officer's own words: an answer to an appeal, a warning. Kept as it was composed, sent by mail to an
//! address that is confirmed to be the person's own, otherwise asked of a person.

use super::{Step, letter};
use crate::app::cases::{facts, tell};
use crate::app::outbox::{Draft, Origin, queue_mail};
use crate::app::{AppError, log_disclosure};
use crate::domain::ids::of;
use crate::render::{LetterContext, long_date, paragraphs};
use crate::store::Tx;
use crate::store::notices::{self, NoticeRow};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Composes what stands at `letter` in the input, or in the case where the letter was written before: `heading`, `text`,
/// `method`, `address`.
pub(super) async fn send_letter(step: Step<'_>, tx: &Tx) -> Result<(), AppError> {
    let letter = step.input.get("letter").or_else(|| step.case.data.get("letter"));
    let field = |name: &str| letter.and_then(|letter| letter.get(name)).and_then(Value::as_str).unwrap_or_default();
    let context = context(step, tx, (field("heading"), field("text"))).await?;
    let letters = letter::letters(step, tx).await?;
    let words = letters.letter(&context).map_err(|error| AppError::broken("rendering a letter", error))?;
    let kept = NoticeRow {
        id: step.app.new_id::<of::Event>().as_uuid(),
        case_id: step.case.id.as_uuid(),
        content_hash: String::new(),
        sha256: hex::encode(Sha256::digest(words.html.as_bytes())),
        html: words.html.clone(),
        text: words.text.clone(),
        created_at: step.app.now(),
        composed_by: json!(step.actor.reference()),
        marking: step.app.shown_with(step.case.marking).to_string(),
    };
    notices::insert(tx, kept).await?;
    let recipient = field("address");
    log_disclosure(step.app, step.actor, ("case", step.case.id.as_uuid()), recipient).await?;
    if field("method") != "email" {
        return tell::by_hand(step, tx, "Print the letter and give it to the person").await;
    }
    let draft = Draft {
        event: step.event,
        to: recipient.to_owned(),
        words,
        origin: Origin::Officer,
        person: step.case.person,
        case: Some(step.case.id),
        in_reply_to: None,
        references: Vec::new(),
    };
    queue_mail(step.app, tx, draft).await?;
    Ok(())
}

async fn context(step: Step<'_>, tx: &Tx, (heading, text): (&str, &str)) -> Result<LetterContext, AppError> {
    let settings = &step.app.settings;
    let (reference, greeting) = letter::addressed(step, tx).await?;
    let adjustments = letter::adjustments_in_force(step, tx).await?;
    Ok(LetterContext {
        force_name: settings.force_name.clone(),
        force_address: settings.force_address.lines().map(str::to_owned).collect(),
        department: letter::DEPARTMENT.to_owned(),
        marking: Some(step.app.shown_with(step.case.marking).to_string()),
        policy: letter::policy(step),
        date: long_date(facts::today(step.app)),
        reference,
        greeting,
        large_print: letter::large_print(step, tx).await?,
        heading: heading.to_owned(),
        paragraphs: paragraphs(text),
        adjustments: adjustments.into_iter().map(|(_, words)| words).collect(),
        contact: letter::department(step),
        signed_for: format!("For the {}", letter::DEPARTMENT),
    })
}
