//! The same two doors for contacts, people and powers.

use super::door::{Answered, get, post, post_at, told};
use super::world::World;
use evenhand::app::contacts::{self, Attributing, ContactFacts, Decision, Handling, Triage};
use evenhand::app::mail::{Incoming, keep_mail};
use evenhand::app::people::{self, NewAdjustment, NewIdentifier};
use evenhand::app::{Loan, grant_delegation, revoke_delegation};
use evenhand::domain::access::Actor;
use evenhand::domain::ids::{ContactId, DelegationId, Id, IdentifierId, OfficerId, PersonId};
use serde_json::{Value, json};
use uuid::Uuid;

fn id(value: &Value) -> Uuid {
    value["id"].as_str().unwrap().parse().unwrap()
}

impl World {
    /// Answers the id of the message that was kept.
    pub async fn hand_in(&self, who: &Actor, incoming: Incoming) -> Answered<Uuid> {
        match self.http(who) {
            Some(http) => Ok(id(&http.hand_in(who, &incoming.recipient, incoming.raw).await?)),
            None => told(keep_mail(&self.app, who, incoming).await).map(|kept| kept.id.as_uuid()),
        }
    }

    pub async fn record(&self, who: &Actor, facts: ContactFacts) -> Answered<()> {
        let Some(http) = self.http(who) else {
            return told(contacts::record_contact(&self.app, who, facts).await).map(drop);
        };
        let body = json!({
            "channel": facts.channel, "receivedAt": facts.received_at, "addressee": facts.addressee,
            "presented": facts.presented, "subject": facts.subject, "words": facts.words,
            "externalSystem": facts.external_system, "externalRef": facts.external_ref,
            "personId": facts.person_id, "personReference": facts.person_reference,
        });
        http.ask(who, post("/api/v1/contacts", body)).await.map(drop)
    }

    pub async fn handle(&self, who: &Actor, asked: Handling) -> Answered<()> {
        let Some(http) = self.http(who) else {
            return told(contacts::handle_contact(&self.app, who, asked).await).map(drop);
        };
        let handling = if asked.close { "closed" } else { "read" };
        let body = json!({ "handling": handling, "answers": asked.answers, "note": asked.note });
        http.ask(who, post_at(format!("/api/v1/contacts/{}/handling", asked.contact), asked.version, body))
            .await
            .map(drop)
    }

    pub async fn triage(&self, who: &Actor, asked: Triage) -> Answered<()> {
        let Some(http) = self.http(who) else {
            return told(contacts::triage_contact(&self.app, who, asked).await).map(drop);
        };
        let body =
            json!({ "raise": asked.raise, "remove": asked.remove, "exempt": asked.exempt, "reason": asked.reason });
        http.ask(who, post_at(format!("/api/v1/contacts/{}/triage", asked.contact), asked.version, body))
            .await
            .map(drop)
    }

    pub async fn attribute(&self, who: &Actor, asked: Attributing) -> Answered<()> {
        let Some(http) = self.http(who) else {
            return told(Box::pin(contacts::attribute_contact(&self.app, who, asked)).await).map(drop);
        };
        let (person, on_behalf) = match asked.decision {
            Decision::Own(person) => (Some(person), false),
            Decision::OnBehalfOf(person) => (Some(person), true),
            Decision::Nobody => (None, false),
        };
        let body = json!({ "personId": person, "onBehalf": on_behalf, "reason": asked.reason });
        let path = format!("/api/v1/contacts/{}/attribution", asked.contact);
        http.ask(who, post_at(path, asked.version, body)).await.map(drop)
    }

    /// The contact as its reader sees it.
    pub async fn read_contact(&self, who: &Actor, contact: ContactId) -> Answered<Value> {
        match self.http(who) {
            Some(http) => http.ask(who, get(format!("/api/v1/contacts/{contact}"))).await,
            None => told(contacts::find_contact(&self.app, who, contact).await).map(|view| json!(view)),
        }
    }

    pub async fn read_contacts_of(&self, who: &Actor, person: PersonId) -> Answered<()> {
        match self.http(who) {
            Some(http) => http.ask(who, get(format!("/api/v1/people/{person}/contacts"))).await.map(drop),
            None => told(contacts::list_contacts_of(&self.app, who, person, None, 50).await).map(drop),
        }
    }

