//! Questions that are asked at once are answered as if each had been asked alone.

use super::add_officer;
use crate::support::database::on_each_database;
use entities::{cases, officers};
use evenhand::store::{Store, StoreError, Tx};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, Statement};

async fn with_officers(store: &Store, count: usize) {
    let added = store.write(async move |tx: &Tx| {
        for n in 0..count {
            add_officer(tx, format!("officer-{n:03}")).await?;
        }
        Ok::<_, StoreError>(())
    });
    added.await.map_err(StoreError::from).unwrap();
}

async fn all(db: &impl ConnectionTrait) -> Result<Vec<officers::Model>, DbErr> {
    officers::Entity::find().order_by_asc(officers::Column::Username).all(db).await
}

async fn one(db: &impl ConnectionTrait, username: &str) -> Result<Option<officers::Model>, DbErr> {
    officers::Entity::find().filter(officers::Column::Username.eq(username)).one(db).await
}

/// Fails while it is answered: there is no such table.
async fn of_nothing(db: &impl ConnectionTrait) -> Result<usize, DbErr> {
    let statement = Statement::from_string(db.get_database_backend(), "SELECT n FROM there_is_no_such_table");
    Ok(db.query_all_raw(statement).await?.len())
}

#[test]
fn each_asker_gets_the_rows_of_its_own_question() {
    on_each_database(async |database| {
        let store = database.store().await;
        // More rows than SQLite's thread hands over at once.
        with_officers(&store, 450).await;
        let db = store.together();
        let asking = async {
            tokio::try_join!(
                one(&db, "officer-007"),
                all(&db),
                one(&db, "nobody"),
                async { cases::Entity::find().all(&db).await },
                async { officers::Entity::find().count(&db).await },
                one(&db, "officer-449"),
            )
        };
        let (first, all_of_them, nobody, no_cases, count, last) = db.answering(Box::pin(asking)).await.unwrap();
        assert_eq!(first, one(store.reader(), "officer-007").await.unwrap());
        assert_eq!(all_of_them, all(store.reader()).await.unwrap());
        assert_eq!((nobody, no_cases, count), (None, Vec::new(), 450));
        assert_eq!(last.unwrap().username, "officer-449");
        store.close().await;
    });
}

#[test]
fn what_waits_for_an_answer_is_asked_after_it() {
    on_each_database(async |database| {
        let store = database.store().await;
        with_officers(&store, 3).await;
        let db = store.together();
        let chain = async {
            let first = one(&db, "officer-000").await?.unwrap();
            let next = first.username.replace("000", "001");
            let (second, third) = tokio::try_join!(one(&db, &next), one(&db, "officer-002"))?;
            Ok::<_, DbErr>([first, second.unwrap(), third.unwrap()].map(|officer| officer.username))
        };
        let (chained, beside) = db.answering(Box::pin(async { tokio::join!(chain, all(&db)) })).await;
        assert_eq!(chained.unwrap(), ["officer-000", "officer-001", "officer-002"]);
        assert_eq!(beside.unwrap().len(), 3);
        store.close().await;
    });
}

#[test]
fn a_question_that_fails_keeps_nobody_waiting() {
    on_each_database(async |database| {
        let store = database.store().await;
        with_officers(&store, 2).await;
        let db = store.together();
        let asking = async { tokio::join!(one(&db, "officer-000"), of_nothing(&db), one(&db, "officer-001")) };
        let (before, failed, _after) = db.answering(asking).await;
        assert!(before.unwrap().is_some());
        let alone = of_nothing(store.reader()).await.map_err(StoreError::from).unwrap_err();
        assert_eq!(StoreError::from(failed.unwrap_err()).to_string(), alone.to_string());
        assert_eq!(db.answering(all(&db)).await.unwrap().len(), 2);
        store.close().await;
    });
}

#[test]
fn an_asker_who_leaves_takes_no_answer_from_another() {
    on_each_database(async |database| {
        let store = database.store().await;
        with_officers(&store, 2).await;
        let db = store.together();
        let asking = async {
            let leaves = tokio::time::timeout(std::time::Duration::ZERO, one(&db, "officer-000"));
            tokio::join!(leaves, one(&db, "officer-001"))
        };
        let (_left, stays) = db.answering(asking).await;
        assert_eq!(stays.unwrap().unwrap().username, "officer-001");
        store.close().await;
    });
}

#[test]
fn nothing_is_written_through_it() {
    on_each_database(async |database| {
        let store = database.store().await;
        with_officers(&store, 1).await;
        let db = store.together();
        let gone = db.answering(officers::Entity::delete_many().exec(&db)).await;
        assert!(gone.is_err(), "{gone:?}");
        assert_eq!(all(store.reader()).await.unwrap().len(), 1);
        store.close().await;
    });
}
