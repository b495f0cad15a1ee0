//! A letter in an officer's own words: an answer to an appeal, a warning. Kept as it was composed, sent by mail to an
//! address that is confirmed to be the person's own, otherwise asked of a person.

use super::{Step, letter};
use crate::app::cases::tell;
use crate::app::{AppError, log_disclosure};
use crate::render::{LetterContext, paragraphs};
use crate::store::Tx;
use serde_json::Value;

/// Composes what stands at `letter` in the input, or in the case where the letter was written before: `heading`, `text`,
/// `method`, `address`.
pub(super) async fn send_letter(step: Step<'_>, tx: &Tx) -> Result<(), AppError> {
    let written = step.input.get("letter").or_else(|| step.case.data.get("letter"));
    let field = |name: &str| written.and_then(|letter| letter.get(name)).and_then(Value::as_str).unwrap_or_default();
    let context = LetterContext {
        head: letter::head(step, tx).await?,
        heading: field("heading").to_owned(),
        paragraphs: paragraphs(field("text")),
        contact: letter::department(step),
        signed_for: format!("For the {}", letter::DEPARTMENT),
    };
    let letters = letter::letters(step, tx).await?;
    let words = letters.letter(&context).map_err(|error| AppError::broken("rendering a letter", error))?;
    letter::keep(step, tx, &words, String::new()).await?;
    let recipient = field("address");
    log_disclosure(step.app, step.actor, ("case", step.case.id.as_uuid()), recipient).await?;
    if field("method") != "email" {
        return tell::by_hand(step, tx, "Print the letter and give it to the person").await;
    }
    letter::post(step, tx, recipient.to_owned(), words).await
}
