//! The rules of a record, and that no order of commands gets around invariant 16.

use super::*;
use crate::domain::access::{Actor, Officer};
use crate::domain::case::Refusal;
use crate::domain::contact::Channel;
use crate::domain::ids::Id;
use chrono::{DateTime, TimeZone, Utc};
use proptest::prelude::*;
use uuid::Uuid;

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 6, 1, 9, 0, 0).unwrap()
}

fn officer() -> Actor {
    Actor::Officer(Officer {
        areas: Default::default(),
        id: Id::from_uuid(Uuid::nil()),
        username: "officer".into(),
        display_name: "Example Officer".into(),
        through: None,
        roles: [].into(),
    })
}

fn about() -> About {
    About { channel: Channel::Phone101, caller: None, person: None }
}

fn fresh(steps: &[&str]) -> (CallRecord, Vec<CallEvent>) {
    let steps = steps.iter().map(|step| (*step).to_owned()).collect();
    let events = vec![begin(about(), steps, &officer(), now()).unwrap()];
    (CallRecord::replay(Id::from_uuid(Uuid::nil()), &events).unwrap(), events)
}

fn ask(record: &mut CallRecord, command: Command) -> Result<Vec<CallEvent>, Refusal> {
    let events = decide(record, command, &officer(), now())?;
    events.iter().for_each(|event| record.apply(event));
    Ok(events)
}

fn code(answer: Result<Vec<CallEvent>, Refusal>) -> String {
    answer.err().map_or_else(|| "done".to_owned(), |refusal| refusal.code)
}

fn assess(genuine: Option<bool>, crime: Option<bool>) -> Command {
    Command::Assess(Assessment {
        purpose: Purpose { finding: Finding::Policing, reason: "They say so.".into() },
        category: None,
        genuine,
        crime,
        report_needed: None,
        breach: None,
    })
}

fn thrive() -> Command {
    let words = || "None found.".to_owned();
    Command::Thrive(Thrive {
        threat: words(),
        harm: words(),
        risk: words(),
        investigation: words(),
        vulnerability: words(),
        engagement: words(),
    })
}

fn grade(no_attendance: bool, overridden: bool) -> Command {
    let by = || Override { reason: "Seen an hour ago.".into(), by: "Inspector Example".into() };
    let id = if no_attendance { "D" } else { "A" }.to_owned();
    Command::Grade { grade: Grade { id, no_attendance }, overridden: overridden.then(by) }
}

fn step(step: u32, done: bool) -> Command {
    Command::SettleStep { step, done, reason: (!done).then(|| "They hung up.".to_owned()) }
}

#[test]
fn only_a_named_person_keeps_a_record() {
    let record = fresh(&[]).0;
    for nobody in [Actor::Clock, Actor::Software] {
        let asked = decide(&record, thrive(), &nobody, now());
        assert_eq!(code(asked), "named-person-required");
        assert_eq!(begin(about(), Vec::new(), &nobody, now()).unwrap_err().code, "named-person-required");
    }
}

#[test]
fn a_call_is_graded_after_six_answers_and_not_before() {
    let mut record = fresh(&[]).0;
    assert_eq!(code(ask(&mut record, grade(false, false))), "thrive-first");
    let five = Thrive { threat: " ".into(), ..Thrive::default() };
    let refusal = ask(&mut record, Command::Thrive(five)).unwrap_err();
    assert_eq!((refusal.code.as_str(), refusal.faults.len()), ("not-filled-in", 6));
    assert_eq!(code(ask(&mut record, thrive())), "done");
    assert_eq!(code(ask(&mut record, grade(false, false))), "done");
}

