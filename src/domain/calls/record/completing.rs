//! What is still to be done before a record is complete.

use super::CallRecord;
use crate::domain::case::RefusalFault;

/// Each thing that keeps the record from being complete, with the field it is about, a code of its own and the
/// paragraph behind it; empty where nothing does.
pub fn left_to_do(record: &CallRecord) -> Vec<RefusalFault> {
    let mut left = Vec::new();
    let mut owed = |is_owed: bool, (pointer, code): (&str, &str), message: &str, policy: &str| {
        if is_owed {
            left.push(RefusalFault {
                pointer: Some(pointer.to_owned()),
                message: message.to_owned(),
                code: Some(code.to_owned()),
                policy: Some(policy.to_owned()),
            });
        }
    };
    owed(
        record.purpose.is_none(),
        ("/purpose/finding", "purpose-not-found"),
        "Say whether the call has a policing purpose, and why.",
        "1.2",
    );
    owed(
        !record.flags.are_answered(),
        ("/genuine", "not-assessed"),
        "Say whether it is a genuine call for service, and whether a crime was identified.",
        "6.6",
    );
    owed(record.thrive.is_none(), ("/threat", "thrive-first"), "Answer the six questions of THRIVE.", "6.4");
    owed(record.graded.is_none(), ("/grade", "not-graded"), "Grade the call.", "6.5");
    owed(
        record.needs_grading(),
        ("/grade", "needs-grading"),
        "A crime or a genuine call for service was found since it was graded: grade it again.",
        "6.6",
    );
    owed(
        record.steps.iter().any(|step| step.settled.is_none()),
        ("/script", "script-not-finished"),
        "Go through every step of the call script: it was done, or say why not.",
        "6.4",
    );
    owed(
        record.report_needed == Some(true) && record.cad_reference.is_none(),
        ("/cadReference", "cad-reference-needed"),
        "A report is required: give the reference of the CAD.",
        "6.4",
    );
    left
}
