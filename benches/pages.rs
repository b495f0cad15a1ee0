//! How long pages take with twenty readers at once: every kind of page of the demonstration force that links lead to, in
//! the name of whoever reaches it first, and the pages of somebody with 5,000 contacts. The readers share the machine with
//! the server. SQLite in a temporary file; PostgreSQL too where `TEST_DATABASE_URL` names a server.
//!
//! Twice: as people read, each in an order of their own, who look at a page for a quarter of a second on average before
//! they ask for another; and as nobody does, all of one page, asking again the moment it has come, which shows how much
//! the machine can give.
//!
//! `cargo bench --bench pages`, or `… -- WORDS` for the kinds of pages whose path has these words.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark stops where it fails, and prints its table"
)]

mod force;

use evenhand::api;
use evenhand::app::App;
use evenhand::boot::{self, DEMO_PASSWORD};
use evenhand::web;
use regex::Regex;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// As in the program.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

const READERS: usize = 20;
/// How often each of them reads a page, after once to warm up.
const TIMES: usize = 20;
/// How often each of them reads each page where they look at it.
const ROUNDS: usize = 5;
/// A page is looked at for less than this, half as long on average.
const LONGEST_LOOK: Duration = Duration::from_millis(500);
const CONTACTS: usize = 5000;
/// Pages of each kind that are looked for, and pages an officer's links are followed from.
const EACH: usize = 2;
const MOST_OF_AN_OFFICER: usize = 150;
const BEGINNINGS: [&str; 9] =
    ["/", "/meetings", "/people", "/mail", "/approvals", "/consultations", "/admin", "/settings", "/accessibility"];

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        for database in force::databases(folder.path()).await {
            let app = force::house_with(&database.url, |config| config.pages.require_code = false).await;
            Box::pin(measure(&database.name, &app)).await;
            app.store.close().await;
            database.drop().await;
        }
    });
}

/// A kind of page: one of its addresses, and the session that reaches it.
#[derive(Clone)]
struct Kind {
    path: String,
    cookie: String,
}

async fn measure(name: &str, app: &App) {
    let sign_ins = boot::demonstrate(app).await.unwrap();
    let (address, server) = serve(app);
    let mut kinds = BTreeMap::new();
    let mut cookies = BTreeMap::new();
    for sign_in in &sign_ins {
        let cookie = sign_in_as(address, &sign_in.username).await;
        find_pages(address, &cookie, &mut kinds).await;
        cookies.insert(sign_in.role.as_str(), cookie);
    }
    let wanted = std::env::args().skip(1).find(|word| !word.starts_with("--")).unwrap_or_default();
    kinds.retain(|kind, _| kind.contains(&wanted));
    println!("{name}: {} kinds of pages, {READERS} readers at once\n", kinds.len());
    tell_reading(address, &kinds).await;
    tell(address, &kinds).await;

    let staff = &sign_ins.iter().find(|sign_in| sign_in.role.as_str() == "psd_staff").unwrap().token;
    let mut of_one = BTreeMap::new();
    let discussed = kinds.get("/meetings/ID/people/N").expect("somebody a meeting talks of").clone();
    let page = read(address, &discussed.path, &discussed.cookie).await;
    let person = Regex::new("/people/([0-9a-f-]{36})").unwrap().captures(&page).unwrap()[1].to_owned();
    write_to(address, staff, &person).await;
    for under in ["", "/contacts", "/contacts?channel=email"] {
        let path = format!("/people/{person}{under}");
        of_one.insert(kind_of(&path), Kind { path, cookie: cookies["psd_supervisor"].clone() });
    }
    of_one.insert("/meetings/ID/people/N".to_owned(), discussed);
    println!("{name}: somebody with {CONTACTS} contacts\n");
    tell_reading(address, &of_one).await;
    tell(address, &of_one).await;
    server.stop(true).await;
}

