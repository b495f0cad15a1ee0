//! What everything that is shown of a person or a case is shown with: the marking it bears, never lower than that of
//! anything in it (R2, invariant 21), and the adjustments to keep to (invariant 23).

use crate::app::people::AdjustmentView;
use crate::app::{App, AppError};
use crate::domain::calendar::london;
use crate::domain::ids::{CaseId, PersonId};
use crate::domain::marking::Marking;
use crate::store::{adjustments, cases, people};
use sea_orm::ConnectionTrait;
use std::collections::BTreeMap;

/// Markings of cases and adjustments of people, read for a whole list at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct ShownWith {
    lowest: Marking,
    markings: BTreeMap<CaseId, Marking>,
    /// The person each record stands for.
    roots: BTreeMap<PersonId, PersonId>,
    in_force: BTreeMap<PersonId, Vec<AdjustmentView>>,
}

impl ShownWith {
    /// Reads what these cases and these people are shown with.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) async fn load(
        app: &App,
        db: &impl ConnectionTrait,
        cases: &[CaseId],
        people: &[PersonId],
    ) -> Result<Self, AppError> {
        let markings = cases::markings(db, cases).await?;
        let mut with = Self { lowest: app.settings.marking, markings, ..Self::default() };
        if people.is_empty() {
            return Ok(with);
        }
        with.roots = people::roots(db, people).await?;
        let roots: Vec<PersonId> = with.roots.values().copied().collect();
        let members = people::members(db, &roots).await?;
        let records: Vec<PersonId> = members.iter().map(|member| member.id).collect();
        let stands: BTreeMap<PersonId, PersonId> = members.iter().map(|member| (member.id, member.root())).collect();
        let today = london::date_of(app.now());
        for adjustment in adjustments::of_people(db, &records).await? {
            if adjustment.in_force(today)
                && let Some(person) = stands.get(&adjustment.person)
            {
                with.in_force.entry(*person).or_default().push(AdjustmentView::from(adjustment));
            }
        }
        Ok(with)
    }

    /// The marking of something made of these cases; of none, the lowest there is here.
    pub(crate) fn marking(&self, cases: impl IntoIterator<Item = CaseId>) -> Marking {
        self.lowest.with(cases.into_iter().filter_map(|case| self.markings.get(&case).copied()))
    }

    /// What to keep to with this person today, over all their records.
    pub(crate) fn adjustments(&self, person: Option<PersonId>) -> Vec<AdjustmentView> {
        let root = person.map(|person| self.roots.get(&person).copied().unwrap_or(person));
        root.and_then(|root| self.in_force.get(&root).cloned()).unwrap_or_default()
    }
}
