//! What a verdict may never get wrong, by example and against a plain second reading of the rules.

use super::*;
use crate::domain::strategy::limits::{Window, WindowKind, WindowUnit};
use chrono::NaiveTime;
use proptest::prelude::*;
use uuid::Uuid;

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn id<T>(n: u128) -> crate::domain::ids::Id<T> {
    crate::domain::ids::Id::from_uuid(Uuid::from_u128(n))
}

fn open(channel: Channel) -> Limit {
    Limit {
        channel,
        allowed: true,
        max: None,
        window: None,
        times: Vec::new(),
        addressee: None,
        closed_subjects: Vec::new(),
    }
}

fn at_most(max: u32, kind: WindowKind, unit: WindowUnit, n: u32) -> Limit {
    Limit { max: Some(max), window: Some(Window { kind, unit, n }), ..open(Channel::Email) }
}

fn one_a_week() -> Limit {
    at_most(1, WindowKind::Rolling, WindowUnit::Week, 1)
}

fn terms(limits: Vec<Limit>) -> Terms {
    Terms {
        strategy: id(1),
        effective_from: utc("2026-01-01T00:00:00Z"),
        ends_at: utc("2027-01-01T00:00:00Z"),
        lifted_at: None,
        limits,
        blocked: Vec::new(),
    }
}

fn mail(n: u128, at: &str) -> Measurable<'static> {
    Measurable {
        id: id(n),
        received_at: utc(at),
        channel: Channel::Email,
        addressee: None,
        presented: None,
        words: "",
        standing: Standing::Counted,
    }
}

fn firsts(verdicts: &[Verdict]) -> Vec<&'static str> {
    verdicts.iter().map(|verdict| verdict.kinds.first().as_str()).collect()
}

#[test]
fn the_contact_after_the_last_allowed_one_is_over() {
    let two_a_week = terms(vec![at_most(2, WindowKind::Rolling, WindowUnit::Week, 1)]);
    let contacts = [mail(1, "2026-06-01T09:00:00Z"), mail(2, "2026-06-02T09:00:00Z"), mail(3, "2026-06-03T09:00:00Z")];
    let verdicts = measure(&[two_a_week], &contacts);
    assert_eq!(firsts(&verdicts), ["within_limit", "within_limit", "over_frequency"]);
    assert_eq!(verdicts[2].next_permitted_at, Some(utc("2026-06-08T09:00:00Z")));
    let frequency = verdicts[2].frequency.unwrap();
    assert_eq!((frequency.used, frequency.max, frequency.window_start), (2, 2, utc("2026-05-27T09:00:00Z")));
}

#[test]
fn somebody_limited_to_one_a_week_who_writes_daily_is_within_it_once_a_week() {
    let days: Vec<_> = (1..=15).map(|day| mail(day, &format!("2026-06-{day:02}T09:00:00Z"))).collect();
    let verdicts = measure(&[terms(vec![one_a_week()])], &days);
    let within: Vec<usize> = (1..).zip(&verdicts).filter(|(_, v)| !v.kinds.is_breach()).map(|(day, _)| day).collect();
    assert_eq!(within, [1, 8, 15]);
}

#[test]
fn an_exempt_contact_is_no_breach_and_uses_no_allowance() {
    let exempt = Measurable { standing: Standing::Exempt, ..mail(1, "2026-06-01T09:00:00Z") };
    let contacts =
        [exempt, mail(2, "2026-06-01T10:00:00Z"), mail(3, "2026-06-01T11:00:00Z"), Measurable { id: id(4), ..exempt }];
    let mut contacts = contacts.to_vec();
    contacts.sort_by_key(Measurable::order);
    let verdicts = measure(&[terms(vec![one_a_week()])], &contacts);
    assert_eq!(firsts(&verdicts), ["exempt", "exempt", "within_limit", "over_frequency"]);
}

