//! From a TCP connection to a session that may read.

use super::account::{Account, Proof, Security};
use super::fault::{Fault, said};
use super::token::{Xoauth2, fresh};
use async_imap::Client;
use async_imap::error::Error;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// How long a server may take for one answer.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// A connection, with or without TLS.
pub(super) trait Wire: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug {}
impl<T: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug> Wire for T {}

pub(super) type Session = async_imap::Session<Box<dyn Wire>>;

/// No answer is waited for without an end: the library itself waits for ever.
pub(super) async fn within<T, E>(asked: impl Future<Output = Result<T, E>>) -> Result<T, Fault>
where
    Fault: From<E>,
{
    match timeout(PATIENCE, asked).await {
        Ok(answered) => answered.map_err(Fault::from),
        Err(_elapsed) => Err(Fault::Silent),
    }
}

/// Connects and signs in.
///
/// # Errors
/// Whatever stands in the way; never with a secret in it.
pub(super) async fn open(account: &Account) -> Result<Session, Fault> {
    let connected = timeout(PATIENCE, TcpStream::connect((account.host.as_str(), account.port)));
    let stream = connected.await.map_err(|_elapsed| Fault::Silent)?;
    let stream = stream.map_err(|error| Fault::Unreachable(error.kind()))?;
    let client = match &account.security {
        Security::None => greeted(Box::new(stream)).await?,
        Security::Tls(tls) => greeted(secured(&account.host, stream, tls).await?).await?,
        Security::StartTls(tls) => {
            let mut plain = greeted(Box::new(stream)).await?;
            within(plain.run_command_and_check_ok("STARTTLS", None)).await?;
            // What came after the answer was said before anybody was authenticated: it goes with the client.
            Client::new(secured(&account.host, plain.into_inner(), tls).await?)
        }
    };
    sign_in(client, account).await
}

async fn greeted(wire: Box<dyn Wire>) -> Result<Client<Box<dyn Wire>>, Fault> {
    let mut client = Client::new(wire);
    let greeting = timeout(PATIENCE, client.read_response()).await.map_err(|_elapsed| Fault::Silent)?;
    match greeting {
        Ok(Some(_greeting)) => Ok(client),
        Ok(None) => Err(Fault::Broken),
        Err(error) => Err(Fault::from(Error::Io(error))),
    }
}

async fn secured(host: &str, wire: impl Wire + 'static, tls: &Arc<ClientConfig>) -> Result<Box<dyn Wire>, Fault> {
    let name = ServerName::try_from(host.to_owned()).map_err(|error| Fault::Tls(error.to_string()))?;
    let handshake = TlsConnector::from(Arc::clone(tls)).connect(name, wire);
    let shaken = timeout(PATIENCE, handshake).await.map_err(|_elapsed| Fault::Silent)?;
    let stream = shaken.map_err(|error| Fault::Tls(said(&error.to_string())))?;
    Ok(Box::new(stream))
}

async fn sign_in(client: Client<Box<dyn Wire>>, account: &Account) -> Result<Session, Fault> {
    let token = fresh(&account.proof).await?;
    let signing_in = async {
        match (&account.proof, token) {
            (Proof::Password(password), _) => client.login(&account.user, password).await,
            (Proof::TokenFile(_) | Proof::Oauth(_), token) => {
                let token = Xoauth2::new(&account.user, &token.unwrap_or_default());
                client.authenticate("XOAUTH2", token).await
            }
        }
    };
    let signed_in = timeout(PATIENCE, signing_in).await.map_err(|_elapsed| Fault::Silent)?;
    signed_in.map_err(|(error, _client)| match Fault::from(error) {
        Fault::Refused(words) => Fault::NotLetIn(words),
        fault @ (Fault::Unreachable(_)
        | Fault::Tls(_)
        | Fault::NotLetIn(_)
        | Fault::NoToken(_)
        | Fault::Broken
        | Fault::Silent
        | Fault::Unreadable
        | Fault::NotKept(_)) => fault,
    })
}
