//! Which case a mail lies with: that of the mail of ours it answers, or that of earlier mails it shares a reference with.
//!
//! A place, and nothing about who wrote it. A case is joined only by those who take part in it: the person it is about, by
//! a confirmed address of theirs; and whoever we wrote to about it. Whoever else holds an id of ours opens a question.

use super::digest::Digest;
use crate::app::contacts::DECIDE_WHOSE_MAIL;
use crate::app::outbox::comparable;
use crate::app::{App, AppError};
use crate::domain::access::Role;
use crate::domain::attribution::{Attribution, Authentication, Holder};
use crate::domain::ids::{CaseId, ContactId, Id, MailId, OutgoingId, PersonId};
use crate::domain::person::Confidence;
use crate::store::mail_references::{self, Shared};
use crate::store::outgoing::Written;
use crate::store::tasks::{self, NewTask};
use crate::store::{Tx, cases, outgoing, without_nul};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Where a mail belongs, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Thread {
    None,
    /// A participant answers a mail of ours.
    Answers {
        mail: OutgoingId,
        case: CaseId,
        because: &'static str,
    },
    /// Somebody who takes no part in the case holds the id of a mail of ours.
    Stranger {
        mail: OutgoingId,
        case: CaseId,
    },
    /// A participant's mail names what earlier mails of the case name.
    Shares {
        reference: String,
        case: CaseId,
        because: &'static str,
    },
}

const WRITTEN_TO: &str = "a mail of this case went to the sender's address";
const THE_PERSON: &str = "the sender's address is a confirmed one of the person the case is about";
const SAME_PERSON: &str = "an earlier contact in the thread is this person's";

impl Thread {
    pub(super) fn case(&self) -> Option<CaseId> {
        match self {
            Thread::Answers { case, .. } | Thread::Shares { case, .. } => Some(*case),
            Thread::None | Thread::Stranger { .. } => None,
        }
    }

    /// For `mail explain`. Of a stranger's mail it names the mail of ours and not its case.
    pub(super) fn evidence(&self) -> Value {
        match self {
            Thread::None => Value::Null,
            Thread::Answers { mail, case, because } => json!({ "answers": mail, "case": case, "because": because }),
            Thread::Stranger { mail, .. } => json!({
                "answers": mail,
                "case": null,
                "because": "the sender takes no part in the case of the mail it answers",
            }),
            Thread::Shares { reference, case, because } => {
                json!({ "sharedReference": without_nul(reference.clone()), "case": case, "because": because })
            }
        }
    }
}

/// What is on file about the threads of some mails.
#[derive(Default)]
pub(super) struct Threads {
    written: HashMap<OutgoingId, Written>,
    /// Contacts of cases by what their mails name, the newest first.
    shared: HashMap<String, Vec<Shared>>,
    /// Whom each case is about.
    about: BTreeMap<CaseId, PersonId>,
    /// Where we wrote to in each case, normalised.
    wrote_to: HashMap<CaseId, BTreeSet<String>>,
}

impl Threads {
    pub(super) async fn load(tx: &Tx, digests: &[Digest]) -> Result<Self, AppError> {
        let answered: BTreeSet<OutgoingId> = digests.iter().flat_map(|digest| digest.answers.iter().copied()).collect();
        let written = outgoing::written(tx, &answered.into_iter().collect::<Vec<_>>()).await?;
        let named: BTreeSet<String> = digests.iter().flat_map(|digest| digest.references.iter().cloned()).collect();
        let mut shared: HashMap<String, Vec<Shared>> = HashMap::new();
        for found in mail_references::in_cases(tx, &named.into_iter().collect::<Vec<_>>()).await? {
            shared.entry(found.reference.clone()).or_default().push(found);
        }
        let mut of: BTreeSet<CaseId> = written.values().filter_map(|written| written.case).collect();
        of.extend(shared.values().flatten().map(|shared| shared.case));
        let of: Vec<CaseId> = of.into_iter().collect();
        let mut wrote_to: HashMap<CaseId, BTreeSet<String>> = HashMap::new();
        for (case, to) in outgoing::addresses_of_cases(tx, &of).await? {
            wrote_to.entry(case).or_default().extend(comparable(&to));
        }
        Ok(Self { written, shared, about: cases::people(tx, &of).await?, wrote_to })
    }

