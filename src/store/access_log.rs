//! Who read, searched, disclosed or exported personal data (DPA 2018 s62).
//!
//! Kept apart from the database so that reading never waits for writing: a file of its own on SQLite, a table on
//! PostgreSQL. Its own thread groups what is waiting into one commit, and an entry is on the disk before the answer it
//! is about goes out. Entries are numbered and hash-chained like events, and never changed.

use super::canonical::{chained_hash, json_without_nul, without_nul};
use super::connect::{Place, StoreSettings, Use, open};
use super::writer::Writer;
use super::{StoreError, Tx, close, dialect, page};
use crate::domain::access::ActorRef;
use chrono::{DateTime, SecondsFormat, Utc};
use entities::access_log::{ActiveModel, Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait, Order, Query};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ColumnTrait, ConnectionTrait, DatabaseConnection, DbErr, EntityTrait,
    IntoActiveModel, Iterable, QueryOrder, QuerySelect,
};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex, PoisonError};

/// What was done with personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Read,
    Search,
    Disclose,
    Export,
}

impl Action {
    pub fn as_str(self) -> &'static str {
        match self {
            Action::Read => "read",
            Action::Search => "search",
            Action::Disclose => "disclose",
            Action::Export => "export",
        }
    }
}

/// One look at personal data.
#[derive(Clone, Debug)]
pub struct Access {
    pub at: DateTime<Utc>,
    pub actor: ActorRef,
    pub action: Action,
    /// The kind of thing: `person`, `contact`, `case`.
    pub object: String,
    pub object_id: Option<String>,
    /// To whom it was disclosed.
    pub recipient: Option<String>,
    /// What else an auditor wants to know, such as how many were found; never the data themselves.
    pub detail: Value,
}

/// Where looks at personal data are written down. Cheap to clone.
#[derive(Clone)]
pub struct AccessLog {
    writer: Writer,
    reader: DatabaseConnection,
    /// The hash of the entry that was written last by us. Another program may have gone on since.
    last_hash: Arc<Mutex<String>>,
}

impl AccessLog {
    /// `place` is the access log's own.
    pub(super) async fn open(place: &Place, settings: &StoreSettings) -> Result<Self, StoreError> {
        let few = StoreSettings { readers: 2, ..settings.clone() };
        let reader = open(place, Use::Read, &few).await?;
        let writer = Writer::start("access-log", place.clone(), settings.clone())?;
        Ok(Self { writer, reader, last_hash: Arc::default() })
    }

    /// Writes entries down; they are on the disk when this returns, or, within [`super::Store::read_page`], when the page
    /// is made.
    ///
    /// # Errors
    /// `Unavailable`, `Full`: nothing was written down, so nothing should be shown.
    pub async fn record(&self, entries: Vec<Access>) -> Result<(), StoreError> {
        match page::keep_looks(entries) {
            Some(entries) => self.record_now(entries).await,
            None => Ok(()),
        }
    }

    /// The same on its own, within a page too: for a look that is shown even where it cannot be written down yet.
    ///
    /// # Errors
    /// As for [`Self::record`].
    pub async fn record_now(&self, entries: Vec<Access>) -> Result<(), StoreError> {
        if entries.is_empty() {
            return Ok(());
        }
        let last_hash = Arc::clone(&self.last_hash);
        let written = self.writer.write(async move |tx: &Tx| append(tx, entries, &last_hash).await).await;
        written.map_err(StoreError::from)
    }

    /// The last entry there is.
    pub(super) async fn last(&self) -> Result<LastEntry, StoreError> {
        last(&self.reader).await
    }

    pub(super) fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    pub(super) async fn close(&self) {
        self.writer.close().await;
        close(&self.reader).await;
    }
}

/// Where the log ends: position 0 and no hash where it is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct LastEntry {
    pub(super) position: i64,
    pub(super) hash: String,
}

