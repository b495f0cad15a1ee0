//! The listener: connections, their bounds, and the way to the database.

use super::reply;
use super::session::{Bounds, Envelope, Session, Step};
use crate::app::App;
use crate::app::mail::{Incoming, MailSource, keep_delivery};
use crate::domain::access::Actor;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

/// Silence after which a connection is closed (RFC 5321 §4.5.3.2.7).
const SILENCE: Duration = Duration::from_secs(5 * 60);
/// How long a message waits for room before it is sent away.
const ROOM: Duration = Duration::from_secs(30);
const READ_BYTES: usize = 64 * 1024;
const KIB: usize = 1024;
/// As HTTP takes, so that what came through one door could have come through the other.
const MOST_MESSAGE_BYTES: usize = 25 * 1024 * 1024;
const MOST_RECIPIENTS: usize = 100;
const MOST_MISTAKES: usize = 10;

/// A door that holds its port but does not answer yet.
pub struct Door {
    listener: std::net::TcpListener,
    app: App,
    /// What it calls itself.
    host: String,
    connections: usize,
    /// KiB of messages in hand at once.
    room: Arc<Semaphore>,
}

impl Door {
    /// Takes the port. `memory_mib`: of messages that are in hand at once.
    ///
    /// # Errors
    /// When the port is taken already.
    pub fn bind(
        app: App,
        listen: SocketAddr,
        host: String,
        (connections, memory_mib): (usize, usize),
    ) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(listen)?;
        listener.set_nonblocking(true)?;
        let room = memory_mib.saturating_mul(KIB).clamp(MOST_MESSAGE_BYTES / KIB + 1, Semaphore::MAX_PERMITS);
        Ok(Self { listener, app, host, connections, room: Arc::new(Semaphore::new(room)) })
    }

    /// Where it listens: with port 0 asked for, the port it was given.
    ///
    /// # Errors
    /// What the system says.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers until told to stop; then finishes the messages that are in hand.
    pub async fn serve(self, mut stop: watch::Receiver<bool>) {
        let listener = match TcpListener::from_std(self.listener) {
            Ok(listener) => listener,
            Err(error) => return tracing::error!(%error, "the LMTP door cannot be opened"),
        };
        let mut open = JoinSet::new();
        loop {
            let stream = tokio::select! {
                taken = listener.accept() => taken,
                _ = stop.wait_for(|stop| *stop) => break,
                Some(_ended) = open.join_next() => continue,
            };
            let Ok((stream, _)) = stream else {
                // Out of file handles, most likely: whoever calls is served once there are some.
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            };
            if open.len() >= self.connections {
                open.spawn(turn_away(stream));
                continue;
            }
            let session = Session::new(&self.host, BOUNDS);
            let (app, room, stop) = (self.app.clone(), Arc::clone(&self.room), stop.clone());
            let connection = Connection { stream, session, app, room, stop, taken: None };
            open.spawn(connection.converse());
        }
        while open.join_next().await.is_some() {}
    }
}

const BOUNDS: Bounds = Bounds { message: MOST_MESSAGE_BYTES, recipients: MOST_RECIPIENTS, mistakes: MOST_MISTAKES };

async fn turn_away(mut stream: TcpStream) {
    // Whoever does not listen is turned away all the same.
    let _said = timeout(Duration::from_secs(5), stream.write_all(reply::BUSY.as_bytes())).await;
}

struct Connection {
    stream: TcpStream,
    session: Session,
    app: App,
    room: Arc<Semaphore>,
    stop: watch::Receiver<bool>,
    /// Room that is held for the message in hand.
    taken: Option<OwnedSemaphorePermit>,
}

impl Connection {
    /// A connection that breaks leaves nothing behind: what was not answered for, its sender still has.
    async fn converse(mut self) {
        let connections = metrics::gauge!("evenhand_lmtp_connections");
        connections.increment(1.0);
        if let Err(error) = self.talk().await {
            tracing::debug!(%error, "an LMTP connection broke");
        }
        connections.decrement(1.0);
    }

    async fn talk(&mut self) -> io::Result<()> {
        self.say(&self.session.greeting()).await?;
        let mut buffer = vec![0; READ_BYTES];
        loop {
            let read = tokio::select! {
                read = timeout(SILENCE, self.stream.read(&mut buffer)) => Some(read),
                _ = self.stop.wait_for(|stop| *stop), if !self.session.is_busy() => None,
            };
            let Some(read) = read else { return self.say(reply::CLOSING).await };
            let Ok(read) = read else { return self.say(reply::SILENT).await };
            let read = read?;
            if read == 0 || !self.heed(buffer.get(..read).unwrap_or_default()).await? {
                return Ok(());
            }
        }
    }

    /// Does what the bytes ask for. `false`: that was the end. Answers to commands that came together go out together.
    async fn heed(&mut self, bytes: &[u8]) -> io::Result<bool> {
        let mut bytes = bytes.iter();
        let mut answers = String::new();
        let mut next = self.session.next(&mut bytes);
        while let Some(step) = next {
            let then = match step {
                Step::Say(answer) => {
                    answers.push_str(&answer);
                    None
                }
                Step::MakeRoom(most) => self.make_room(most).await,
                Step::Deliver(envelope) => {
                    let is_kept = self.keep(envelope).await;
                    answers.push_str(&self.session.answered(is_kept));
                    self.taken = None;
                    None
                }
                Step::HangUp(answer) => {
                    answers.push_str(&answer);
                    self.say(&answers).await?;
                    return Ok(false);
                }
            };
            next = then.or_else(|| self.session.next(&mut bytes));
        }
        if !answers.is_empty() {
            self.say(&answers).await?;
        }
        Ok(true)
    }

    async fn make_room(&mut self, most: usize) -> Option<Step> {
        self.taken = None;
        let kib = u32::try_from(most / KIB + 1).unwrap_or(u32::MAX);
        match timeout(ROOM, Arc::clone(&self.room).acquire_many_owned(kib)).await {
            Ok(Ok(room)) => {
                self.taken = Some(room);
                self.session.go_on()
            }
            Ok(Err(_)) | Err(_) => self.session.no_room(),
        }
    }

    /// Answers whether the message is on the disk. Its sender keeps what is not.
    async fn keep(&self, envelope: Envelope) -> bool {
        let Envelope { from, mut recipients, raw } = envelope;
        let recipient = if recipients.is_empty() { String::new() } else { recipients.remove(0) };
        let incoming =
            Incoming { raw, recipient, source: MailSource::Lmtp, received_at: None, envelope_from: Some(from) };
        match keep_delivery(&self.app, &Actor::Software, incoming, recipients).await {
            Ok(_) => true,
            Err(error) => {
                tracing::warn!(%error, "a message handed over by LMTP was not kept; its sender tries again");
                false
            }
        }
    }

    async fn say(&mut self, answer: &str) -> io::Result<()> {
        match timeout(SILENCE, self.stream.write_all(answer.as_bytes())).await {
            Ok(said) => said,
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }
}