/// A line for each kind of page, the slowest first, and one for all of them in turn.
async fn tell(address: SocketAddr, kinds: &BTreeMap<String, Kind>) {
    let mut lines = Vec::new();
    let mut all = Vec::new();
    println!("asked for again the moment it has come, {TIMES} times each");
    for (kind, page) in kinds {
        let alone = waits(address, page, 1, 5).await;
        let mut waits = waits(address, page, READERS, TIMES).await;
        waits.sort_unstable();
        lines.push((force::at(&waits, 99), force::at(&waits, 50), force::at(&alone, 50), kind.clone()));
        all.extend(waits);
    }
    lines.sort_by(|a, b| b.0.total_cmp(&a.0));
    println!("{:>9} {:>9} {:>9}  page", "p99 ms", "p50 ms", "alone ms");
    for (p99, p50, alone, kind) in lines {
        println!("{p99:>9.1} {p50:>9.1} {alone:>9.1}  {kind}");
    }
    all.sort_unstable();
    println!("{:>9.1} {:>9.1} {:>9}  all of them\n", force::at(&all, 99), force::at(&all, 50), "");
}

/// The same for readers who look at what they asked for, each in an order of their own.
async fn tell_reading(address: SocketAddr, kinds: &BTreeMap<String, Kind>) {
    println!("looked at for up to {LONGEST_LOOK:?}, {ROUNDS} times by each reader");
    let reading = (0..READERS).map(|reader| tokio::spawn(read_about(address, kinds.clone(), reader)));
    let mut waits: BTreeMap<String, Vec<Duration>> = BTreeMap::new();
    for reader in reading.collect::<Vec<_>>() {
        for (kind, wait) in reader.await.unwrap() {
            waits.entry(kind).or_default().push(wait);
        }
    }
    let mut all: Vec<Duration> = waits.values().flatten().copied().collect();
    all.sort_unstable();
    let mut lines: Vec<(f64, f64, String)> = waits
        .into_iter()
        .map(|(kind, mut waits)| {
            waits.sort_unstable();
            (force::at(&waits, 99), force::at(&waits, 50), kind)
        })
        .collect();
    lines.sort_by(|a, b| b.0.total_cmp(&a.0));
    let below = lines.iter().filter(|(p99, _, _)| *p99 < 50.0).count();
    println!("{:>9} {:>9}  page", "p99 ms", "p50 ms");
    for (p99, p50, kind) in &lines {
        println!("{p99:>9.1} {p50:>9.1}  {kind}");
    }
    println!(
        "{:>9.1} {:>9.1}  all of them; {below} of {} kinds below 50\n",
        force::at(&all, 99),
        force::at(&all, 50),
        lines.len()
    );
}

/// One reader's way through all pages, several times.
async fn read_about(address: SocketAddr, kinds: BTreeMap<String, Kind>, reader: usize) -> Vec<(String, Duration)> {
    let mut chance = Chance(u64::try_from(reader).unwrap() + 1);
    let mut connection = Connection::open(address).await;
    let mut waits = Vec::new();
    for _round in 0..ROUNDS {
        let mut order: Vec<(&String, &Kind)> = kinds.iter().collect();
        order.sort_by_cached_key(|_page| chance.next());
        for (kind, page) in order {
            let look = LONGEST_LOOK.as_micros() as u64;
            tokio::time::sleep(Duration::from_micros(chance.next() % look)).await;
            let began = Instant::now();
            let (status, _page) = connection.get(&page.path, &page.cookie).await;
            waits.push((kind.clone(), began.elapsed()));
            assert_eq!(status, 200, "{}", page.path);
        }
    }
    waits
}

/// The same numbers at every run (SplitMix64, Steele, Lea and Flood 2014).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// How long each reading took: `readers` at once, each on a connection that stays open.
async fn waits(address: SocketAddr, page: &Kind, readers: usize, times: usize) -> Vec<Duration> {
    let reading = (0..readers).map(|_reader| {
        let page = page.clone();
        tokio::spawn(async move {
            let mut connection = Connection::open(address).await;
            connection.get(&page.path, &page.cookie).await;
            let mut waits = Vec::with_capacity(times);
            for _time in 0..times {
                let began = Instant::now();
                let (status, _page) = connection.get(&page.path, &page.cookie).await;
                waits.push(began.elapsed());
                assert_eq!(status, 200, "{}", page.path);
            }
            waits
        })
    });
    let mut all = Vec::new();
    for reader in reading.collect::<Vec<_>>() {
        all.extend(reader.await.unwrap());
    }
    all
}

/// As little of a browser as can be: it shall not be what is measured.
struct Connection {
    stream: BufReader<TcpStream>,
}

