//! Whether a message may be answered by mail, by whom and to which address; and what an answer does to it.

use super::attribute_contact::{at_version, happened, settle};
use super::reading;
use super::spocs::Spocs;
use crate::app::outbox::comparable;
use crate::app::people::may_act_on;
use crate::app::{App, AppError, covered_by, rights};
use crate::domain::access::{Actor, Officer, Role};
use crate::domain::attribution::Certainty;
use crate::domain::case::Refusal;
use crate::domain::contact::{Channel, NotCounted};
use crate::domain::ids::{CaseId, ContactId, MailId, OfficerId, OutgoingId, PersonId};
use crate::domain::person::{Confidence, HolderRole, IdentifierKind};
use crate::store::contacts::{self, Contact, Handling};
use crate::store::{Tx, events, identifiers, people, undeliverable};
use sea_orm::ConnectionTrait;
use serde_json::json;

/// The department answers; a point of contact answers their own people.
const MAY_ANSWER: [Role; 3] = [Role::PsdStaff, Role::PsdSupervisor, Role::Spoc];

/// A message that may be answered, and how.
#[derive(Clone, Debug)]
pub(crate) struct Answerable {
    pub(crate) contact: Contact,
    pub(crate) mail: MailId,
    pub(crate) person: PersonId,
    /// The address it came from, which is confirmed to be the person's or somebody's who speaks for them.
    pub(crate) to: String,
    pub(crate) spoc: Option<OfficerId>,
    /// The strategy it was measured against, or the case whose mail it answers.
    pub(crate) case: Option<CaseId>,
}

/// # Errors
/// `wrong-role`, `not-their-point-of-contact`, `complained-about`; `NotFound`; `StaleVersion`; `no-mail-to-answer`,
/// `tick-list-required`, `already-closed`, `address-not-confirmed`, `address-undeliverable`.
pub(crate) async fn answerable(
    app: &App,
    db: &impl ConnectionTrait,
    actor: &Actor,
    (id, version): (ContactId, Option<i64>),
) -> Result<Answerable, AppError> {
    let officer = rights::officer_with(actor, &MAY_ANSWER)?;
    let contact = at_version(db, id, version).await?;
    may_act_on(db, actor, contact.person).await?;
    let spoc = Spocs::of(db, std::iter::once(&contact)).await?.of_contact(&contact);
    is_theirs_to_answer(app, db, officer, spoc).await?;
    let (Some(mail), Channel::Email) = (contact.mail, contact.channel) else {
        let message = "Only an e-mail is answered by e-mail. Answer this as the person asked, or as the strategy says.";
        return Err(Refusal::conflict("no-mail-to-answer", message).into());
    };
    if contact.ticks_owed {
        let message = "Answer the seven questions about this message first: it may hold a new complaint or a risk.";
        return Err(Refusal::conflict("tick-list-required", message).into());
    }
    if contact.handling == Handling::Closed {
        let message = "This message was answered or closed already.";
        return Err(Refusal::conflict("already-closed", message).into());
    }
    let (person, to) = confirmed_address(app, db, &contact).await?;
    let measured = contact.verdict.as_ref().and_then(|verdict| verdict.strategy);
    Ok(Answerable { mail, person, to, spoc, case: measured.or(contact.case), contact })
}

async fn is_theirs_to_answer(
    app: &App,
    db: &impl ConnectionTrait,
    officer: &Officer,
    spoc: Option<OfficerId>,
) -> Result<(), AppError> {
    if officer.has_any(&[Role::PsdStaff, Role::PsdSupervisor]) || spoc == Some(officer.id) {
        return Ok(());
    }
    let covered = covered_by(db, officer, app.now()).await?;
    if spoc.is_some_and(|spoc| covered.contains(&spoc)) {
        return Ok(());
    }
    let message = "Only the person's single point of contact, whoever covers for them, or the department answers this.";
    Err(Refusal::forbidden("not-their-point-of-contact", message).into())
}

/// The address it came from, if it is confirmed for the person it is from.
async fn confirmed_address(
    app: &App,
    db: &impl ConnectionTrait,
    contact: &Contact,
) -> Result<(PersonId, String), AppError> {
    let unconfirmed = || {
        let message = "It is not certain whose message this is, or the address it came from is not confirmed as \
                       theirs. Say whose it is and confirm the address first, or answer in another way.";
        AppError::from(Refusal::conflict("address-not-confirmed", message))
    };
    let feigned = contact.not_counted == Some(NotCounted::SuspectedSpoof);
    let theirs = contact.certainty.counts() || contact.certainty == Certainty::OnBehalf;
    let person = contact.person.filter(|_| theirs && !feigned).ok_or_else(unconfirmed)?;
    let presented = contact.presented.clone().ok_or_else(unconfirmed)?;
    let address = comparable(&presented).ok_or_else(unconfirmed)?;
    let root = people::root(db, person).await?.ok_or_else(unconfirmed)?;
    let records: Vec<PersonId> = people::members(db, &[root]).await?.into_iter().map(|member| member.id).collect();
    let speaks_for_them = |role: HolderRole| !matches!(role, HolderRole::Shared | HolderRole::Organisation);
    let holds = identifiers::of_people(db, &records).await?.into_iter().any(|held| {
        let current = held.ended_at.is_none() && held.confidence == Confidence::Confirmed;
        current && held.kind == IdentifierKind::Email && held.value == address && speaks_for_them(held.role)
    });
    if !holds {
        return Err(unconfirmed());
    }
    if undeliverable::mark_at(db, &address, app.now()).await?.is_some() {
        let message =
            "A mail to this address came back as undeliverable. Confirm the address again, or answer in another way.";
        return Err(Refusal::conflict("address-undeliverable", message).into());
    }
    Ok((person, presented))
}

/// It was answered: read, or closed where nothing else remains to be done.
///
/// # Errors
/// What the store says.
pub(crate) async fn answered(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (mut contact, by): (Contact, OutgoingId),
    handling: Handling,
) -> Result<(), AppError> {
    let told = json!({ "outgoing": by, "closed": handling == Handling::Closed });
    happened(app, tx, actor, contact.id, ("replied", told)).await?;
    contact.handling = handling;
    contact.read_due_at = None;
    contacts::set_handling(tx, &contact).await?;
    reading::done(tx, contact.id, actor, app.now()).await?;
    contact.version += 1;
    let counted_for = contact.counts_for;
    settle(app, tx, contact, counted_for).await.map(drop)
}

/// The answer was taken back before it was sent: whoever wrote waits for one again. Answers which contact it is.
///
/// # Errors
/// What the store says.
pub(crate) async fn answer_taken_back(
    app: &App,
    tx: &Tx,
    actor: &Actor,
    (mail, answer): (MailId, OutgoingId),
) -> Result<Option<ContactId>, AppError> {
    let Some(mut contact) = contacts::of_mail(tx, mail).await? else { return Ok(None) };
    let id = contact.id;
    let told = json!(answer);
    let closed = events::load(tx, contact.id.as_uuid()).await?.into_iter().any(|event| {
        event.kind == "replied"
            && event.data.get("outgoing") == Some(&told)
            && event.data.get("closed") == Some(&json!(true))
    });
    happened(app, tx, actor, contact.id, ("reply_taken_back", json!({ "outgoing": answer }))).await?;
    if !closed || contact.handling != Handling::Closed {
        return Ok(Some(id));
    }
    contact.handling = Handling::Read;
    contacts::set_handling(tx, &contact).await?;
    contact.version += 1;
    let counted_for = contact.counts_for;
    settle(app, tx, contact, counted_for).await?;
    Ok(Some(id))
}