#[test]
fn nobody_attending_needs_both_questions_answered_and_an_override_where_one_is_yes() {
    for (genuine, crime) in [(true, false), (false, true), (true, true)] {
        let mut record = fresh(&[]).0;
        ask(&mut record, thrive()).unwrap();
        assert_eq!(code(ask(&mut record, grade(true, false))), "not-assessed");
        ask(&mut record, assess(Some(genuine), Some(crime))).unwrap();
        assert_eq!(code(ask(&mut record, grade(true, false))), "override-needed");
        let empty = Override { reason: " ".into(), by: String::new() };
        let asked = Command::Grade { grade: Grade { id: "D".into(), no_attendance: true }, overridden: Some(empty) };
        assert_eq!(ask(&mut record, asked).unwrap_err().faults.len(), 2);
        assert_eq!(code(ask(&mut record, grade(true, true))), "done");
        assert!(!record.needs_grading());
    }
    let mut record = fresh(&[]).0;
    ask(&mut record, thrive()).unwrap();
    ask(&mut record, assess(Some(false), Some(false))).unwrap();
    assert_eq!(code(ask(&mut record, grade(true, true))), "nothing-to-override");
    assert_eq!(code(ask(&mut record, grade(true, false))), "done");
}

#[test]
fn what_is_found_later_makes_a_call_that_nobody_attends_be_graded_again() {
    let mut record = fresh(&[]).0;
    ask(&mut record, thrive()).unwrap();
    ask(&mut record, assess(Some(false), Some(false))).unwrap();
    ask(&mut record, grade(true, false)).unwrap();
    ask(&mut record, assess(Some(true), Some(false))).unwrap();
    assert!(record.needs_grading());
    assert_eq!(code(ask(&mut record, Command::Complete)), "needs-grading");
    ask(&mut record, grade(true, true)).unwrap();
    assert!(!record.needs_grading());
    // Whoever answered for a genuine call did not know of a crime.
    ask(&mut record, assess(Some(true), Some(true))).unwrap();
    assert!(record.needs_grading());
    ask(&mut record, grade(false, false)).unwrap();
    assert_eq!(code(ask(&mut record, Command::Complete)), "done");
}

#[test]
fn a_record_is_complete_when_its_script_is_and_a_required_report_has_its_reference() {
    let mut record = fresh(&["Ask where they are.", "Ask who is with them."]).0;
    ask(&mut record, thrive()).unwrap();
    let Command::Assess(assessment) = assess(Some(true), Some(false)) else { unreachable!() };
    ask(&mut record, Command::Assess(Assessment { report_needed: Some(true), ..assessment })).unwrap();
    ask(&mut record, grade(false, false)).unwrap();
    assert_eq!(ask(&mut record, Command::Complete).unwrap_err().faults.len(), 2);
    ask(&mut record, step(1, true)).unwrap();
    let silent = Command::SettleStep { step: 2, done: false, reason: Some(" ".into()) };
    assert_eq!(code(ask(&mut record, silent)), "not-filled-in");
    assert_eq!(code(ask(&mut record, step(3, true))), "no-such-step");
    assert_eq!(code(ask(&mut record, step(0, true))), "no-such-step");
    ask(&mut record, step(2, false)).unwrap();
    assert_eq!(code(ask(&mut record, Command::Complete)), "cad-reference-needed");
    ask(&mut record, Command::Refer { kind: Reference::Cad, reference: "NP-1".into() }).unwrap();
    assert_eq!(code(ask(&mut record, Command::Complete)), "done");
    assert_eq!(code(ask(&mut record, thrive())), "record-complete");
    assert_eq!(code(ask(&mut record, Command::Refer { kind: Reference::Athena, reference: "A/1".into() })), "done");
}

#[test]
fn a_complete_record_is_only_added_to_and_a_crime_found_then_opens_it() {
    let mut record = fresh(&[]).0;
    let note =
        |crime| Command::Amend { note: "A crime.".into(), reason: "The OIC called.".into(), genuine: false, crime };
    assert_eq!(code(ask(&mut record, note(false))), "record-not-complete");
    ask(&mut record, thrive()).unwrap();
    ask(&mut record, assess(Some(false), Some(false))).unwrap();
    ask(&mut record, grade(true, false)).unwrap();
    ask(&mut record, Command::Complete).unwrap();
    ask(&mut record, note(false)).unwrap();
    assert_eq!((record.state, record.amendments.len()), (RecordState::Complete, 1));
    ask(&mut record, note(true)).unwrap();
    assert_eq!((record.state, record.needs_grading()), (RecordState::Open, true));
}

