//! What each refusal about calls means: their records, their files, and who is nominated by them.

use crate::api::problem::Kind;

/// One code an entry, in order of status.
pub(crate) const REFUSALS_OF_CALLS: &[Kind] = &[
    Kind {
        slug: "not-your-area",
        status: 403,
        title: "It is of another area",
        advice: "Ask a unit of that area, or somebody of the whole county.",
    },
    Kind {
        slug: "call-recorded",
        status: 409,
        title: "The call has a record already",
        advice: "Go on with that record; a call that comes again is another call, with one of its own.",
    },
    Kind {
        slug: "already-identified",
        status: 409,
        title: "The record says already who called",
        advice: "Where the record on file is wrong, people are merged or split.",
    },
    Kind {
        slug: "no-open-case",
        status: 409,
        title: "The caller has no open case",
        advice: "Take the nomination up, or leave it with a reason.",
    },
    Kind {
        slug: "record-complete",
        status: 409,
        title: "The record is complete",
        advice: "Amend it: what is added stands beside what was recorded, with a reason.",
    },
    Kind {
        slug: "record-taken-back",
        status: 409,
        title: "The record was taken back",
        advice: "It was begun by mistake, and nothing is added to it. Begin one of the call there was.",
    },
    Kind {
        slug: "request-waits",
        status: 409,
        title: "Something asked for in the record is still to be done",
        advice: "Send `request_done` for each request of the record, then take it back.",
    },
    Kind {
        slug: "call-was-made",
        status: 409,
        title: "There was such a call",
        advice: "Another system recorded it, or something was found in it: complete the record, and amend what is wrong in it.",
    },
    Kind {
        slug: "record-not-complete",
        status: 409,
        title: "The record is not complete yet",
        advice: "Change it where it stands; it is amended once it is complete.",
    },
    Kind {
        slug: "thrive-first",
        status: 409,
        title: "THRIVE has to be answered first",
        advice: "Answer its six questions, then grade the call.",
    },
    Kind {
        slug: "not-assessed",
        status: 409,
        title: "The call is not assessed yet",
        advice: "Say whether it is a genuine call for service and whether a crime was identified.",
    },
    Kind {
        slug: "override-needed",
        status: 409,
        title: "Somebody has to answer for nobody attending",
        advice: "Give a grade by which somebody attends, or send `override` with a reason and the name of the officer who decides it, with the grade.",
    },
    Kind {
        slug: "needs-grading",
        status: 409,
        title: "The call has to be graded again",
        advice: "A crime or a genuine call for service was found since it was graded.",
    },
    Kind {
        slug: "purpose-not-found",
        status: 409,
        title: "The purpose of the call is not found yet",
        advice: "Say whether it has a policing purpose, and why.",
    },
    Kind { slug: "not-graded", status: 409, title: "The call is not graded yet", advice: "Grade it." },
    Kind {
        slug: "script-not-finished",
        status: 409,
        title: "The call script is not gone through yet",
        advice: "Settle each step: it was done, or say why not.",
    },
    Kind {
        slug: "cad-reference-needed",
        status: 409,
        title: "A report is required",
        advice: "Give the reference of the CAD; it is made in command and control, never here.",
    },
    Kind {
        slug: "record-not-finished",
        status: 409,
        title: "The record is not finished",
        advice: "`errors` names each thing that is still to be done.",
    },
    Kind {
        slug: "cad-reference-taken",
        status: 409,
        title: "Another call has this CAD",
        advice: "Each call has a CAD of its own; look at the reference again.",
    },
    Kind { slug: "request-finished", status: 409, title: "This was done already", advice: "Read the record again." },
    Kind {
        slug: "seen-already",
        status: 409,
        title: "You see this case as it is",
        advice: "Read it: there is no glass to break, or you broke it already.",
    },
    Kind {
        slug: "nomination-looked-at",
        status: 409,
        title: "Somebody has looked at this nomination",
        advice: "Read the list of nominations again: it was taken up, left with a reason, or withdrawn.",
    },
    Kind {
        slug: "already-started",
        status: 409,
        title: "The file was started before",
        advice: "Read the import again.",
    },
    Kind {
        slug: "not-started",
        status: 409,
        title: "The file was not started",
        advice: "Throw it away, or start it first.",
    },
    Kind {
        slug: "nothing-imported",
        status: 409,
        title: "Nothing of the file was read",
        advice: "Nothing is to be undone.",
    },
    Kind {
        slug: "nothing-to-override",
        status: 422,
        title: "There is nothing to override",
        advice: "Leave `override` out: somebody attends, or neither a crime nor a genuine call for service was found.",
    },
];
