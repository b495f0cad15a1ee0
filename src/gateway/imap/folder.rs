//! One folder, watched until told to stop: fetch → keep → mark or move → wait.
//!
//! How far it is read is noted after the messages are on the disk, and what is done in the folder after that; so a
//! message may be read twice, and is then kept once, but is never passed over.

use super::account::{Account, After};
use super::connection::{PATIENCE, Session, open, within};
use super::fault::Fault;
use super::fetch::{self, Portion};
use crate::app::App;
use crate::app::mail::{
    FolderName, Position, ask_to_fetch_by_hand, folder_position, keep_mails, note_position, note_trouble,
};
use crate::domain::access::Actor;
use crate::fault_points::reached;
use async_imap::types::UnsolicitedResponse;
use futures_util::StreamExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// After the first failure, the second, …; then always the last.
const AGAIN_AFTER: [Duration; 5] = [
    Duration::from_secs(1),
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(60),
    Duration::from_secs(300),
];

/// So that no command grows longer than servers read.
const SETTLED_AT_ONCE: usize = 200;

/// A folder to be watched.
pub struct Folder {
    app: App,
    account: Arc<Account>,
    name: FolderName,
}

/// What a connection learned that the next one needs.
#[derive(Default)]
struct Lessons {
    failures: usize,
    /// An answer could not be read: messages are fetched one by one, to find the one it is about.
    one_by_one: bool,
}

impl Folder {
    /// Every folder of the mailbox.
    pub fn all(app: &App, account: Account) -> Vec<Self> {
        let account = Arc::new(account);
        let folder = |folder: &String| Self {
            app: app.clone(),
            account: Arc::clone(&account),
            name: FolderName { mailbox: account.name.clone(), folder: folder.clone() },
        };
        account.folders.iter().map(folder).collect()
    }

    /// Watches the folder until told to stop, over as many connections as it takes.
    pub async fn watch(self, mut stop: watch::Receiver<bool>) {
        let mut lessons = Lessons::default();
        while !*stop.borrow() {
            let Err(fault) = self.attend(&mut lessons, &stop).await else { return };
            let pause = AGAIN_AFTER.get(lessons.failures).or(AGAIN_AFTER.last()).copied().unwrap_or_default();
            lessons.failures = lessons.failures.saturating_add(1);
            let (mailbox, folder) = (&self.name.mailbox, &self.name.folder);
            tracing::warn!(mailbox, folder, %fault, "a mailbox cannot be read; trying again");
            metrics::counter!("evenhand_imap_failures_total", "mailbox" => mailbox.clone()).increment(1);
            if let Err(error) = note_trouble(&self.app, &self.name, fault.to_string()).await {
                tracing::debug!(%error, "the trouble with a mailbox cannot be noted either");
            }
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// One connection, until told to stop or until it fails.
    async fn attend(&self, lessons: &mut Lessons, stop: &watch::Receiver<bool>) -> Result<(), Fault> {
        let mut session = open(&self.account).await?;
        let can = within(session.capabilities()).await?;
        let (can_idle, can_move) = (can.has_str("IDLE"), can.has_str("MOVE"));
        let opened = match self.account.after {
            After::Keep => within(session.examine(&self.name.folder)).await?,
            After::Seen | After::Move(_) => within(session.select(&self.name.folder)).await?,
        };
        let mut position = folder_position(&self.app, &self.name).await?;
        // Without a UIDVALIDITY no UID means anything beyond this connection (RFC 3501 §2.3.1.1).
        let uid_validity = opened.uid_validity.unwrap_or_default();
        if position.uid_validity != uid_validity || uid_validity == 0 {
            position = Position { uid_validity, kept: 0, settled: 0, left_behind: position.left_behind };
        }
        let mut reading = Reading { folder: self, session, position, can_move };
        let mut stopped = stop.clone();
        loop {
            reading.catch_up(lessons, stop).await?;
            lessons.failures = 0;
            if *stop.borrow() {
                break;
            }
            let Reading { session, position, .. } = reading;
            let session = self.wait(session, can_idle, &mut stopped).await?;
            reading = Reading { folder: self, session, position, can_move };
        }
        // Whether it hears us say goodbye changes nothing.
        let _said_goodbye = within(reading.session.logout()).await;
        Ok(())
    }

    /// Until the server calls, it is time to look, or we are told to stop. IDLE's own answer is not believed: the library
    /// reports a dead connection as an interruption of ours. DONE and NOOP, in their time, tell whether it lives.
    async fn wait(
        &self,
        mut session: Session,
        can_idle: bool,
        stop: &mut watch::Receiver<bool>,
    ) -> Result<Session, Fault> {
        if can_idle {
            let said = session.unsolicited_responses.clone();
            let mut idle = session.idle();
            within(idle.init()).await?;
            // What it said before it began to call is not said again.
            if !has_called(|| said.try_recv().ok()) {
                let (called, _interrupt) = idle.wait_with_timeout(self.account.every);
                tokio::select! {
                    // A server that only says it is still there would put off the look for ever.
                    _ = timeout(self.account.every, called) => {}
                    _ = stop.wait_for(|stop| *stop) => {}
                }
            }
            session = within(idle.done()).await?;
        } else {
            tokio::select! {
                () = tokio::time::sleep(self.account.every) => {}
                _ = stop.wait_for(|stop| *stop) => {}
            }
        }
        within(session.noop()).await?;
        Ok(session)
    }
}

/// How many answers beside the point the library remembers; the rest is gone.
const REMEMBERED: usize = 100;

/// Whether the server said, in an answer to something else, that there may be more messages. Forgets it.
fn has_called(next: impl FnMut() -> Option<UnsolicitedResponse>) -> bool {
    let said = std::iter::from_fn(next);
    let (mut heard, mut is_called) = (0, false);
    for response in said.take(REMEMBERED) {
        heard += 1;
        is_called |= matches!(response, UnsolicitedResponse::Exists(_));
    }
    is_called || heard >= REMEMBERED
}

/// A folder that is open.
struct Reading<'a> {
    folder: &'a Folder,
    session: Session,
    position: Position,
    can_move: bool,
}

impl Reading<'_> {
    /// Takes in all that is new, until the server has said nothing of anything newer.
    async fn catch_up(&mut self, lessons: &mut Lessons, stop: &watch::Receiver<bool>) -> Result<(), Fault> {
        self.settle_what_was_left_open().await?;
        let mut is_called = true;
        while is_called {
            let _what_follows_finds_it = has_called(|| self.session.unsolicited_responses.try_recv().ok());
            self.take_in_what_is_new(lessons, stop).await?;
            if *stop.borrow() {
                return Ok(());
            }
            is_called = has_called(|| self.session.unsolicited_responses.try_recv().ok());
        }
        lessons.one_by_one = false;
        let (app, name) = (&self.folder.app, &self.folder.name);
        note_position(app, name, self.position, Some(app.now())).await?;
        Ok(())
    }

