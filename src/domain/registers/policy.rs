//! `registers/policy.yaml`: the policy in force, as its header block says it (R1).

use crate::domain::workflow::scope::PolicyFacts;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The policy that decisions are taken under, and who answers for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all(serialize = "camelCase"))]
pub struct PolicyEntry {
    pub title: String,
    /// What every decision cites.
    pub version: String,
    /// The command that owns it.
    pub owner: String,
    /// The post to ask about it: a post, so that nobody leaves with the knowledge.
    pub department_spoc: String,
    pub risk_rating: String,
    pub legal_sign_off: NaiveDate,
    /// When the joint negotiating and consultative committee saw it.
    pub jncc: String,
    pub published: NaiveDate,
    pub review_due: NaiveDate,
}

impl PolicyEntry {
    /// `Management of Repeat Contact, version 2`: how letters and minutes name it.
    pub fn cited(&self) -> String {
        format!("{}, version {}", self.title, self.version)
    }

    /// What guards may ask of it.
    pub fn facts(&self) -> PolicyFacts {
        PolicyFacts { version: self.version.clone(), review_due: Some(self.review_due) }
    }

    /// What is said once the day by which it was to be reviewed is over. It goes on being in force.
    pub fn warning(&self, today: NaiveDate) -> Option<String> {
        (self.review_due < today).then(|| {
            let due = self.review_due.format("%-d %B %Y");
            format!("The policy “{}” was due to be reviewed by {due}.", self.cited())
        })
    }
}

/// The policy in force.
///
/// # Errors
/// What is wrong with the file, with line and column; a policy that is reviewed before it is published.
pub fn policy(text: &str) -> Result<PolicyEntry, String> {
    let entry: PolicyEntry = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    if entry.review_due < entry.published {
        return Err("`review_due` is before `published`".to_owned());
    }
    Ok(entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../workflows/registers/policy.yaml");

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_policy_says_who_answers_for_it_and_when_it_is_reviewed() {
        let policy = policy(SHIPPED).unwrap();
        assert_eq!((policy.version.as_str(), policy.owner.as_str()), ("2", "Community Safety, CPC"));
        assert_eq!((policy.risk_rating.as_str(), policy.jncc.as_str()), ("Low", "June 2023"));
        assert_eq!(policy.department_spoc, "Neighbourhood Policing Sergeant");
        assert_eq!((policy.legal_sign_off, policy.published), (day("2025-11-18"), day("2025-11-18")));
        assert_eq!(policy.review_due, day("2027-06-07"));
    }

    #[test]
    fn a_policy_is_overdue_from_the_day_after_its_review_date() {
        let policy = policy(SHIPPED).unwrap();
        assert_eq!(policy.warning(day("2027-06-07")), None, "that day is still in time");
        let warning = policy.warning(day("2027-06-08")).unwrap();
        assert!(warning.contains("version 2") && warning.contains("7 June 2027"), "{warning}");
    }

    #[test]
    fn a_misspelt_key_is_named_with_its_line() {
        let fault = policy(&SHIPPED.replace("review_due", "review_do")).unwrap_err();
        assert!(fault.contains("review_do"), "{fault}");
        let backwards = SHIPPED.replace("review_due: 2027", "review_due: 2024");
        assert!(policy(&backwards).unwrap_err().contains("before `published`"));
    }
}
