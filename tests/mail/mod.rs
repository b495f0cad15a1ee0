//! Mail at the door: what is understood, believed and refused to be believed; and the way out.

mod authentication;
mod bounces;
mod corpus;
mod hostile;
mod kinds;
mod mailroom;
mod outbox;
mod routing;
mod threads;