#[test]
fn limits_bind_from_the_effective_date_to_the_end_and_not_a_moment_longer() {
    let limited = Terms {
        lifted_at: Some(utc("2026-06-10T12:00:00Z")),
        ..terms(vec![Limit { allowed: false, ..open(Channel::Email) }])
    };
    let before_lifting = [
        mail(1, "2025-12-31T23:59:59.999999Z"),
        mail(2, "2026-01-01T00:00:00Z"),
        mail(3, "2026-06-10T11:59:59.999999Z"),
    ];
    let after_lifting = [mail(4, "2026-06-10T12:00:00Z"), mail(5, "2026-12-31T00:00:00Z")];
    let contacts = [&before_lifting[..], &after_lifting].concat();
    let verdicts = measure(&[limited], &contacts);
    assert_eq!(
        firsts(&verdicts),
        ["not_yet_effective", "wrong_channel", "wrong_channel", "within_limit", "within_limit"]
    );
    assert_eq!(verdicts[3].strategy, None);
}

#[test]
fn a_strategy_lifted_before_it_took_effect_never_bound() {
    let never = Terms { lifted_at: Some(utc("2025-12-30T00:00:00Z")), ..terms(vec![one_a_week()]) };
    let verdicts = measure(&[never], &[mail(1, "2025-12-29T00:00:00Z"), mail(2, "2026-06-10T12:00:00Z")]);
    assert_eq!(firsts(&verdicts), ["within_limit", "within_limit"]);
}

#[test]
fn a_new_version_starts_with_a_fresh_allowance() {
    let old = Terms { lifted_at: Some(utc("2026-06-03T00:00:00Z")), ..terms(vec![one_a_week()]) };
    let new = Terms { strategy: id(2), effective_from: utc("2026-06-03T00:00:00Z"), ..terms(vec![one_a_week()]) };
    let contacts = [
        mail(1, "2026-06-01T09:00:00Z"),
        mail(2, "2026-06-02T09:00:00Z"),
        mail(3, "2026-06-03T09:00:00Z"),
        mail(4, "2026-06-04T09:00:00Z"),
    ];
    let verdicts = measure(&[old, new], &contacts);
    assert_eq!(firsts(&verdicts), ["within_limit", "over_frequency", "within_limit", "over_frequency"]);
    assert_eq!(verdicts[3].strategy, Some(id(2)));
}

#[test]
fn no_breach_rests_on_a_sender_who_is_not_proven() {
    let strict = terms(vec![Limit { allowed: false, ..open(Channel::Email) }]);
    let contacts = [Measurable { standing: Standing::Unproven, ..mail(1, "2026-06-01T09:00:00Z") }];
    assert_eq!(firsts(&measure(&[strict], &contacts)), ["unattributed"]);
}

#[test]
fn calls_to_999_and_101_are_never_limited_whatever_a_strategy_says() {
    let strict = terms(Channel::ALL.map(|channel| Limit { allowed: false, ..open(channel) }).to_vec());
    let contacts = Channel::ALL.map(|channel| Measurable { channel, ..mail(1, "2026-06-01T09:00:00Z") });
    for (contact, verdict) in contacts.iter().zip(measure(&[strict], &contacts)) {
        assert_eq!(verdict.kinds.is_breach(), contact.channel.may_be_limited(), "{}", contact.channel);
    }
}

#[test]
fn several_breaches_are_all_listed_in_the_order_of_the_policy() {
    let slot = TimeSlot {
        days: vec![chrono::Weekday::Mon],
        from: NaiveTime::from_hms_opt(9, 0, 0).unwrap(),
        to: NaiveTime::from_hms_opt(17, 0, 0).unwrap(),
    };
    let limit = Limit {
        allowed: false,
        times: vec![slot],
        addressee: Some("single.point@example.police.uk".into()),
        closed_subjects: vec!["complaint 12/24".into()],
        ..at_most(0, WindowKind::Calendar, WindowUnit::Day, 1)
    };
    let contact = Measurable {
        addressee: Some("chief@example.police.uk"),
        words: "About my  Complaint 12/24, again",
        ..mail(1, "2026-06-02T09:00:00Z")
    };
    let verdicts = measure(&[terms(vec![limit])], &[contact]);
    let kinds: Vec<_> = verdicts[0].kinds.iter().map(VerdictKind::as_str).collect();
    assert_eq!(kinds, ["wrong_channel", "wrong_addressee", "closed_subject", "wrong_time", "over_frequency"]);
}

