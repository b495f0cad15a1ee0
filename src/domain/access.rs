//! Who acts: roles, named officers, systems and the clock.

use super::ids::{ClientId, OfficerId};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt, str::FromStr};

/// What an officer may do, in the words of the policy. `spoc` is held per case: the officer must also be the one
/// allocated to that case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Ccr,
    Opt,
    Snt,
    Mash,
    Csu,
    Coordinator,
    PsdStaff,
    PsdSupervisor,
    Spoc,
    Chair,
    AppropriateAuthority,
    Records,
    Auditor,
    Admin,
}

impl Role {
    pub const ALL: [Role; 14] = [
        Role::Ccr,
        Role::Opt,
        Role::Snt,
        Role::Mash,
        Role::Csu,
        Role::Coordinator,
        Role::PsdStaff,
        Role::PsdSupervisor,
        Role::Spoc,
        Role::Chair,
        Role::AppropriateAuthority,
        Role::Records,
        Role::Auditor,
        Role::Admin,
    ];

    /// The id used in workflow files, tokens and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Ccr => "ccr",
            Role::Opt => "opt",
            Role::Snt => "snt",
            Role::Mash => "mash",
            Role::Csu => "csu",
            Role::Coordinator => "coordinator",
            Role::PsdStaff => "psd_staff",
            Role::PsdSupervisor => "psd_supervisor",
            Role::Spoc => "spoc",
            Role::Chair => "chair",
            Role::AppropriateAuthority => "appropriate_authority",
            Role::Records => "records",
            Role::Auditor => "auditor",
            Role::Admin => "admin",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a role")]
pub struct UnknownRole(pub String);

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Role::ALL.into_iter().find(|role| role.as_str() == text).ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

/// A named officer or member of staff: the only kind of actor that may decide anything about a member of the public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Officer {
    pub id: OfficerId,
    pub username: String,
    pub display_name: String,
    pub roles: BTreeSet<Role>,
    /// The areas of the county whose callers are theirs, by key; empty: the whole county.
    pub areas: BTreeSet<String>,
    /// The system that speaks for them; `None` when they are signed in themselves.
    pub through: Option<Through>,
}

/// A system that speaks for an officer, and how far that goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Through {
    pub system: ClientId,
    pub reach: Reach,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Answering consultations and looking callers up.
    Liaison,
    /// Whatever the officer may do.
    Everything,
}

impl Officer {
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether this area of the county is theirs.
    pub fn covers(&self, area: &str) -> bool {
        self.areas.is_empty() || self.areas.contains(area)
    }

    pub fn has_any(&self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.has(*role))
    }

    /// Whether they speak through a system that reaches no further than consultations and look-ups.
    pub fn is_confined_to_liaison(&self) -> bool {
        self.through.is_some_and(|through| through.reach == Reach::Liaison)
    }
}

/// A computer system with credentials of its own. It may bring facts (mail, contacts); it never decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct System {
    pub id: ClientId,
    pub name: String,
    pub scopes: BTreeSet<String>,
    /// Keys of the register of areas whose callers it reads of; none: the whole county.
    pub areas: BTreeSet<String>,
}

impl System {
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(scope.as_str())
    }

    /// How far it speaks for the officers whose tokens it presents.
    pub fn reach(&self) -> Reach {
        if self.may(Scope::OfficersActInFull) { Reach::Everything } else { Reach::Liaison }
    }
}

/// What a system may be let do: bring facts, answer a live call, follow changes. There is no scope to decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Hand in raw mail.
    MailWrite,
    /// Record contacts of any channel.
    ContactsWrite,
    /// Read contacts back.
    ContactsRead,
    /// Bring files of calls in.
    CallsImport,
    /// Look a caller up on a live call.
    CallersLookUp,
    /// Be told that somebody was nominated.
    NominationsRead,
    /// Be told that somebody was referred to a unit.
    ReferralsRead,
    /// Read the profile of a repeat caller, and who is nominated.
    CallersRead,
    /// Read who called how often in a month.
    CallerMonthsRead,
    /// Read which referrals of repeat callers are with an area.
    AreaReferralsRead,
    /// Follow the feed of changes.
    ChangesRead,
    /// Speak for an officer whose token it presents (`act`, RFC 8693), in consultations and look-ups.
    OfficersAct,
    /// The same in everything the officer may do.
    OfficersActInFull,
}

impl Scope {
    pub const ALL: [Scope; 13] = [
        Scope::MailWrite,
        Scope::ContactsWrite,
        Scope::ContactsRead,
        Scope::CallsImport,
        Scope::CallersLookUp,
        Scope::NominationsRead,
        Scope::ReferralsRead,
        Scope::CallersRead,
        Scope::CallerMonthsRead,
        Scope::AreaReferralsRead,
        Scope::ChangesRead,
        Scope::OfficersAct,
        Scope::OfficersActInFull,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Scope::MailWrite => "mail.write",
            Scope::ContactsWrite => "contacts.write",
            Scope::ContactsRead => "contacts.read",
            Scope::CallsImport => "calls.import",
            Scope::CallersLookUp => "callers.look_up",
            Scope::NominationsRead => "nominations.read",
            Scope::ReferralsRead => "referrals.read",
            Scope::CallersRead => "callers.read",
            Scope::CallerMonthsRead => "caller_months.read",
            Scope::AreaReferralsRead => "area_referrals.read",
            Scope::ChangesRead => "changes.read",
            Scope::OfficersAct => "officers.act",
            Scope::OfficersActInFull => "officers.act_in_full",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not a scope")]
pub struct UnknownScope(pub String);

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Scope::ALL.into_iter().find(|scope| scope.as_str() == text).ok_or_else(|| UnknownScope(text.to_owned()))
    }
}

