//! Where in a file's rows a profile finds what it looks for.

use super::{Field, Profile, same_heading};

/// The columns of one file, counted from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    pub(in crate::domain::calls) time: Vec<usize>,
    pub(in crate::domain::calls) key: Vec<usize>,
    /// Beside the profile's skips, in their order.
    pub(in crate::domain::calls) skip: Vec<usize>,
    fields: Vec<Vec<usize>>,
}

/// Why a file does not fit a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Needed and not there.
    pub missing: Vec<String>,
    /// Needed and there more than once.
    pub repeated: Vec<String>,
}

impl Layout {
    /// Finds the profile's columns among a file's headings.
    ///
    /// # Errors
    /// Every heading that is missing or there twice.
    pub fn of(profile: &Profile, found: &[&str]) -> Result<Self, Misfit> {
        let mut misfit = Misfit { missing: Vec::new(), repeated: Vec::new() };
        for needed in profile.needed() {
            match found.iter().filter(|heading| same_heading(heading, needed)).count() {
                0 => misfit.missing.push(needed.to_owned()),
                1 => {}
                _ => misfit.repeated.push(needed.to_owned()),
            }
        }
        if misfit.missing.len() + misfit.repeated.len() > 0 {
            return Err(misfit);
        }
        let place = |heading: &String| found.iter().position(|known| same_heading(known, heading));
        let places = |headings: &[String]| headings.iter().filter_map(place).collect::<Vec<_>>();
        Ok(Self {
            time: places(&profile.time.columns),
            key: places(&profile.key),
            skip: profile.skip.iter().filter_map(|skip| place(&skip.column)).collect(),
            fields: Field::ALL.iter().map(|field| places(profile.headings(*field))).collect(),
        })
    }

    /// The columns a field is read from.
    pub fn columns(&self, field: Field) -> &[usize] {
        self.fields.get(field as usize).map(Vec::as_slice).unwrap_or_default()
    }

    /// The columns no row can do without: its time and its key.
    pub fn indispensable(&self) -> impl Iterator<Item = usize> {
        self.time.iter().chain(&self.key).copied()
    }
}