#[test]
fn a_closed_subject_is_found_as_whole_words_only() {
    let closed = terms(vec![Limit { closed_subjects: vec!["parking fine".into()], ..open(Channel::Email) }]);
    let says = |words| {
        let contact = Measurable { words, ..mail(1, "2026-06-02T09:00:00Z") };
        measure(std::slice::from_ref(&closed), &[contact])[0].kinds.first()
    };
    assert_eq!(says("the PARKING\n fine!"), VerdictKind::ClosedSubject);
    assert_eq!(says("car parking finesse"), VerdictKind::WithinLimit);
}

#[test]
fn outside_the_hours_the_next_slot_is_named_in_london_time() {
    let slot = |days: Vec<chrono::Weekday>, from, to| TimeSlot {
        days,
        from: NaiveTime::from_hms_opt(from, 0, 0).unwrap(),
        to: NaiveTime::from_hms_opt(to, 0, 0).unwrap(),
    };
    let weekdays = vec![chrono::Weekday::Mon, chrono::Weekday::Thu];
    let limited = terms(vec![Limit { times: vec![slot(weekdays, 9, 12)], ..open(Channel::Email) }]);
    // Saturday before the clocks go forward: Monday 09:00 is 08:00 UTC.
    let contacts = [mail(1, "2026-03-28T10:00:00Z"), mail(2, "2026-03-30T08:00:00Z"), mail(3, "2026-03-30T11:00:00Z")];
    let verdicts = measure(&[limited], &contacts);
    assert_eq!(firsts(&verdicts), ["wrong_time", "within_limit", "wrong_time"]);
    assert_eq!(verdicts[0].next_permitted_at, Some(utc("2026-03-30T08:00:00Z")));
    assert_eq!(verdicts[2].next_permitted_at, Some(utc("2026-04-02T08:00:00Z")));
}

#[test]
fn a_blocked_address_changes_no_verdict() {
    let blocked = vec![Blocked { channel: Channel::Email, address: Some("person@example.com".into()) }];
    let open_terms = terms(vec![one_a_week()]);
    let blocking = Terms { blocked, ..open_terms.clone() };
    let contact = Measurable { presented: Some("Person@Example.com"), ..mail(1, "2026-06-02T09:00:00Z") };
    let (measured, unblocked) = (measure(&[blocking], &[contact]), measure(&[open_terms], &[contact]));
    assert!(measured[0].blocked && !unblocked[0].blocked);
    assert_eq!(Verdict { blocked: false, ..measured[0].clone() }, unblocked[0]);
}

#[test]
fn a_verdict_reads_back_from_its_json_as_it_was() {
    let contacts = [mail(1, "2026-06-01T09:00:00Z"), mail(2, "2026-06-02T09:00:00Z")];
    for verdict in measure(&[terms(vec![one_a_week()])], &contacts) {
        let json = serde_json::to_value(&verdict).unwrap();
        assert_eq!(serde_json::from_value::<Verdict>(json).unwrap(), verdict);
    }
}

