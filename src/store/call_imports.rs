//! Files of calls that were brought in: how far, with which faults, and whether somebody undid it.

use super::{StoreError, without_nul};
use crate::domain::access::ActorRef;
use crate::domain::ids::{CallImportId, Id};
use chrono::{DateTime, Utc};
use entities::call_import_faults;
use entities::call_import_parts;
use entities::call_imports::{ActiveModel, Column, Entity, Model};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use std::collections::BTreeSet;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallImport {
    pub id: CallImportId,
    pub profile: String,
    pub profile_version: u32,
    pub system: String,
    pub file_name: String,
    /// The file's own, as a line of CSV; `None` until it is read, and of files that came before they were kept.
    pub headings: Option<String>,
    /// Of the whole file, in hex; `None` until it was read to its end.
    pub sha256: Option<String>,
    pub status: ImportStatus,
    /// Why it stopped.
    pub trouble: Option<String>,
    pub counts: ImportCounts,
    pub first_call_at: Option<DateTime<Utc>>,
    pub last_call_at: Option<DateTime<Utc>>,
    pub by: ActorRef,
    pub began_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    pub undone: Option<Undone>,
}

/// Who undid it, when and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undone {
    pub by: ActorRef,
    pub at: DateTime<Utc>,
    pub because: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportStatus {
    /// Handed in; somebody looks at it before it is read.
    Waiting,
    Running,
    Done,
    /// It could not be read to its end; what was read before stays.
    Failed,
    /// Somebody took it back, and not all of its rows are withdrawn yet.
    Undoing,
    Undone,
    /// Thrown away before it was read.
    Dropped,
}

impl ImportStatus {
    const ALL: [ImportStatus; 7] = [
        ImportStatus::Waiting,
        ImportStatus::Running,
        ImportStatus::Done,
        ImportStatus::Failed,
        ImportStatus::Undoing,
        ImportStatus::Undone,
        ImportStatus::Dropped,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            ImportStatus::Waiting => "waiting",
            ImportStatus::Running => "running",
            ImportStatus::Done => "done",
            ImportStatus::Failed => "failed",
            ImportStatus::Undoing => "undoing",
            ImportStatus::Undone => "undone",
            ImportStatus::Dropped => "dropped",
        }
    }
}

/// What became of the rows. Read = kept + known + skipped + rejected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportCounts {
    pub read: u64,
    pub kept: u64,
    /// Here before, by the system's own key.
    pub known: u64,
    /// Radio, and what else the profile says is no call.
    pub skipped: u64,
    pub rejected: u64,
    /// Kept, and recorded by another system too.
    pub matched: u64,
    /// Calls that became contacts of people on file.
    pub contacts: u64,
    pub nominations: u64,
}

/// What is wrong with one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportFault {
    /// The header is row 1.
    pub row: u64,
    pub ordinal: u32,
    pub code: String,
    pub column: Option<String>,
    pub says: String,
    /// The row as it came, with its first fault.
    pub text: Option<String>,
}

pub async fn insert(db: &impl ConnectionTrait, import: &CallImport) -> Result<(), StoreError> {
    Entity::insert(write(import)).exec_without_returning(db).await?;
    Ok(())
}

pub async fn update(db: &impl ConnectionTrait, import: &CallImport) -> Result<(), StoreError> {
    let change = ActiveModel { id: sea_orm::ActiveValue::NotSet, ..write(import) };
    Entity::update_many().set(change).filter(Column::Id.eq(import.id.as_uuid())).exec(db).await?;
    Ok(())
}

pub async fn find(db: &impl ConnectionTrait, id: CallImportId) -> Result<Option<CallImport>, StoreError> {
    Entity::find_by_id(id.as_uuid()).one(db).await?.map(read).transpose()
}

/// Newest first, after `after`.
pub async fn list(
    db: &impl ConnectionTrait,
    after: Option<CallImportId>,
    most: u64,
) -> Result<Vec<CallImport>, StoreError> {
    let mut query = Entity::find().order_by_desc(Column::Id).limit(most);
    if let Some(after) = after {
        query = query.filter(Column::Id.lt(after.as_uuid()));
    }
    query.all(db).await?.into_iter().map(read).collect()
}

/// Bytes a part.
const PART: usize = 1 << 20;

/// Keeps the file until it is read.
pub async fn keep_file(db: &impl ConnectionTrait, import: CallImportId, bytes: &[u8]) -> Result<(), StoreError> {
    for (ordinal, part) in bytes.chunks(PART).enumerate() {
        let part = call_import_parts::ActiveModel {
            import_id: Set(import.as_uuid()),
            ordinal: Set(i32::try_from(ordinal).unwrap_or(i32::MAX)),
            bytes: Set(part.to_vec()),
        };
        call_import_parts::Entity::insert(part).exec_without_returning(db).await?;
    }
    Ok(())
}

