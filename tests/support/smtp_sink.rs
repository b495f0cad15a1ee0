//! A mail server in this process that keeps what it is handed and answers as it is told.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// One mail as it came over the wire, dots unstuffed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    pub from: String,
    pub to: Vec<String>,
    pub data: Vec<u8>,
}

#[derive(Default)]
struct Inside {
    taken: Vec<Taken>,
    /// Answers to the next recipients, first come first served; then 250.
    refusals: Vec<String>,
    /// Takes the next mail and hangs up before saying so.
    hang_up: bool,
    /// Says nothing more in a dialogue that has come so far.
    silent_at: Option<Silence>,
    /// How many connections there were.
    connections: usize,
}

/// Where a server falls silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silence {
    /// It was told the sender.
    AtTheSender,
    /// It has the whole mail.
    AfterTheMail,
}

pub struct SmtpSink {
    address: SocketAddr,
    inside: Arc<Mutex<Inside>>,
    server: JoinHandle<()>,
}

impl SmtpSink {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let inside = Arc::new(Mutex::new(Inside::default()));
        let shared = inside.clone();
        let serve = async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = shared.clone();
                tokio::spawn(async move { converse(stream, shared).await });
            }
        };
        let server = tokio::spawn(serve);
        Self { address, inside, server }
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.inside.lock().unwrap().taken.clone()
    }

    /// Answers the next recipient with this: `451 4.3.0 come back`.
    pub fn refuse_next(&self, answer: &str) {
        self.inside.lock().unwrap().refusals.push(answer.to_owned());
    }

    /// Falls silent in the next dialogue that comes so far, and keeps the connection open.
    pub fn fall_silent(&self, at: Silence) {
        self.inside.lock().unwrap().silent_at = Some(at);
    }

    /// How many connections were made so far.
    pub fn connections(&self) -> usize {
        self.inside.lock().unwrap().connections
    }

    /// Takes the next mail and hangs up before it has said so.
    pub fn hang_up_after_next(&self) {
        self.inside.lock().unwrap().hang_up = true;
    }
}

impl Drop for SmtpSink {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn converse(stream: TcpStream, inside: Arc<Mutex<Inside>>) {
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    let (mut from, mut to) = (String::new(), Vec::new());
    inside.lock().unwrap().connections += 1;
    say(&mut writer, "220 sink.example.org").await;
    while let Some(line) = read_line(&mut reader).await {
        let command = line.to_ascii_uppercase();
        if command.starts_with("EHLO") {
            say(&mut writer, "250-sink.example.org\r\n250 8BITMIME").await;
        } else if command.starts_with("MAIL FROM:") {
            (from, to) = (address(&line), Vec::new());
            be_silent_if_told(&inside, Silence::AtTheSender).await;
            say(&mut writer, "250 ok").await;
        } else if command.starts_with("RCPT TO:") {
            let refusal = {
                let refusals = &mut inside.lock().unwrap().refusals;
                (!refusals.is_empty()).then(|| refusals.remove(0))
            };
            if refusal.is_none() {
                to.push(address(&line));
            }
            say(&mut writer, refusal.as_deref().unwrap_or("250 ok")).await;
        } else if command == "DATA" {
            say(&mut writer, "354 go on").await;
            let data = read_data(&mut reader).await;
            let hang_up = {
                let mut inside = inside.lock().unwrap();
                inside.taken.push(Taken { from: from.clone(), to: to.clone(), data });
                std::mem::take(&mut inside.hang_up)
            };
            if hang_up {
                return;
            }
            be_silent_if_told(&inside, Silence::AfterTheMail).await;
            say(&mut writer, "250 taken").await;
        } else if command == "QUIT" {
            say(&mut writer, "221 bye").await;
            return;
        } else {
            say(&mut writer, "250 ok").await;
        }
    }
}

async fn be_silent_if_told(inside: &Mutex<Inside>, here: Silence) {
    let told = {
        let mut inside = inside.lock().unwrap();
        inside.silent_at.take_if(|at| *at == here).is_some()
    };
    if told {
        std::future::pending::<()>().await;
    }
}

async fn say(writer: &mut OwnedWriteHalf, answer: &str) {
    // A client that is gone hears nothing more; the test looks at what was taken.
    let _gone = writer.write_all(format!("{answer}\r\n").as_bytes()).await;
}

async fn read_line(reader: &mut BufReader<OwnedReadHalf>) -> Option<String> {
    let mut line = String::new();
    match reader.read_line(&mut line).await {
        Ok(length) if length > 0 => Some(line.trim_end().to_owned()),
        _ => None,
    }
}

async fn read_data(reader: &mut BufReader<OwnedReadHalf>) -> Vec<u8> {
    let mut data = Vec::new();
    loop {
        let mut line = Vec::new();
        if reader.read_until(b'\n', &mut line).await.unwrap_or(0) == 0 || line == b".\r\n" {
            return data;
        }
        data.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
    }
}

fn address(line: &str) -> String {
    line.split(['<', '>']).nth(1).unwrap_or_default().to_owned()
}
