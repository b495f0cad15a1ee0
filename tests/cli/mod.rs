//! The command line as operators and mail servers use it: exit codes, and what is said.

mod backup;
mod config;
mod mail;
mod receive;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The program, on a database in `folder`, without the settings of whoever runs the tests.
fn evenhand(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_evenhand"));
    command.current_dir(folder).env_clear().stdin(Stdio::null());
    command
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Runs a command with a message on its standard input.
fn fed(command: &mut Command, input: &[u8]) -> Output {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // One that never reads ends the pipe early; its code is what counts.
    let _read = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}
