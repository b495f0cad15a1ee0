//! Nobody on a live call waits long for the database, and nobody waits again for one that was found away.

use crate::app::{App, AppError};
use crate::store::StoreError;

/// What a quick question answers, if it does in time. Where it does not, the database is away for everybody for a
/// moment.
///
/// # Errors
/// What the question says; `TooSlow` where the database is away, or did not answer in time.
pub(crate) async fn in_time<T>(app: &App, asking: impl Future<Output = Result<T, AppError>>) -> Result<T, AppError> {
    let answered = asked(app, asking).await;
    answered.unwrap_or_else(|| {
        app.in_mind.note_away(app.now());
        Err(too_slow())
    })
}

/// The same of a look-up, or a list. One that takes too long may have asked for much: only when another does too is the database
/// away for others.
pub(crate) async fn look_up_in_time<T>(
    app: &App,
    asking: impl Future<Output = Result<T, AppError>>,
) -> Result<T, AppError> {
    let answered = asked(app, asking).await;
    answered.unwrap_or_else(|| {
        app.in_mind.note_slow(app.now());
        Err(too_slow())
    })
}

/// `None`: not in time.
async fn asked<T>(app: &App, asking: impl Future<Output = Result<T, AppError>>) -> Option<Result<T, AppError>> {
    if app.in_mind.is_away(app.now()) {
        return Some(Err(too_slow()));
    }
    let answered = tokio::time::timeout(app.settings.look_up.patience, asking).await.ok()?;
    match &answered {
        Err(AppError::Store(error)) if error.is_away() => app.in_mind.note_away(app.now()),
        Ok(_) | Err(_) => app.in_mind.note_there(),
    }
    Some(answered)
}

fn too_slow() -> AppError {
    AppError::Store(StoreError::TooSlow)
}
