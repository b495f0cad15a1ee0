//! Other systems are told what happened: signed, again and again, and only where they may be.

mod telling;
mod trying_again;
mod where_to;

use crate::story::cast::Force;
use crate::support::{Receiver, Session, TestDatabase, Told};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use evenhand::domain::access::Scope;
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

/// A force with one system that is told.
pub struct Telling {
    pub force: Force,
    pub receiver: Receiver,
    pub system: Session,
}

/// A webhook as it was added.
pub struct Hook {
    pub path: String,
    pub secret: String,
}

impl Telling {
    pub async fn begin(database: TestDatabase, scopes: &[Scope]) -> Self {
        let force = Box::pin(Force::gather(database)).await;
        let system = force.app.system("listener", scopes).await;
        Self { force, receiver: Receiver::start(), system }
    }

    /// The receiver is added for these types, and nothing is asked of it yet.
    pub async fn added(&self, types: &[&str], areas: &[&str]) -> Hook {
        let new = json!({ "systemId": self.system.id, "url": self.receiver.url(), "types": types, "areas": areas });
        let added = self.force.app.post(&self.force.admin, "/api/v1/webhooks", new).await.ok();
        let path = format!("/api/v1/webhooks/{}", added["id"].as_str().unwrap());
        Hook { path, secret: added["secret"].as_str().unwrap().to_owned() }
    }

    /// The receiver is added, asked, and wants to be told.
    pub async fn confirmed(&self, types: &[&str], areas: &[&str]) -> Hook {
        let hook = self.added(types, areas).await;
        self.force.app.run_jobs().await;
        assert!(self.read(&hook).await["confirmedAt"].is_string());
        hook
    }

    pub async fn read(&self, hook: &Hook) -> Value {
        self.force.app.get(&self.force.admin, &hook.path).await.ok()
    }

    /// Its deliveries in this state, newest first.
    pub async fn deliveries(&self, hook: &Hook, state: &str) -> Vec<Value> {
        let path = format!("{}/deliveries?state={state}", hook.path);
        self.force.app.get(&self.force.admin, &path).await.ok()["data"].as_array().unwrap().clone()
    }

    /// Works until so many messages came: another test's transaction in the same cluster holds the feed back.
    pub async fn told(&self, count: usize) -> Vec<Told> {
        for _again in 0..500 {
            self.force.app.run_jobs().await;
            if self.receiver.told().len() >= count {
                break;
            }
        }
        let told = self.receiver.told();
        assert_eq!(told.len(), count, "{told:#?}");
        told
    }
}

/// The signature that a receiver with this secret expects.
pub fn signature(secret: &str, told: &Told) -> String {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut hmac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    let (id, timestamp) = (&told.headers["webhook-id"], &told.headers["webhook-timestamp"]);
    hmac.update(format!("{id}.{timestamp}.{}", told.text).as_bytes());
    format!("v1,{}", STANDARD.encode(hmac.finalize().into_bytes()))
}

/// How many messages are of this type.
pub fn of_type(told: &[Told], event_type: &str) -> usize {
    told.iter().filter(|told| told.body["type"] == event_type).count()
}

pub const NOMINATED: &str = "psd.nomination.made.v1";
pub const ASKED: &str = "psd.consultation.requested.v1";
pub const ANSWERED: &str = "psd.consultation.answered.v1";
