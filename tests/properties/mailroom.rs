//! Commands on contacts and people: what arrives, whose it is, what is read in it, and who is whom.

use super::door::told;
use super::forms::{CLOSED_SUBJECT, DESK};
use super::rng::Rng;
use super::world::{ADVOCATE, CLAIMED, MAILBOX, Mail, OWN, SHARED, World, name};
use chrono::{DateTime, Days, Duration, SubsecRound, Utc};
use entities::{contacts, delegations, identifiers, person_merges, strategies_in_force};
use evenhand::app::cases::run_deadlines;
use evenhand::app::contacts::{Attributing, Author, ContactFacts, Decision, Handling, Joins, Triage};
use evenhand::app::mail::{Incoming, MailSource};
use evenhand::app::people::{NewAdjustment, NewIdentifier};
use evenhand::domain::access::Actor;
use evenhand::domain::contact::{Channel, Flag};
use evenhand::domain::ids::Id;
use evenhand::domain::person::{Confidence, HolderRole, IdentifierKind};
use evenhand::worker;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::Value;
use std::collections::BTreeMap;

const WORDS: [&str; 6] = [
    "Please answer my letter of last month.",
    "Again about the drainage report, which nobody read.",
    "I want to make a complaint about the officer who came on Friday.",
    "Under the Freedom of Information Act I ask for all my records.",
    "I cannot go on and want to end my life.",
    "Nothing new, only a reminder.",
];

impl World {
    pub async fn contacts(&self) -> Vec<contacts::Model> {
        contacts::Entity::find().order_by_asc(contacts::Column::Id).all(self.app.store.reader()).await.unwrap()
    }

    /// When it was received: mostly now, sometimes long ago, sometimes at the very instant of another.
    fn received(&self, rng: &mut Rng, contacts: &[contacts::Model]) -> Option<DateTime<Utc>> {
        let now = self.app.now();
        match rng.below(10) {
            0..=6 => None,
            7 => Some(now - Duration::minutes(rng.between(1, 60 * 24 * 30))),
            8 => Some(now - Duration::seconds(rng.between(1, 3_000))),
            _ if contacts.is_empty() => None,
            _ => Some(rng.pick(contacts).received_at),
        }
    }

    /// A mail comes in and is usually routed at once.
    pub async fn mail_arrives(&mut self, rng: &mut Rng) {
        let contacts = self.contacts().await;
        let received_at = self.received(rng, &contacts);
        let limited = self.somebody_limited().await;
        let (kind, raw) = self.a_mail(limited, rng);
        let recipient = if rng.percent(70) { MAILBOX } else { DESK };
        let incoming = Incoming {
            raw: raw.clone(),
            recipient: recipient.to_owned(),
            source: MailSource::Http,
            received_at,
            envelope_from: None,
        };
        let who = if rng.percent(95) { self.border.clone() } else { self.feed.clone() };
        let result = self.hand_in(&who, incoming).await;
        if let Some(kept) = self.note(kind, &name(&who), result) {
            self.witness.kept.push((kept, raw));
        }
        if rng.percent(85) {
            worker::work_off(&self.app).await.unwrap();
        }
    }

