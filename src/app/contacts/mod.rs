//! (people)
use crate::app::{App, AppError};
use crate::store::Tx;
pub(crate) async fn remeasure(
    _app: &App,
    _tx: &Tx,
    _p: &[crate::domain::ids::PersonId],
    _from: Option<chrono::DateTime<chrono::Utc>>,
) -> Result<(), AppError> {
    Ok(())
}
