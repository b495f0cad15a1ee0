//! A person's contacts as numbers: when, by which way and what their limits said of each; never a word of what was said.

use super::hidden::may_see;
use super::people_lately::{RuleStands, stands};
use crate::app::contacts::MAY_READ;
use crate::app::{App, AppError, log_reading, rights};
use crate::domain::access::Actor;
use crate::domain::calendar::london;
use crate::domain::ids::PersonId;
use crate::domain::nomination::{self, Rule};
use crate::domain::strategy::Terms;
use crate::store::contacts::{self, Received};
use crate::store::{people, strategies};
use chrono::{Days, NaiveDate};

/// Twelve weeks are shown, and the six days before them are known for the first totals.
pub const DAYS_SHOWN: usize = 84;
pub const DAYS_BEFORE: usize = 6;

/// What the pictures of a person's contacts are made from.
#[derive(Clone, Debug)]
pub struct ContactNumbers {
    pub today: NaiveDate,
    /// The first of the 84 days shown.
    pub first_day: NaiveDate,
    /// Counted contacts from six days before the first day on, in order of receipt.
    pub received: Vec<Received>,
    /// Every strategy there ever was, by its start.
    pub strategies: Vec<Terms>,
    /// The rules that put people on the meeting's list, and how each stands now.
    pub rules: Vec<(Rule, RuleStands)>,
}

/// The numbers of one person, over all their records. The reading is logged.
///
/// # Errors
/// `Refused`; `NotFound`.
pub async fn contact_numbers(app: &App, actor: &Actor, person: PersonId) -> Result<ContactNumbers, AppError> {
    rights::officer_with(actor, &MAY_READ)?;
    let db = app.store.reader();
    let root = people::root(db, person).await?.ok_or(AppError::NotFound)?;
    may_see(db, actor, Some(root)).await?;
    let now = app.now();
    let today = london::date_of(now);
    let first_day = super::people_lately::first_day(today, DAYS_SHOWN);
    let before = u64::try_from(DAYS_BEFORE).unwrap_or_default();
    let known_from = london::start_of_day(first_day.checked_sub_days(Days::new(before)).unwrap_or(first_day));
    let rules = app.catalog.nomination_rules();
    let from = known_from.min(nomination::reach(rules, now));
    let mut received = contacts::received_since(db, root, from).await?;
    let times: Vec<_> = received.iter().map(|one| (one.at, one.channel)).collect();
    let rules = rules.iter().map(|rule| (rule.clone(), stands(rule, &times, now))).collect();
    received.retain(|one| one.at >= known_from);
    let strategies = strategies::of_people(db, &[root]).await?.into_iter().map(|(_, in_force)| in_force.terms);
    let numbers = ContactNumbers { today, first_day, received, strategies: strategies.collect(), rules };
    log_reading(app, actor, "contacts-of-person", Some(root.as_uuid())).await?;
    Ok(numbers)
}
