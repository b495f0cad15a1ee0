//! Mail put into a folder, for a house without an SMTP server. What lies there is readable by its owner alone, and on
//! the disk before it counts as sent.

use super::Parcel;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Written beside and then renamed, so that a reader never sees half a mail; the same mail twice is one file.
pub(super) async fn put(folder: &Path, parcel: Parcel<'_>) -> io::Result<()> {
    let (folder, name, mime) = (folder.to_owned(), name(parcel.message_id), parcel.mime.to_vec());
    tokio::task::spawn_blocking(move || put_now(&folder, &name, &mime)).await.map_err(io::Error::other)?
}

fn name(message_id: &str) -> String {
    let safe = |character: char| {
        if character.is_ascii_alphanumeric() || matches!(character, '-' | '.' | '@') { character } else { '_' }
    };
    message_id.chars().map(safe).take(150).collect()
}

fn put_now(folder: &Path, name: &str, mime: &[u8]) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let unfinished: PathBuf = folder.join(format!(".{name}.part"));
    // One left behind by a crash may have been made under other rights.
    match fs::remove_file(&unfinished) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&unfinished)?;
    file.write_all(mime)?;
    file.sync_all()?;
    fs::rename(&unfinished, folder.join(format!("{name}.eml")))?;
    File::open(folder)?.sync_all()
}
