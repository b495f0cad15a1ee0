//! Whoever answers for a case is asked to find another way where a mail of it does not reach the person.

use crate::app::{App, AppError};
use crate::domain::access::Role;
use crate::domain::ids::{CaseId, Id, OutgoingId, PersonId, of};
use crate::store::tasks::{self, NewTask};
use crate::store::{Tx, cases};

/// How a mail was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loss {
    /// We do not try again. Asked again where a person had it tried again and it failed again.
    GivenUp,
    /// It went out, and a server reports that it did not arrive. Asked once a mail, however many reports come.
    NotDelivered,
}

/// A mail that did not reach its recipient.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lost {
    pub(crate) mail: OutgoingId,
    pub(crate) case: Option<CaseId>,
    pub(crate) person: Option<PersonId>,
}

/// Asks the case's point of contact; where there is none, the department.
///
/// # Errors
/// Only where the store fails.
pub(crate) async fn ask_for_another_way(app: &App, tx: &Tx, lost: Lost, how: Loss) -> Result<(), AppError> {
    let row = match lost.case {
        Some(case) => cases::find_row(tx, case).await?,
        None => None,
    };
    let spoc = row.and_then(|case| case.spoc_id);
    let (kind, title, end) = match how {
        Loss::GivenUp => ("mail_given_up", "A mail to the person was given up; find another way", "given-up"),
        Loss::NotDelivered => {
            ("mail_not_delivered", "A mail to the person was not delivered; find another way", "not-delivered")
        }
    };
    let asked = NewTask {
        id: app.new_id::<of::Event>().as_uuid(),
        kind,
        title: title.to_owned(),
        role: spoc.is_none().then(|| Role::PsdStaff.as_str().to_owned()),
        officer: spoc.map(Id::from_uuid),
        case: lost.case,
        contact: None,
        person: lost.person,
        due_at: None,
        created_at: app.now(),
        cause: format!("mail:{}:{end}", lost.mail),
    };
    match how {
        Loss::GivenUp => tasks::ask(tx, vec![asked]).await?,
        Loss::NotDelivered => tasks::create(tx, vec![asked]).await?,
    }
    Ok(())
}
