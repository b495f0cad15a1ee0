//! Many contacts at once: a line in, a result out, in the same order. Faulty lines stop nobody else's.

use super::record_contact::{ContactFacts, Recorded, may_record, record_in};
use crate::app::{App, AppError, FieldFault};
use crate::domain::access::Actor;
use crate::domain::ids::ContactId;

/// So many lines are written in one transaction, so that nobody waits long for theirs.
const LINES_A_TRANSACTION: usize = 200;

/// What became of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineResult {
    Recorded(ContactId),
    /// Recorded before under the other system's name for it.
    Known(ContactId),
    Rejected(Vec<FieldFault>),
}

/// Records contacts in the order given. A line that could not be read comes as its fault and is answered in its place.
///
/// # Errors
/// As `record_contact`; what was recorded before the error stays, and sending everything again repeats nothing that
/// carries the other system's name.
pub async fn record_contacts(
    app: &App,
    actor: &Actor,
    lines: Vec<Result<ContactFacts, FieldFault>>,
) -> Result<Vec<LineResult>, AppError> {
    may_record(actor)?;
    let mut results = Vec::with_capacity(lines.len());
    for chunk in lines.chunks(LINES_A_TRANSACTION) {
        let readable: Vec<ContactFacts> = chunk.iter().filter_map(|line| line.as_ref().ok().cloned()).collect();
        let (inner, actor) = (app.clone(), actor.clone());
        let written = app.store.write(async move |tx| record_in(&inner, tx, &actor, readable).await).await?;
        let mut written = written.into_iter().map(|result| match result {
            Ok(Recorded::New(contact)) => LineResult::Recorded(contact.id),
            Ok(Recorded::Known(contact)) => LineResult::Known(contact.id),
            Err(faults) => LineResult::Rejected(faults),
        });
        for line in chunk {
            results.extend(match line {
                Ok(_) => written.next(),
                Err(fault) => Some(LineResult::Rejected(vec![fault.clone()])),
            });
        }
    }
    Ok(results)
}
