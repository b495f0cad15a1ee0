//! Mail at the door: what is understood, believed and refused to be believed; and the way out.

mod authentication;
mod bounces;
mod budgets;
mod corpus;
mod hostile;
mod kinds;
mod log;
mod loops;
mod mailroom;
mod nothing_lost;
mod outbox;
mod quarantine;
mod routing;
mod screener;
mod signatures;
mod taking_back;
mod threads;
mod too_slow;
mod watch;
mod words;
