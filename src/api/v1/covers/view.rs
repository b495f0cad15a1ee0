//! A cover as the API shows it.

use crate::domain::ids::{CoverId, OfficerId};
use crate::store::covers::Cover;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Cover)]
pub(super) struct CoverView {
    pub(super) id: CoverId,
    spoc_id: OfficerId,
    /// Who stands in.
    by_id: OfficerId,
    /// First and last day, both inclusive, in London.
    from: NaiveDate,
    to: NaiveDate,
    reason: String,
    recorded_by: OfficerId,
    recorded_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<DateTime<Utc>>,
}

impl From<Cover> for CoverView {
    fn from(cover: Cover) -> Self {
        Self {
            id: cover.id,
            spoc_id: cover.spoc,
            by_id: cover.by,
            from: cover.from,
            to: cover.to,
            reason: cover.reason,
            recorded_by: cover.recorded_by,
            recorded_at: cover.recorded_at,
            ended_at: cover.ended_at,
        }
    }
}
