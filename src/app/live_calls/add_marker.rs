//! Telling call takers something of a number, a person or a place.

use super::{MAY_MARK, MarkerView};
use crate::app::callers::{Named, on_file};
use crate::app::people::may_act_on;
use crate::app::policy::under_the_policy;
use crate::app::{App, AppError, rights};
use crate::domain::access::Actor;
use crate::domain::calendar::london;
use crate::domain::calls::{CallerKey, CallerKind, MarkedOn, MarkerKind};
use crate::domain::person::{IdentifierKind, normalise};
use crate::store::Tx;
use crate::store::caller_markers::{self, Marker};
use crate::store::callers::{self, Caller};
use crate::store::events::{self, NewEvent, Stream};
use chrono::NaiveDate;
use serde_json::json;

const LONGEST: usize = 5_000;

/// A marker to be added, on exactly one of a number, a person and a place.
#[derive(Clone, Debug)]
pub struct NewMarker {
    pub kind: MarkerKind,
    pub telephone: Option<String>,
    pub person: Option<Named>,
    pub place: Option<String>,
    pub text: String,
    pub review_on: Option<NaiveDate>,
}

/// # Errors
/// `named-person-required`, `wrong-role`, `complained-about`; `Invalid` for a marker on nothing or on several things, for
/// a number that is none, a person who is not on file, no words, or a review in the past.
pub async fn add_marker(app: &App, actor: &Actor, new: NewMarker) -> Result<MarkerView, AppError> {
    rights::officer_with(actor, &MAY_MARK)?;
    if new.text.trim().is_empty() || new.text.chars().count() > LONGEST {
        return Err(AppError::invalid("/text", "Say what call takers are to know, in at most 5,000 characters."));
    }
    if new.review_on.is_some_and(|day| day < london::date_of(app.now())) {
        return Err(AppError::invalid("/reviewOn", "This day is over."));
    }
    let (inner, actor) = (app.clone(), actor.clone());
    let added = app.store.write(async move |tx| add(&inner, tx, &actor, new).await).await?;
    Ok(added.into())
}

async fn add(app: &App, tx: &Tx, actor: &Actor, new: NewMarker) -> Result<Marker, AppError> {
    let on = marked(app, tx, actor, &new).await?;
    let marker = Marker {
        id: app.new_id(),
        kind: new.kind,
        on,
        text: new.text,
        review_on: new.review_on,
        added_by: actor.reference(),
        added_at: app.now(),
        ended: None,
    };
    caller_markers::insert(tx, &marker).await?;
    let told = json!({ "markerKind": marker.kind, "text": marker.text, "reviewOn": marker.review_on });
    let event = NewEvent {
        id: app.new_id(),
        at: marker.added_at,
        actor: marker.added_by,
        kind: "added".to_owned(),
        data: under_the_policy(app, actor, told),
    };
    events::append(tx, Stream::Marker, marker.id.as_uuid(), 0, vec![event]).await?;
    Ok(marker)
}

async fn marked(app: &App, tx: &Tx, actor: &Actor, new: &NewMarker) -> Result<MarkedOn, AppError> {
    match (&new.telephone, &new.person, &new.place) {
        (Some(number), None, None) => {
            let number = normalise(IdentifierKind::Telephone, number)
                .map_err(|fault| AppError::invalid("/telephone", format!("{fault}")))?;
            let key = CallerKey::of_number(&number);
            let caller = Caller {
                id: key.id(),
                key: key.to_string(),
                kind: CallerKind::Unknown,
                number: Some(number),
                name: None,
                location: None,
                person: None,
                noted_at: app.now(),
            };
            callers::keep(tx, std::slice::from_ref(&caller)).await?;
            Ok(MarkedOn::Caller(caller.id))
        }
        (None, Some(person), None) => {
            let root = on_file(tx, person).await?;
            may_act_on(tx, actor, Some(root)).await?;
            Ok(MarkedOn::Person(root))
        }
        (None, None, Some(place)) if !place.trim().is_empty() => Ok(MarkedOn::Place(place.trim().to_owned())),
        _ => Err(AppError::invalid("", "Give one of these: a telephone number, a person, a place.")),
    }
}
