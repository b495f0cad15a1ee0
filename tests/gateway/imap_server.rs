//! An IMAP server in memory that does what a test tells it, over a real port.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What there is in the folder, and what was asked for.
#[derive(Default)]
pub(super) struct Shelf {
    pub(super) uid_validity: u32,
    pub(super) messages: BTreeMap<u32, Vec<u8>>,
    /// UIDs whose message comes in a form that nobody can read.
    pub(super) garbled: Vec<u32>,
    pub(super) has_no_move: bool,
    /// Refuses every sign-in.
    pub(super) is_shut: bool,
    /// Connections that are cut the moment they idle.
    pub(super) cuts: u32,
    /// Every command, without its tag.
    pub(super) heard: Vec<String>,
    /// What happened to messages: `seen 3`, `moved 4`.
    pub(super) done: Vec<String>,
}

#[derive(Clone)]
pub(super) struct Server {
    pub(super) address: SocketAddr,
    shelf: Arc<Mutex<Shelf>>,
    changed: Arc<watch::Sender<u64>>,
}

impl Server {
    pub(super) async fn start(shelf: Shelf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = Self { address, shelf: Arc::new(Mutex::new(shelf)), changed: Arc::new(watch::channel(0).0) };
        let serving = server.clone();
        #[expect(clippy::disallowed_methods, reason = "ends with the test's runtime")]
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let server = serving.clone();
                tokio::spawn(async move { server.converse(stream).await });
            }
        });
        server
    }

    pub(super) fn with<T>(&self, look: impl FnOnce(&mut Shelf) -> T) -> T {
        let looked = look(&mut self.shelf.lock().unwrap());
        self.changed.send_modify(|changes| *changes += 1);
        looked
    }

    async fn converse(&self, stream: TcpStream) {
        let (reader, mut writer) = stream.into_split();
        let mut reader = BufReader::new(reader);
        say(&mut writer, "* OK ready\r\n").await;
        while let Some(line) = line(&mut reader).await {
            let Some((tag, command)) = line.split_once(' ') else { return };
            self.with(|shelf| shelf.heard.push(command.to_owned()));
            let verb = command.split(' ').next().unwrap().to_uppercase();
            let more = match verb.as_str() {
                "IDLE" => {
                    if !self.idle(&mut reader, &mut writer).await {
                        return;
                    }
                    "OK idled".to_owned()
                }
                "AUTHENTICATE" => self.authenticate(&mut reader, &mut writer).await,
                _ => {
                    let (answers, ending) = self.with(|shelf| shelf.answer(command));
                    if writer.write_all(&answers).await.is_err() {
                        return;
                    }
                    ending
                }
            };
            say(&mut writer, &format!("{tag} {more}\r\n")).await;
            if verb == "LOGOUT" {
                return;
            }
        }
    }

    /// `false`: the connection is cut.
    async fn idle(&self, reader: &mut BufReader<OwnedReadHalf>, writer: &mut OwnedWriteHalf) -> bool {
        let is_cut = self.with(|shelf| {
            let is_cut = shelf.cuts > 0;
            shelf.cuts = shelf.cuts.saturating_sub(1);
            is_cut
        });
        say(writer, "+ idling\r\n").await;
        if is_cut {
            return false;
        }
        let mut changed = self.changed.subscribe();
        let before = self.shelf.lock().unwrap().messages.len();
        loop {
            tokio::select! {
                said = line(reader) => return said.is_some_and(|said| said == "DONE"),
                _ = changed.changed() => {
                    let count = self.shelf.lock().unwrap().messages.len();
                    if count > before {
                        say(writer, &format!("* {count} EXISTS\r\n")).await;
                        return line(reader).await.is_some();
                    }
                }
            }
        }
    }

    /// Says, as servers do, why it refuses, and waits for the empty answer.
    async fn authenticate(&self, reader: &mut BufReader<OwnedReadHalf>, writer: &mut OwnedWriteHalf) -> String {
        say(writer, "+ \r\n").await;
        let token = line(reader).await.unwrap_or_default();
        self.with(|shelf| shelf.heard.push(format!("TOKEN {token}")));
        if !self.with(|shelf| shelf.is_shut) {
            return "OK in".to_owned();
        }
        say(writer, "+ eyJzdGF0dXMiOiI0MDEifQ==\r\n").await;
        let answer = line(reader).await.unwrap_or_default();
        self.with(|shelf| shelf.heard.push(format!("ANSWER {answer}")));
        "NO not with this token".to_owned()
    }
}

