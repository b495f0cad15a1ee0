//! (waits for the renderer)
use super::Step;
use crate::app::AppError;
use crate::store::Tx;
pub(super) async fn compose(_step: Step<'_>, _tx: &Tx) -> Result<(), AppError> {
    Ok(())
}
pub(super) async fn send(_step: Step<'_>, _tx: &Tx) -> Result<(), AppError> {
    Ok(())
}