    async fn take_in_what_is_new(&mut self, lessons: &mut Lessons, stop: &watch::Receiver<bool>) -> Result<(), Fault> {
        let newer = fetch::newer(&mut self.session, &self.folder.account, self.position.kept).await?;
        for portion in fetch::portions(&mut self.session, &newer, lessons.one_by_one).await? {
            if *stop.borrow() {
                return Ok(());
            }
            match portion {
                Portion::TooLarge(uid) => self.leave(uid, "is too large to be read").await?,
                Portion::Messages(uids) => self.take_in(&uids, lessons).await?,
            }
            lessons.failures = 0;
        }
        Ok(())
    }

    async fn take_in(&mut self, uids: &[u32], lessons: &mut Lessons) -> Result<(), Fault> {
        let Folder { app, account, name } = self.folder;
        let incoming = match fetch::messages(&mut self.session, account, uids, app.now()).await {
            Ok(incoming) => incoming,
            // The session cannot go on after such an answer. The next one starts behind the message.
            Err(Fault::Unreadable) => {
                if let [uid] = uids {
                    self.leave(*uid, "comes in a form that cannot be read").await?;
                }
                lessons.one_by_one = uids.len() > 1;
                return Err(Fault::Unreadable);
            }
            Err(fault) => return Err(fault),
        };
        // An empty message is nothing to keep.
        let incoming: Vec<_> = incoming.into_iter().filter(|mail| !mail.raw.is_empty()).collect();
        let count = u64::try_from(incoming.len()).unwrap_or_default();
        reached("imap.fetched_not_kept");
        keep_mails(app, &Actor::Software, incoming).await?;
        reached("imap.kept_not_moved");
        metrics::counter!("evenhand_imap_messages_total", "mailbox" => name.mailbox.clone()).increment(count);
        self.position.kept = uids.last().copied().unwrap_or(self.position.kept);
        note_position(app, name, self.position, None).await?;
        self.settle(uids).await
    }

    /// What an earlier connection kept and did not come to mark or move.
    async fn settle_what_was_left_open(&mut self) -> Result<(), Fault> {
        let Position { kept, settled, .. } = self.position;
        if settled >= kept {
            return Ok(());
        }
        let mut uids = fetch::newer(&mut self.session, &self.folder.account, settled).await?;
        uids.retain(|uid| *uid <= kept);
        self.settle(&uids).await
    }

    /// Does in the folder what is to be done with these messages, which are kept.
    async fn settle(&mut self, uids: &[u32]) -> Result<(), Fault> {
        for some in uids.chunks(SETTLED_AT_ONCE) {
            self.mark_or_move(&fetch::set(some)).await?;
        }
        reached("imap.moved_not_noted");
        self.position.settled = self.position.kept;
        Ok(note_position(&self.folder.app, &self.folder.name, self.position, None).await?)
    }

    async fn mark_or_move(&mut self, kept_ones: &str) -> Result<(), Fault> {
        match &self.folder.account.after {
            After::Keep => {}
            After::Seen => self.mark(kept_ones, "+FLAGS.SILENT (\\Seen)").await?,
            After::Move(target) if self.can_move => {
                within(self.session.uid_mv(kept_ones, target)).await?;
            }
            After::Move(target) => {
                // As RFC 6851 §3.3 has it where a server does not know MOVE; others expunge what is marked deleted.
                within(self.session.uid_copy(kept_ones, target)).await?;
                self.mark(kept_ones, "+FLAGS.SILENT (\\Deleted)").await?;
            }
        }
        Ok(())
    }

    async fn mark(&mut self, uids: &str, how: &str) -> Result<(), Fault> {
        let mut answers = within(self.session.uid_store(uids, how)).await?;
        while let Some(answer) = timeout(PATIENCE, answers.next()).await.map_err(|_elapsed| Fault::Silent)? {
            answer?;
        }
        Ok(())
    }

    /// A message that cannot be taken in stays where it is; a person is asked to fetch it, and intake goes on.
    async fn leave(&mut self, uid: u32, why: &str) -> Result<(), Fault> {
        let Folder { app, name, .. } = self.folder;
        tracing::error!(mailbox = name.mailbox, folder = name.folder, uid, why, "a message stays in its mailbox");
        ask_to_fetch_by_hand(app, name, (self.position.uid_validity, uid), why).await?;
        self.position.left_behind = self.position.left_behind.saturating_add(1);
        // It is not marked or moved: what came before it was.
        (self.position.kept, self.position.settled) = (uid, uid);
        note_position(app, name, self.position, None).await?;
        Ok(())
    }
}