    pub async fn read_person(&self, who: &Actor, person: PersonId) -> Answered<Value> {
        match self.http(who) {
            Some(http) => http.ask(who, get(format!("/api/v1/people/{person}"))).await,
            None => told(people::find_person(&self.app, who, person).await).map(|view| json!(view)),
        }
    }

    /// Answers the id of the merger.
    pub async fn merge_records(&self, who: &Actor, (kept, merged): (PersonId, PersonId)) -> Answered<Uuid> {
        let reason = "One and the same.".to_owned();
        match self.http(who) {
            Some(http) => {
                let body = json!({ "keptId": kept, "mergedId": merged, "reason": reason });
                Ok(id(&http.ask(who, post("/api/v1/people/merges", body)).await?))
            }
            None => {
                let merged = people::merge_people(&self.app, who, (kept, merged), reason).await;
                told(merged).map(|merge| merge.id.as_uuid())
            }
        }
    }

    pub async fn reverse(&self, who: &Actor, merge: Uuid) -> Answered<()> {
        let reason = "Two after all.".to_owned();
        match self.http(who) {
            Some(http) => {
                let path = format!("/api/v1/people/merges/{merge}/reversal");
                http.ask(who, post(path, json!({ "reason": reason }))).await.map(drop)
            }
            None => told(people::reverse_merge(&self.app, who, Id::from_uuid(merge), reason).await).map(drop),
        }
    }

    pub async fn complain_about(&self, who: &Actor, person: PersonId, officer: OfficerId) -> Answered<()> {
        match self.http(who) {
            Some(http) => {
                let path = format!("/api/v1/people/{person}/complaints-about");
                http.ask(who, post(path, json!({ "officerId": officer }))).await.map(drop)
            }
            None => told(people::record_complaint_about(&self.app, who, person, (officer, None)).await).map(drop),
        }
    }

    pub async fn identify(&self, who: &Actor, person: PersonId, new: NewIdentifier) -> Answered<()> {
        let Some(http) = self.http(who) else {
            return told(people::add_identifier(&self.app, who, person, new).await).map(drop);
        };
        let body = json!({ "kind": new.kind.as_str(), "value": new.value, "role": new.role.as_str(),
                           "confidence": new.confidence.as_str(), "source": new.source });
        http.ask(who, post(format!("/api/v1/people/{person}/identifiers"), body)).await.map(drop)
    }

    pub async fn end_identifier(&self, who: &Actor, (person, held): (PersonId, IdentifierId)) -> Answered<()> {
        let reason = "Given up.".to_owned();
        match self.http(who) {
            Some(http) => {
                let path = format!("/api/v1/people/{person}/identifiers/{held}/end");
                http.ask(who, post(path, json!({ "reason": reason }))).await.map(drop)
            }
            None => told(people::end_identifier(&self.app, who, (person, held), reason).await).map(drop),
        }
    }

    pub async fn adjust(&self, who: &Actor, person: PersonId, new: NewAdjustment) -> Answered<()> {
        match self.http(who) {
            Some(http) => {
                let body = json!({ "kind": new.kind, "detail": new.detail });
                http.ask(who, post(format!("/api/v1/people/{person}/adjustments"), body)).await.map(drop)
            }
            None => told(people::record_adjustment(&self.app, who, person, new).await).map(drop),
        }
    }

    pub async fn lend(&self, who: &Actor, loan: Loan) -> Answered<()> {
        let Some(http) = self.http(who) else { return told(grant_delegation(&self.app, who, loan).await).map(drop) };
        let body = json!({ "officerId": loan.officer, "workflow": loan.workflow, "from": loan.from, "to": loan.to });
        http.ask(who, post("/api/v1/delegations", body)).await.map(drop)
    }

    pub async fn take_back(&self, who: &Actor, loan: DelegationId) -> Answered<()> {
        match self.http(who) {
            Some(http) => {
                let asking = post(format!("/api/v1/delegations/{loan}/revocation"), Value::Null);
                http.ask(who, super::door::Asking { body: None, ..asking }).await.map(drop)
            }
            None => told(revoke_delegation(&self.app, who, loan).await).map(drop),
        }
    }
}
