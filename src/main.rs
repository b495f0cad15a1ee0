//! The program: one runtime, one command line.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// A page is thousands of small pieces of text, made and thrown away by threads that take turns.
#[global_allocator]
static MEMORY: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    evenhand::boot::run_command_line(std::env::args_os().collect())
}
