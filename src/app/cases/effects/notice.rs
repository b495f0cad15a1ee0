//! The notice: composed from the signed text minus what the harm test withheld, kept word for word, sent where the
//! point of contact shares it by e-mail.

use super::Step;
use crate::app::cases::facts::today;
use crate::app::outbox::{Draft, Origin, queue_mail};
use crate::app::{AppError, log_disclosure};
use crate::domain::case::content_hash;
use crate::domain::ids::{OfficerId, PersonId, of};
use crate::domain::strategy::Limit;

use crate::render::{ContactPoint, NoticeContext, Rendered, Section};
use crate::render::{blocked_in_words, limits_in_words, long_date, paragraphs};
use crate::store::notices::{self, NoticeRow};
use crate::store::{Tx, adjustments, officers, people};
use chrono::NaiveDate;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Renders the notice and keeps it.
pub(super) async fn compose(step: Step<'_>, tx: &Tx) -> Result<(), AppError> {
    let context = context(step, tx).await?;
    let Rendered { html, text, .. } = render(step, &context)?;
    let notice = NoticeRow {
        id: step.app.new_id::<of::Event>().as_uuid(),
        case_id: step.case.id.as_uuid(),
        content_hash: content_hash(step.workflow, &step.case.data).unwrap_or_default(),
        sha256: hex::encode(Sha256::digest(html.as_bytes())),
        html,
        text,
        created_at: step.app.now(),
        composed_by: json!(step.actor.reference()),
    };
    Ok(notices::insert(tx, notice).await?)
}

/// Queues the notice to the address it is shared with; a letter or a visit is a person's to make. The disclosure is
/// logged with its recipient.
pub(super) async fn send(step: Step<'_>, tx: &Tx) -> Result<(), AppError> {
    let recipient = step.input.get("address").and_then(Value::as_str).unwrap_or_default();
    log_disclosure(step.app, step.actor, ("case", step.case.id.as_uuid()), recipient).await?;
    if step.input.get("method").and_then(Value::as_str) != Some("email") {
        return Ok(());
    }
    let draft = Draft {
        event: step.event,
        to: recipient.to_owned(),
        words: render(step, &context(step, tx).await?)?,
        origin: Origin::Officer,
        person: step.case.person,
        case: Some(step.case.id),
        in_reply_to: None,
        references: Vec::new(),
    };
    queue_mail(step.app, tx, draft).await?;
    Ok(())
}

fn render(step: Step<'_>, context: &NoticeContext) -> Result<Rendered, AppError> {
    step.app.renderer.notice(context).map_err(|error| AppError::broken("rendering the notice", error))
}

async fn context(step: Step<'_>, tx: &Tx) -> Result<NoticeContext, AppError> {
    let text = Shared::of(&step.case.data);
    let settings = &step.app.settings;
    let (reference, greeting) = addressed(step, tx).await?;
    let (adjusted, large_print) = adjusted(step, tx, &text).await?;
    Ok(NoticeContext {
        force_name: settings.force_name.clone(),
        force_address: settings.force_address.lines().map(str::to_owned).collect(),
        department: "Professional Standards Department".to_owned(),
        marking: None,
        date: long_date(today(step.app)),
        reference,
        greeting,
        large_print,
        reasons: text.paragraphs("shareable.reasons"),
        limits: limits_in_words(&text.limits()),
        blocked: text.blocked(),
        arrangements: text.paragraphs("shareable.arrangements"),
        help: text.paragraphs("shareable.help"),
        contact: contact(step, tx).await?,
        advocate: text.text("advocate.name"),
        starts_on: None,
        review_on: text.date("reviewOn"),
        ends_on: text.date("endsOn"),
        challenge: CHALLENGE.to_owned(),
        adjustments: adjusted,
        further_sections: text.further_sections(),
        signed_for: "the appropriate authority".to_owned(),
    })
}

const CHALLENGE: &str = "You can do so at any time while these arrangements last, by writing to the address above.";

async fn addressed(step: Step<'_>, tx: &Tx) -> Result<(String, String), AppError> {
    let Some(person) = step.case.person else { return Ok((String::new(), "Hello".to_owned())) };
    let Some(person) = people::find(tx, person).await? else { return Ok((String::new(), "Hello".to_owned())) };
    Ok((person.reference.clone(), format!("Dear {}", person.full_name)))
}

/// Adjustments in force are carried onto the notice (invariant 23).
async fn adjusted(step: Step<'_>, tx: &Tx, text: &Shared<'_>) -> Result<(Vec<String>, bool), AppError> {
    let today = today(step.app);
    let members: Vec<PersonId> = match step.case.person {
        Some(person) => people::members(tx, &[person]).await?.into_iter().map(|person| person.id).collect(),
        None => Vec::new(),
    };
    let in_force = adjustments::of_people(tx, &members).await?;
    let in_force = in_force.into_iter().filter(|adjustment| adjustment.in_force(today));
    let (mut words, mut large_print) = (text.paragraphs("adjustments.made"), false);
    for adjustment in in_force {
        large_print |= adjustment.kind.to_lowercase().replace([' ', '-'], "_").contains("large_print");
        words.push(adjustment.detail);
    }
    large_print |= step.case.data.pointer("/sharing/format").and_then(Value::as_str) == Some("large_print");
    Ok((words, large_print))
}

async fn contact(step: Step<'_>, tx: &Tx) -> Result<ContactPoint, AppError> {
    let spoc: Option<OfficerId> = step.case.spoc();
    let name = match spoc {
        Some(spoc) => officers::find(tx, spoc).await?.map(|found| found.officer.display_name),
        None => None,
    };
    Ok(ContactPoint {
        name: name.unwrap_or_else(|| "Professional Standards Department".to_owned()),
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
        let redactions = data.pointer("/harmTestDecision/redactions").and_then(Value::as_array);
        Self { data, withheld: redactions.into_iter().flatten().filter_map(Value::as_str).collect() }
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