/// The file; nothing where it was read to its end or thrown away.
pub async fn file(db: &impl ConnectionTrait, import: CallImportId) -> Result<Vec<u8>, StoreError> {
    use call_import_parts::Column as Of;
    let parts = call_import_parts::Entity::find().filter(Of::ImportId.eq(import.as_uuid())).order_by_asc(Of::Ordinal);
    Ok(parts.all(db).await?.into_iter().flat_map(|part| part.bytes).collect())
}

/// Those of a profile that are being read, but for files that wait here and are read on by themselves.
pub async fn reading(db: &impl ConnectionTrait, profile: &str) -> Result<Vec<CallImport>, StoreError> {
    use call_import_parts::Column as Of;
    let running = Entity::find().filter(Column::Status.eq(ImportStatus::Running.as_str()));
    let rows = running.filter(Column::Profile.eq(profile)).order_by_asc(Column::Id).all(db).await?;
    let waiting: Vec<uuid::Uuid> = call_import_parts::Entity::find()
        .select_only()
        .column(Of::ImportId)
        .filter(Of::Ordinal.eq(0))
        .filter(Of::ImportId.is_in(rows.iter().map(|row| row.id)))
        .into_tuple()
        .all(db)
        .await?;
    rows.into_iter().filter(|row| !waiting.contains(&row.id)).map(read).collect()
}

pub async fn forget_file(db: &impl ConnectionTrait, import: CallImportId) -> Result<(), StoreError> {
    use call_import_parts::Column as Of;
    call_import_parts::Entity::delete_many().filter(Of::ImportId.eq(import.as_uuid())).exec(db).await?;
    Ok(())
}

/// Those that were done, and not undone, with calls between two instants, the earliest call first.
pub async fn reaching_into(
    db: &impl ConnectionTrait,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<CallImport>, StoreError> {
    let done = Entity::find().filter(Column::Status.eq(ImportStatus::Done.as_str()));
    let reaching = done.filter(Column::FirstCallAt.lt(until)).filter(Column::LastCallAt.gte(from));
    let rows = reaching.order_by_asc(Column::FirstCallAt).order_by_asc(Column::Id).all(db).await?;
    rows.into_iter().map(read).collect()
}

/// How the files of one system come in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The newest that was read to its end.
    pub last_done: Option<CallImport>,
    /// When the last call in any such file began.
    pub last_call_at: Option<DateTime<Utc>>,
    /// Files that failed since.
    pub failed_since: u64,
    pub running: u64,
}

/// The systems that files came from, ever.
pub async fn systems(db: &impl ConnectionTrait) -> Result<BTreeSet<String>, StoreError> {
    let systems: Vec<String> =
        Entity::find().select_only().column(Column::System).distinct().into_tuple().all(db).await?;
    Ok(systems.into_iter().collect())
}

pub async fn standing(db: &impl ConnectionTrait, system: &str) -> Result<Standing, StoreError> {
    let of_status = |status: ImportStatus| {
        Entity::find().filter(Column::System.eq(system)).filter(Column::Status.eq(status.as_str()))
    };
    let done = of_status(ImportStatus::Done);
    let last_done = done.clone().order_by_desc(Column::Id).one(db).await?.map(read).transpose()?;
    let last_call: Option<Option<DateTime<Utc>>> =
        done.select_only().column_as(Column::LastCallAt.max(), "last_call_at").into_tuple().one(db).await?;
    let mut failed = of_status(ImportStatus::Failed);
    if let Some(last) = &last_done {
        failed = failed.filter(Column::Id.gt(last.id.as_uuid()));
    }
    Ok(Standing {
        last_done,
        last_call_at: last_call.flatten(),
        failed_since: failed.count(db).await?,
        running: of_status(ImportStatus::Running).count(db).await?,
    })
}

pub async fn insert_faults(
    db: &impl ConnectionTrait,
    import: CallImportId,
    faults: &[ImportFault],
) -> Result<(), StoreError> {
    let row = |fault: &ImportFault| call_import_faults::ActiveModel {
        import_id: Set(import.as_uuid()),
        row_number: Set(i64::try_from(fault.row).unwrap_or(i64::MAX)),
        ordinal: Set(i32::try_from(fault.ordinal).unwrap_or(i32::MAX)),
        code: Set(fault.code.clone()),
        column_name: Set(fault.column.clone().map(without_nul)),
        says: Set(without_nul(fault.says.clone())),
        row_text: Set(fault.text.clone().map(without_nul)),
    };
    for some in faults.chunks(1000) {
        call_import_faults::Entity::insert_many(some.iter().map(row)).exec_without_returning(db).await?;
    }
    Ok(())
}

