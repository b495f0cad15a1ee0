//! One thread holds the one pen, and what is waiting shares a commit: the write door on SQLite, and the access log.
//!
//! Each write runs in a savepoint of its own: one that refuses, panics or takes too long is undone alone. When the
//! commit fails, or the transaction is lost on the way, everybody in the group is told so, nothing of it is stored,
//! and the connection is never used again. A write is acknowledged only after its commit is on the disk.

use super::checkpoint::Checkpoint;
use super::connect::{Place, StoreSettings, Use, open};
use super::error::{Cause, StoreError, WriteError};
use super::file::FileIdentity;
use super::{Tx, dialect, inside};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use sea_orm::{DatabaseConnection, TransactionTrait};
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Hands writes to the thread that holds the pen. Cheap to clone.
#[derive(Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<Message>,
}

enum Message {
    Write(Box<dyn Entry>),
    Close(oneshot::Sender<()>),
}

impl Writer {
    /// # Errors
    /// `Unavailable` when the machine gives us no thread.
    pub(super) fn start(name: &str, place: Place, settings: StoreSettings) -> Result<Self, StoreError> {
        let (queue, messages) = mpsc::channel(1024);
        let no_thread = |error| StoreError::Unavailable(Cause::new(format!("no thread for writing: {error}")));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(no_thread)?;
        let checkpoint = Checkpoint::of(&place, &settings);
        let pen = Pen { place, settings, messages, connection: None, checkpoint, closing: None };
        // A thread of its own, so that the closures' futures need not be Send and nothing else delays a commit.
        let thread = std::thread::Builder::new().name(name.to_owned());
        thread.spawn(move || runtime.block_on(pen.work())).map_err(no_thread)?;
        Ok(Self { queue })
    }

    pub(super) async fn write<T, E, F>(&self, closure: F) -> Result<T, WriteError<E>>
    where
        T: Send + 'static,
        E: Send + 'static,
        F: AsyncFnOnce(&Tx) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let write = Write { closure: Some(closure), outcome: Outcome::None, reply };
        let closed = || WriteError::Failed(StoreError::Closed);
        self.queue.send(Message::Write(Box::new(write))).await.map_err(|_closed| closed())?;
        // No answer at all: the thread came to grief while this write was in its hands.
        answer.await.unwrap_or(Err(WriteError::Failed(StoreError::Panicked)))
    }

    /// Lets the writes that are waiting finish, and takes no more.
    pub(super) async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.queue.send(Message::Close(done)).await.is_ok() {
            let _when_gone_it_is_closed_too = closed.await;
        }
    }
}

/// One write with its types forgotten: run once inside a savepoint, then told how the group's commit went.
trait Entry: Send {
    /// Whether anybody still waits for it. A write that was given up while it queued is not begun.
    fn is_wanted(&self) -> bool;
    /// Runs the closure; true when it succeeded.
    fn run<'a>(&'a mut self, tx: &'a Tx) -> LocalBoxFuture<'a, bool>;
    fn stopped(&mut self, why: StoreError);
    fn settle(self: Box<Self>, commit: Result<(), StoreError>);
}

struct Write<F, T, E> {
    closure: Option<F>,
    outcome: Outcome<T, E>,
    reply: oneshot::Sender<Result<T, WriteError<E>>>,
}

enum Outcome<T, E> {
    Ended(Result<T, E>),
    Stopped(StoreError),
    /// It was never begun, because the group failed before its turn.
    None,
}

impl<F, T, E> Entry for Write<F, T, E>
where
    F: AsyncFnOnce(&Tx) -> Result<T, E> + Send,
    T: Send,
    E: Send,
{
    fn is_wanted(&self) -> bool {
        !self.reply.is_closed()
    }

    fn run<'a>(&'a mut self, tx: &'a Tx) -> LocalBoxFuture<'a, bool> {
        Box::pin(async move {
            let Some(closure) = self.closure.take() else { return false };
            let ended = inside(closure(tx)).await;
            let succeeded = ended.is_ok();
            self.outcome = Outcome::Ended(ended);
            succeeded
        })
    }

    fn stopped(&mut self, why: StoreError) {
        self.outcome = Outcome::Stopped(why);
    }

    fn settle(self: Box<Self>, commit: Result<(), StoreError>) {
        let answer = match (self.outcome, commit) {
            (Outcome::Ended(Err(refused)), _) => Err(WriteError::Refused(refused)),
            (Outcome::Stopped(failed), _) | (_, Err(failed)) => Err(WriteError::Failed(failed)),
            (Outcome::Ended(Ok(value)), Ok(())) => Ok(value),
            (Outcome::None, Ok(())) => Err(WriteError::Failed(StoreError::Closed)),
        };
        // Whoever asked may have gone away meanwhile; the write stands all the same.
        let _nobody_listens = self.reply.send(answer);
    }
}

/// The one writing connection and the queue before it.
struct Pen {
    place: Place,
    settings: StoreSettings,
    messages: mpsc::Receiver<Message>,
    connection: Option<Connection>,
    checkpoint: Option<Checkpoint>,
    closing: Option<oneshot::Sender<()>>,
}

#[derive(Clone)]
struct Connection {
    database: DatabaseConnection,
    file: Option<FileIdentity>,
}

