//! A file of calls comes in: portion by portion, each in one transaction, so that a file of any size takes little memory
//! and one that breaks off is completed by importing it again.

use super::MAY_IMPORT;
use super::acquaint::Acquainted;
use super::file_rows::{FileRow, FileRows, TakenRow, Told};
use super::keep_calls::{ByKey, Kept, Origin, Same, keep_calls, used_otherwise};
use super::take_over::take_over;
use crate::app::{App, AppError, rights};
use crate::domain::access::{Actor, Scope};
use crate::domain::calls::{CallRow, Profile, RowFault};
use crate::domain::ids::CallImportId;
use crate::store::call_imports::{self, CallImport, ImportCounts, ImportFault, ImportStatus};
use crate::store::{Tx, calls};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::time::Instant;

/// So many rows are written in one transaction.
const ROWS_A_TRANSACTION: usize = 2_000;
/// So many while callers are being looked up on live calls.
const ROWS_BESIDE_LIVE_CALLS: usize = 25;
/// So many faults of one file are kept row by row; beyond that they are only counted.
pub const MOST_FAULTS: u64 = 100_000;

/// Which profile a file is read by, and what it is called.
#[derive(Clone, Debug)]
pub struct CallFileOf {
    pub profile: String,
    pub file_name: String,
}

/// The profile of this name.
///
/// # Errors
/// `Invalid`, with the names there are.
pub fn profile<'a>(app: &'a App, name: &str) -> Result<&'a Profile, AppError> {
    app.catalog.import_profile(name).ok_or_else(|| {
        let names = app.catalog.import_profiles().iter().map(|profile| profile.profile.as_str());
        let names: Vec<&str> = names.collect();
        AppError::invalid("/profile", format!("There is no such profile; there are: {}.", names.join(", ")))
    })
}

/// Imports a file's rows here and now. Rows whose key is here change nothing. `progress` is told after each portion.
///
/// # Errors
/// `Refused`; `Invalid` for an unknown profile; what the store says. What was kept before an error stays.
pub async fn import_calls(
    app: &App,
    actor: &Actor,
    file: CallFileOf,
    mut rows: FileRows<'_, impl Read>,
    progress: impl FnMut(&ImportCounts),
) -> Result<CallImport, AppError> {
    rights::system_or_officer(actor, Scope::CallsImport, &MAY_IMPORT)?;
    let import = begun(app, actor, file)?;
    let first = import.clone();
    app.store.write(async move |tx| Ok::<_, AppError>(call_imports::insert(tx, &first).await?)).await?;
    let id = import.id;
    let carried_on = carry_on(app, actor, import, &mut rows, (None, progress)).await;
    if carried_on.is_err() {
        // It is read by nobody any more, and may be undone.
        break_off(app, id).await?;
    }
    carried_on
}

/// The database failed on the way: what was kept before stays.
async fn break_off(app: &App, id: CallImportId) -> Result<(), AppError> {
    let import = call_imports::find(app.store.reader(), id).await?.ok_or(AppError::NotFound)?;
    settle(app, import, Some("the database failed on the way; bring the file in again")).await.map(drop)
}

/// Goes on with an import, from the row after those that are done, until its file ends or `until` has come.
pub(super) async fn carry_on(
    app: &App,
    actor: &Actor,
    mut import: CallImport,
    rows: &mut FileRows<'_, impl Read>,
    (until, mut progress): (Option<Instant>, impl FnMut(&ImportCounts)),
) -> Result<CallImport, AppError> {
    let profile = profile(app, &import.profile)?;
    let origin = Origin::of(import.id, profile);
    let mut acquainted = Acquainted::default();
    import.headings = Some(rows.headings());
    let _importing = app.live_first.begin_import();
    for _done in 0..import.counts.read {
        let _read_before = rows.next_row();
    }
    loop {
        app.live_first.step_aside().await;
        let most = if app.live_first.is_expected() { ROWS_BESIDE_LIVE_CALLS } else { ROWS_A_TRANSACTION };
        let portion = Portion::of(rows, most);
        let ended = portion.rows < most;
        let trouble = portion.trouble.clone();
        let so_far = import.clone();
        let written = Box::pin(keep_portion(app, actor, &origin, (portion, acquainted), so_far)).await;
        (import, acquainted) = written?;
        progress(&import.counts);
        if import.status != ImportStatus::Running {
            // Somebody undid it meanwhile.
            return Ok(import);
        }
        if ended {
            import.sha256 = rows.sha256();
            let settled = settle(app, import, trouble.as_deref()).await?;
            return take_over(app, settled, &acquainted.known_of).await;
        }
        if until.is_some_and(|until| Instant::now() >= until) {
            return Ok(import);
        }
        // Nobody else waits for a whole file.
        tokio::task::yield_now().await;
    }
}

