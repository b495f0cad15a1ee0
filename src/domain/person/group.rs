//! Which records are one person: the merges that stand, followed to the record that is kept.

use crate::domain::ids::PersonId;
use std::collections::BTreeMap;

/// A merge that was not reversed: `merged` is the same person as `kept`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveMerge {
    pub kept: PersonId,
    pub merged: PersonId,
}

/// The record that stands for each merged one. A record in no merge stands for itself and is not listed. Merges that
/// run in a circle (none can be made) leave their records standing for themselves.
pub fn roots(merges: &[LiveMerge]) -> BTreeMap<PersonId, PersonId> {
    let kept: BTreeMap<PersonId, PersonId> = merges.iter().map(|merge| (merge.merged, merge.kept)).collect();
    let root = |start: PersonId| {
        let mut at = start;
        for _ in 0..kept.len() {
            match kept.get(&at) {
                Some(next) => at = *next,
                None => return Some(at),
            }
        }
        (!kept.contains_key(&at)).then_some(at)
    };
    kept.keys().filter_map(|merged| Some((*merged, root(*merged)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn person(n: u128) -> PersonId {
        PersonId::from_uuid(Uuid::from_u128(n))
    }

    fn merge(merged: u128, kept: u128) -> LiveMerge {
        LiveMerge { kept: person(kept), merged: person(merged) }
    }

    #[test]
    fn a_chain_of_merges_ends_at_the_record_kept_last() {
        let roots = roots(&[merge(1, 2), merge(3, 2), merge(2, 4)]);
        let expected = [(1, 4), (2, 4), (3, 4)].map(|(merged, root)| (person(merged), person(root)));
        assert_eq!(roots, expected.into());
    }

    #[test]
    fn a_circle_leaves_everybody_as_they_are() {
        assert!(roots(&[merge(1, 2), merge(2, 1)]).is_empty());
        assert!(roots(&[]).is_empty());
    }
}
