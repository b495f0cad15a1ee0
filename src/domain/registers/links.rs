//! `registers/links.yaml`: where to read on (R5, R55).

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Links {
    pub links: Vec<Link>,
}

/// A document of others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    pub title: String,
    /// `https://…`, or `local page` for what each force keeps on pages of its own.
    pub address: String,
    /// What somebody looks for there.
    pub what_for: String,
}

const LOCAL_PAGE: &str = "local page";

/// The reference links.
///
/// # Errors
/// What is wrong with the file, with line and column; an address that is neither `https://…` nor `local page`.
pub fn links(text: &str) -> Result<Links, String> {
    let file: Links = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    let odd = file.links.iter().find(|link| link.address != LOCAL_PAGE && !link.address.starts_with("https://"));
    match odd {
        Some(link) => Err(format!("“{}” is neither at https:// nor a `{LOCAL_PAGE}`", link.title)),
        None => Ok(file),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../workflows/registers/links.yaml");

    #[test]
    fn every_document_the_policy_points_to_has_its_link() {
        let links = links(SHIPPED).unwrap().links;
        for title in [
            "Code of Ethics",
            "Standards of Professional Behaviour",
            "Authorised Professional Practice",
            "IOPC Statutory Guidance",
            "Public Complaints Policy",
            "Crime Allocation",
            "Repeat Callers",
        ] {
            assert!(links.iter().any(|link| link.title.contains(title)), "{title}");
        }
    }

    #[test]
    fn the_practice_of_another_force_is_named_with_how_far_it_was_evaluated() {
        let links = links(SHIPPED).unwrap().links;
        let practice = links.iter().find(|link| link.title.contains("Operation Engage")).unwrap();
        assert!(practice.what_for.contains("untested") && practice.what_for.contains("not repeated here"));
    }

    #[test]
    fn an_address_that_is_none_is_a_fault() {
        let odd = "links:\n  - { title: A, address: somewhere, what_for: B }\n";
        assert!(links(odd).unwrap_err().contains("“A”"));
    }
}
