//! What tests stand on: databases of their own, a running server, people to call it as.

mod app;
pub mod database;
mod http;
mod issuer;
mod name_server;
mod server;
mod smtp_sink;

pub use app::{Session, TestApp};
pub use database::{TestDatabase, on_each_database};
pub use http::Answer;
pub use issuer::{TestIssuer, signed};
pub use name_server::NameServer;
pub use server::Server;
pub use smtp_sink::{Silence, SmtpSink};