/// An import that begins now.
pub(super) fn begun(app: &App, actor: &Actor, file: CallFileOf) -> Result<CallImport, AppError> {
    let profile = profile(app, &file.profile)?;
    Ok(CallImport {
        id: app.new_id(),
        profile: profile.profile.clone(),
        profile_version: profile.version,
        system: profile.system.as_str().to_owned(),
        file_name: file.file_name,
        headings: None,
        sha256: None,
        status: ImportStatus::Running,
        trouble: None,
        counts: ImportCounts::default(),
        first_call_at: None,
        last_call_at: None,
        by: actor.reference(),
        began_at: app.now(),
        ended_at: None,
        undone: None,
    })
}

/// The file was read to its end, or could not be.
pub(super) async fn settle(app: &App, mut import: CallImport, trouble: Option<&str>) -> Result<CallImport, AppError> {
    import.status = if trouble.is_some() { ImportStatus::Failed } else { ImportStatus::Done };
    import.trouble = trouble.map(str::to_owned);
    import.ended_at = Some(app.now());
    let written = app.store.write(async move |tx| {
        let now = standing(tx, import.id).await?;
        if now.status != ImportStatus::Running {
            return Ok::<_, AppError>(now);
        }
        call_imports::update(tx, &import).await?;
        Ok(import)
    });
    Ok(written.await?)
}

/// The import as it stands, kept from being undone until this write ends.
async fn standing(tx: &Tx, id: CallImportId) -> Result<CallImport, AppError> {
    crate::store::hold(tx, &[super::CALLS]).await?;
    call_imports::find(tx, id).await?.ok_or(AppError::NotFound)
}

/// So many rows of a file, told apart.
#[derive(Default)]
struct Portion {
    rows: usize,
    calls: Vec<TakenRow>,
    skipped: u64,
    rejected: u64,
    faults: Vec<ImportFault>,
    /// Why the file could not be read on.
    trouble: Option<String>,
}

impl Portion {
    fn of(rows: &mut FileRows<'_, impl Read>, most: usize) -> Self {
        let mut portion = Portion::default();
        while portion.rows < most && portion.trouble.is_none() {
            match rows.next_row() {
                None => break,
                Some(Err(trouble)) => portion.trouble = Some(trouble),
                Some(Ok(row)) => portion.add(row),
            }
        }
        portion
    }

    fn add(&mut self, row: FileRow) {
        self.rows += 1;
        match row.read {
            Told::Call(call) => self.calls.push(call),
            Told::Skipped => self.skipped += 1,
            Told::Faulty(faults, text) => {
                self.rejected += 1;
                self.faults.extend(kept_faults(row.number, text, faults));
            }
        }
    }
}

fn kept_faults(row: u64, text: String, faults: Vec<RowFault>) -> Vec<ImportFault> {
    let mut text = Some(text);
    let kept = |(ordinal, fault): (usize, RowFault)| ImportFault {
        row,
        ordinal: u32::try_from(ordinal).unwrap_or(u32::MAX),
        code: fault.code.to_owned(),
        column: fault.column,
        says: fault.says,
        text: text.take(),
    };
    faults.into_iter().enumerate().map(kept).collect()
}

async fn keep_portion(
    app: &App,
    actor: &Actor,
    origin: &Origin,
    (portion, acquainted): (Portion, Acquainted),
    mut import: CallImport,
) -> Result<(CallImport, Acquainted), AppError> {
    let (inner, actor, origin) = (app.clone(), actor.clone(), origin.clone());
    let Portion { calls, skipped, mut rejected, mut faults, .. } = portion;
    let written = app.store.write(async move |tx| {
        let now = standing(tx, import.id).await?;
        if now.status != ImportStatus::Running {
            return Ok((now, acquainted));
        }
        let kept = Box::pin(keep_calls(&inner, tx, &actor, &origin, (calls, acquainted))).await?;
        for (row, text) in kept.used_otherwise.iter().cloned() {
            rejected += 1;
            faults.extend(kept_faults(row, text, vec![used_otherwise()]));
        }
        add(&mut import, &kept, skipped, rejected);
        if import.counts.rejected <= MOST_FAULTS {
            call_imports::insert_faults(tx, import.id, &faults).await?;
        }
        call_imports::update(tx, &import).await?;
        Ok::<_, AppError>((import, kept.acquainted))
    });
    Ok(Box::pin(written).await?)
}

