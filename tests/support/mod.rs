//! What tests stand on: databases of their own, a running server, people to call it as.

mod app;
pub mod calls;
pub mod database;
mod http;
mod issuer;
pub mod made_calls;
mod name_server;
mod receiver;
mod server;
mod smtp_sink;

pub use app::{Session, TestApp};
pub use database::{TestDatabase, on_each_database};
pub use http::Answer;
pub use issuer::{TestIssuer, signed};
pub use name_server::NameServer;
pub use receiver::{Receiver, Told};
pub use server::Server;
pub use smtp_sink::{Silence, SmtpSink};
