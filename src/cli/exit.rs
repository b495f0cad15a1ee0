//! How a command ends: the exit codes of sysexits, and the words on stderr.

use crate::app::AppError;
use crate::boot::BootError;
use crate::store::StoreError;
use std::ffi::OsString;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
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
    /// The same command may succeed later.
    TryAgain = 75,
    Config = 78,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Runs a command line so that it always ends with a code of ours: a panic is a fault of the program.
///
/// An MTA sends a mail back to the member of the public who wrote it on any code but 0 and 75. So where the arguments,
/// right or wrong, are those of `mail receive`, every failure is "try again".
pub fn guarded(arguments: Vec<OsString>, run: impl FnOnce(Vec<OsString>) -> Exit) -> Exit {
    let from_an_mta = serves_an_mta(&arguments);
    let ended = catch_unwind(AssertUnwindSafe(|| run(arguments))).unwrap_or(Exit::Software);
    if from_an_mta && ended != Exit::Done { Exit::TryAgain } else { ended }
}

fn serves_an_mta(arguments: &[OsString]) -> bool {
    let mut words = arguments.iter().skip(1);
    words.any(|word| word == "mail") && words.any(|word| word == "receive")
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

    pub(super) fn report(self) -> Exit {
        let mut stderr = std::io::stderr().lock();
        for message in &self.messages {
            if writeln!(stderr, "evenhand: {message}").is_err() {
                break;
            }
        }
        self.exit
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
        StoreError::NoAccessLog => Exit::Wrong,
        StoreError::OlderSchema => Exit::Config,
        StoreError::Duplicate(_) | StoreError::Dangling(_) => Exit::Data,
        StoreError::Corrupt { .. } | StoreError::Panicked | StoreError::Nested | StoreError::Other(_) => Exit::Software,
    }
}

fn words(error: &dyn std::error::Error) -> String {
    let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
    format!("{error}{cause}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn whatever_goes_wrong_an_mta_is_told_to_try_again() {
        let receive = "evenhand --log json mail --output json receive --recipient psd@example.org";
        for wrong in [Exit::Wrong, Exit::Usage, Exit::Data, Exit::Software, Exit::Config] {
            assert_eq!(guarded(words(receive), |_| wrong), Exit::TryAgain);
            assert_eq!(guarded(words("evenhand mail import x"), |_| wrong), wrong);
        }
        assert_eq!(guarded(words(receive), |_| panic!("unforeseen")), Exit::TryAgain);
        assert_eq!(guarded(words(receive), |_| Exit::Done), Exit::Done);
    }

    #[test]
    fn a_panic_is_a_fault_of_the_program() {
        assert_eq!(guarded(words("evenhand check"), |_| panic!("unforeseen")), Exit::Software);
    }
}
