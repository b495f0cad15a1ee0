//! Signing in to the pages: a link sets a password, an app shows the code, a session keeps who it was.
//!
//! Tokens for the API are `app/sign_in`'s. What an officer may do is read from the register each time, never from here.

mod code;
mod link;
mod password;
mod session;
mod shortcuts;

pub use code::{Enrolment, confirm_code, propose_code};
pub use link::{SetPassword, make_sign_in_link, officer_of_link, set_password};
pub use password::{Typed, begin_session};
pub use session::{Begun, Known, end_session, forget_ended_sessions, session_of, session_on_a_live_call};
pub use shortcuts::choose_shortcuts;

pub use crate::tokens::password::{FEWEST_CHARACTERS, MOST_CHARACTERS};

use crate::app::{App, AppError};
use crate::domain::access::Actor;
use crate::domain::access::Officer;
use crate::id_source::random_secret;
use crate::store::Tx;
use crate::store::events::{self, NewEvent, Stream};
use sha2::{Digest, Sha256};

/// A secret that nobody can guess, as it stands in a cookie or a link, and the hash that is kept of it.
fn new_token() -> Result<(String, String), AppError> {
    let token = hex::encode(random_secret().map_err(|fault| AppError::broken("making a secret", fault))?);
    let kept = hash_of(&token);
    Ok((token, kept))
}

fn hash_of(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// What an officer did about signing in, in their own history.
async fn tell(app: &App, tx: &Tx, officer: &Officer, kind: &str) -> Result<(), AppError> {
    let actor = Actor::Officer(officer.clone()).reference();
    let event = NewEvent { id: app.new_id(), at: app.now(), actor, kind: kind.to_owned(), data: serde_json::json!({}) };
    events::append_next(tx, vec![(Stream::Officer, officer.id.as_uuid(), vec![event])]).await?;
    Ok(())
}
