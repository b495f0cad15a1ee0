//! How a command ends: the exit codes of sysexits, and the words on stderr.

use crate::app::AppError;
use crate::boot::BootError;
use crate::store::StoreError;
use std::io::Write;
use std::process::ExitCode;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Done = 0,
    /// Checked, and found wrong.
    Wrong = 1,
    Usage = 64,
    /// The input is not what it should be.
    Data = 65,
    NoInput = 66,
    /// A fault of ours.
    Software = 70,
    /// Nothing was changed; the same command may succeed later.
    TryAgain = 75,
    Config = 78,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    exit: Exit,
    messages: Vec<String>,
}

impl Failure {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, messages: vec![message.into()] }
    }

    /// The same words under another code.
    pub(super) fn with_exit(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }

    pub(super) fn report(self) -> ExitCode {
        let mut stderr = std::io::stderr().lock();
        for message in &self.messages {
            if writeln!(stderr, "evenhand: {message}").is_err() {
                break;
            }
        }
        self.exit.into()
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Failure::new(Exit::TryAgain, error.to_string())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        AppError::from(error).into()
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Refused(refusal) => Failure::new(Exit::Data, format!("{} ({})", refusal.message, refusal.code)),
            AppError::NotSignedIn(why) => Failure::new(Exit::Data, why),
            AppError::NotFound => Failure::new(Exit::NoInput, "there is no such thing"),
            AppError::Invalid(faults) => {
                let messages = faults.into_iter().map(|fault| match fault.pointer.as_str() {
                    "" => fault.detail,
                    pointer => format!("{pointer}: {}", fault.detail),
                });
                Failure { exit: Exit::Data, messages: messages.collect() }
            }
            AppError::StaleVersion { .. } => Failure::new(Exit::TryAgain, "somebody else changed it meanwhile"),
            AppError::Store(error) => Failure::new(store_exit(&error), words(&error)),
            AppError::Broken { what, source } => Failure::new(Exit::Software, format!("{what} failed: {source}")),
        }
    }
}

impl From<BootError> for Failure {
    fn from(error: BootError) -> Self {
        match error {
            BootError::Faults(messages) => Failure { exit: Exit::Config, messages },
            BootError::App(error) => error.into(),
            BootError::Io { what, source } => Failure::new(Exit::Config, format!("{what}: {source}")),
        }
    }
}

/// What may pass is worth another try; what is broken is not.
fn store_exit(error: &StoreError) -> Exit {
    match error {
        StoreError::Unavailable(_)
        | StoreError::Full(_)
        | StoreError::StaleVersion
        | StoreError::TooSlow
        | StoreError::Closed => Exit::TryAgain,
        StoreError::Duplicate(_) | StoreError::Dangling(_) => Exit::Data,
        StoreError::Corrupt { .. } | StoreError::Panicked | StoreError::Nested | StoreError::Other(_) => Exit::Software,
    }
}

fn words(error: &dyn std::error::Error) -> String {
    let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
    format!("{error}{cause}")
}
