//! How officers sign in to the pages, and who is signed in.

use super::StoreError;
use crate::domain::ids::{Id, OfficerId};
use chrono::{DateTime, Utc};
use entities::{credentials, sessions, sign_in_links};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect,
};

pub use entities::credentials::Model as Credentials;

/// What is kept of an officer who has set nothing up yet.
pub fn none_yet(officer: OfficerId) -> Credentials {
    Credentials {
        officer_id: officer.as_uuid(),
        password_hash: None,
        totp_secret: None,
        totp_step: 0,
        failures: 0,
        locked_until: None,
        shortcuts: false,
    }
}

pub async fn find(db: &impl ConnectionTrait, officer: OfficerId) -> Result<Credentials, StoreError> {
    let found = credentials::Entity::find_by_id(officer.as_uuid()).one(db).await?;
    Ok(found.unwrap_or_else(|| none_yet(officer)))
}

pub async fn save(db: &impl ConnectionTrait, kept: Credentials) -> Result<(), StoreError> {
    use credentials::Column as C;
    let changing = [C::PasswordHash, C::TotpSecret, C::TotpStep, C::Failures, C::LockedUntil, C::Shortcuts];
    let or_update = OnConflict::column(C::OfficerId).update_columns(changing).to_owned();
    let row = kept.into_active_model().reset_all();
    credentials::Entity::insert(row).on_conflict(or_update).exec_without_returning(db).await?;
    Ok(())
}

/// Keeps a link's hash. Links made earlier for the same officer work no more.
pub async fn keep_link(
    db: &impl ConnectionTrait,
    token_sha256: String,
    officer: OfficerId,
    expires_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    forget_links(db, officer).await?;
    let row = sign_in_links::ActiveModel {
        token_sha256: Set(token_sha256),
        officer_id: Set(officer.as_uuid()),
        expires_at: Set(expires_at),
    };
    sign_in_links::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// Whose link it is, if it still works.
pub async fn officer_of_link(
    db: &impl ConnectionTrait,
    token_sha256: &str,
    now: DateTime<Utc>,
) -> Result<Option<OfficerId>, StoreError> {
    let found = sign_in_links::Entity::find_by_id(token_sha256.to_owned()).one(db).await?;
    Ok(found.filter(|link| now < link.expires_at).map(|link| Id::from_uuid(link.officer_id)))
}

pub async fn forget_links(db: &impl ConnectionTrait, officer: OfficerId) -> Result<(), StoreError> {
    let theirs = sign_in_links::Column::OfficerId.eq(officer.as_uuid());
    sign_in_links::Entity::delete_many().filter(theirs).exec(db).await?;
    Ok(())
}

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub token_sha256: String,
    pub officer: OfficerId,
    pub began_at: DateTime<Utc>,
    /// The last time they did something, to the minute.
    pub seen_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
}

pub async fn begin_session(db: &impl ConnectionTrait, session: &Session) -> Result<(), StoreError> {
    let row = sessions::ActiveModel {
        token_sha256: Set(session.token_sha256.clone()),
        officer_id: Set(session.officer.as_uuid()),
        began_at: Set(session.began_at),
        seen_at: Set(session.seen_at),
        ends_at: Set(session.ends_at),
    };
    sessions::Entity::insert(row).exec_without_returning(db).await?;
    Ok(())
}

/// The session of a token, over or not.
pub async fn find_session(db: &impl ConnectionTrait, token_sha256: &str) -> Result<Option<Session>, StoreError> {
    let found = sessions::Entity::find_by_id(token_sha256.to_owned()).one(db).await?;
    Ok(found.map(|row| Session {
        token_sha256: row.token_sha256,
        officer: Id::from_uuid(row.officer_id),
        began_at: row.began_at,
        seen_at: row.seen_at,
        ends_at: row.ends_at,
    }))
}

/// Which of these sessions there still are.
pub async fn sessions_among(db: &impl ConnectionTrait, hashes: &[String]) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    for some in hashes.chunks(1_000) {
        let those = sessions::Column::TokenSha256.is_in(some.iter().map(String::as_str));
        let there = sessions::Entity::find().select_only().column(sessions::Column::TokenSha256).filter(those);
        found.extend(there.into_tuple::<String>().all(db).await?);
    }
    Ok(found)
}

/// They did something now.
pub async fn note_seen(db: &impl ConnectionTrait, token_sha256: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let change = sessions::ActiveModel { seen_at: Set(now), ..Default::default() };
    let theirs = sessions::Column::TokenSha256.eq(token_sha256);
    sessions::Entity::update_many().set(change).filter(theirs).exec(db).await?;
    Ok(())
}

pub async fn end_session(db: &impl ConnectionTrait, token_sha256: &str) -> Result<(), StoreError> {
    sessions::Entity::delete_by_id(token_sha256.to_owned()).exec(db).await?;
    Ok(())
}

/// Wherever they are signed in, they no longer are.
pub async fn end_sessions_of(db: &impl ConnectionTrait, officer: OfficerId) -> Result<(), StoreError> {
    let theirs = sessions::Column::OfficerId.eq(officer.as_uuid());
    sessions::Entity::delete_many().filter(theirs).exec(db).await?;
    Ok(())
}

/// Sessions and links that ended before `before`.
pub async fn forget_ended(db: &impl ConnectionTrait, before: DateTime<Utc>) -> Result<(), StoreError> {
    sessions::Entity::delete_many().filter(sessions::Column::EndsAt.lt(before)).exec(db).await?;
    sign_in_links::Entity::delete_many().filter(sign_in_links::Column::ExpiresAt.lt(before)).exec(db).await?;
    Ok(())
}