async fn line(reader: &mut BufReader<OwnedReadHalf>) -> Option<String> {
    let mut line = String::new();
    let read = reader.read_line(&mut line).await.ok()?;
    (read > 0).then(|| line.trim_end().to_owned())
}

async fn say(writer: &mut OwnedWriteHalf, text: &str) {
    let _heard = writer.write_all(text.as_bytes()).await;
}

impl Shelf {
    /// What a command is answered with, and how that ends.
    fn answer(&mut self, command: &str) -> (Vec<u8>, String) {
        let words: Vec<&str> = command.split(' ').collect();
        let ok = |answers: String| (answers.into_bytes(), "OK done".to_owned());
        match words.as_slice() {
            ["LOGIN", ..] if self.is_shut => {
                (Vec::new(), "NO [AUTHENTICATIONFAILED] not with this password".to_owned())
            }
            ["CAPABILITY"] => {
                let moves = if self.has_no_move { "" } else { " MOVE" };
                ok(format!("* CAPABILITY IMAP4rev1 IDLE{moves}\r\n"))
            }
            ["SELECT" | "EXAMINE", ..] => {
                let (exists, validity) = (self.messages.len(), self.uid_validity);
                ok(format!("* {exists} EXISTS\r\n* OK [UIDVALIDITY {validity}] valid\r\n"))
            }
            ["UID", "SEARCH", "UID", range, ..] => {
                let found: Vec<String> = self.named(range).iter().map(u32::to_string).collect();
                ok(format!("* SEARCH {}\r\n", found.join(" ")))
            }
            ["UID", "FETCH", set, "(UID", "RFC822.SIZE)"] => {
                let size =
                    |uid: &u32| format!("* {uid} FETCH (UID {uid} RFC822.SIZE {})\r\n", self.messages[uid].len());
                ok(self.named(set).iter().map(size).collect())
            }
            ["UID", "FETCH", set, ..] => {
                let answers = self.named(set).iter().flat_map(|uid| self.fetched(*uid)).collect();
                (answers, "OK fetched".to_owned())
            }
            ["UID", "STORE", set, _, flag] => {
                let flag = flag.trim_matches(['(', ')', '\\']).to_lowercase();
                let uids = self.named(set);
                self.done.extend(uids.iter().map(|uid| format!("{flag} {uid}")));
                ok(String::new())
            }
            ["UID", verb @ ("MOVE" | "COPY"), set, folder] => {
                let uids = self.named(set);
                let folder = folder.trim_matches('"');
                self.done.extend(uids.iter().map(|uid| format!("{} {uid} {folder}", verb.to_lowercase())));
                if *verb == "MOVE" {
                    self.messages.retain(|uid, _| !uids.contains(uid));
                }
                ok(String::new())
            }
            _ => ok(String::new()),
        }
    }

    fn fetched(&self, uid: u32) -> Vec<u8> {
        if self.garbled.contains(&uid) {
            return format!("* {uid} FETCH (UID {uid} BODY[] (((oh dear)\r\n").into_bytes();
        }
        let raw = &self.messages[&uid];
        let date = "01-Jun-2026 08:30:00 +0100";
        let head = format!("* {uid} FETCH (UID {uid} INTERNALDATE \"{date}\" BODY[] {{{}}}\r\n", raw.len());
        [head.as_bytes(), raw, b")\r\n"].concat()
    }

    /// The UIDs there are of `1:3,7` or `4:*`; as RFC 3501 has it, `n:*` always holds the last one.
    fn named(&self, set: &str) -> Vec<u32> {
        let last = self.messages.keys().next_back().copied().unwrap_or_default();
        let number = |text: &str| if text == "*" { last } else { text.parse().unwrap() };
        let mut named = Vec::new();
        for part in set.split(',') {
            let (first, end) = part.split_once(':').unwrap_or((part, part));
            let (first, end) = (number(first).min(number(end)), number(first).max(number(end)));
            named.extend(self.messages.range(first..=end).map(|(uid, _)| *uid));
        }
        named
    }
}
