//! How a use case can fail. A refusal is an answer with a stable code; everything else is the caller's or our trouble.

use crate::domain::case::Refusal;
use crate::store::{StoreError, WriteError};

#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The answer is no, with a stable code, words for the person and the policy paragraph behind it.
    #[error("{}", .0.message)]
    Refused(Refusal),
    /// The token names nobody we know, or cannot be believed; why, in words that give nothing away.
    #[error("not signed in: {0}")]
    NotSignedIn(String),
    /// There is no such thing, or the caller may not know that there is.
    #[error("not found")]
    NotFound,
    /// The input breaks a rule about its form. Never empty.
    #[error("the input is not valid")]
    Invalid(Vec<FieldFault>),
    /// The thing moved on since the caller read it.
    #[error("version {expected} was expected, {found} is there")]
    StaleVersion { expected: i64, found: i64 },
    #[error(transparent)]
    Store(StoreError),
    /// Something of ours failed that the caller can do nothing about: a template, a key, a directory.
    #[error("{what} failed")]
    Broken {
        what: &'static str,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl AppError {
    /// One fault in one field.
    pub fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        AppError::Invalid(vec![FieldFault { pointer: pointer.into(), detail: detail.into() }])
    }

    pub fn broken(what: &'static str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        AppError::Broken { what, source: source.into() }
    }
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        AppError::Refused(refusal)
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        AppError::Store(error)
    }
}

/// So that `app.store.write(async move |tx| …).await?` reads as one line in a use case.
impl From<WriteError<AppError>> for AppError {
    fn from(error: WriteError<AppError>) -> Self {
        match error {
            WriteError::Refused(error) => error,
            WriteError::Failed(error) => AppError::Store(error),
        }
    }
}

/// What is wrong with one field of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFault {
    /// JSON pointer into the input: `/identifiers/0/value`; empty for the whole.
    pub pointer: String,
    /// A sentence for the person who filled it in. Never repeats the value.
    pub detail: String,
}

/// The error and everything behind it, for the log.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        words = format!("{words}: {cause}");
        next = cause.source();
    }
    words
}