pub(super) async fn last(db: &impl ConnectionTrait) -> Result<LastEntry, StoreError> {
    let last = Entity::find().select_only().columns([Column::Position, Column::Hash]);
    let last: Option<(i64, String)> = last.order_by_desc(Column::Position).limit(1).into_tuple().one(db).await?;
    Ok(last.map(|(position, hash)| LastEntry { position, hash }).unwrap_or_default())
}

/// Whether the log has this very entry.
pub(super) async fn holds(db: &impl ConnectionTrait, entry: &LastEntry) -> Result<bool, StoreError> {
    let found = Entity::find_by_id(entry.position).one(db).await?;
    Ok(found.is_some_and(|found| found.hash == entry.hash))
}

/// SQLite binds at most 32,766 values a statement, PostgreSQL 65,535.
const ROWS_A_STATEMENT: usize = 1_000;

/// The first entry is written only if it follows `last_hash`; where it does not, another program wrote, or a commit of ours
/// failed, and what it follows is read.
async fn append(tx: &Tx, entries: Vec<Access>, last_hash: &Mutex<String>) -> Result<(), StoreError> {
    dialect::hold_the_access_log(tx).await?;
    let mut entries = entries.into_iter();
    let Some(first) = entries.next() else { return Ok(()) };
    let presumed = last_hash.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let mut row = self::row(first.clone(), presumed);
    if row.prev_hash.is_empty() || !insert_if_it_follows(tx, &row).await? {
        row = self::row(first, last(tx).await?.hash);
        let model = ActiveModel { position: NotSet, ..row.clone().into_active_model() };
        Entity::insert(model).exec_without_returning(tx).await?;
    }
    let mut prev_hash = row.hash;
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        let row = self::row(entry, prev_hash);
        prev_hash = row.hash.clone();
        rows.push(ActiveModel { position: NotSet, ..row.into_active_model() });
    }
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(ROWS_A_STATEMENT));
        Entity::insert_many(rows).exec_without_returning(tx).await?;
        rows = rest;
    }
    *last_hash.lock().unwrap_or_else(PoisonError::into_inner) = prev_hash;
    Ok(())
}

/// Whether it follows the last entry there is, and was written.
async fn insert_if_it_follows(tx: &Tx, row: &Model) -> Result<bool, StoreError> {
    let last =
        Query::select().column(Column::Hash).from(Entity).order_by(Column::Position, Order::Desc).limit(1).take();
    let values = row.clone().into_active_model();
    let columns = Column::iter().filter(|column| !matches!(column, Column::Position));
    let columns: Vec<Column> = columns.collect();
    let mut values_of = Query::select();
    for column in &columns {
        let value = values.get(*column).into_value().unwrap_or(sea_orm::Value::String(None));
        values_of.expr(column.save_as(Expr::val(value)));
    }
    values_of.and_where(Expr::val(row.prev_hash.clone()).eq(Expr::SubQuery(None, Box::new(last.into()))));
    let mut insert = Query::insert();
    insert.into_table(Entity).columns(columns);
    insert.select_from(values_of).map_err(|error| DbErr::Custom(error.to_string()))?;
    Ok(tx.execute(&insert).await?.rows_affected() == 1)
}

fn row(entry: Access, prev_hash: String) -> Model {
    let mut row = Model {
        position: 0,
        at: entry.at,
        actor: json!(entry.actor),
        action: entry.action.as_str().to_owned(),
        object: without_nul(entry.object),
        object_id: entry.object_id.map(without_nul),
        recipient: entry.recipient.map(without_nul),
        detail: json_without_nul(entry.detail),
        prev_hash,
        hash: String::new(),
    };
    row.hash = hash_of_row(&row.prev_hash, &row);
    row
}

/// The hash that an entry must have if it follows one with `prev_hash`.
pub(super) fn hash_of_row(prev_hash: &str, row: &Model) -> String {
    chained_hash(
        prev_hash,
        &json!({
            "at": row.at.to_rfc3339_opts(SecondsFormat::Micros, true),
            "actor": row.actor,
            "action": row.action,
            "object": row.object,
            "object_id": row.object_id,
            "recipient": row.recipient,
            "detail": row.detail,
        }),
    )
}
