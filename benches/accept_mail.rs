//! How many messages a second `POST /api/v1/mail` accepts over HTTP, and the LMTP door over connections that stay open,
//! each on the disk before it is answered, and how long each sender waits; beside them, in the same run, the same rows
//! through `store.write` alone. The senders share the machine with the server. Nothing routes meanwhile. SQLite in a temporary file; PostgreSQL too where
//! `TEST_DATABASE_URL` names a server.
//!
//! `cargo bench --bench accept_mail`
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark stops where it fails, and prints its table"
)]

mod force;

use evenhand::api;
use evenhand::app::{self, App};
use evenhand::domain::access::Scope;
use evenhand::domain::ids::{MailId, of};
use evenhand::gateway::Door;
use evenhand::store::jobs::{self, NewJob};
use evenhand::store::mails::{self, MailRow, NewMail};
use evenhand::store::{StoreError, Tx};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

const CLIENTS: [usize; 3] = [1, 8, 32];
const ROUND: Duration = Duration::from_secs(3);
const ROUNDS: usize = 5;

static NEXT: AtomicUsize = AtomicUsize::new(0);

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        println!("messages of 2 kB accepted a second; median of {ROUNDS} rounds of {ROUND:?} (worst – best)\n");
        let folder = tempfile::tempdir().unwrap();
        for database in force::databases(folder.path()).await {
            let app = force::house(&database.url).await;
            measure(&database.name, &app).await;
            app.store.close().await;
            database.drop().await;
        }
    });
}

async fn measure(name: &str, app: &App) {
    let (address, server) = serve(app).await;
    let token = token(app, address).await;
    let lmtp = lmtp_door(app);
    println!(
        "{name}\n{:>8} {:>12} {:>24} {:>8} {:>8} {:>10}",
        "clients", "way in", "a second", "p50 ms", "p99 ms", "to alone"
    );
    for clients in CLIENTS {
        let (mut http, mut door, mut alone) = (Taken::default(), Taken::default(), Vec::new());
        for _round in 0..ROUNDS {
            http.add(over_http(address, &token, clients).await);
            door.add(over_lmtp(lmtp, clients).await);
            alone.push(through_the_door(app, clients).await);
        }
        let alone = force::Rates::of(alone);
        http.tell("POST /mail", clients, alone.median);
        door.tell("LMTP", clients, alone.median);
        println!("{clients:>8} {:>12} {:>24}", "store.write", alone.told());
    }
    println!();
    server.stop(true).await;
}

/// What one way in took in several rounds.
#[derive(Default)]
struct Taken {
    rates: Vec<f64>,
    waits: Vec<Duration>,
}

impl Taken {
    fn add(&mut self, (rate, waits): (f64, Vec<Duration>)) {
        self.rates.push(rate);
        self.waits.extend(waits);
    }

    fn tell(mut self, way: &str, clients: usize, alone: f64) {
        let rates = force::Rates::of(self.rates);
        self.waits.sort_unstable();
        let (p50, p99) = (force::at(&self.waits, 50), force::at(&self.waits, 99));
        println!("{clients:>8} {way:>12} {:>24} {p50:>8.2} {p99:>8.2} {:>10.2}", rates.told(), rates.median / alone);
    }
}

/// The LMTP door, open until the process ends.
fn lmtp_door(app: &App) -> SocketAddr {
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let most = *CLIENTS.last().unwrap();
    let door = Door::bind(app.clone(), listen, force::AUTHSERV_ID.to_owned(), (most, 256)).unwrap();
    let address = door.address().unwrap();
    let (stop, stopped) = tokio::sync::watch::channel(false);
    tokio::spawn(async move {
        door.serve(stopped).await;
        drop(stop);
    });
    address
}

/// As a mail server delivers over a connection that it keeps: pipelined up to the content, and answered after it.
async fn over_lmtp(address: SocketAddr, clients: usize) -> (f64, Vec<Duration>) {
    let started = Instant::now();
    let one = || async move {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (mut wire, mut waits) = (BufReader::new(stream), Vec::new());
        hear(&mut wire, 220).await;
        wire.get_mut().write_all(b"LHLO bench.example\r\n").await.unwrap();
        hear(&mut wire, 250).await;
        while started.elapsed() < ROUND {
            let content = message();
            let envelope = format!("MAIL FROM:<s@bench.example>\r\nRCPT TO:<{}>\r\nDATA\r\n", force::MAILBOX);
            let begun = Instant::now();
            wire.get_mut().write_all(envelope.as_bytes()).await.unwrap();
            hear(&mut wire, 250).await;
            hear(&mut wire, 250).await;
            hear(&mut wire, 354).await;
            wire.get_mut().write_all(format!("{content}.\r\n").as_bytes()).await.unwrap();
            hear(&mut wire, 250).await;
            waits.push(begun.elapsed());
        }
        waits
    };
    let running: Vec<_> = (0..clients).map(|_| tokio::spawn(one())).collect();
    let mut waits = Vec::new();
    for client in running {
        waits.extend(client.await.unwrap());
    }
    (waits.len() as f64 / started.elapsed().as_secs_f64(), waits)
}