/// Who asked for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    Officer(Officer),
    System(System),
    /// A timer of ours. It may lift, remind or escalate to a person; it never restricts.
    Clock,
    /// A nomination rule or another part of the software that brings facts.
    Software,
}

impl Actor {
    pub fn officer(&self) -> Option<&Officer> {
        match self {
            Actor::Officer(officer) => Some(officer),
            Actor::System(_) | Actor::Clock | Actor::Software => None,
        }
    }

    /// What a history keeps of the actor.
    pub fn reference(&self) -> ActorRef {
        match self {
            Actor::Officer(officer) => match officer.through {
                None => ActorRef::Officer(officer.id),
                Some(through) => ActorRef::OfficerThrough(officer.id, through.system),
            },
            Actor::System(system) => ActorRef::System(system.id),
            Actor::Clock => ActorRef::Clock,
            Actor::Software => ActorRef::Software,
        }
    }
}

/// The actor as an event keeps it: kind and id, no names. JSON: `{"kind":"officer","id":"…"}`, with `"through":"…"` for
/// the system that spoke for the officer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "WrittenRef", try_from = "WrittenRef")]
pub enum ActorRef {
    Officer(OfficerId),
    OfficerThrough(OfficerId, ClientId),
    System(ClientId),
    Clock,
    Software,
}

impl ActorRef {
    pub fn officer(self) -> Option<OfficerId> {
        match self {
            ActorRef::Officer(id) | ActorRef::OfficerThrough(id, _) => Some(id),
            ActorRef::System(_) | ActorRef::Clock | ActorRef::Software => None,
        }
    }
}

/// An [`ActorRef`] as it is written; what is not there leaves no trace, so that old histories keep their hashes.
#[derive(Serialize, Deserialize)]
struct WrittenRef {
    kind: WrittenKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<uuid::Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    through: Option<ClientId>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum WrittenKind {
    Officer,
    System,
    Clock,
    Software,
}

impl From<ActorRef> for WrittenRef {
    fn from(actor: ActorRef) -> Self {
        let (kind, id, through) = match actor {
            ActorRef::Officer(id) => (WrittenKind::Officer, Some(id.as_uuid()), None),
            ActorRef::OfficerThrough(id, system) => (WrittenKind::Officer, Some(id.as_uuid()), Some(system)),
            ActorRef::System(id) => (WrittenKind::System, Some(id.as_uuid()), None),
            ActorRef::Clock => (WrittenKind::Clock, None, None),
            ActorRef::Software => (WrittenKind::Software, None, None),
        };
        WrittenRef { kind, id, through }
    }
}

impl TryFrom<WrittenRef> for ActorRef {
    type Error = NamesNobody;

    fn try_from(written: WrittenRef) -> Result<Self, NamesNobody> {
        match written {
            WrittenRef { kind: WrittenKind::Officer, id: Some(id), through: None } => {
                Ok(ActorRef::Officer(OfficerId::from_uuid(id)))
            }
            WrittenRef { kind: WrittenKind::Officer, id: Some(id), through: Some(system) } => {
                Ok(ActorRef::OfficerThrough(OfficerId::from_uuid(id), system))
            }
            WrittenRef { kind: WrittenKind::System, id: Some(id), .. } => Ok(ActorRef::System(ClientId::from_uuid(id))),
            WrittenRef { kind: WrittenKind::Clock, .. } => Ok(ActorRef::Clock),
            WrittenRef { kind: WrittenKind::Software, .. } => Ok(ActorRef::Software),
            WrittenRef { kind: WrittenKind::Officer | WrittenKind::System, id: None, .. } => Err(NamesNobody),
        }
    }
}

#[derive(Debug, thiserror::Error)]
#[error("an officer or a system without an id")]
struct NamesNobody;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use uuid::Uuid;

    #[test]
    fn an_actor_is_written_as_it_always_was_and_with_the_system_only_where_there_is_one() {
        let (officer, system) = (Uuid::from_u128(1), Uuid::from_u128(2));
        for (actor, written) in [
            (ActorRef::Officer(OfficerId::from_uuid(officer)), json!({ "kind": "officer", "id": officer })),
            (
                ActorRef::OfficerThrough(OfficerId::from_uuid(officer), ClientId::from_uuid(system)),
                json!({ "kind": "officer", "id": officer, "through": system }),
            ),
            (ActorRef::System(ClientId::from_uuid(system)), json!({ "kind": "system", "id": system })),
            (ActorRef::Clock, json!({ "kind": "clock" })),
            (ActorRef::Software, json!({ "kind": "software" })),
        ] {
            assert_eq!(json!(actor), written);
            assert_eq!(serde_json::from_value::<ActorRef>(written).unwrap(), actor);
        }
        assert!(serde_json::from_value::<ActorRef>(json!({ "kind": "officer" })).is_err());
    }
}