    /// The address of somebody whom limits bind.
    async fn somebody_limited(&self) -> Option<&'static str> {
        let live = strategies_in_force::Entity::find().filter(strategies_in_force::Column::LiftedAt.is_null());
        let live = live.one(self.app.store.reader()).await.unwrap()?;
        OWN.into_iter().zip(&self.people).find(|(_, person)| person.as_uuid() == live.person_id).map(|(own, _)| own)
    }

    fn a_mail(&mut self, limited: Option<&'static str>, rng: &mut Rng) -> (&'static str, Vec<u8>) {
        self.mails += 1;
        let (person, words) = (limited.filter(|_| rng.percent(70)).unwrap_or(*rng.pick(&OWN)), *rng.pick(&WORDS));
        let subject = if rng.percent(10) { "The Drainage  Report" } else { "My letter" };
        let message_id = format!("m{}", self.mails);
        let proven = Mail { from: person, dmarc: Some("pass"), subject, words, headers: "", message_id };
        let forged = "Authentication-Results: mx.elsewhere.example; dmarc=pass header.from=mail.example\r\n";
        match rng.below(20) {
            0..=9 => ("mail proven", proven.raw()),
            10 => ("mail unproven", Mail { dmarc: None, ..proven }.raw()),
            11 => ("mail spoofed", Mail { dmarc: Some("fail"), ..proven }.raw()),
            12 => ("mail vouched for elsewhere", Mail { dmarc: None, headers: forged, ..proven }.raw()),
            13 => ("mail of a shared address", Mail { from: SHARED, ..proven }.raw()),
            14 => ("mail of a claimed address", Mail { from: CLAIMED, ..proven }.raw()),
            15 => ("mail of an advocate", Mail { from: ADVOCATE, ..proven }.raw()),
            16 => ("mail automatic", Mail { headers: "Auto-Submitted: auto-replied\r\n", ..proven }.raw()),
            17 => (
                "mail of a list",
                Mail { headers: "List-Id: <news.mail.example>\r\nPrecedence: list\r\n", ..proven }.raw(),
            ),
            18 => match self.witness.kept.last() {
                Some((_, raw)) => ("mail again, the same bytes", raw.clone()),
                None => ("mail proven", proven.raw()),
            },
            _ => {
                // The same message by another way: named alike, with one header more.
                let copied = Mail {
                    message_id: "copied".to_owned(),
                    from: OWN[0],
                    subject: "Copied",
                    words: WORDS[0],
                    ..proven
                };
                let received = format!("X-Way: {}\r\n", self.mails);
                ("mail again, by another way", Mail { headers: &received, ..copied }.raw())
            }
        }
    }

    /// A contact by any channel is written down by an officer or a system.
    pub async fn somebody_calls(&mut self, rng: &mut Rng) {
        let contacts = self.contacts().await;
        let mut facts = ContactFacts {
            channel: *rng.pick(&Channel::ALL),
            received_at: self.received(rng, &contacts),
            addressee: rng.percent(50).then(|| DESK.to_owned()),
            presented: rng.percent(30).then(|| OWN[0].to_owned()),
            subject: None,
            words: Some((*rng.pick(&WORDS)).to_owned()),
            external_system: None,
            external_ref: None,
            person_id: rng.percent(85).then(|| *rng.pick(&self.people)),
            person_reference: None,
        };
        match rng.below(12) {
            0 => facts.received_at = Some(self.app.now() + Duration::days(1)),
            1 | 2 => (facts.external_system, facts.external_ref) = (Some("cad".into()), Some(rng.below(4).to_string())),
            _ => {}
        }
        let who = match rng.below(12) {
            0 => self.border.clone(),
            1 => self.actor("admin"),
            2..=6 => self.feed.clone(),
            _ => self.actor(rng.word(&["ccr", "staff", "both"])),
        };
        let kind = format!("contact by {}", facts.channel);
        let result = self.record(&who, facts).await;
        self.note(&kind, &name(&who), result);
    }

    fn of_the_desk(&self, rng: &mut Rng) -> Actor {
        self.actor(rng.word(&["staff", "staff", "supervisor", "both", "chair", "spoc", "accused", "ccr"]))
    }

    /// Somebody reads, ticks or attributes a contact.
    pub async fn at_the_desk(&mut self, rng: &mut Rng) {
        let contacts = self.contacts().await;
        if contacts.is_empty() {
            return self.mail_arrives(rng).await;
        }
        let waiting: Vec<_> = contacts.iter().filter(|contact| contact.handling != "closed").collect();
        let held: Vec<_> = waiting
            .iter()
            .copied()
            .filter(|contact| ["held", "quarantine"].contains(&contact.place.as_str()))
            .collect();
        let contact = match (held.is_empty(), waiting.is_empty(), rng.below(10)) {
            (false, _, 0..=4) => *rng.pick(&held),
            (_, false, 0..=8) => *rng.pick(&waiting),
            _ => rng.pick(&contacts),
        };
        let who = self.of_the_desk(rng);
        let id = Id::from_uuid(contact.id);
        // Whoever judges it reads it first.
        if let (true, Actor::Officer(officer)) = (rng.percent(25), &who) {
            self.look_at_a_contact(officer, contact.id).await;
        }
        let version = Some(contact.version + i64::from(rng.percent(3)));
        match rng.below(10) {
            0..=3 => {
                let answers = match rng.below(8) {
                    0..=2 => BTreeMap::new(),
                    3 => [(Flag::Risk, false)].into(),
                    _ => Flag::ALL.map(|flag| (flag, rng.percent(20))).into(),
                };
                let asked = Handling { contact: id, version, answers, note: String::new(), close: rng.percent(40) };
                let result = self.handle(&who, asked).await;
                self.note("contact handle", &name(&who), result);
            }
            4 | 5 => {
                let flag = *rng.pick(&Flag::ALL);
                let (raise, remove) = if rng.percent(60) { (vec![flag], vec![]) } else { (vec![], vec![flag]) };
                let exempt = *rng.pick(&[None, Some(true), Some(false)]);
                let asked = Triage { contact: id, version, raise, remove, exempt, reason: "Read again.".to_owned() };
                let result = self.triage(&who, asked).await;
                self.note("contact triage", &name(&who), result);
            }
            _ => {
                let person = *rng.pick(&self.people);
                let decision = *rng.pick(&[
                    Decision::Own(person),
                    Decision::Own(person),
                    Decision::OnBehalfOf(person),
                    Decision::Nobody,
                ]);
                let reason = if rng.percent(95) { "The words are theirs." } else { " " };
                let author = Author::AsFound;
                let asked = Attributing {
                    contact: id,
                    version,
                    decision,
                    author,
                    joins: Joins::Stays,
                    reason: reason.to_owned(),
                };
                let result = self.attribute(&who, asked).await;
                self.note("contact attribute", &name(&who), result);
            }
        }
    }

    /// Records are found to be of one person, or not to be after all; officers are complained about; powers are lent.
    pub async fn keep_the_file(&mut self, rng: &mut Rng) {
        let who = self.of_the_desk(rng);
        match rng.below(10) {
            0 | 1 => self.merge(&who, rng).await,
            2 => self.unmerge(&who, rng).await,
            4 if rng.percent(40) => self.a_victim_is_found(rng).await,
            4 => self.merge_and_think_better_of_it(rng).await,
            5 => {
                let officer = rng.word(&["ccr", "stand_in", "lapsed", "mash"]).to_owned();
                let (person, about) = (*rng.pick(&self.people), self.officer(&officer).id);
                let result = self.complain_about(&who, person, about).await;
                self.note("person complains about an officer", &name(&who), result);
            }
            3 | 6 => self.change_an_identifier(&who, rng).await,
            7 => {
                let today = self.today();
                let days = (today - Days::new(rng.next() % 20), today + Days::new(rng.next() % 60) - Days::new(10));
                let loan = self.loan(rng.word(&["lapsed", "authority", "writer"]), days);
                let by = self.actor(if rng.percent(90) { "admin" } else { "chair" });
                let result = self.lend(&by, loan).await;
                self.note("delegation grant", &name(&by), result);
            }
            8 => {
                let all = delegations::Entity::find().all(self.app.store.reader()).await.unwrap();
                let later = all.iter().filter(|loan| loan.officer_id != self.officer("authority").id.as_uuid());
                let later: Vec<_> = later.collect();
                let id = Id::from_uuid(rng.pick(&later).id);
                let result = self.take_back(&self.actor("admin"), id).await;
                self.note("delegation revoke", "admin", result);
            }
            _ => {
                let detail = format!("Letters in large print, size {}.", 14 + self.told.len());
                let new = NewAdjustment { kind: "large_print".to_owned(), detail, since: None, review_on: None };
                let result = self.adjust(&who, *rng.pick(&self.people), new).await;
                self.note("person adjustment", &name(&who), result);
            }
        }
    }

    async fn merge(&mut self, who: &Actor, rng: &mut Rng) {
        let pair = (*rng.pick(&self.people), *rng.pick(&self.people));
        let result = self.merge_records(who, pair).await;
        self.note("people merge", &name(who), result);
    }

    async fn unmerge(&mut self, who: &Actor, rng: &mut Rng) {
        let merges = person_merges::Entity::find()
            .order_by_desc(person_merges::Column::MergedAt)
            .all(self.app.store.reader())
            .await
            .unwrap();
        let Some(merge) = merges.first() else { return self.merge(who, rng).await };
        let result = self.reverse(who, merge.id).await;
        self.note("people merge reversed", &name(who), result);
    }

    /// Merging and reversing leaves every verdict as it was.
    async fn merge_and_think_better_of_it(&mut self, rng: &mut Rng) {
        let before = self.verdicts().await;
        let who = self.actor("supervisor");
        let pair = (*rng.pick(&self.people), *rng.pick(&self.people));
        let result = self.merge_records(&who, pair).await;
        let Some(merge) = self.note("people merge", "supervisor", result) else { return };
        self.app.clock.advance(Duration::seconds(1));
        let result = self.reverse(&who, merge).await;
        self.note("people merge reversed", "supervisor", result);
        if self.verdicts().await != before {
            self.witness.not_restored.push(format!("merger {merge} and its reversal changed verdicts"));
        }
    }

    pub async fn verdicts(&self) -> BTreeMap<uuid::Uuid, Option<Value>> {
        self.contacts().await.into_iter().map(|contact| (contact.id, contact.verdict_detail)).collect()
    }

    async fn change_an_identifier(&mut self, who: &Actor, rng: &mut Rng) {
        let person = *rng.pick(&self.people);
        if rng.percent(60) {
            let value = rng.word(&["new@mail.example", "one@mail.example", "not an address"]).to_owned();
            let new = NewIdentifier {
                kind: IdentifierKind::Email,
                value,
                role: HolderRole::Own,
                confidence: *rng.pick(&[Confidence::Claimed, Confidence::Suggested]),
                source: "A letter.".to_owned(),
            };
            let result = self.identify(who, person, new).await;
            self.note("identifier add", &name(who), result);
            return;
        }
        let all = identifiers::Entity::find().all(self.app.store.reader()).await.unwrap();
        // The confirmed addresses stay, or soon nothing could be shared with anybody.
        let passing: Vec<_> = all.iter().filter(|held| held.confidence != "confirmed").collect();
        if passing.is_empty() {
            return;
        }
        let held = *rng.pick(&passing);
        let which = (Id::from_uuid(held.person_id), Id::from_uuid(held.id));
        let result = self.end_identifier(who, which).await;
        self.note("identifier end", &name(who), result);
    }

    /// Time passes: an hour, some days, months; then the clocks strike that are due.
    pub async fn time_passes(&mut self, rng: &mut Rng) {
        let by = match rng.below(12) {
            0..=4 => Duration::minutes(rng.between(10, 600)),
            5..=8 => Duration::hours(rng.between(12, 100)),
            9 | 10 => Duration::days(rng.between(5, 20)),
            _ => Duration::days(rng.between(60, 200)),
        };
        self.app.clock.set((self.app.now() + by).trunc_subsecs(6));
        let struck = told(run_deadlines(&self.app).await);
        self.note("clocks strike", "the clock", struck);
    }
}

/// The subject that strategies close is the one that mails are about.
#[test]
fn mails_are_about_closed_subjects_too() {
    assert!(WORDS.iter().any(|words| words.contains(CLOSED_SUBJECT)));
}
