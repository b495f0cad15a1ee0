//! Setting up the app that shows the code.

use super::tell;
use crate::app::{App, AppError};
use crate::domain::access::Officer;
use crate::id_source::random_secret;
use crate::store::credentials;
use crate::tokens::one_time_code::CodeSecret;

/// A secret for an app to take.
#[derive(Clone)]
pub struct Enrolment {
    /// What is typed into an app that cannot read the picture.
    pub secret: String,
    /// SVG.
    pub picture: String,
}

/// A new secret, in force only once a code of it was shown. The same again for a secret that was proposed before, so that a
/// page that is shown again fits the app.
///
/// # Errors
/// When the machine has no randomness to give.
pub async fn propose_code(app: &App, officer: &Officer, proposed: Option<&str>) -> Result<Enrolment, AppError> {
    let secret = match proposed {
        Some(secret) => CodeSecret::kept(secret.to_owned()),
        None => CodeSecret::new(&random_secret().map_err(|fault| AppError::broken("making a secret", fault))?),
    };
    let picture = secret.picture(&officer.username, &format!("Evenhand, {}", app.settings.force_name));
    Ok(Enrolment { secret: secret.as_base32().to_owned(), picture: picture.unwrap_or_default() })
}

/// From now on a code of this secret is asked for.
///
/// # Errors
/// `Invalid` where the code is not of this secret; `code-already-set-up` is `Invalid` too: whoever took over a session
/// must not change it, and the operator's link does.
pub async fn confirm_code(app: &App, officer: &Officer, secret: &str, code: &str) -> Result<(), AppError> {
    let step = CodeSecret::kept(secret.to_owned()).step_of(code, app.now(), 0);
    let step = step.ok_or_else(|| AppError::invalid("/code", "Enter the 6 digits that the app shows now"))?;
    let (inner, officer, secret) = (app.clone(), officer.clone(), secret.to_owned());
    let confirmed = app.store.write(async move |tx| {
        let mut kept = credentials::find(tx, officer.id).await?;
        if kept.totp_secret.is_some() {
            return Err(AppError::invalid("/code", "An app is set up already; ask your administrator to start again"));
        }
        kept.totp_secret = Some(secret);
        kept.totp_step = step;
        credentials::save(tx, kept).await?;
        tell(&inner, tx, &officer, "code_set_up").await
    });
    Ok(confirmed.await?)
}