    /// Where a mail belongs. `holders`: whoever holds the address it came from.
    pub(super) fn find(&self, digest: &Digest, attribution: &Attribution, holders: &[Holder]) -> Thread {
        let trusted = digest.authentication != Authentication::Failed && !digest.feigns_ours && digest.senders == 1;
        let sender = digest.from_normalised.as_deref().filter(|_| trusted);
        let answers = digest.answers.iter().filter_map(|mail| Some((*mail, self.written.get(mail)?)));
        let of_cases: Vec<(OutgoingId, CaseId)> =
            answers.filter_map(|(mail, written)| Some((mail, written.case?))).collect();
        for (mail, case) in &of_cases {
            if let Some(because) = sender.and_then(|sender| self.takes_part(*case, sender, holders)) {
                return Thread::Answers { mail: *mail, case: *case, because };
            }
        }
        if let Some((mail, case)) = of_cases.first() {
            return Thread::Stranger { mail: *mail, case: *case };
        }
        self.shares(digest, attribution, holders).unwrap_or(Thread::None)
    }

    /// Ids of other mails are no secret: here the sender has to be proven.
    fn shares(&self, digest: &Digest, attribution: &Attribution, holders: &[Holder]) -> Option<Thread> {
        let proven = digest.authentication == Authentication::Aligned && !digest.feigns_ours && digest.senders == 1;
        let sender = digest.from_normalised.as_deref().filter(|_| proven)?;
        let counts_for = attribution.counts_for();
        let earlier = digest.references.iter().filter_map(|reference| self.shared.get(reference)).flatten();
        earlier.into_iter().find_map(|earlier| {
            let same = counts_for.is_some() && earlier.counts_for == counts_for;
            let because = self.takes_part(earlier.case, sender, holders).or(same.then_some(SAME_PERSON))?;
            Some(Thread::Shares { reference: earlier.reference.clone(), case: earlier.case, because })
        })
    }

    fn takes_part(&self, case: CaseId, sender: &str, holders: &[Holder]) -> Option<&'static str> {
        if self.wrote_to.get(&case).is_some_and(|addresses| addresses.contains(sender)) {
            return Some(WRITTEN_TO);
        }
        let about = self.about.get(&case)?;
        let confirmed = holders.iter().filter(|holder| holder.confidence == Confidence::Confirmed);
        let theirs = confirmed.into_iter().any(|holder| [holder.person, holder.record].contains(about));
        theirs.then_some(THE_PERSON)
    }

    /// Later mails of the same batch find this one.
    pub(super) fn remember(&mut self, digest: &Digest, case: Option<CaseId>, counts_for: Option<PersonId>) {
        let Some(case) = case else { return };
        for reference in &digest.references {
            let shared = Shared { reference: reference.clone(), case, counts_for };
            self.shared.entry(reference.clone()).or_default().insert(0, shared);
        }
    }

    /// The person of the case, so that the question is not shown to whom they complained about.
    fn person_of(&self, case: CaseId) -> Option<PersonId> {
        self.about.get(&case).copied()
    }
}

/// Keeps what each mail names, and asks a person about the mails of strangers.
pub(super) async fn write(
    app: &App,
    tx: &Tx,
    (threads, digests): (&Threads, &[Digest]),
    settled: &[(ContactId, Thread)],
) -> Result<(), AppError> {
    let named = |digest: &Digest| -> Vec<(MailId, String)> {
        digest.references.iter().map(|reference| (digest.mail, reference.clone())).collect()
    };
    mail_references::keep(tx, digests.iter().flat_map(named).collect()).await?;
    let mut questions = Vec::new();
    for (digest, (contact, thread)) in digests.iter().zip(settled) {
        if let Thread::Stranger { case, .. } = thread
            && digest.by_person()
        {
            questions.push(question(app, tx, (*contact, *case), threads.person_of(*case)).await?);
        }
    }
    Ok(tasks::create(tx, questions).await?)
}

async fn question(
    app: &App,
    tx: &Tx,
    (contact, case): (ContactId, CaseId),
    person: Option<PersonId>,
) -> Result<NewTask, AppError> {
    let spoc = cases::find_row(tx, case).await?.and_then(|case| case.spoc_id);
    Ok(NewTask {
        id: app.new_id::<()>().as_uuid(),
        kind: DECIDE_WHOSE_MAIL,
        title: "Somebody who takes no part in this case answers a mail of it; decide whose mail it is".to_owned(),
        role: spoc.is_none().then(|| Role::PsdStaff.as_str().to_owned()),
        officer: spoc.map(Id::from_uuid),
        case: Some(case),
        contact: Some(contact),
        person,
        due_at: None,
        created_at: app.now(),
        cause: format!("{DECIDE_WHOSE_MAIL}:{contact}"),
    })
}
