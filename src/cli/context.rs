//! What every command is handed: how to print, and how to get at the settings and the house where it needs them.

use super::OutputFormat;
use super::exit::Failure;
use super::output::Output;
use crate::app::App;
use crate::boot;
use crate::config::{Config, Sources};
use std::path::PathBuf;

pub(super) struct Context {
    pub(super) output: Output,
    file: Option<PathBuf>,
    flags: Vec<(&'static str, String)>,
}

impl Context {
    pub(super) fn new(
        file: Option<PathBuf>,
        database: Option<String>,
        log: Option<String>,
        format: OutputFormat,
    ) -> Self {
        let database = database.map(|url| ("database.url", url));
        let log = log.map(|format| ("server.log", format));
        Self { output: Output { format }, file, flags: database.into_iter().chain(log).collect() }
    }

    /// The settings in force.
    pub(super) fn config(&self) -> Result<Config, Failure> {
        self.config_with(Vec::new())
    }

    /// The settings in force under further flags of the command.
    pub(super) fn config_with(&self, more: Vec<(&'static str, String)>) -> Result<Config, Failure> {
        let flags = self.flags.iter().cloned().chain(more).collect();
        let config = Config::load(Sources::of_process(self.file.clone(), flags)).map_err(boot::BootError::from)?;
        boot::start_logging(&config);
        Ok(config)
    }

    /// The house, on the migrated database.
    pub(super) async fn app(&self) -> Result<App, Failure> {
        let config = self.config()?;
        Ok(boot::app(&config).await?)
    }
}