/// The last line of an answer, which has to bear this code.
async fn hear(wire: &mut BufReader<TcpStream>, code: u16) {
    let mut line = String::new();
    loop {
        line.clear();
        wire.read_line(&mut line).await.unwrap();
        if line.as_bytes().get(3) != Some(&b'-') {
            break assert!(line.starts_with(&code.to_string()), "{line}");
        }
    }
}

async fn serve(app: &App) -> (SocketAddr, actix_web::dev::ServerHandle) {
    let served = app.clone();
    let (tell, told) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            let server = actix_web::HttpServer::new(move || api::routes::server(served.clone(), |_pages| {}))
                .disable_signals()
                .bind("127.0.0.1:0")
                .unwrap();
            let address = *server.addrs().first().unwrap();
            let server = server.run();
            tell.send((address, server.handle())).map_err(|_gone| "nobody waits").unwrap();
            server.await.unwrap();
        });
    });
    told.await.unwrap()
}

/// As a border server gets it: by its own credentials.
async fn token(app: &App, address: SocketAddr) -> String {
    let added = app::add_client(app, "border".to_owned(), vec![Scope::MailWrite]).await.unwrap();
    let form = format!("grant_type=client_credentials&client_id={}&client_secret={}", added.system.id, added.secret);
    let mut wire = Wire::connect(address).await;
    let head = "POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    let answer = wire.ask(&format!("{head}Content-Length: {}\r\n\r\n{form}", form.len())).await;
    let answer: serde_json::Value = serde_json::from_slice(&answer.1).unwrap();
    answer.get("access_token").unwrap().as_str().unwrap().to_owned()
}

/// A connection that is kept open. Reads no more of HTTP than this server sends.
struct Wire(BufReader<TcpStream>);

impl Wire {
    async fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self(BufReader::new(stream))
    }

    /// The status and the body.
    async fn ask(&mut self, request: &str) -> (u16, Vec<u8>) {
        self.0.get_mut().write_all(request.as_bytes()).await.unwrap();
        let (mut status, mut length, mut line) = (0, 0, String::new());
        loop {
            line.clear();
            self.0.read_line(&mut line).await.unwrap();
            let text = line.trim_end().to_ascii_lowercase();
            match text.split_once(' ') {
                Some(("http/1.1", rest)) => status = rest.split(' ').next().unwrap().parse().unwrap(),
                Some(("content-length:", value)) => length = value.parse().unwrap(),
                _ if text.is_empty() => break,
                _ => {}
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await.unwrap();
        (status, body)
    }
}

fn message() -> String {
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    force::message(n, &force::address(n % 50), true, force::start())
}

async fn over_http(address: SocketAddr, token: &str, clients: usize) -> (f64, Vec<Duration>) {
    let started = Instant::now();
    let one = |token: String| async move {
        let (mut wire, mut waits) = (Wire::connect(address).await, Vec::new());
        while started.elapsed() < ROUND {
            let message = message();
            let request = format!(
                "POST /api/v1/mail?recipient={} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
                 Content-Type: message/rfc822\r\nContent-Length: {}\r\n\r\n{message}",
                force::MAILBOX,
                message.len()
            );
            let begun = Instant::now();
            let (status, body) = wire.ask(&request).await;
            waits.push(begun.elapsed());
            assert_eq!(status, 202, "{}", String::from_utf8_lossy(&body));
        }
        waits
    };
    let running: Vec<_> = (0..clients).map(|_| tokio::spawn(one(token.to_owned()))).collect();
    let mut waits = Vec::new();
    for client in running {
        waits.extend(client.await.unwrap());
    }
    (waits.len() as f64 / started.elapsed().as_secs_f64(), waits)
}

async fn through_the_door(app: &App, clients: usize) -> f64 {
    let started = Instant::now();
    let one = |app: App| async move {
        let mut done = 0;
        while started.elapsed() < ROUND {
            let (mail, job) = rows(&app);
            let written = app.store.write(async move |tx: &Tx| {
                assert!(mails::keep(tx, mail).await?);
                jobs::enqueue(tx, vec![job]).await?;
                Ok::<_, StoreError>(())
            });
            written.await.unwrap();
            done += 1;
        }
        done
    };
    let running: Vec<_> = (0..clients).map(|_| tokio::spawn(one(app.clone()))).collect();
    let mut done = 0;
    for client in running {
        done += client.await.unwrap();
    }
    f64::from(done) / started.elapsed().as_secs_f64()
}

/// What a kept message is in the database.
fn rows(app: &App) -> (NewMail, NewJob) {
    let (raw, now) = (message().into_bytes(), app.now());
    let id: MailId = app.ids.next::<of::Mail>(now);
    let row = MailRow {
        id: id.as_uuid(),
        sha256: hex::encode(Sha256::digest(&raw)),
        size_bytes: i64::try_from(raw.len()).unwrap(),
        received_at: now,
        recipient: force::MAILBOX.to_owned(),
        source: "http".to_owned(),
        message_id: None,
    };
    let job = NewJob {
        id: app.ids.next(now),
        kind: app::mail::ROUTE_MAIL.to_owned(),
        payload: json!({ "mail": id }),
        key: format!("{}:{id}", app::mail::ROUTE_MAIL),
        run_at: now,
        created_at: now,
    };
    (NewMail { row, raw }, job)
}
