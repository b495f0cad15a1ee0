//! What is still to be read is found without looking at every contact, and the answers to a mail without looking at every
//! mail of ours.

use crate::draw::{create, index};
use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let indexes =
            vec![index("contacts", &["handling", "flagged", "read_due_at"]), index("outgoing", &["answers_id"])];
        create(manager, Vec::new(), indexes).await
    }
}
