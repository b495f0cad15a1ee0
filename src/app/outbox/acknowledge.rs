//! The one automatic answer there is: that a message was received. Off unless the operator wants it.
//!
//! It says nothing of any record, case or limit, and goes only where `may_answer` lets it, once for a time.

use super::{Draft, Origin, Queued, queue_mail};
use crate::app::{App, AppError};
use crate::domain::access::ActorRef;
use crate::domain::ids::EventId;
use crate::render::{AcknowledgementContext, Rendered};
use crate::store::Tx;
use crate::store::contacts::Contact;
use crate::store::events::{self, NewEvent, Stream};
use serde_json::json;

/// Acknowledges what was just admitted, where the operator wants that and it may be; each contact's history says which.
///
/// # Errors
/// What the store says.
pub(crate) async fn acknowledge(app: &App, tx: &Tx, contacts: &[Contact]) -> Result<(), AppError> {
    if app.settings.sending.acknowledge_every.is_none() {
        return Ok(());
    }
    let mut told = Vec::new();
    for contact in contacts {
        let (Some(mail), Some(to)) = (contact.mail, contact.presented.clone()) else { continue };
        let event: EventId = app.new_id();
        let answered = contact.external.iter().map(|external| external.reference.clone());
        let answered: Vec<String> = answered.collect();
        let draft = Draft {
            event,
            to,
            words: words(app)?,
            origin: Origin::Answer(mail),
            person: contact.person,
            case: None,
            in_reply_to: answered.first().cloned(),
            references: answered,
        };
        // An address that is none is nobody to answer.
        let (kind, data) = match queue_mail(app, tx, draft).await {
            Ok(Queued::As(id)) => ("acknowledged", json!({ "outgoing": id })),
            Ok(Queued::Silent(why)) => ("not_acknowledged", json!({ "because": why.as_str() })),
            Err(AppError::Invalid(_)) => ("not_acknowledged", json!({ "because": "no_address" })),
            Err(error) => return Err(error),
        };
        let event = NewEvent { id: event, at: app.now(), actor: ActorRef::Software, kind: kind.to_owned(), data };
        told.push((Stream::Contact, contact.id.as_uuid(), vec![event]));
    }
    if !told.is_empty() {
        events::append_next(tx, told).await?;
    }
    Ok(())
}

fn words(app: &App) -> Result<Rendered, AppError> {
    let context = AcknowledgementContext {
        force_name: app.settings.force_name.clone(),
        marking: Some(app.settings.marking.to_string()),
    };
    app.renderer.acknowledgement(&context).map_err(|error| AppError::broken("rendering an acknowledgement", error))
}
