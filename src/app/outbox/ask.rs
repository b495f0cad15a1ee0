//! Something about a mail of ours that a person has to look at.

use crate::app::{App, AppError};
use crate::domain::access::Role;
use crate::domain::ids::{ContactId, Id, of};
use crate::store::outgoing::OutgoingRow;
use crate::store::tasks::{self, NewTask};
use crate::store::{Tx, cases};

/// A task to be made once.
pub(super) struct Asked {
    pub(super) kind: &'static str,
    pub(super) title: &'static str,
    pub(super) cause: String,
    /// The message it is about.
    pub(super) contact: Option<ContactId>,
}

/// Asks the point of contact of the mail's case, or the department where there is none.
///
/// # Errors
/// What the store says.
pub(super) async fn whoever_answers_for(app: &App, tx: &Tx, mail: &OutgoingRow, asked: Asked) -> Result<(), AppError> {
    let case = mail.case_id.map(Id::from_uuid);
    let spoc = match case {
        Some(case) => cases::find_row(tx, case).await?.and_then(|case| case.spoc_id),
        None => None,
    };
    let task = NewTask {
        id: app.new_id::<of::Event>().as_uuid(),
        kind: asked.kind,
        title: asked.title.to_owned(),
        role: spoc.is_none().then(|| Role::PsdStaff.as_str().to_owned()),
        officer: spoc.map(Id::from_uuid),
        case,
        contact: asked.contact,
        person: mail.person_id.map(Id::from_uuid),
        due_at: None,
        created_at: app.now(),
        cause: asked.cause,
    };
    Ok(tasks::create(tx, vec![task]).await?)
}
