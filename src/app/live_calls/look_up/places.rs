//! Places that are marked, whoever calls from there: a marker on a place is shown even where nobody on file is behind it.

use crate::app::App;
use crate::app::live_calls::plan::plan_in_force;
use crate::app::live_calls::{MarkerView, script};
use crate::domain::calls::MarkedOn;
use crate::domain::person::fold_name;
use crate::store::StoreError;
use crate::store::caller_markers::{self, Marker};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::BTreeMap;

/// A place with what is marked on it. It says nothing of who lives there, so it is shown to everybody.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlaceFound {
    /// As it was marked.
    pub place: String,
    pub markers: Vec<MarkerView>,
    pub response_plan: Option<String>,
    /// What markers ask the call taker to go through.
    pub call_script: Vec<String>,
    /// When this was known.
    pub as_of: DateTime<Utc>,
    /// It comes from memory: the database does not answer.
    pub from_memory: bool,
}

impl PlaceFound {
    /// Each place that one of these markers is on.
    pub(super) fn among(app: &App, markers: &[Marker], as_of: DateTime<Utc>) -> Vec<Self> {
        let mut places: BTreeMap<String, (String, Vec<Marker>)> = BTreeMap::new();
        for marker in markers {
            if let MarkedOn::Place(place) = &marker.on {
                let (_, on_it) = places.entry(fold_name(place)).or_insert_with(|| (place.clone(), Vec::new()));
                on_it.push(marker.clone());
            }
        }
        let found = |(place, markers): (String, Vec<Marker>)| Self {
            place,
            response_plan: plan_in_force(&markers, None, None),
            call_script: script::named(app, &markers),
            markers: markers.into_iter().map(MarkerView::from).collect(),
            as_of,
            from_memory: false,
        };
        places.into_values().map(found).collect()
    }
}

/// These places, where they are marked.
pub(in crate::app::live_calls) async fn places_found(
    app: &App,
    places: &[String],
) -> Result<Vec<PlaceFound>, StoreError> {
    let markers = caller_markers::in_force(app.store.reader(), &[], &[], places).await?;
    Ok(PlaceFound::among(app, &markers, app.now()))
}
