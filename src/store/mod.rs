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
