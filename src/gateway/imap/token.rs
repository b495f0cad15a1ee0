//! XOAUTH2: a token instead of a password.

use super::account::{OauthClient, Proof};
use super::fault::Fault;
use async_imap::Authenticator;
use serde::Deserialize;
use std::time::Duration;

/// How long an authorisation server may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// `user=…^Aauth=Bearer …^A^A` first; where the server sends its reasons for refusing, the empty answer that lets it
/// refuse.
pub(super) struct Xoauth2 {
    first: Option<String>,
}

impl Xoauth2 {
    pub(super) fn new(user: &str, token: &str) -> Self {
        Self { first: Some(format!("user={user}\u{1}auth=Bearer {token}\u{1}\u{1}")) }
    }
}

impl Authenticator for Xoauth2 {
    type Response = String;

    fn process(&mut self, _challenge: &[u8]) -> String {
        self.first.take().unwrap_or_default()
    }
}

/// A token that is good now; `None` where a password is used.
pub(super) async fn fresh(proof: &Proof) -> Result<Option<String>, Fault> {
    match proof {
        Proof::Password(_) => Ok(None),
        Proof::TokenFile(path) => {
            let read = tokio::fs::read_to_string(path).await;
            let token = read.map_err(|error| Fault::NoToken(format!("{}: {}", path.display(), error.kind())))?;
            Ok(Some(token.trim().to_owned()))
        }
        Proof::Oauth(client) => ask(client).await.map(Some),
    }
}

#[derive(Deserialize)]
struct Answer {
    access_token: String,
}

/// Never repeats what was sent or answered: both hold secrets.
async fn ask(client: &OauthClient) -> Result<String, Fault> {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", client.client_id.as_str()),
        ("client_secret", client.client_secret.as_str()),
        ("scope", client.scope.as_str()),
    ];
    let said = form.iter().filter(|(_, value)| !value.is_empty());
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(said).finish();
    let no = |what: &str| Fault::NoToken(what.to_owned());
    let http = reqwest::Client::builder().timeout(PATIENCE).build().map_err(|_unsaid| no("TLS cannot be set up"))?;
    let asked =
        http.post(&client.token_url).header("content-type", "application/x-www-form-urlencoded").body(body).send();
    let answer = asked.await.map_err(|_unsaid| no("the authorisation server cannot be reached"))?;
    let status = answer.status();
    if !status.is_success() {
        return Err(no(&format!("the authorisation server answered {}", status.as_u16())));
    }
    let answer: Answer = answer.json().await.map_err(|_unsaid| no("the authorisation server gave no access_token"))?;
    Ok(answer.access_token)
}
