//! Questions that are asked at once travel together.
//!
//! A question to SQLite changes threads twice: to the one that has the connection, and back. Where somebody waits on the
//! line, most of the wait is that. Here the questions that nobody waits for yet are sent as one and answered in their
//! order; the functions that ask them are the same as ever. PostgreSQL is asked each by itself: it takes one statement at
//! a time, and several connections work at once.

use futures_util::StreamExt;
use sea_orm::prelude::async_trait::async_trait;
use sea_orm::sea_query::Values;
use sea_orm::sqlx::{self, AssertSqlSafe, Either, Executor};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement};
use sea_query_sqlx::SqlxValues;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use tokio::sync::oneshot;

/// A connection for reading that waits with a question until there is no other to ask with it. It answers only while
/// [`Together::answering`] is waited for.
pub struct Together<'a> {
    db: &'a DatabaseConnection,
    asked: Mutex<Vec<Question>>,
}

struct Question {
    statement: Statement,
    asker: oneshot::Sender<Result<Vec<QueryResult>, DbErr>>,
}

impl<'a> Together<'a> {
    pub(super) fn on(db: &'a DatabaseConnection) -> Self {
        Self { db, asked: Mutex::default() }
    }

    /// Does what asks through this connection, and answers it.
    pub async fn answering<A: Future>(&self, asking: A) -> A::Output {
        let mut asking = pin!(asking);
        let mut answering: Option<Pin<Box<dyn Future<Output = ()> + Send + '_>>> = None;
        poll_fn(move |context| {
            loop {
                if let Poll::Ready(told) = asking.as_mut().poll(context) {
                    return Poll::Ready(told);
                }
                let on_its_way = match answering.as_mut() {
                    Some(on_its_way) => on_its_way,
                    None => {
                        let questions = std::mem::take(&mut *self.asked());
                        if questions.is_empty() {
                            return Poll::Pending;
                        }
                        answering.insert(Box::pin(answer(self.db, questions)))
                    }
                };
                match on_its_way.as_mut().poll(context) {
                    Poll::Ready(()) => answering = None,
                    Poll::Pending => return Poll::Pending,
                }
            }
        })
        .await
    }

    fn asked(&self) -> MutexGuard<'_, Vec<Question>> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl ConnectionTrait for Together<'_> {
    fn get_database_backend(&self) -> DbBackend {
        self.db.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.db.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.db.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        Ok(self.query_all_raw(statement).await?.into_iter().next())
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        if self.db.get_database_backend() != DbBackend::Sqlite {
            return self.db.query_all_raw(statement).await;
        }
        let (asker, answer) = oneshot::channel();
        self.asked().push(Question { statement, asker });
        answer.await.unwrap_or_else(|_none| Err(DbErr::Custom("the database left a question unanswered".to_owned())))
    }
}

/// Asks SQLite all of them in one go.
async fn answer(db: &DatabaseConnection, questions: Vec<Question>) {
    let (mut sql, mut values, mut askers) = (String::new(), Vec::new(), Vec::with_capacity(questions.len()));
    for Question { statement, asker } in questions {
        sql.push_str(&statement.sql);
        sql.push(';');
        values.extend(statement.values.into_iter().flat_map(|values| values.0));
        askers.push(asker);
    }
    let query = sqlx::query_with(AssertSqlSafe(sql), SqlxValues(Values(values)));
    let mut steps = db.get_sqlite_connection_pool().fetch_many(query);
    let mut askers = askers.into_iter();
    let mut rows = Vec::new();
    while let Some(step) = steps.next().await {
        match step {
            Ok(Either::Right(row)) => rows.push(QueryResult::from(row)),
            Ok(Either::Left(_the_end_of_one)) => {
                if let Some(asker) = askers.next() {
                    let _they_may_have_gone = asker.send(Ok(std::mem::take(&mut rows)));
                }
            }
            Err(error) => {
                let error = Arc::new(error);
                for asker in askers {
                    let failed = DbErr::Query(RuntimeErr::SqlxError(Arc::clone(&error)));
                    let _they_may_have_gone = asker.send(Err(failed));
                }
                return;
            }
        }
    }
}
