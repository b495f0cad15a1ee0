//! `registers/call-categories.yaml`: how a call without a genuine purpose is categorised (R19, policy 6.2).

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallCategories {
    pub version: String,
    pub categories: Vec<CallCategory>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallCategory {
    /// `PS37`, as other systems know it.
    pub id: String,
    pub title: String,
    pub meaning: String,
}

impl CallCategories {
    pub fn knows(&self, id: &str) -> bool {
        self.categories.iter().any(|category| category.id == id)
    }
}

/// The register of call categories.
///
/// # Errors
/// What is wrong with the file, with line and column; an id given twice.
pub fn call_categories(text: &str) -> Result<CallCategories, String> {
    let file: CallCategories = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    for (n, category) in file.categories.iter().enumerate() {
        if file.categories.iter().take(n).any(|earlier| earlier.id == category.id) {
            return Err(format!("`{}` stands here a second time", category.id));
        }
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../workflows/registers/call-categories.yaml");

    #[test]
    fn the_two_categories_of_the_policy_are_there_as_it_names_them() {
        let register = call_categories(SHIPPED).unwrap();
        let named: Vec<(&str, &str)> =
            register.categories.iter().map(|category| (category.id.as_str(), category.title.as_str())).collect();
        assert_eq!(named, [("PS37", "Hoax"), ("PS37A", "Mental Ill Health")]);
    }

    #[test]
    fn a_force_adds_its_own_and_gives_no_id_twice() {
        let more = format!("{SHIPPED}  - {{ id: PS40, title: Misdialled, meaning: A slip. }}\n");
        assert!(call_categories(&more).unwrap().knows("PS40"));
        let twice = format!("{SHIPPED}  - {{ id: PS37, title: Again, meaning: A slip. }}\n");
        assert!(call_categories(&twice).unwrap_err().contains("second time"));
    }
}
