//! The case types beside the main lifecycle, each walked through the engine as the files describe them.

mod appeal;
mod desk;
mod enforcement;
mod migration;
mod offences;
mod others;
mod warning;
