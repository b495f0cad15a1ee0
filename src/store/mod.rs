//! (in the making)

#[derive(Clone)]
pub struct Store {}

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database cannot be reached")]
    Unavailable,
    #[error("the disk is full")]
    Full,
    #[error("the row moved on")]
    StaleVersion,
    #[error("there is one already")]
    Duplicate,
    #[error("{what} in the database cannot be read")]
    Corrupt { what: &'static str },
    #[error("the database failed")]
    Other,
}

#[derive(Debug, thiserror::Error)]
pub enum WriteError<E> {
    #[error("refused")]
    Refused(E),
    #[error(transparent)]
    Failed(StoreError),
}

impl From<sea_orm::DbErr> for StoreError {
    fn from(_: sea_orm::DbErr) -> Self {
        StoreError::Other
    }
}

pub type Tx = sea_orm::DatabaseTransaction;

impl Store {
    pub async fn is_current(&self) -> Result<bool, StoreError> {
        todo!()
    }
    pub fn reader(&self) -> &sea_orm::DatabaseConnection {
        todo!()
    }
    pub async fn write<T, E, F>(&self, _f: F) -> Result<T, WriteError<E>>
    where
        T: Send + 'static,
        E: Send + 'static,
        F: AsyncFnOnce(&Tx) -> Result<T, E> + Send + 'static,
    {
        todo!()
    }
}

pub mod clients;
pub mod delegations;
pub mod idempotency;
pub mod keys;
pub mod officers;
