//! The one place that says yes or no to what is asked of a record.

use super::{
    About, Assessment, CallEvent, CallRecord, Command, Grade, Override, RecordState, Recorded, Thrive, left_to_do,
    needs_override,
};
use crate::domain::access::{Actor, ActorRef};
use crate::domain::case::{Refusal, RefusalFault};
use crate::domain::ids::PersonId;
use chrono::{DateTime, Utc};

/// The beginning of a record.
///
/// # Errors
/// `named-person-required`.
pub fn begin(about: About, steps: Vec<String>, actor: &Actor, now: DateTime<Utc>) -> Result<CallEvent, Refusal> {
    let actor = named(actor)?;
    Ok(CallEvent { at: now, actor, what: Recorded::Begun { about, steps } })
}

/// What happens when this is asked.
///
/// # Errors
/// `named-person-required`; `record-taken-back`; `record-complete` where only amending is left, and `record-not-complete` where there is
/// nothing to amend yet; `not-filled-in` for words that are missing; `thrive-first`, `not-assessed`, `override-needed`,
/// `nothing-to-override` for a grade; `no-such-step`, `no-such-request`; `call-was-made`,
/// `request-waits` where it is taken back; and what [`left_to_do`] says of completing.
pub fn decide(
    record: &CallRecord,
    command: Command,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<CallEvent>, Refusal> {
    let actor = named(actor)?;
    if record.state == RecordState::TakenBack {
        let message = "This record was taken back: it was begun by mistake. Begin one of the call there was.";
        return Err(Refusal::conflict("record-taken-back", message).under(Some("6.5")));
    }
    if record.state == RecordState::Complete && !may_follow_completion(&command) {
        let message = "This record is complete: what is to be added is added with a reason, by amending it.";
        return Err(Refusal::conflict("record-complete", message).under(Some("6.4")));
    }
    let what = match command {
        Command::Assess(assessment) => assess(assessment)?,
        Command::Thrive(answers) => thrive(answers)?,
        Command::Identify { person, reason, steps } => identify(record, (person, reason), steps)?,
        Command::Grade { grade, overridden } => grade_call(record, grade, overridden)?,
        Command::SettleStep { step, done, reason } => settle_step(record, (step, done), reason)?,
        Command::Refer { kind, reference } => {
            filled_in(&[("/reference", &reference, "Give the reference.")])?;
            Recorded::Referred { kind, reference: reference.trim().to_owned() }
        }
        Command::Advise { who, given_at, advice } => {
            filled_in(&[("/who", &who, "Say who advised."), ("/advice", &advice, "Say what was advised.")])?;
            if given_at > now {
                return Err(wrong("/givenAt", "Advice is recorded once it was given."));
            }
            Recorded::Advised { who, given_at, advice }
        }
        Command::Request { kind, urgent, why } => {
            filled_in(&[("/why", &why, "Say what it is needed for.")])?;
            Recorded::Requested { kind, urgent, why }
        }
        Command::FinishRequest { number } => finish_request(record, number)?,
        Command::Complete => complete(record)?,
        Command::Amend { note, reason, genuine, crime } => amend(record, (note, reason), (genuine, crime))?,
        Command::TakeBack { reason } => take_back(record, reason)?,
    };
    Ok(vec![CallEvent { at: now, actor, what }])
}

fn named(actor: &Actor) -> Result<ActorRef, Refusal> {
    match actor {
        Actor::Officer(_) => Ok(actor.reference()),
        Actor::System(_) | Actor::Clock | Actor::Software => Err(Refusal::named_person_required()),
    }
}

/// References, advice and requests come when they come.
fn may_follow_completion(command: &Command) -> bool {
    match command {
        Command::Amend { .. }
        | Command::Identify { .. }
        | Command::Refer { .. }
        | Command::Advise { .. }
        | Command::Request { .. }
        | Command::FinishRequest { .. } => true,
        Command::Assess(_)
        | Command::Thrive(_)
        | Command::Grade { .. }
        | Command::SettleStep { .. }
        | Command::Complete
        | Command::TakeBack { .. } => false,
    }
}

fn assess(assessment: Assessment) -> Result<Recorded, Refusal> {
    let Assessment { purpose, category, genuine, crime, report_needed, breach } = assessment;
    let mut asked = vec![("/purpose/reason", purpose.reason.as_str(), "Say why.")];
    if let Some(breach) = &breach {
        let words = "Say what was considered of the law on anti-social behaviour.";
        asked.push(("/breach/legislationConsidered", &breach.legislation_considered, words));
    }
    filled_in(&asked)?;
    if genuine == Some(true) && category.is_some() {
        return Err(wrong("/category", "A genuine call for service has no category of a call that is not."));
    }
    Ok(Recorded::Assessed { purpose, category, genuine, crime, report_needed, breach })
}

fn thrive(answers: Thrive) -> Result<Recorded, Refusal> {
    let empty = answers.answers().into_iter().filter(|(_, words)| words.trim().is_empty());
    let faults: Vec<RefusalFault> =
        empty.map(|(name, _)| fault(&format!("/{name}"), &format!("Say what you found of {name}."))).collect();
    match faults.is_empty() {
        true => Ok(Recorded::ThriveAnswered { answers }),
        false => Err(not_filled_in(faults)),
    }
}

/// A record is begun about nobody where the caller is recognised later. Who was named once stays: where the record on file
/// is wrong, people are merged or split.
fn identify(
    record: &CallRecord,
    (person, reason): (PersonId, String),
    steps: Vec<String>,
) -> Result<Recorded, Refusal> {
    if record.about.person.is_some() {
        return Err(Refusal::conflict("already-identified", "This record says already who called."));
    }
    filled_in(&[("/reason", &reason, "Say how it is known.")])?;
    // What is complete was gone through as it stood.
    let open = record.state == RecordState::Open;
    let is_new = |step: &String| open && record.steps.iter().all(|known| known.text != *step);
    Ok(Recorded::Identified { person, reason, steps: steps.into_iter().filter(is_new).collect() })
}

fn grade_call(record: &CallRecord, grade: Grade, overridden: Option<Override>) -> Result<Recorded, Refusal> {
    if record.thrive.is_none() {
        let message = "Answer the six questions of THRIVE first.";
        return Err(Refusal::conflict("thrive-first", message).under(Some("6.4")));
    }
    if grade.no_attendance && !record.flags.are_answered() {
        let message = "Say first whether it is a genuine call for service, and whether a crime was identified.";
        return Err(Refusal::conflict("not-assessed", message).under(Some("6.6")));
    }
    let needed = needs_override(grade.no_attendance, record.flags);
    match &overridden {
        None if needed => {
            let message = "A crime or a genuine call for service was found: somebody attends, or a named officer \
                           overrides it here and says why.";
            return Err(Refusal::conflict("override-needed", message).under(Some("6.6")));
        }
        Some(_) if !needed => {
            let message = "There is nothing to override in this grade.";
            return Err(Refusal::invalid("nothing-to-override", message).under(Some("6.6")));
        }
        Some(given) => filled_in(&[
            ("/override/reason", &given.reason, "Say why nobody attends."),
            ("/override/by", &given.by, "Name the officer who decides it."),
        ])?,
        None => {}
    }
    Ok(Recorded::Graded { grade: grade.id, no_attendance: grade.no_attendance, overridden })
}

fn settle_step(record: &CallRecord, (step, done): (u32, bool), reason: Option<String>) -> Result<Recorded, Refusal> {
    let known = usize::try_from(step).is_ok_and(|step| (1..=record.steps.len()).contains(&step));
    if !known {
        return Err(Refusal::invalid("no-such-step", "The script has no such step."));
    }
    let reason = reason.filter(|reason| !reason.trim().is_empty());
    if !done && reason.is_none() {
        return Err(wrong("/reason", "Say why it was not done."));
    }
    Ok(Recorded::StepSettled { step, done, reason: reason.filter(|_| !done) })
}

fn finish_request(record: &CallRecord, number: u32) -> Result<Recorded, Refusal> {
    match record.requests.iter().find(|request| request.number == number) {
        None => Err(Refusal::invalid("no-such-request", "There is no such request.")),
        Some(request) if request.done_at.is_some() => {
            Err(Refusal::conflict("request-finished", "This was done already."))
        }
        Some(_) => Ok(Recorded::RequestFinished { number }),
    }
}

fn complete(record: &CallRecord) -> Result<Recorded, Refusal> {
    let left = left_to_do(record);
    match left.as_slice() {
        [] => Ok(Recorded::Completed {}),
        [one] => {
            let code = one.code.as_deref().unwrap_or("record-not-finished");
            Err(Refusal::conflict(code, one.message.clone()).under(one.policy.as_deref()).with_faults(left.clone()))
        }
        several => {
            let message = "The record is not finished: what is still to be done stands below.";
            Err(Refusal::conflict("record-not-finished", message).under(Some("6.4")).with_faults(several.to_vec()))
        }
    }
}

fn amend(
    record: &CallRecord,
    (note, reason): (String, String),
    (genuine, crime): (bool, bool),
) -> Result<Recorded, Refusal> {
    if record.state != RecordState::Complete {
        let message = "This record is not complete yet: change it where it stands.";
        return Err(Refusal::conflict("record-not-complete", message));
    }
    filled_in(&[("/note", &note, "Say what is to be added."), ("/reason", &reason, "Say why it is added now.")])?;
    Ok(Recorded::Amended { note, reason, genuine, crime })
}

/// Where something was found there was a call, and taking it back would leave nobody to answer for it. What others were
/// asked on the strength of it is answered first.
fn take_back(record: &CallRecord, reason: String) -> Result<Recorded, Refusal> {
    if record.flags.is_raised() {
        let message = "A crime or a genuine call for service was found in it, so there was such a call: complete it.";
        return Err(Refusal::conflict("call-was-made", message).under(Some("6.6")));
    }
    if record.requests.iter().any(|request| request.done_at.is_none()) {
        let message = "A download or a statement was asked for in this record: say first that it was done.";
        return Err(Refusal::conflict("request-waits", message));
    }
    filled_in(&[("/reason", &reason, "Say what the mistake was.")])?;
    Ok(Recorded::TakenBack { reason })
}

/// # Errors
/// `not-filled-in`, with each field that has no words.
fn filled_in(fields: &[(&str, &str, &str)]) -> Result<(), Refusal> {
    let empty = fields.iter().filter(|(_, words, _)| words.trim().is_empty());
    let faults: Vec<RefusalFault> = empty.map(|(pointer, _, says)| fault(pointer, says)).collect();
    if faults.is_empty() { Ok(()) } else { Err(not_filled_in(faults)) }
}

fn wrong(pointer: &str, says: &str) -> Refusal {
    not_filled_in(vec![fault(pointer, says)])
}

fn not_filled_in(faults: Vec<RefusalFault>) -> Refusal {
    Refusal::invalid("not-filled-in", "This is not filled in as it has to be.").with_faults(faults)
}

fn fault(pointer: &str, says: &str) -> RefusalFault {
    RefusalFault { pointer: Some(pointer.to_owned()), message: says.to_owned(), code: None, policy: None }
}
