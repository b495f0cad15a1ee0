//! The notice: composed from the signed text minus what the harm test withheld, kept word for word, sent where the
//! point of contact shares it by e-mail.

use super::{Step, letter};
use crate::app::cases::tell;
use crate::app::{AppError, log_disclosure};
use crate::domain::case::content_hash;
use crate::domain::ids::OfficerId;
use crate::domain::strategy::{Limit, left_out};
use crate::render::{ContactPoint, NoticeContext, Rendered, Section};
use crate::render::{blocked_in_words, limits_in_words, long_date, paragraphs};
use crate::store::{Tx, officers};
use chrono::NaiveDate;
use sea_orm::ConnectionTrait;
use serde_json::Value;

/// Renders the notice and keeps it.
pub(super) async fn compose(step: Step<'_>, tx: &Tx) -> Result<(), AppError> {
    let context = context(step, tx).await?;
    let words = render(step, tx, &context).await?;
    letter::keep(step, tx, &words, content_hash(step.workflow, &step.case.data).unwrap_or_default()).await
}

/// The notice as it would be composed now; nothing is kept.
pub(in crate::app::cases) async fn preview(step: Step<'_>, db: &impl ConnectionTrait) -> Result<Rendered, AppError> {
    render(step, db, &context(step, db).await?).await
}

/// Queues the notice to the address it is shared with; a letter or a visit is a person's to make, and they are asked to.
/// The disclosure is logged with its recipient.
pub(super) async fn send(step: Step<'_>, tx: &Tx) -> Result<(), AppError> {
    let recipient = step.input.get("address").and_then(Value::as_str).unwrap_or_default();
    log_disclosure(step.app, step.actor, ("case", step.case.id.as_uuid()), recipient).await?;
    match step.input.get("method").and_then(Value::as_str) {
        Some("email") => {}
        Some("letter") => return tell::to_hand_over(step, tx, "Print the notice and post it").await,
        _ => return tell::to_hand_over(step, tx, "Print the notice and hand it over").await,
    }
    let words = render(step, tx, &context(step, tx).await?).await?;
    letter::post(step, tx, recipient.to_owned(), words).await
}

async fn render(step: Step<'_>, db: &impl ConnectionTrait, context: &NoticeContext) -> Result<Rendered, AppError> {
    let letters = letter::letters(step, db).await?;
    letters.notice(context).map_err(|error| AppError::broken("rendering the notice", error))
}

async fn context(step: Step<'_>, db: &impl ConnectionTrait) -> Result<NoticeContext, AppError> {
    let text = Shared::of(&step.case.data);
    let mut head = letter::head(step, db).await?;
    // Adjustments in force are carried onto the notice after those the text makes (invariant 23).
    head.adjustments = text.paragraphs("adjustments.made").into_iter().chain(head.adjustments).collect();
    Ok(NoticeContext {
        head,
        reasons: text.paragraphs("shareable.reasons"),
        limits: limits_in_words(&text.limits()),
        blocked: text.blocked(),
        arrangements: text.paragraphs("shareable.arrangements"),
        help: text.paragraphs("shareable.help"),
        contact: contact(step, db).await?,
        advocate: text.text("advocate.name"),
        starts_on: None,
        review_on: text.date("reviewOn"),
        ends_on: text.date("endsOn"),
        challenge: CHALLENGE.to_owned(),
        further_sections: text.further_sections(),
        signed_for: "the appropriate authority".to_owned(),
    })
}

const CHALLENGE: &str = "You can do so at any time while these arrangements last, by writing to the address above.";

async fn contact(step: Step<'_>, db: &impl ConnectionTrait) -> Result<ContactPoint, AppError> {
    // Somebody who only drafted the text is nobody's point of contact: the department answers.
    let drafter_only = step.case.data.get("continuity").and_then(Value::as_str) == Some("drafter_only");
    let spoc: Option<OfficerId> = step.case.spoc().filter(|_| !drafter_only);
    let name = match spoc {
        Some(spoc) => officers::find(db, spoc).await?.map(|found| found.officer.display_name),
        None => None,
    };
    Ok(ContactPoint {
        single: name.is_some(),
        name: name.unwrap_or_else(|| "The Professional Standards Department".to_owned()),
        email: Some(step.app.settings.mail_from.clone()).filter(|from| !from.is_empty()),
        telephone: None,
        address: None,
    })
}

/// The signed text as the person will read it: parts that the harm test withheld are not there.
struct Shared<'a> {
    data: &'a Value,
    withheld: Vec<&'a str>,
}

impl<'a> Shared<'a> {
    fn of(data: &'a Value) -> Self {
        Self { data, withheld: left_out(data) }
    }

    fn part(&self, path: &str) -> Option<&'a Value> {
        let top = path.split('.').next().unwrap_or_default();
        if self.withheld.iter().any(|withheld| *withheld == path || *withheld == top) {
            return None;
        }
        path.split('.').try_fold(self.data, |value, name| value.get(name))
    }

    fn text(&self, path: &str) -> Option<String> {
        let text = self.part(path)?.as_str()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn paragraphs(&self, path: &str) -> Vec<String> {
        self.text(path).map(|text| paragraphs(&text)).unwrap_or_default()
    }

    fn date(&self, path: &str) -> String {
        let date: Option<NaiveDate> = self.text(path).and_then(|text| text.parse().ok());
        date.map(long_date).unwrap_or_default()
    }

    fn limits(&self) -> Vec<Limit> {
        let limits = self.part("limits").cloned().unwrap_or_default();
        serde_json::from_value(limits).unwrap_or_default()
    }

    fn blocked(&self) -> Vec<String> {
        let entries = self.part("blocking").and_then(Value::as_array);
        let word = |entry: &Value| {
            let channel = entry.get("channel")?.as_str()?.parse().ok()?;
            let address = entry.get("address").and_then(Value::as_str).unwrap_or_default();
            Some(blocked_in_words(channel, address))
        };
        entries.into_iter().flatten().filter_map(word).collect()
    }

    fn further_sections(&self) -> Vec<Section> {
        let sections = self.part("furtherSections").and_then(Value::as_array);
        let shareable = |section: &&Value| section.get("shareable").and_then(Value::as_bool) == Some(true);
        let words = |section: &Value, name: &str| {
            section.get(name).and_then(Value::as_str).map(str::to_owned).unwrap_or_default()
        };
        let section = |section: &Value| Section {
            heading: words(section, "heading"),
            paragraphs: paragraphs(&words(section, "text")),
        };
        sections.into_iter().flatten().filter(shareable).map(section).collect()
    }
}
