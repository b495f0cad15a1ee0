//! How long it takes to find the verdicts on a person with 5,000 contacts; the aim is 1 ms for all of them.
//!
//! `cargo bench --bench measure`. `everything` measures the whole history, as after a change of limits; `one more`
//! measures a fresh contact after 5,000 others, as when a mail comes in.

use chrono::{DateTime, Duration, Utc};
use criterion::{Criterion, criterion_group, criterion_main};
use evenhand::domain::contact::Channel;
use evenhand::domain::ids::Id;
use evenhand::domain::strategy::{
    Allowance, Limit, Measurable, Standing, Terms, Window, WindowKind, WindowUnit, measure, measure_after, reach,
};
use std::hint::black_box;
use uuid::Uuid;

const CONTACTS: i64 = 5_000;
const WORDS: &str = "I wrote about this before and nobody answered; please tell me when I can expect to hear from you.";

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_764_547_200, 0).unwrap_or_default()
}

fn limit(channel: Channel, max: u32, kind: WindowKind, unit: WindowUnit) -> Limit {
    let window = Some(Window { kind, unit, n: 1 });
    Limit { channel, allowed: true, max: Some(max), window, times: vec![], addressee: None, closed_subjects: vec![] }
}

fn terms(closed_subjects: Vec<String>) -> Vec<Terms> {
    let email = limit(Channel::Email, 3, WindowKind::Rolling, WindowUnit::Week);
    let by_day = limit(Channel::Email, 1, WindowKind::Calendar, WindowUnit::Day);
    let letter = limit(Channel::Letter, 2, WindowKind::Rolling, WindowUnit::Month);
    vec![Terms {
        strategy: Id::from_uuid(Uuid::from_u128(1)),
        effective_from: start(),
        ends_at: start() + Duration::days(365),
        lifted_at: None,
        limits: vec![Limit { closed_subjects, ..email }, by_day, letter],
        blocked: vec![],
    }]
}

/// A contact every hour and three quarters for a year, one in five a letter.
fn history() -> Vec<Measurable<'static>> {
    let contact = |n: i64| Measurable {
        id: Id::from_uuid(Uuid::from_u128(u128::from(n.unsigned_abs()))),
        received_at: start() + Duration::minutes(105 * n),
        channel: if n % 5 == 0 { Channel::Letter } else { Channel::Email },
        addressee: None,
        presented: None,
        words: WORDS,
        standing: Standing::Counted,
    };
    (0..CONTACTS).map(contact).collect()
}

fn benches(criterion: &mut Criterion) {
    let contacts = history();
    let plain = terms(vec![]);
    criterion.bench_function("everything", |b| b.iter(|| measure(black_box(&plain), black_box(&contacts))));

    let closing = terms(vec!["complaint 12/24".to_owned(), "parking fine".to_owned()]);
    let name = "everything, two subjects closed";
    criterion.bench_function(name, |b| b.iter(|| measure(black_box(&closing), black_box(&contacts))));

    let Some((last, earlier)) = contacts.split_last() else { return };
    let from = reach(&plain, last.received_at);
    let used: Vec<Allowance> = earlier
        .iter()
        .zip(measure(&plain, earlier))
        .filter(|(contact, _)| contact.received_at >= from)
        .filter_map(|(contact, verdict)| {
            let strategy = verdict.uses_allowance_of()?;
            Some(Allowance { strategy, channel: contact.channel, received_at: contact.received_at })
        })
        .collect();
    criterion.bench_function("one more", |b| {
        b.iter(|| measure_after(black_box(&plain), black_box(&used), std::slice::from_ref(last)));
    });
}

criterion_group!(all, benches);
criterion_main!(all);
