//! A full disk: what was acknowledged is stored, before and after space is freed.

use super::noon;
use crate::support::database::{say, settings, sqlite_url};
use entities::{mail_bodies, mails};
use evenhand::store::{Store, StoreError, Tx, WriteError};
use sea_orm::{ActiveValue::Set, EntityTrait, QuerySelect};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;
use uuid::Uuid;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_at_a_time_what_was_acknowledged_is_stored() {
    let Some(disk) = SmallDisk::mount("8m") else { return };
    let store = disk.store_beside_ballast().await;
    let mut acknowledged = BTreeSet::new();
    let mut refused = 0;
    while refused < 20 {
        match keep_mail(&store).await {
            Ok(id) => assert!(acknowledged.insert(id)),
            Err(error) => {
                is_about_space(&error);
                refused += 1;
            }
        }
    }
    assert!(!acknowledged.is_empty());
    assert_eq!(stored(&store).await, acknowledged, "before space is freed");
    disk.drop_ballast();
    for _more in 0..10 {
        acknowledged.insert(keep_mail(&store).await.unwrap());
    }
    assert_eq!(stored(&store).await, acknowledged, "after space is freed");
    store.close().await;
    assert_eq!(stored(&disk.store().await).await, acknowledged, "after the store was closed and opened again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thirty_two_at_once_what_was_acknowledged_is_stored() {
    let Some(disk) = SmallDisk::mount("8m") else { return };
    let store = disk.store_beside_ballast().await;
    let (mut acknowledged, mut refused) = round(&store, 32, 20).await;
    assert!(refused > 0 && !acknowledged.is_empty(), "{refused} refused, {} acknowledged", acknowledged.len());
    assert_eq!(stored(&store).await, acknowledged, "before space is freed");
    disk.drop_ballast();
    let (more, none) = round(&store, 10, 1).await;
    acknowledged.extend(more);
    refused += none;
    assert_eq!(none, 0, "of {refused} refusals");
    assert_eq!(stored(&store).await, acknowledged, "after space is freed");
    store.close().await;
    assert_eq!(stored(&disk.store().await).await, acknowledged, "after the store was closed and opened again");
}

/// `tasks` tasks keep `each` mails: the ids that were acknowledged, and how many were refused.
async fn round(store: &Store, tasks: usize, each: usize) -> (BTreeSet<Uuid>, usize) {
    let tasks: Vec<_> = (0..tasks)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut answers = Vec::new();
                for _ in 0..each {
                    answers.push(keep_mail(&store).await);
                }
                answers
            })
        })
        .collect();
    let (mut acknowledged, mut refused) = (BTreeSet::new(), 0);
    for task in tasks {
        for answer in task.await.unwrap() {
            match answer {
                Ok(id) => assert!(acknowledged.insert(id)),
                Err(error) => {
                    is_about_space(&error);
                    refused += 1;
                }
            }
        }
    }
    (acknowledged, refused)
}

async fn keep_mail(store: &Store) -> Result<Uuid, WriteError<StoreError>> {
    let id = Uuid::new_v4();
    let kept = store.write(async move |tx: &Tx| {
        let mail = mails::ActiveModel {
            id: Set(id),
            sha256: Set(id.to_string()),
            size_bytes: Set(20_000),
            received_at: Set(noon()),
            recipient: Set("contact@police.example".to_owned()),
            source: Set("http".to_owned()),
            message_id: Set(None),
        };
        mails::Entity::insert(mail).exec_without_returning(tx).await?;
        let body = mail_bodies::ActiveModel { mail_id: Set(id), raw: Set(vec![b'x'; 20_000]) };
        mail_bodies::Entity::insert(body).exec_without_returning(tx).await?;
        Ok::<_, StoreError>(id)
    });
    kept.await
}

fn is_about_space(error: &WriteError<StoreError>) {
    let (WriteError::Refused(error) | WriteError::Failed(error)) = error;
    assert!(matches!(error, StoreError::Full(_)), "{error:?}");
}

/// The mails that are there, each with its body.
async fn stored(store: &Store) -> BTreeSet<Uuid> {
    let mails = mails::Entity::find().select_only().column(mails::Column::Id);
    let mails: Vec<Uuid> = mails.into_tuple().all(store.reader()).await.unwrap();
    let bodies = mail_bodies::Entity::find().select_only().column(mail_bodies::Column::MailId);
    let bodies: Vec<Uuid> = bodies.into_tuple().all(store.reader()).await.unwrap();
    let mails: BTreeSet<Uuid> = mails.into_iter().collect();
    assert_eq!(mails, bodies.into_iter().collect());
    mails
}

/// A tmpfs of a few megabytes.
struct SmallDisk {
    folder: TempDir,
}

impl SmallDisk {
    /// None, with a word about it, where mounting is refused.
    fn mount(size: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(folder.path())
            .output()
            .is_ok_and(|output| output.status.success());
        if !mounted {
            say("no small disk can be mounted here (it needs root): the full disk is not tested");
            return None;
        }
        Some(Self { folder })
    }

    fn ballast(&self) -> PathBuf {
        self.folder.path().join("ballast")
    }

    fn drop_ballast(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }

    async fn store(&self) -> Store {
        Store::connect(&sqlite_url(&self.folder.path().join("evenhand.db")), settings()).await.unwrap()
    }

    async fn store_beside_ballast(&self) -> Store {
        let store = self.store().await;
        std::fs::write(self.ballast(), vec![0; 5_000_000]).unwrap();
        store
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let path: &Path = self.folder.path();
        let unmounted = Command::new("umount").arg("-l").arg(path).status().is_ok_and(|status| status.success());
        if !unmounted {
            say("a small disk could not be unmounted");
        }
    }
}
