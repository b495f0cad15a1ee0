//! The program: one runtime, one command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    evenhand::boot::run_command_line(std::env::args_os().collect())
}