/// A second, slow reading of the rules: for each contact, count all before it.
fn by_counting(terms: &[Terms], contacts: &[Measurable<'_>]) -> Vec<VerdictKinds> {
    let mut verdicts: Vec<(VerdictKinds, Option<CaseId>)> = Vec::new();
    for contact in contacts {
        let binding =
            terms.iter().filter(|t| t.bind(contact.received_at)).max_by_key(|t| (t.effective_from, t.strategy));
        let limits = binding.iter().flat_map(|t| &t.limits).filter(|l| l.channel == contact.channel);
        let mut kinds = Vec::new();
        for limit in limits {
            let used = contacts.iter().zip(&verdicts).filter(|(earlier, (kinds, strategy))| {
                kinds.first() == VerdictKind::WithinLimit
                    && *strategy == binding.map(|t| t.strategy)
                    && earlier.channel == contact.channel
                    && limit.window.unwrap().opening(contact.received_at).admits(earlier.received_at)
            });
            if used.count() >= limit.max.unwrap() as usize {
                kinds.push(VerdictKind::OverFrequency);
            }
            if !time_allowed(&limit.times, london::wall_time(contact.received_at)) {
                kinds.push(VerdictKind::WrongTime);
            }
        }
        let coming = terms.iter().any(|t| t.ever_bind() && t.effective_from > contact.received_at);
        let otherwise =
            if binding.is_none() && coming { VerdictKind::NotYetEffective } else { VerdictKind::WithinLimit };
        let kinds = match contact.standing {
            Standing::Exempt => VerdictKind::Exempt.into(),
            Standing::NotCounted => VerdictKind::NotCounted.into(),
            Standing::Unproven => VerdictKind::Unattributed.into(),
            Standing::Counted => {
                kinds.into_iter().map(VerdictKinds::from).reduce(|a, b| a.with(b.first())).unwrap_or(otherwise.into())
            }
        };
        verdicts.push((kinds, binding.map(|t| t.strategy)));
    }
    verdicts.into_iter().map(|(kinds, _)| kinds).collect()
}

fn any_limit() -> impl Strategy<Value = Limit> {
    let kind = prop_oneof![Just(WindowKind::Rolling), Just(WindowKind::Calendar)];
    let unit = prop_oneof![Just(WindowUnit::Day), Just(WindowUnit::Week), Just(WindowUnit::Month)];
    let channel = prop_oneof![Just(Channel::Email), Just(Channel::Letter)];
    let hours = prop::option::of((0u32..12, 12u32..24));
    (0u32..4, kind, unit, 1u32..4, channel, hours).prop_map(|(max, kind, unit, n, channel, hours)| {
        let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        let times = hours.map(|(from, to)| TimeSlot { days: Vec::new(), from: at(from), to: at(to) });
        Limit { channel, times: times.into_iter().collect(), ..at_most(max, kind, unit, n) }
    })
}

fn any_terms() -> impl Strategy<Value = Vec<Terms>> {
    let one = (prop::collection::vec(any_limit(), 0..3), 0i64..120, 1i64..200, prop::option::of(0i64..200));
    prop::collection::vec(one, 0..4).prop_map(|all| {
        let start = utc("2026-02-20T00:00:00Z");
        let version = |(n, (limits, from, lasts, lifted)): (u128, (Vec<Limit>, i64, i64, Option<i64>))| Terms {
            strategy: id(n),
            effective_from: start + Duration::days(from),
            ends_at: start + Duration::days(from + lasts),
            lifted_at: lifted.map(|days| start + Duration::days(days)),
            limits,
            blocked: Vec::new(),
        };
        (1..).zip(all).map(version).collect()
    })
}

/// Contacts in no order, many within the same hour, around both changes of the clock and a short month.
fn any_contacts() -> impl Strategy<Value = Vec<Measurable<'static>>> {
    let standing = prop_oneof![
        8 => Just(Standing::Counted), 1 => Just(Standing::Exempt), 1 => Just(Standing::NotCounted), 1 => Just(Standing::Unproven)
    ];
    let channel = prop_oneof![3 => Just(Channel::Email), 1 => Just(Channel::Letter)];
    let day =
        prop_oneof![Just("2026-02-27"), Just("2026-03-28"), Just("2026-03-31"), Just("2026-05-10"), Just("2026-10-24")];
    let one = (day, 0i64..14 * 48, channel, standing);
    prop::collection::vec(one, 0..60).prop_map(|all| {
        let contact = |(n, (day, half_hours, channel, standing)): (u128, (&str, i64, Channel, Standing))| Measurable {
            received_at: utc(&format!("{day}T00:00:00Z")) + Duration::minutes(30 * half_hours),
            channel,
            standing,
            ..mail(n, "2026-01-01T00:00:00Z")
        };
        (1..).zip(all).map(contact).collect()
    })
}