impl Pen {
    async fn work(mut self) {
        while let Some(message) = self.messages.recv().await {
            let Some(first) = self.write_in(message) else { continue };
            if AssertUnwindSafe(self.commit_group(first)).catch_unwind().await.is_err() {
                tracing::error!("the writing thread came to grief and starts afresh");
                self.connection = None;
            }
            if AssertUnwindSafe(self.keep_log_short()).catch_unwind().await.is_err() {
                tracing::error!("the write-ahead log is not copied beside the work any more; commits copy it");
                self.checkpoint = None;
            }
        }
        if let Some(checkpoint) = self.checkpoint.take() {
            checkpoint.close();
        }
        self.drop_connection().await;
        if let Some(done) = self.closing.take() {
            let _nobody_waits = done.send(());
        }
    }

    async fn keep_log_short(&mut self) {
        if let (Some(checkpoint), Some(connection)) = (&mut self.checkpoint, &self.connection) {
            checkpoint.committed(&connection.database).await;
        }
    }

    /// The write in a message, if it is one; a wish to close is noted.
    fn write_in(&mut self, message: Message) -> Option<Box<dyn Entry>> {
        match message {
            Message::Write(entry) => Some(entry),
            Message::Close(done) => {
                self.messages.close();
                self.closing = Some(done);
                None
            }
        }
    }

    async fn commit_group(&mut self, first: Box<dyn Entry>) {
        let (mut group, mut next) = (Vec::new(), Some(first));
        let commit = self.write_group(&mut group, &mut next).await;
        if let Err(error) = &commit {
            tracing::warn!(?error, writes = group.len(), "a group of writes was not stored");
            self.drop_connection().await;
        }
        if commit.is_err() && group.is_empty() {
            // It could not even begin. Whoever queued meanwhile hears so now, instead of waiting as long in turn.
            group.extend(self.take_waiting());
        }
        for entry in group.into_iter().chain(next) {
            entry.settle(commit.clone());
        }
    }

    fn take_waiting(&mut self) -> Vec<Box<dyn Entry>> {
        let mut waiting = Vec::new();
        while let Ok(message) = self.messages.try_recv() {
            waiting.extend(self.write_in(message));
        }
        waiting
    }

    /// Runs what is waiting, each in its savepoint, and commits. Every entry taken from the queue is in `group` or in
    /// `next` before anything can fail, so that it is answered.
    async fn write_group(
        &mut self,
        group: &mut Vec<Box<dyn Entry>>,
        next: &mut Option<Box<dyn Entry>>,
    ) -> Result<(), StoreError> {
        let connection = self.connect().await?;
        let limit = self.settings.answer_limit();
        let transaction = in_time(limit, dialect::begin_write(&connection.database)).await?;
        while let Some(entry) = next.take() {
            if entry.is_wanted() {
                group.push(entry);
                if let Some(entry) = group.last_mut() {
                    self.write_entry(entry.as_mut(), &transaction).await?;
                }
            }
            if group.len() < self.settings.most_in_a_commit {
                *next = self.messages.try_recv().ok().and_then(|message| self.write_in(message));
            }
        }
        self.place.must_still_hold(connection.file)?;
        in_time(limit, transaction.commit()).await
    }

    /// # Errors
    /// When the savepoint cannot be kept or undone. The whole transaction is gone then, and going on would write
    /// outside of any.
    async fn write_entry(&self, entry: &mut dyn Entry, transaction: &Tx) -> Result<(), StoreError> {
        #[expect(clippy::disallowed_methods, reason = "a savepoint inside the one immediate transaction")]
        let savepoint = in_time(self.settings.answer_limit(), transaction.begin()).await?;
        let run = AssertUnwindSafe(tokio::time::timeout(self.settings.write_limit, entry.run(&savepoint)));
        let stopped = match run.catch_unwind().await {
            Ok(Ok(true)) => return in_time(self.settings.answer_limit(), savepoint.commit()).await,
            Ok(Ok(false)) => None,
            Ok(Err(_elapsed)) => Some(StoreError::TooSlow),
            Err(_panic) => Some(StoreError::Panicked),
        };
        in_time(self.settings.answer_limit(), savepoint.rollback()).await?;
        if let Some(error) = stopped {
            entry.stopped(error);
        }
        Ok(())
    }

    async fn connect(&mut self) -> Result<Connection, StoreError> {
        if let Some(connection) = &self.connection {
            self.place.must_still_hold(connection.file)?;
            return Ok(connection.clone());
        }
        let database = open(&self.place, Use::Write, &self.settings).await?;
        let connection = Connection { database, file: self.place.file_identity()? };
        Ok(self.connection.insert(connection).clone())
    }

    /// A connection that failed is never used again. One that does not say goodbye is left without it.
    async fn drop_connection(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        if let Err(error) = in_time(GOODBYE, connection.database.close()).await {
            tracing::warn!(%error, "the writing connection did not close");
        }
    }
}

/// How long a connection may take to close.
const GOODBYE: Duration = Duration::from_secs(5);

/// A step between two machines, of which one may have gone without a word.
///
/// # Errors
/// What the step says; `Unavailable` where it says nothing for so long: whether it was done, nobody knows then.
pub(super) async fn in_time<T, E>(limit: Duration, step: impl Future<Output = Result<T, E>>) -> Result<T, StoreError>
where
    StoreError: From<E>,
{
    match tokio::time::timeout(limit, step).await {
        Ok(told) => Ok(told?),
        Err(_elapsed) => Err(StoreError::Unavailable(Cause::new("the database does not answer"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_database_that_says_nothing_is_away_after_the_limit() {
        let silent = std::future::pending::<Result<(), StoreError>>();
        let told = in_time(Duration::from_millis(20), silent).await;
        assert!(matches!(told, Err(StoreError::Unavailable(_))), "{told:?}");
        assert!(in_time(Duration::from_secs(20), async { Ok::<_, StoreError>(1) }).await.is_ok());
    }
}