/// In the order of the file, after a row: `most`, and what else is wrong with the last row of them.
pub async fn faults(
    db: &impl ConnectionTrait,
    import: CallImportId,
    after_row: u64,
    most: u64,
) -> Result<Vec<ImportFault>, StoreError> {
    use call_import_faults::Column as Of;
    let of_import = || {
        let rows = call_import_faults::Entity::find().filter(Of::ImportId.eq(import.as_uuid()));
        rows.order_by_asc(Of::RowNumber).order_by_asc(Of::Ordinal)
    };
    let after = of_import().filter(Of::RowNumber.gt(i64::try_from(after_row).unwrap_or(i64::MAX)));
    let mut rows = after.limit(most).all(db).await?;
    let full = u64::try_from(rows.len()).unwrap_or(u64::MAX) == most;
    if let Some(last) = rows.last().filter(|_| full) {
        let rest = of_import().filter(Of::RowNumber.eq(last.row_number)).filter(Of::Ordinal.gt(last.ordinal));
        rows.extend(rest.all(db).await?);
    }
    let fault = |row: call_import_faults::Model| ImportFault {
        row: u64::try_from(row.row_number).unwrap_or(0),
        ordinal: u32::try_from(row.ordinal).unwrap_or(0),
        code: row.code,
        column: row.column_name,
        says: row.says,
        text: row.row_text,
    };
    Ok(rows.into_iter().map(fault).collect())
}

fn read(row: Model) -> Result<CallImport, StoreError> {
    let corrupt = || StoreError::Corrupt { what: "an import of calls" };
    let by = |by| serde_json::from_value::<ActorRef>(by).map_err(|_unreadable| corrupt());
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    let undone = match (row.undone_by.filter(|by| !by.is_null()), row.undone_at) {
        (Some(who), Some(at)) => Some(Undone { by: by(who)?, at, because: row.undone_because.unwrap_or_default() }),
        (Some(_) | None, _) => None,
    };
    Ok(CallImport {
        id: Id::from_uuid(row.id),
        profile: row.profile,
        profile_version: u32::try_from(row.profile_version).unwrap_or(0),
        system: row.system,
        file_name: row.file_name,
        headings: row.headings,
        sha256: row.sha256,
        status: ImportStatus::ALL.into_iter().find(|one| one.as_str() == row.status).ok_or_else(corrupt)?,
        trouble: row.trouble,
        counts: ImportCounts {
            read: count(row.rows_read),
            kept: count(row.kept),
            known: count(row.known),
            skipped: count(row.skipped),
            rejected: count(row.rejected),
            matched: count(row.matched),
            contacts: count(row.contacts),
            nominations: count(row.nominations),
        },
        first_call_at: row.first_call_at,
        last_call_at: row.last_call_at,
        by: by(row.by)?,
        began_at: row.began_at,
        ended_at: row.ended_at,
        undone,
    })
}

fn write(import: &CallImport) -> ActiveModel {
    let count = |n: u64| Set(i64::try_from(n).unwrap_or(i64::MAX));
    let undone = import.undone.as_ref();
    ActiveModel {
        id: Set(import.id.as_uuid()),
        profile: Set(import.profile.clone()),
        profile_version: Set(i32::try_from(import.profile_version).unwrap_or(i32::MAX)),
        system: Set(import.system.clone()),
        file_name: Set(without_nul(import.file_name.clone())),
        headings: Set(import.headings.clone().map(without_nul)),
        sha256: Set(import.sha256.clone()),
        status: Set(import.status.as_str().to_owned()),
        trouble: Set(import.trouble.clone().map(without_nul)),
        rows_read: count(import.counts.read),
        kept: count(import.counts.kept),
        known: count(import.counts.known),
        skipped: count(import.counts.skipped),
        rejected: count(import.counts.rejected),
        matched: count(import.counts.matched),
        contacts: count(import.counts.contacts),
        nominations: count(import.counts.nominations),
        first_call_at: Set(import.first_call_at),
        last_call_at: Set(import.last_call_at),
        by: Set(json!(import.by)),
        began_at: Set(import.began_at),
        ended_at: Set(import.ended_at),
        undone_by: Set(undone.map(|undone| json!(undone.by))),
        undone_at: Set(undone.map(|undone| undone.at)),
        undone_because: Set(undone.map(|undone| without_nul(undone.because.clone()))),
    }
}
