//! The pages about callers, as links above each of them; none that the reader may not open.

use crate::app::callers::{MAY_READ_IMPORTS, MayDoWithCallers, may_do_with_callers};
use crate::app::coordination::{MAY_LIST, MAY_READ_PROGRAMME};
use crate::domain::marking::Marking;
use crate::web::frame::{Area, Page};
use crate::web::visitor::Visitor;
use serde::Serialize;
use serde_json::{Value, json};

/// The one that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web) enum Place {
    Desk,
    Cases,
    Nominations,
    Months,
    Markers,
    Meetings,
    Partners,
    Report,
    Files,
    /// One thing of a list.
    Within,
}

/// What the reader may do.
pub(super) fn may(visitor: &Visitor) -> MayDoWithCallers {
    may_do_with_callers(&visitor.officer)
}

fn tabs(visitor: &Visitor, here: Place) -> Value {
    let may = may(visitor);
    let reads = visitor.officer.has_any(&MAY_READ_PROGRAMME);
    let all = [
        (Place::Desk, "Desk", "/callers", reads || may.read_months || may.read_profiles),
        (Place::Cases, "Cases", "/callers/cases", visitor.officer.has_any(&MAY_LIST)),
        (Place::Nominations, "Nominated callers", "/callers/nominations", may.read_profiles),
        (Place::Months, "Months", "/callers/months", may.read_months),
        (Place::Markers, "Markers", "/callers/markers", may.mark),
        (Place::Meetings, "Meetings", "/callers/meetings", reads),
        (Place::Partners, "Partners", "/callers/partners", reads),
        (Place::Report, "Report", "/callers/report", reads),
        (Place::Files, "Files of calls", "/callers/imports", visitor.officer.has_any(&MAY_READ_IMPORTS)),
    ];
    let item = |(place, text, href, _): (Place, &str, &str, bool)| json!({ "text": text, "href": href, "active": place == here });
    json!(all.into_iter().filter(|(.., shown)| *shown).map(item).collect::<Vec<_>>())
}

/// A page about callers, with the links above it.
pub(in crate::web) fn page(
    visitor: &Visitor,
    (template, title, here): (&'static str, &str, Place),
    marking: Marking,
    view: impl Serialize,
) -> Page {
    let mut view = serde_json::to_value(view).unwrap_or_default();
    if let Some(view) = view.as_object_mut() {
        view.insert("tabs".to_owned(), tabs(visitor, here));
        view.insert("may".to_owned(), json!(may(visitor)));
    }
    Page { area: Area::Callers, marking, ..Page::new(template, title, view) }
}
