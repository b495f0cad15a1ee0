//! Rows as the database holds them; no rules.
//!
//! Ids are UUIDs, times are UTC to the microsecond, choices are the texts named beside them, and whatever has a shape
//! of its own is JSON. `actor`, `by` and `recorded_by` hold an actor as `{"kind", "id"}`. SQLite and PostgreSQL refuse
//! different things; the one to remember is that PostgreSQL keeps no NUL in a text.

// Who signs in, and what was answered them.
pub mod clients;
pub mod covers;
pub mod credentials;
pub mod delegations;
pub mod idempotency_keys;
pub mod officers;
pub mod sessions;
pub mod sign_in_links;
pub mod signing_keys;

// The public.
pub mod adjustments;
pub mod complaints_about;
pub mod equality_monitoring;
pub mod identifiers;
pub mod people;
pub mod person_merges;

// What comes in.
pub mod call_import_faults;
pub mod call_import_parts;
pub mod call_imports;
pub mod call_records;
pub mod caller_markers;
pub mod callers;
pub mod calls;
pub mod contacts;
pub mod mail_bodies;
pub mod mail_deliveries;
pub mod mail_references;
pub mod mail_routes;
pub mod mailbox_folders;
pub mod mails;
pub mod screener_decisions;

// What is decided.
pub mod broken_glass;
pub mod cases;
pub mod declared_interests;
pub mod drafts;
pub mod item_preparations;
pub mod meeting_items;
pub mod meetings;
pub mod nominations;
pub mod register_texts;
pub mod strategies_in_force;
pub mod tasks;
pub mod workflow_definitions;

// What is coordinated about repeat callers.
pub mod desk_notes;
pub mod month_checks;
pub mod month_sendings;
pub mod nomination_looks;
pub mod partner_contacts;
pub mod programme_costs;
pub mod programme_meetings;

// What goes out.
pub mod delivery_reports;
pub mod jobs;
pub mod notices;
pub mod outgoing;
pub mod outgoing_attempts;
pub mod sending_stops;
pub mod undeliverable_addresses;
pub mod webhook_deliveries;
pub mod webhooks;

// What is never changed.
pub mod access_log;
pub mod events;
pub mod seals;
