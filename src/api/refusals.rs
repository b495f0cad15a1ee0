//! What each refusal means: the codes that the engine and the use cases answer, for the page that a problem's `type`
//! resolves to. Codes of guards are not here: the workflow files that name them also say what they mean.

use crate::api::problem::Kind;

/// One code an entry, in order of status.
pub(crate) const REFUSALS: &[Kind] = &[
    Kind {
        slug: "wrong-role",
        status: 403,
        title: "Another role is needed",
        advice: "The detail names the roles. Ask somebody who holds one, or an administrator for the role.",
    },
    Kind {
        slug: "missing-scope",
        status: 403,
        title: "The system lacks a scope",
        advice: "The detail names it. An administrator gives a system its scopes.",
    },
    Kind {
        slug: "named-person-required",
        status: 403,
        title: "Only a named person may do this",
        advice: "Sign in as an officer: a system brings facts and decides nothing.",
    },
    Kind {
        slug: "not-through-a-system",
        status: 403,
        title: "Not through a liaison system",
        advice: "Sign in yourself. A system that speaks for officers answers consultations and looks callers up, unless it holds `officers.act_in_full`.",
    },
    Kind {
        slug: "officer-not-accepted",
        status: 403,
        title: "The system may not speak for this officer",
        advice: "Send a token of the officer's own; the system needs the scope `officers.act`.",
    },
    Kind {
        slug: "complained-about",
        status: 403,
        title: "The person has complained about you",
        advice: "Somebody the person has not complained about has to do this.",
    },
    Kind {
        slug: "not-the-spoc",
        status: 403,
        title: "Only the point of contact may do this",
        advice: "The officer who is the case's single point of contact does it, or it is handed over first.",
    },
    Kind {
        slug: "is-the-spoc",
        status: 403,
        title: "Not the point of contact",
        advice: "Somebody who is not the case's point of contact has to do this.",
    },
    Kind {
        slug: "own-text",
        status: 403,
        title: "Nobody decides about their own text",
        advice: "Somebody who neither wrote nor submitted it has to do this.",
    },
    Kind {
        slug: "no-valid-delegation",
        status: 403,
        title: "There is no delegation for this today",
        advice: "An administrator records the delegation of the appropriate authority, with its dates.",
    },
    Kind {
        slug: "not-allowed-in-state",
        status: 409,
        title: "Not in the present state",
        advice: "`allowedActions` names what you may do now; `GET …/actions` says why not.",
    },
    Kind {
        slug: "content-changed",
        status: 409,
        title: "The text is not the one that was read or signed",
        advice: "Read it again; what was signed has to be signed again.",
    },
    Kind {
        slug: "not-signed",
        status: 409,
        title: "The text has not been signed",
        advice: "It has to be signed first.",
    },
    Kind {
        slug: "no-choice-holds",
        status: 409,
        title: "None of the foreseen outcomes applies",
        advice: "Look at what was entered: it leads nowhere that this step foresees.",
    },
    Kind {
        slug: "guard-not-evaluated",
        status: 409,
        title: "A rule could not be evaluated",
        advice: "It was kept on the record and counts as refused. An operator has to look at the workflow file.",
    },
    Kind {
        slug: "not-opened-directly",
        status: 409,
        title: "Such a case is not opened directly",
        advice: "It is opened by an action of another case.",
    },
    Kind {
        slug: "case-already-open",
        status: 409,
        title: "There is an open case already",
        advice: "The detail names it: go on there.",
    },
    Kind {
        slug: "already-asked",
        status: 409,
        title: "This unit was asked already",
        advice: "Wait for its answer, or withdraw the question.",
    },
    Kind {
        slug: "no-person",
        status: 409,
        title: "Nobody is linked to the case",
        advice: "Link the case to a person on file first.",
    },
    Kind {
        slug: "dates-out-of-range",
        status: 409,
        title: "The dates cannot be meant",
        advice: "Correct the dates that the detail names.",
    },
    Kind {
        slug: "items-undecided",
        status: 409,
        title: "Items of the agenda are undecided",
        advice: "Decide each item, or carry it over, before the meeting is closed.",
    },
    Kind {
        slug: "item-already-decided",
        status: 409,
        title: "The item was decided already",
        advice: "Read the meeting again.",
    },
    Kind {
        slug: "meeting-already-planned",
        status: 409,
        title: "There is a meeting on that day",
        advice: "Read the meetings; use the one that is there.",
    },
    Kind {
        slug: "meeting-not-planned",
        status: 409,
        title: "The meeting is not planned any more",
        advice: "Read the meeting again.",
    },
    Kind {
        slug: "meeting-not-open",
        status: 409,
        title: "The meeting is not open",
        advice: "A decision needs an open meeting.",
    },
    Kind {
        slug: "mail-not-quarantined",
        status: 409,
        title: "The mail is not set aside",
        advice: "Only a mail that was set aside can be routed again.",
    },
    Kind {
        slug: "already-closed",
        status: 409,
        title: "The contact was closed already",
        advice: "Read the contact again.",
    },
    Kind {
        slug: "tick-list-required",
        status: 409,
        title: "The tick list comes first",
        advice: "Somebody has read the contact for risk, complaint, crime and rights requests before it is closed.",
    },
    Kind {
        slug: "exempt-needs-a-flag",
        status: 409,
        title: "Exempt by which flag?",
        advice: "Raise the flag that takes the contact out of the count.",
    },
    Kind {
        slug: "already-merged",
        status: 409,
        title: "The records were merged already",
        advice: "Read the person again.",
    },
    Kind {
        slug: "two-strategies-in-force",
        status: 409,
        title: "Both records have a strategy in force",
        advice: "Lift one of the two before the records are merged.",
    },
    Kind {
        slug: "already-reversed",
        status: 409,
        title: "The merge was reversed before",
        advice: "Read the person again.",
    },
    Kind { slug: "already-recorded", status: 409, title: "It is on file already", advice: "Read the person again." },
    Kind { slug: "already-ended", status: 409, title: "It ended before", advice: "Read the person again." },
    Kind {
        slug: "unknown-action",
        status: 422,
        title: "There is no such action",
        advice: "`GET …/actions` lists the actions of this case.",
    },
    Kind {
        slug: "invalid-input",
        status: 422,
        title: "The form is not filled in as it has to be",
        advice: "`errors` names each field by JSON pointer and says what is wrong with it.",
    },
];