fn add(import: &mut CallImport, kept: &Kept, skipped: u64, rejected: u64) {
    let (sum, of) = (&mut import.counts, kept.counts);
    sum.read += of.kept + of.known + skipped + rejected;
    sum.kept += of.kept;
    sum.known += of.known;
    sum.skipped += skipped;
    sum.rejected += rejected;
    sum.matched += of.matched;
    sum.contacts += of.contacts;
    sum.nominations += of.nominations;
    let Some((first, last)) = kept.times else { return };
    import.first_call_at = Some(import.first_call_at.map_or(first, |known| known.min(first)));
    import.last_call_at = Some(import.last_call_at.map_or(last, |known| known.max(last)));
}

/// What an import would do, with nothing kept.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    pub counts: ImportCounts,
    /// Rows by what is wrong with them.
    pub faults: BTreeMap<&'static str, u64>,
    /// The first faulty rows.
    pub first_faults: Vec<(u64, RowFault)>,
    /// The first calls, as they were understood.
    pub first_calls: Vec<CallRow>,
    pub times: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// Whether there was more than the rows that were looked at.
    pub more: bool,
    pub trouble: Option<String>,
}

/// So many rows are looked at before a file is read.
const ROWS_LOOKED_AT: u64 = 5_000;

/// Looks at the first rows of a file, without keeping any.
///
/// # Errors
/// As importing it.
pub async fn preview_calls(
    app: &App,
    actor: &Actor,
    file: &CallFileOf,
    rows: FileRows<'_, impl Read>,
) -> Result<Preview, AppError> {
    rights::system_or_officer(actor, Scope::CallsImport, &MAY_IMPORT)?;
    preview_rows(app, &file.profile, rows).await
}

pub(super) async fn preview_rows(
    app: &App,
    name: &str,
    mut rows: FileRows<'_, impl Read>,
) -> Result<Preview, AppError> {
    let profile = profile(app, name)?;
    let mut preview = Preview::default();
    let mut calls = Vec::new();
    while let Some(row) = rows.next_row() {
        if preview.counts.read == ROWS_LOOKED_AT {
            preview.more = true;
            break;
        }
        match row {
            Ok(row) => preview.look_at(row, &mut calls),
            Err(trouble) => preview.trouble = Some(trouble),
        }
    }
    let mut before = HashMap::new();
    for some in calls.chunks(2_000) {
        let names: Vec<String> = some.iter().map(|row| row.call.source_ref.clone()).collect();
        let known = calls::known(app.store.reader(), profile.system, &names).await?;
        for row in some {
            preview.compare(row, known.get(&row.call.source_ref), &mut before);
        }
    }
    preview.first_faults.sort_by_key(|(row, _)| *row);
    preview.first_faults.truncate(SHOWN);
    Ok(preview)
}

/// So many rows are shown of each kind.
const SHOWN: usize = 10;

impl Preview {
    fn look_at(&mut self, row: FileRow, calls: &mut Vec<TakenRow>) {
        self.counts.read += 1;
        match row.read {
            Told::Skipped => self.counts.skipped += 1,
            Told::Faulty(faults, _) => self.reject(row.number, faults),
            Told::Call(row) => {
                let at = row.call.started_at;
                self.times = Some(self.times.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
                if self.first_calls.len() < SHOWN {
                    self.first_calls.push((*row.call).clone());
                }
                calls.push(row);
            }
        }
    }

    fn reject(&mut self, number: u64, faults: Vec<RowFault>) {
        self.counts.rejected += 1;
        for fault in faults {
            *self.faults.entry(fault.code).or_default() += 1;
            self.first_faults.push((number, fault));
        }
    }

    /// What would become of a call. `before`: the rows of the file before it, by key.
    fn compare(&mut self, row: &TakenRow, known: Option<&calls::Kept>, before: &mut HashMap<String, Same>) {
        match ByKey::of(&row.call, before, known) {
            ByKey::Known => self.counts.known += 1,
            ByKey::Otherwise => self.reject(row.number, vec![used_otherwise()]),
            ByKey::New => self.counts.kept += 1,
        }
    }
}
