//! A delegation as the API shows it.

use crate::domain::ids::{DelegationId, OfficerId};
use crate::store::delegations::Delegation;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Delegation)]
pub(super) struct DelegationView {
    pub(super) id: DelegationId,
    /// Who may act.
    officer_id: OfficerId,
    /// The workflow whose actions it is for.
    #[schema(example = "communications-strategy")]
    workflow: String,
    /// First and last day, both inclusive, in London.
    from: NaiveDate,
    to: NaiveDate,
    granted_by: OfficerId,
    granted_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<DateTime<Utc>>,
}

impl From<Delegation> for DelegationView {
    fn from(delegation: Delegation) -> Self {
        Self {
            id: delegation.id,
            officer_id: delegation.officer,
            workflow: delegation.workflow,
            from: delegation.from,
            to: delegation.to,
            granted_by: delegation.granted_by,
            granted_at: delegation.granted_at,
            revoked_at: delegation.revoked_at,
        }
    }
}
