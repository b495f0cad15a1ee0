//! A marker as callers read it.

use crate::domain::access::ActorRef;
use crate::domain::calls::{MarkedOn, MarkerKind};
use crate::domain::ids::{CallerId, MarkerId, PersonId};
use crate::store::caller_markers::Marker;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Marker)]
pub struct MarkerView {
    pub id: MarkerId,
    pub kind: MarkerKind,
    /// One of the three that follow.
    pub caller_id: Option<CallerId>,
    pub person_id: Option<PersonId>,
    pub place: Option<String>,
    pub text: String,
    /// When somebody looks at it again.
    pub review_on: Option<NaiveDate>,
    #[schema(value_type = Object)]
    pub added_by: ActorRef,
    pub added_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    pub ended_because: Option<String>,
}

impl From<Marker> for MarkerView {
    fn from(marker: Marker) -> Self {
        let (caller_id, person_id, place) = match marker.on {
            MarkedOn::Caller(caller) => (Some(caller), None, None),
            MarkedOn::Person(person) => (None, Some(person), None),
            MarkedOn::Place(place) => (None, None, Some(place)),
        };
        Self {
            id: marker.id,
            kind: marker.kind,
            caller_id,
            person_id,
            place,
            text: marker.text,
            review_on: marker.review_on,
            added_by: marker.added_by,
            added_at: marker.added_at,
            ended_at: marker.ended.as_ref().map(|ended| ended.at),
            ended_because: marker.ended.map(|ended| ended.because),
        }
    }
}
