//! What the policy asks, where it works, and which tests show it: one row for each requirement and each invariant, from
//! `docs/requirements.yaml`. A test holds every row to the files and tests it names.

use serde::{Deserialize, Serialize};

const SOURCE: &str = include_str!("../../docs/requirements.yaml");

/// One requirement (`R…`) or invariant (`I…`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, rename_all(serialize = "camelCase"))]
pub struct Requirement {
    #[schema(example = "R45")]
    pub id: String,
    /// Of the policy, or the section of the practice it comes from.
    #[schema(example = "7.5")]
    pub paragraph: String,
    /// In our own words.
    pub says: String,
    pub status: Status,
    /// Places in the workflow files (`frequent-service-user.yaml#states.on_agenda`) and in the code (`src/…`).
    #[serde(default, rename = "where")]
    pub places: Vec<String>,
    /// `tests/story/harm_test.rs::a_claim`.
    #[serde(default)]
    pub tests: Vec<String>,
    /// Why it does not work yet, and what of it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Works,
    NotYet,
}

impl Status {
    fn in_words(self) -> &'static str {
        match self {
            Status::Works => "works",
            Status::NotYet => "not yet",
        }
    }
}

/// How much of something works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    pub works: usize,
    pub not_yet: usize,
}

/// Every row, and how many of them work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Coverage {
    pub requirements: Counts,
    pub invariants: Counts,
    pub data: Vec<Requirement>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RequirementFile {
    requirements: Vec<Requirement>,
}

/// What this program does of what the policy asks.
///
/// # Errors
/// What is wrong with the file, with line and column; none in a build whose tests passed.
pub fn coverage() -> Result<Coverage, String> {
    let file: RequirementFile = serde_saphyr::from_str(SOURCE).map_err(|error| error.to_string())?;
    let data = file.requirements;
    let (requirements, invariants) = (counts(&data, 'R'), counts(&data, 'I'));
    Ok(Coverage { requirements, invariants, data })
}

fn counts(rows: &[Requirement], kind: char) -> Counts {
    let of_kind = || rows.iter().filter(move |row| row.id.starts_with(kind));
    let works = of_kind().filter(|row| row.status == Status::Works).count();
    Counts { works, not_yet: of_kind().count() - works }
}

impl Coverage {
    /// A line for each row, and the counts: for a terminal.
    pub fn table(&self) -> String {
        let width = self.data.iter().map(|row| row.paragraph.chars().count()).max().unwrap_or_default();
        let line = |row: &Requirement| {
            let Requirement { id, paragraph, says, status, .. } = row;
            format!("{id:<4} {:<8} {paragraph:<width$}  {says}", status.in_words())
        };
        let mut lines: Vec<String> = self.data.iter().map(line).collect();
        lines.push(format!("requirements: {}; invariants: {}", self.requirements, self.invariants));
        lines.join("\n")
    }

    /// `docs/policy.md`.
    pub fn page(&self) -> String {
        let mut page = format!(
            "# What the policy asks, and where it works\n\n\
             Written by `evenhand policy` from `docs/requirements.yaml`; served as `GET /api/v1/policy`. A test fails \
             where a row names a file, a place in a workflow or a test that is not there. Paragraphs: `N` the policy \
             *Management of Repeat Contact*, `K` the practice *Operation Engage*.\n\n\
             Requirements: {}. Invariants: {}.\n",
            self.requirements, self.invariants
        );
        for (title, kind) in [("Requirements", 'R'), ("Invariants", 'I')] {
            page.push_str(&format!(
                "\n## {title}\n\n| | paragraph | what | | where | shown by |\n|---|---|---|---|---|---|\n"
            ));
            for row in self.data.iter().filter(|row| row.id.starts_with(kind)) {
                page.push_str(&row_of_page(row));
            }
        }
        page
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} work, {} not yet", self.works, self.not_yet)
    }
}

fn row_of_page(row: &Requirement) -> String {
    let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
    let list = |names: &[String]| names.iter().map(|name| format!("`{}`", cell(name))).collect::<Vec<_>>().join("<br>");
    let Requirement { id, paragraph, says, status, places, tests, reason } = row;
    let reason = reason.as_ref().map(|reason| format!(": {}", cell(reason))).unwrap_or_default();
    let (says, status) = (cell(says), status.in_words());
    format!("| {id} | {} | {says} | {status}{reason} | {} | {} |\n", cell(paragraph), list(places), list(tests))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_works_and_what_does_not_yet_are_counted_apart() {
        let row = |id: &str, status| Requirement {
            id: id.to_owned(),
            paragraph: "7.5".to_owned(),
            says: "A | bar\nand a line.".to_owned(),
            status,
            places: Vec::new(),
            tests: Vec::new(),
            reason: Some("Later.".to_owned()),
        };
        let rows = [row("R1", Status::Works), row("R2", Status::NotYet), row("I1", Status::NotYet)];
        assert_eq!(counts(&rows, 'R'), Counts { works: 1, not_yet: 1 });
        assert_eq!(counts(&rows, 'I'), Counts { works: 0, not_yet: 1 });
        assert_eq!(row_of_page(&rows[1]), "| R2 | 7.5 | A \\| bar and a line. | not yet: Later. |  |  |\n");
    }
}
