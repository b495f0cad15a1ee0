//! The effects a workflow may name, and what each is to the checks: whom it acts on, what it opens, whether it restricts.

use serde::{Deserialize, Serialize};

/// The closed list of effects. What each does is `app/effects`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectName {
    /// Opens a `communications-strategy` child case for the same person and SPOC.
    OpenStrategy,
    /// Opens a `consultation` child case for the unit named in the input.
    OpenConsultation,
    /// Renders the notice from the approved text minus redactions and keeps it for service.
    ComposeNotice,
    /// Queues the kept notice as mail to the confirmed address recorded in the sharing form.
    SendNotice,
    /// The limits of this version bind from its deemed date. Restricts.
    PutLimitsInForce,
    /// The limits of this version stop binding.
    LiftLimits,
    /// The strategies in force under this case take their `lift` action, in the same person's name.
    LiftStrategy,
    /// Whoever was allocated answers for the case from now on, and for what was opened under it.
    HandOver,
    /// The parent case takes its `activate` action.
    ActivateParent,
    /// The parent case takes its `release` action.
    ReleaseParent,
    /// The parent case takes its `quash` action: an appeal against it was upheld.
    QuashParent,
    /// The parent case takes its `vary_on_appeal` action: another version is to be written.
    VaryParent,
    /// Sends the letter in the input to the person: by mail to a confirmed address, otherwise by a task for a person.
    SendLetter,
    /// Tells SPOC, appropriate authority and (by a task for a person) the member of the public.
    TellParties,
    /// Tells the units or people who must act next, or those the action asks.
    TellRole,
    /// Puts the case on the next meeting's agenda.
    ListOnAgenda,
    /// The case under review is erased with what ended under it, and the person where nothing else about them is kept.
    Dispose,
    /// Each recipient of what the input says was shared is written into the log of disclosures.
    LogSharing,
    /// The person is kept on file as a targeted victim; where nobody knows yet who it is, once they are linked.
    MarkTargetedVictim,
}

impl EffectName {
    pub const ALL: [EffectName; 19] = [
        EffectName::OpenStrategy,
        EffectName::OpenConsultation,
        EffectName::ComposeNotice,
        EffectName::SendNotice,
        EffectName::PutLimitsInForce,
        EffectName::LiftLimits,
        EffectName::LiftStrategy,
        EffectName::HandOver,
        EffectName::ActivateParent,
        EffectName::ReleaseParent,
        EffectName::QuashParent,
        EffectName::VaryParent,
        EffectName::SendLetter,
        EffectName::TellParties,
        EffectName::TellRole,
        EffectName::ListOnAgenda,
        EffectName::Dispose,
        EffectName::LogSharing,
        EffectName::MarkTargetedVictim,
    ];

    /// The word a workflow file uses.
    pub fn as_str(self) -> &'static str {
        match self {
            EffectName::OpenStrategy => "open_strategy",
            EffectName::OpenConsultation => "open_consultation",
            EffectName::ComposeNotice => "compose_notice",
            EffectName::SendNotice => "send_notice",
            EffectName::PutLimitsInForce => "put_limits_in_force",
            EffectName::LiftLimits => "lift_limits",
            EffectName::LiftStrategy => "lift_strategy",
            EffectName::HandOver => "hand_over",
            EffectName::ActivateParent => "activate_parent",
            EffectName::ReleaseParent => "release_parent",
            EffectName::QuashParent => "quash_parent",
            EffectName::VaryParent => "vary_parent",
            EffectName::SendLetter => "send_letter",
            EffectName::TellParties => "tell_parties",
            EffectName::TellRole => "tell_role",
            EffectName::ListOnAgenda => "list_on_agenda",
            EffectName::Dispose => "dispose",
            EffectName::LogSharing => "log_sharing",
            EffectName::MarkTargetedVictim => "mark_targeted_victim",
        }
    }

    /// Whether the effect by itself restricts a member of the public: no clock may reach it.
    pub fn restricts(self) -> bool {
        self == EffectName::PutLimitsInForce
    }

    /// Whether only a person's decision may bring it about.
    pub fn needs_a_person(self) -> bool {
        self.restricts() || matches!(self, EffectName::Dispose | EffectName::MarkTargetedVictim)
    }

    /// The action it makes the parent case take, if it does.
    pub fn acts_on_parent(self) -> Option<&'static str> {
        match self {
            EffectName::ActivateParent => Some("activate"),
            EffectName::ReleaseParent => Some("release"),
            EffectName::QuashParent => Some("quash"),
            EffectName::VaryParent => Some("vary_on_appeal"),
            EffectName::SendLetter
            | EffectName::OpenStrategy
            | EffectName::OpenConsultation
            | EffectName::ComposeNotice
            | EffectName::SendNotice
            | EffectName::PutLimitsInForce
            | EffectName::LiftLimits
            | EffectName::LiftStrategy
            | EffectName::HandOver
            | EffectName::TellParties
            | EffectName::TellRole
            | EffectName::ListOnAgenda
            | EffectName::Dispose
            | EffectName::LogSharing
            | EffectName::MarkTargetedVictim => None,
        }
    }

    /// The workflow of the child case it opens, if it does.
    pub fn opens_child(self) -> Option<&'static str> {
        match self {
            EffectName::OpenStrategy => Some("communications-strategy"),
            EffectName::OpenConsultation => Some("consultation"),
            EffectName::ActivateParent
            | EffectName::ReleaseParent
            | EffectName::QuashParent
            | EffectName::VaryParent
            | EffectName::SendLetter
            | EffectName::ComposeNotice
            | EffectName::SendNotice
            | EffectName::PutLimitsInForce
            | EffectName::LiftLimits
            | EffectName::LiftStrategy
            | EffectName::HandOver
            | EffectName::TellParties
            | EffectName::TellRole
            | EffectName::ListOnAgenda
            | EffectName::Dispose
            | EffectName::LogSharing
            | EffectName::MarkTargetedVictim => None,
        }
    }
}