#[test]
fn a_request_is_done_once_and_advice_is_not_given_tomorrow() {
    let mut record = fresh(&[]).0;
    let request = Command::Request { kind: RequestKind::Mg11, urgent: true, why: "For court.".into() };
    ask(&mut record, request).unwrap();
    assert_eq!(code(ask(&mut record, Command::FinishRequest { number: 2 })), "no-such-request");
    assert_eq!(code(ask(&mut record, Command::FinishRequest { number: 1 })), "done");
    assert_eq!(code(ask(&mut record, Command::FinishRequest { number: 1 })), "request-finished");
    let given_at = now() + chrono::Duration::minutes(1);
    let advice = Command::Advise { who: "A nurse".into(), given_at, advice: "Call the GP.".into() };
    assert_eq!(code(ask(&mut record, advice)), "not-filled-in");
}

#[test]
fn what_was_begun_by_mistake_is_taken_back_and_nothing_is_added_to_it() {
    let take_back = |reason: &str| Command::TakeBack { reason: reason.to_owned() };
    let mut record = fresh(&["One."]).0;
    assert_eq!(code(ask(&mut record, take_back(" "))), "not-filled-in");
    ask(&mut record, Command::Request { kind: RequestKind::Mg11, urgent: true, why: "For court.".into() }).unwrap();
    assert_eq!(code(ask(&mut record, take_back("The wrong line."))), "request-waits");
    ask(&mut record, Command::FinishRequest { number: 1 }).unwrap();
    ask(&mut record, Command::Refer { kind: Reference::Cad, reference: "NP-1".into() }).unwrap();
    ask(&mut record, assess(Some(true), Some(false))).unwrap();
    assert_eq!(code(ask(&mut record, take_back("The wrong line."))), "call-was-made");
    ask(&mut record, assess(Some(false), Some(false))).unwrap();
    assert_eq!(record.holds_cad(), Some("NP-1"));
    ask(&mut record, take_back("The wrong line.")).unwrap();
    assert_eq!((record.state, record.holds_cad()), (RecordState::TakenBack, None));
    assert_eq!(code(ask(&mut record, thrive())), "record-taken-back");
    assert_eq!(code(ask(&mut record, take_back("Again."))), "record-taken-back");
}

/// One of the commands there are, by a number.
fn any_command() -> impl Strategy<Value = Command> {
    let yes_no = || prop_oneof![Just(None), Just(Some(true)), Just(Some(false))];
    prop_oneof![
        (yes_no(), yes_no()).prop_map(|(genuine, crime)| assess(genuine, crime)),
        Just(thrive()),
        (any::<bool>(), any::<bool>()).prop_map(|(no_attendance, overridden)| grade(no_attendance, overridden)),
        (0_u32..4, any::<bool>()).prop_map(|(n, done)| step(n, done)),
        Just(Command::Refer { kind: Reference::Cad, reference: "NP-1".into() }),
        Just(Command::Complete),
        Just(Command::TakeBack { reason: "The wrong line.".into() }),
        (any::<bool>(), any::<bool>()).prop_map(|(genuine, crime)| Command::Amend {
            note: "More.".into(),
            reason: "Found later.".into(),
            genuine,
            crime
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_order_of_commands_leaves_a_crime_or_a_genuine_call_unattended_without_a_name(
        commands in proptest::collection::vec(any_command(), 1..30)
    ) {
        let (mut record, mut events) = fresh(&["One.", "Two."]);
        for command in commands {
            let flags = record.flags;
            let Ok(done) = ask(&mut record, command) else { continue };
            for event in &done {
                if let Recorded::Graded { no_attendance: true, overridden, .. } = &event.what {
                    prop_assert!(!flags.is_raised() || overridden.is_some());
                }
            }
            events.extend(done);
            let graded = record.graded.clone();
            let unattended = graded.is_some_and(|graded| graded.no_attendance && graded.overridden.is_none());
            prop_assert_eq!(record.needs_grading(), record.needs_grading() || unattended && record.flags.is_raised());
            if record.state == RecordState::Complete {
                prop_assert!(!record.needs_grading());
                prop_assert!(left_to_do(&record).is_empty());
                prop_assert!(!(unattended && record.flags.is_raised()));
            }
            if record.state == RecordState::TakenBack {
                prop_assert!(!record.flags.is_raised());
            }
            prop_assert_eq!(CallRecord::replay(record.id, &events), Some(record.clone()));
        }
    }
}
