//! `registers/call-grading.yaml`: the grades of a call, and by which of them nobody attends (R21, R26, R28).

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallGrading {
    pub version: String,
    /// The most urgent first.
    pub grades: Vec<CallGrade>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all(serialize = "camelCase"))]
pub struct CallGrade {
    /// `A`.
    pub id: String,
    pub title: String,
    pub meaning: String,
    /// Nobody is sent to a call of this grade.
    pub no_attendance: bool,
}

impl CallGrading {
    pub fn grade(&self, id: &str) -> Option<&CallGrade> {
        self.grades.iter().find(|grade| grade.id == id)
    }
}

/// The register of call grading.
///
/// # Errors
/// What is wrong with the file, with line and column; an id given twice; no grade by which somebody attends.
pub fn call_grading(text: &str) -> Result<CallGrading, String> {
    let file: CallGrading = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    for (n, grade) in file.grades.iter().enumerate() {
        if file.grades.iter().take(n).any(|earlier| earlier.id == grade.id) {
            return Err(format!("`{}` stands here a second time", grade.id));
        }
    }
    if file.grades.iter().all(|grade| grade.no_attendance) {
        return Err("there is no grade by which somebody attends".to_owned());
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../workflows/registers/call-grading.yaml");

    #[test]
    fn grade_d_alone_sends_nobody() {
        let register = call_grading(SHIPPED).unwrap();
        let unattended: Vec<&str> =
            register.grades.iter().filter(|grade| grade.no_attendance).map(|grade| grade.id.as_str()).collect();
        assert_eq!((register.grades.len(), unattended), (4, vec!["D"]));
    }

    #[test]
    fn a_force_that_would_never_attend_is_a_fault() {
        let never = "version: \"1\"\ngrades:\n  - { id: D, title: A, meaning: B, no_attendance: true }\n";
        assert!(call_grading(never).unwrap_err().contains("somebody attends"));
        let twice = "version: \"1\"\ngrades:\n  - { id: A, title: A, meaning: B, no_attendance: false }\n  - { id: A, title: A, meaning: B, no_attendance: false }\n";
        assert!(call_grading(twice).unwrap_err().contains("second time"));
    }
}
