//! `mail import --wait` of 10,000 generated messages, half of them from verified known addresses with strategies in
//! force, to the last *routed* one; beside it, in the same run, what the same machine does for less.
#![expect(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::large_futures,
    reason = "a benchmark prints, and stops where it cannot go on"
)]

mod force;

use evenhand::app::mail::{Until, import_mail};
use evenhand::domain::access::Actor;
use evenhand::mail::mailbox::{Reading, messages};
use std::time::Instant;

const MESSAGES: usize = 10_000;
const PEOPLE: usize = 50;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        let mbox = folder.path().join("inbox.mbox");
        let own = force::mailbox(&mbox, MESSAGES, PEOPLE, force::start());
        let bytes = std::fs::metadata(&mbox).expect("a file").len();
        println!("{MESSAGES} messages, {} MB, {own} from {PEOPLE} people with strategies in force", bytes / 1_000_000);

        let parsing = Instant::now();
        let parsed = messages(&mbox).expect("a mailbox").filter(|reading| match reading {
            Reading::Message(found) => mail_parser::MessageParser::default().parse(&found.raw).is_some(),
            Reading::Passed(_) | Reading::Unreadable(..) => false,
        });
        let parsed = parsed.count();
        let bare = parsing.elapsed().as_secs_f64();
        println!("bare mail-parser, one thread:  {:>8.0} messages/s", parsed as f64 / bare);

        for database in force::databases(folder.path()).await {
            let name = &database.name;
            let app = force::house(&database.url).await;
            force::people_with_strategies(&app, PEOPLE, force::start()).await;
            let importing = Instant::now();
            let to = (force::MAILBOX, Until::Routed);
            let imported = import_mail(&app, &Actor::Software, &mbox, to, |_| {}).await.expect("imported");
            let took = importing.elapsed().as_secs_f64();
            assert_eq!(imported.attributed, Some(own as u64), "the generator's truth");
            assert_eq!(imported.routed, Some(MESSAGES as u64));
            println!(
                "{name:<12} import --wait:    {:>8.0} messages/s to the last routed ({took:.2} s, ratio to bare parsing {:.3})",
                MESSAGES as f64 / took,
                bare / took,
            );
            let again = Instant::now();
            let to = (force::MAILBOX, Until::Routed);
            let second = import_mail(&app, &Actor::Software, &mbox, to, |_| {}).await.expect("imported again");
            assert_eq!((second.kept, second.duplicate), (0, MESSAGES as u64));
            println!("{name:<12} the same again:   {:>8.0} messages/s, nothing kept twice", MESSAGES as f64 / again.elapsed().as_secs_f64());
            app.store.close().await;
            database.drop().await;
        }
    });
}
