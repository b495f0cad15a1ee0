//! Mail at the door: what is understood, believed and refused to be believed; and the way out.

mod authentication;
mod corpus;
mod hostile;
mod kinds;
mod outbox;
mod routing;
