//! Door: the pages. Everything works without JavaScript; what a page may do comes from the same `decide` as the API's answers.
//!
//! [`routes`] is the whole list. A handler reads what was asked, calls one use case, and hands words to a template;
//! `visitor` is who is signed in, `posted` what a form sent (with its proof that it was ours), `frame` what stands
//! around every page, `form` draws a case type's forms and reads them back, `fault` is every page that says no.

mod admin;
mod approvals;
mod call_imports;
mod callers;
mod calls;
mod cases;
mod consultations;
mod contacts;
mod drafts;
mod due;
mod fault;
mod form;
mod frame;
mod live;
mod mail;
mod meetings;
mod outbox;
mod people;
mod posted;
mod secure;
mod settings;
mod sign_in;
mod statics;
mod strategies;
mod today;
mod uploaded;
mod visitor;

pub mod routes;
