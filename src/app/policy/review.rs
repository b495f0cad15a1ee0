//! The policy's own review: once its day is over, everybody who looks is told, and an administrator is asked.

use crate::app::cases::today;
use crate::app::{App, AppError};
use crate::domain::access::Role;
use crate::domain::ids::of;
use crate::store::tasks::{self, NewTask};

/// What is said once the day by which the policy was to be reviewed is over.
pub fn review_warning(app: &App) -> Option<String> {
    app.catalog.registers().policy.as_ref()?.warning(today(app))
}

/// Asks an administrator, once for each review date that went by, to have the policy reviewed.
///
/// # Errors
/// What the store says.
pub async fn ask_for_review(app: &App) -> Result<(), AppError> {
    let (Some(warning), Some(policy)) = (review_warning(app), app.catalog.registers().policy.as_ref()) else {
        return Ok(());
    };
    let task = NewTask {
        id: app.new_id::<of::Event>().as_uuid(),
        kind: "review_policy",
        title: format!("{warning} Have it reviewed, and put the new dates into the register."),
        role: Some(Role::Admin.as_str().to_owned()),
        officer: None,
        case: None,
        contact: None,
        person: None,
        due_at: Some(app.now()),
        created_at: app.now(),
        cause: format!("review_policy:{}:{}", policy.version, policy.review_due),
    };
    let asked = app.store.write(async move |tx| Ok::<_, AppError>(tasks::create(tx, vec![task]).await?));
    Ok(asked.await?)
}
