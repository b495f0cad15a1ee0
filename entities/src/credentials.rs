//! How an officer signs in to the pages, and what they chose for themselves there.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credentials")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub officer_id: Uuid,
    /// Argon2id in PHC form.
    #[sea_orm(column_type = "Text", nullable)]
    pub password_hash: Option<String>,
    /// Base32, as authenticator apps take it (RFC 6238).
    #[sea_orm(column_type = "Text", nullable)]
    pub totp_secret: Option<String>,
    /// The last time step a code was taken for: no code counts twice.
    pub totp_step: i64,
    /// Wrong answers since the last right one.
    pub failures: i32,
    pub locked_until: Option<DateTimeUtc>,
    /// Whether single keys do things.
    pub shortcuts: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