impl Connection {
    async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream: BufReader::with_capacity(64 * 1024, stream) }
    }

    async fn get(&mut self, path: &str, cookie: &str) -> (u16, String) {
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: {}\r\naccept: text/html\r\ncookie: {cookie}\r\n\r\n", "127.0.0.1");
        self.stream.get_mut().write_all(request.as_bytes()).await.unwrap();
        let (mut status, mut length) = (0, 0);
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).await.unwrap();
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            if let Some(rest) = line.strip_prefix("HTTP/1.1 ") {
                status = rest.split(" ").next().unwrap().parse().unwrap();
            }
            if let Some(rest) = line.to_ascii_lowercase().strip_prefix("content-length: ") {
                length = rest.parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await.unwrap();
        (status, String::from_utf8_lossy(&body).into_owned())
    }
}

async fn read(address: SocketAddr, path: &str, cookie: &str) -> String {
    Connection::open(address).await.get(path, cookie).await.1
}

async fn sign_in_as(address: SocketAddr, username: &str) -> String {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let typed = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("username", username), ("password", DEMO_PASSWORD)])
        .finish();
    let request = client.post(format!("http://{address}/sign-in")).body(typed);
    let answer = request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
    let cookie = answer.headers().get("set-cookie").expect("a session").to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

/// Follows the links of an officer's pages, and notes the first page of each kind that answers.
async fn find_pages(address: SocketAddr, cookie: &str, kinds: &mut BTreeMap<String, Kind>) {
    let link = Regex::new("<a [^>]*href=\"(/[^\"#/][^\"#]*)").unwrap();
    let no_page = Regex::new(r"^/static/|^/live|\.csv|/attachments/|/html$|/letter$").unwrap();
    let mut waiting: VecDeque<String> = BEGINNINGS.map(str::to_owned).into();
    let mut seen: BTreeSet<String> = waiting.iter().cloned().collect();
    let mut alike: BTreeMap<String, usize> = BTreeMap::new();
    let mut connection = Connection::open(address).await;
    for _page in 0..MOST_OF_AN_OFFICER {
        let Some(path) = waiting.pop_front() else { break };
        let (status, page) = connection.get(&path, cookie).await;
        if status != 200 {
            continue;
        }
        kinds.entry(kind_of(&path)).or_insert_with(|| Kind { path, cookie: cookie.to_owned() });
        for found in link.captures_iter(&page) {
            let next = found[1].replace("&amp;", "&").replace("&#x3D;", "=");
            let known = alike.entry(kind_of(&next)).or_default();
            if *known < EACH && !no_page.is_match(&next) && seen.insert(next.clone()) {
                *known += 1;
                waiting.push_back(next);
            }
        }
    }
}

/// What a page is a page of: its path without ids and numbers, and the names of what it is asked.
fn kind_of(path: &str) -> String {
    let ids = Regex::new("[0-9a-f]{8}-[0-9a-f-]{27}").unwrap();
    let numbers = Regex::new("/[0-9]+").unwrap();
    let values = Regex::new("=[^&]*").unwrap();
    values.replace_all(&numbers.replace_all(&ids.replace_all(path, "ID"), "/N"), "").into_owned()
}

/// Telephone calls of a person's, an hour apart, logged through the API.
async fn write_to(address: SocketAddr, token: &str, person: &str) {
    let now = chrono::Utc::now();
    let call = |n: usize| {
        let at = now - chrono::Duration::minutes(i64::try_from(n).unwrap() * 24);
        json!({ "personId": person, "channel": "telephone", "receivedAt": at.to_rfc3339(), "subject": "The same matter" })
    };
    let lines: Vec<String> = (0..CONTACTS).map(|n| call(n).to_string()).collect();
    let request = reqwest::Client::new().post(format!("http://{address}/api/v1/contacts/batch")).bearer_auth(token);
    let request = request.header("content-type", "application/x-ndjson").body(lines.join("\n"));
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let recorded = answer.text().await.unwrap().matches("\"recorded\"").count();
    assert_eq!(recorded, CONTACTS);
}

fn serve(app: &App) -> (SocketAddr, actix_web::dev::ServerHandle) {
    let served = app.clone();
    let server = actix_web::HttpServer::new(move || api::routes::server(served.clone(), web::routes::pages))
        .workers(2)
        .disable_signals()
        .bind("127.0.0.1:0")
        .unwrap();
    let address = server.addrs()[0];
    let server = server.run();
    let handle = server.handle();
    tokio::spawn(server);
    (address, handle)
}
