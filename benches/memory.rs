//! Whether memory stays flat while 100,000 messages come in by LMTP and are routed: the resident set of this process, which
//! is the house and its one sender, every 10,000 messages. SQLite in a temporary file.
//!
//! `cargo bench --bench memory` (`EVENHAND_BENCH_MESSAGES=10000` for fewer)
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark stops where it fails, and prints its table"
)]

mod force;

use evenhand::app::mail::{Incoming, MailSource, keep_mail};
use evenhand::domain::access::Actor;
use evenhand::worker;
use std::time::Instant;

const STEPS: usize = 10;
const SENDERS: usize = 8;

fn main() {
    let messages = std::env::var("EVENHAND_BENCH_MESSAGES").ok().and_then(|n| n.parse().ok()).unwrap_or(100_000_usize);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let app = force::house(&format!("sqlite://{}", folder.path().join("bench.db").display())).await;
        Box::pin(force::people_with_strategies(&app, 50, force::start())).await;
        println!("{messages} messages of 2 kB by {SENDERS} senders, kept and routed\n");
        println!("{:>10} {:>10} {:>12}", "messages", "RSS MB", "a second");
        println!("{:>10} {:>10.1}", 0, resident_mb());
        let (mut first, mut last) = (0.0, 0.0);
        for step in 0..STEPS {
            let (from, to) = (messages * step / STEPS, messages * (step + 1) / STEPS);
            let began = Instant::now();
            let sender = |s: usize| {
                let app = app.clone();
                tokio::spawn(async move {
                    for n in (from + s..to).step_by(SENDERS) {
                        let raw = force::message(n, &force::address(n % 50), true, force::start()).into_bytes();
                        let incoming = Incoming {
                            raw,
                            recipient: force::MAILBOX.to_owned(),
                            source: MailSource::Lmtp,
                            received_at: None,
                            envelope_from: None,
                        };
                        keep_mail(&app, &Actor::Software, incoming).await.unwrap();
                    }
                })
            };
            for running in (0..SENDERS).map(sender).collect::<Vec<_>>() {
                running.await.unwrap();
            }
            worker::work_off(&app).await.unwrap();
            last = resident_mb();
            if step == 0 {
                first = last;
            }
            println!("{to:>10} {last:>10.1} {:>12.0}", (to - from) as f64 / began.elapsed().as_secs_f64());
        }
        println!("\nfrom the first tenth to the last: {:+.1} MB", last - first);
    });
}

/// Of this process, in MB of 1,000,000 bytes.
fn resident_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
    let kib: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib * 1024.0 / 1e6
}