fn in_order(contacts: &[Measurable<'static>]) -> Vec<Measurable<'static>> {
    let mut sorted = contacts.to_vec();
    sorted.sort_by_key(Measurable::order);
    sorted
}

#[test]
fn a_permitted_time_is_none_at_which_a_short_month_lets_the_window_reach_back_again() {
    let morning = TimeSlot { days: Vec::new(), from: NaiveTime::MIN, to: NaiveTime::from_hms_opt(13, 0, 0).unwrap() };
    let limit = Limit { times: vec![morning], ..at_most(1, WindowKind::Rolling, WindowUnit::Month, 1) };
    let contacts = [mail(1, "2026-02-28T00:30:00Z"), mail(2, "2026-03-28T13:00:00Z")];
    let verdicts = measure(&[terms(vec![limit])], &contacts);
    // A month before midnight of the 29th is midnight of the 28th: February has no 29th, and the first mail is in again.
    assert_eq!(verdicts[1].next_permitted_at, Some(utc("2026-03-29T00:30:00Z")));
}

proptest! {
    #[test]
    fn measuring_agrees_with_counting_by_hand(terms in any_terms(), contacts in any_contacts()) {
        let contacts = in_order(&contacts);
        let measured: Vec<_> = measure(&terms, &contacts).iter().map(|verdict| verdict.kinds).collect();
        prop_assert_eq!(measured, by_counting(&terms, &contacts));
    }

    #[test]
    fn measuring_the_later_part_alone_gives_what_measuring_everything_gives(
        terms in any_terms(), contacts in any_contacts(), at in 0usize..60
    ) {
        let contacts = in_order(&contacts);
        let (earlier, later) = contacts.split_at(at.min(contacts.len()));
        let everything = measure(&terms, &contacts);
        let reach = later.first().map(|first| super::reach(&terms, first.received_at));
        let used: Vec<Allowance> = earlier.iter().zip(&everything)
            .filter(|(contact, _)| reach.is_some_and(|reach| contact.received_at >= reach))
            .filter_map(|(contact, verdict)| {
                let strategy = verdict.uses_allowance_of()?;
                Some(Allowance { strategy, channel: contact.channel, received_at: contact.received_at })
            })
            .collect();
        prop_assert_eq!(&measure_after(&terms, &used, later)[..], &everything[earlier.len()..]);
    }

    #[test]
    fn a_next_permitted_date_is_kept(terms in any_terms(), contacts in any_contacts()) {
        let contacts = in_order(&contacts);
        let verdicts = measure(&terms, &contacts);
        for (index, verdict) in verdicts.iter().enumerate() {
            let Some(permitted) = verdict.next_permitted_at else { continue };
            let patient = Measurable { received_at: permitted, standing: Standing::Counted, ..contacts[index] };
            let history = [&contacts[..=index], &[patient]].concat();
            let then = measure(&terms, &history);
            let same_version = then.last().unwrap().strategy == verdict.strategy;
            prop_assert!(!same_version || !then.last().unwrap().kinds.is_breach(), "{:?}", then.last());
        }
    }
}

#[test]
fn a_number_that_was_typed_otherwise_is_still_the_same_number() {
    let telephone =
        |addressee: Option<&str>| Limit { addressee: addressee.map(str::to_owned), ..open(Channel::Telephone) };
    let blocked = vec![Blocked { channel: Channel::Telephone, address: Some("01632 960123".into()) }];
    let limited = Terms { blocked, ..terms(vec![telephone(Some("01632 960 100"))]) };
    let call = |presented, addressee| {
        let call = Measurable { channel: Channel::Telephone, ..mail(1, "2026-06-02T09:00:00Z") };
        let call = Measurable { presented: Some(presented), addressee: Some(addressee), ..call };
        let verdict = measure(std::slice::from_ref(&limited), &[call]).remove(0);
        (verdict.blocked, verdict.kinds.first())
    };
    assert_eq!(call("+441632960123", "+44 1632 960100"), (true, VerdictKind::WithinLimit));
    assert_eq!(call("+441632960124", "+44 1632 960999"), (false, VerdictKind::WrongAddressee));
    assert_eq!(call("withheld", "the front desk"), (false, VerdictKind::WithinLimit));
}
