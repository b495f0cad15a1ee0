//! `registers/areas.yaml`: the areas of the county and the units that each has, and which of them a text tells of (R75).

use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The areas, in the order of the file. Together they are the whole county.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Areas {
    pub version: String,
    pub areas: Vec<Area>,
}

/// An area and whom a caller in it is referred to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// What a referral names: `north`.
    pub key: String,
    pub name: String,
    /// Its Community Safety Unit.
    pub csu: Unit,
    /// Its Safer Neighbourhood Team.
    pub snt: Unit,
    /// `ZZ1`, a whole district; `ZZ3 2`, a sector; `ZZ`, every district of these letters.
    pub postcodes: Vec<String>,
    /// Words by which a location may be told.
    pub places: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    pub name: String,
}

impl Area {
    /// The name of its unit of this role, if it has one.
    pub fn unit(&self, role: &str) -> Option<&str> {
        match role {
            "csu" => Some(&self.csu.name),
            "snt" => Some(&self.snt.name),
            _ => None,
        }
    }
}

impl Areas {
    pub fn find(&self, key: &str) -> Option<&Area> {
        self.areas.iter().find(|area| area.key == key)
    }

    /// The area that a location tells of: by the postcode in it, otherwise by a place. `None` where it tells of none or of
    /// several, or where its postcode is none of this county: nothing is guessed.
    pub fn of_location(&self, text: &str) -> Option<&Area> {
        let words = words_of(text);
        match self.of_postcodes(&postcodes_in(&words)) {
            Told::Nothing => self.of_places(&words),
            Told::Of(area) => Some(area),
            Told::Unclear => None,
        }
    }

    fn of_postcodes(&self, postcodes: &[Postcode]) -> Told<'_> {
        let mut told = Told::Nothing;
        for postcode in postcodes {
            let area = self.longest(postcode).filter(|_| !self.is_divided(postcode));
            told = match (told, area) {
                // Half a postcode may be the number of a road.
                (told, None) if !postcode.is_whole() => told,
                (_, None) => return Told::Unclear,
                (Told::Nothing, Some(area)) => Told::Of(area),
                (Told::Of(before), Some(area)) if before.key == area.key => Told::Of(before),
                (Told::Of(_) | Told::Unclear, Some(_)) => return Told::Unclear,
            };
        }
        told
    }

    /// The area of the longest prefix that fits; `None` where none does.
    fn longest(&self, postcode: &Postcode) -> Option<&Area> {
        let prefixes =
            self.areas.iter().flat_map(|area| area.postcodes.iter().map(move |text| (area, Prefix::of(text))));
        let fitting =
            prefixes.filter_map(|(area, prefix)| prefix.filter(|prefix| prefix.fits(postcode)).zip(Some(area)));
        fitting.max_by_key(|(prefix, _)| prefix.length()).map(|(_, area)| area)
    }

    /// Whether only the part that is missing would tell: the district belongs to several areas.
    fn is_divided(&self, postcode: &Postcode) -> bool {
        let holds = |area: &&Area| {
            area.postcodes.iter().filter_map(|text| Prefix::of(text)).any(|prefix| prefix.begins(postcode))
        };
        postcode.inward.is_empty() && self.areas.iter().filter(holds).count() > 1
    }

    fn of_places(&self, words: &[String]) -> Option<&Area> {
        let named = |area: &&Area| area.places.iter().any(|place| names(words, &words_of(place)));
        let mut found = self.areas.iter().filter(named);
        let first = found.next()?;
        if found.next().is_none() { Some(first) } else { None }
    }
}

/// What the postcodes of a text say.
enum Told<'a> {
    Nothing,
    Of(&'a Area),
    Unclear,
}

/// A postcode as somebody may have typed it: the district, and what they gave of the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Postcode {
    district: String,
    inward: String,
}

impl Postcode {
    fn is_whole(&self) -> bool {
        self.inward.len() == 3
    }
}

/// The beginning of postcodes, as the register gives it.
enum Prefix {
    Letters(String),
    District(String),
    Sector(String, String),
}

impl Prefix {
    fn of(text: &str) -> Option<Self> {
        let words = words_of(text);
        match words.as_slice() {
            [letters] if is_letters(letters) => Some(Prefix::Letters(letters.clone())),
            [district] if is_district(district) => Some(Prefix::District(district.clone())),
            [district, sector] if is_district(district) && sector.len() == 1 && is_inward(sector) => {
                Some(Prefix::Sector(district.clone(), sector.clone()))
            }
            _ => None,
        }
    }

    fn fits(&self, postcode: &Postcode) -> bool {
        match self {
            Prefix::Letters(letters) => {
                postcode.district.strip_prefix(letters.as_str()).is_some_and(|rest| rest.starts_with(is_digit))
            }
            Prefix::District(district) => postcode.district == *district,
            Prefix::Sector(district, sector) => {
                postcode.district == *district && postcode.inward.starts_with(sector.as_str())
            }
        }
    }

    /// Whether it is the district, or a sector of it.
    fn begins(&self, postcode: &Postcode) -> bool {
        match self {
            Prefix::Letters(_) => false,
            Prefix::District(district) | Prefix::Sector(district, _) => postcode.district == *district,
        }
    }

    fn length(&self) -> usize {
        match self {
            Prefix::Letters(text) | Prefix::District(text) => text.len(),
            Prefix::Sector(district, sector) => district.len() + sector.len(),
        }
    }

    fn written(&self) -> String {
        match self {
            Prefix::Letters(text) | Prefix::District(text) => text.clone(),
            Prefix::Sector(district, sector) => format!("{district} {sector}"),
        }
    }
}

/// The words of a text in capitals; what is no letter or digit divides them.
fn words_of(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’').filter(|word| !word.is_empty());
    words.map(str::to_uppercase).collect()
}

fn names(words: &[String], place: &[String]) -> bool {
    !place.is_empty() && words.windows(place.len()).any(|some| some == place)
}

fn postcodes_in(words: &[String]) -> Vec<Postcode> {
    let last = words.len().saturating_sub(1);
    let next = words.iter().enumerate().skip(1).map(Some).chain([None]);
    let read = |(word, next): (&String, Option<(usize, &String)>)| {
        if is_district(word) {
            // A single digit with something behind it may be the number of a house.
            let inward = next.filter(|(at, next)| is_inward(next) && (next.len() == 3 || *at == last));
            let inward = inward.map(|(_, inward)| inward.clone()).unwrap_or_default();
            return Some(Postcode { district: word.clone(), inward });
        }
        // Written without the space: the last three are the inward part.
        let (district, inward) = word.split_at_checked(word.len().checked_sub(3)?)?;
        let whole = is_district(district) && inward.len() == 3 && is_inward(inward);
        whole.then(|| Postcode { district: district.to_owned(), inward: inward.to_owned() })
    };
    words.iter().zip(next).filter_map(read).collect()
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// One or two letters.
fn is_letters(text: &str) -> bool {
    (1..=2).contains(&text.len()) && text.chars().all(|c| c.is_ascii_uppercase())
}

/// `A1`, `A12`, `A1B`, `AA1`, `AA12`, `AA1B`.
fn is_district(text: &str) -> bool {
    let numbers = text.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = text.strip_suffix(numbers).unwrap_or_default();
    let mut rest = numbers.chars();
    is_letters(letters)
        && rest.next().is_some_and(is_digit)
        && rest.next().is_none_or(|c| c.is_ascii_digit() || c.is_ascii_uppercase())
        && rest.next().is_none()
}

/// `2`, the sector alone, or `2CD`.
fn is_inward(text: &str) -> bool {
    let rest = text.strip_prefix(is_digit);
    rest.is_some_and(|rest| matches!(rest.len(), 0 | 2) && rest.chars().all(|c| c.is_ascii_uppercase()))
}

/// The register of areas.
///
/// # Errors
/// What is wrong with the file, with line and column; no version or no area; a key that is no plain word or stands here
/// twice; an area or unit without a name, or that nothing tells of; a postcode that is none; one postcode, or one place, in
/// two areas.
pub fn areas(text: &str) -> Result<Areas, String> {
    let file: Areas = serde_saphyr::from_str(text).map_err(|error| error.to_string())?;
    if file.version.trim().is_empty() {
        return Err("the register has no version".to_owned());
    }
    if file.areas.is_empty() {
        return Err("the register names no area".to_owned());
    }
    let (mut keys, mut told) = (BTreeSet::new(), BTreeMap::new());
    for area in &file.areas {
        if !keys.insert(&area.key) {
            return Err(format!("`{}` stands here a second time", area.key));
        }
        fault_of(area, &mut told).map_or(Ok(()), |fault| Err(format!("`{}` {fault}", area.key)))?;
    }
    Ok(file)
}

/// What is wrong with an area; `told` is what the areas before it are told by, and whose it is.
fn fault_of(area: &Area, told: &mut BTreeMap<String, String>) -> Option<String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if area.key.is_empty() || !area.key.chars().all(plain) {
        return Some("is no key: lower-case letters, digits and hyphens".to_owned());
    }
    if [&area.name, &area.csu.name, &area.snt.name].iter().any(|name| name.trim().is_empty()) {
        return Some("needs a name, and so do its two units".to_owned());
    }
    if area.postcodes.is_empty() && area.places.is_empty() {
        return Some("has neither a postcode nor a place, so no caller is ever in it".to_owned());
    }
    let mut by = Vec::new();
    for text in &area.postcodes {
        match Prefix::of(text) {
            Some(prefix) => by.push(prefix.written()),
            None => return Some(format!("has `{text}`, which no postcode begins with")),
        }
    }
    for place in &area.places {
        let words = words_of(place);
        if words.is_empty() {
            return Some("has a place without a word".to_owned());
        }
        by.push(format!("the place {}", words.join(" ")));
    }
    for one in by {
        if let Some(other) = told.insert(one.clone(), area.key.clone()) {
            return Some(format!("has {one}, which `{other}` has already"));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped() -> Areas {
        areas(include_str!("../../../workflows/registers/areas.yaml")).unwrap()
    }

    fn area_of(text: &str) -> Option<String> {
        shipped().of_location(text).map(|area| area.key.clone())
    }

    fn is_in(text: &str, key: &str) {
        assert_eq!(area_of(text).as_deref(), Some(key), "{text}");
    }

    #[test]
    fn a_postcode_tells_the_area_wherever_it_stands_and_however_it_is_typed() {
        for text in
            ["ZZ1 4AB", "zz14ab", "  zz1   4ab ", "Flat 2, 9 Example Road, ZZ1 4AB, ring twice", "ZZ1\t4AB", "ZZ1"]
        {
            is_in(text, "north");
        }
        is_in("ZZ10 1AA", "coast");
        is_in("zz101aa", "coast");
    }

    #[test]
    fn the_longest_beginning_wins() {
        is_in("ZZ3 1AA", "town");
        is_in("ZZ3 2AA", "north");
        is_in("zz32aa", "north");
        is_in("ZZ3 2", "north");
        assert_eq!(area_of("ZZ3"), None, "two areas share the district");
        is_in("ZZ3, Castle Meadow", "town");
        assert_eq!(area_of("ZZ3, 2 Example Road"), None, "2 is a house here");
    }

    #[test]
    fn a_district_is_not_the_beginning_of_another() {
        assert_eq!(area_of("ZZ11 1AA"), None, "ZZ1 is another district");
        assert_eq!(area_of("ZZ19"), None);
    }

    #[test]
    fn every_district_of_some_letters_may_be_one_areas() {
        let whole = "version: \"1\"\nareas:\n  - { key: all, name: All, csu: { name: C }, snt: { name: S }, postcodes: [Q], places: [] }\n  - { key: one, name: One, csu: { name: C }, snt: { name: S }, postcodes: [Q7], places: [] }\n";
        let areas = areas(whole).unwrap();
        assert_eq!(areas.of_location("q1 1aa").unwrap().key, "all");
        assert_eq!(areas.of_location("q7 1aa").unwrap().key, "one");
        assert_eq!(areas.of_location("qz1 1aa"), None);
    }

    #[test]
    fn without_a_postcode_a_place_tells_it_if_it_is_one_areas() {
        is_in("outside the church in northbeck", "north");
        is_in("CASTLE  MEADOW, bus stop C", "town");
        is_in("Exampleton Central, platform 2", "town");
        assert_eq!(area_of("Between Northbeck and Samplehaven"), None, "two areas are named");
        assert_eq!(area_of("Samplewick"), None, "half a name is no place");
        assert_eq!(area_of("Northbecks Farm"), None, "a place is a whole word");
    }

    #[test]
    fn a_postcode_counts_before_a_place_and_two_of_different_areas_tell_nothing() {
        is_in("Northbeck Lane, ZZ6 1AA", "coast");
        is_in("ZZ1 1AA or ZZ2 1AA", "north");
        assert_eq!(area_of("ZZ1 1AA, or perhaps ZZ6 1AA"), None);
        assert_eq!(area_of("Northbeck, AB1 2CD"), None, "a postcode of elsewhere");
        is_in("On the A12 near Northbeck", "north");
    }

    #[test]
    fn what_tells_of_no_area_is_not_guessed() {
        for text in ["", "   ", "unknown", "a phone box", "ZZ", "4AB", "☎ ZZ", "12345", "𝔸1"] {
            assert_eq!(area_of(text), None, "{text}");
        }
    }

    #[test]
    fn each_area_names_both_its_units() {
        let shipped = shipped();
        for area in &shipped.areas {
            assert!(area.unit("csu").is_some() && area.unit("snt").is_some() && area.unit("mash").is_none());
            assert_eq!(shipped.find(&area.key), Some(area));
        }
        assert_eq!(shipped.find("nowhere"), None);
    }

    #[test]
    fn a_register_that_cannot_be_meant_is_a_fault() {
        let area = |key: &str, rest: &str| {
            format!("  - {{ key: {key}, name: A, csu: {{ name: C }}, snt: {{ name: S }}, {rest} }}\n")
        };
        let one = "postcodes: [ZZ1], places: [Here]";
        for (rows, says) in [
            (String::new(), "names no area"),
            (area("a", one) + &area("a", "postcodes: [ZZ2], places: []"), "second time"),
            (area("a", one) + &area("b", "postcodes: [zz1], places: []"), "`b` has ZZ1, which `a` has already"),
            (area("a", one) + &area("b", "postcodes: [], places: [here]"), "the place HERE, which `a` has already"),
            (area("A b", one), "is no key"),
            (area("a", "postcodes: [], places: []"), "neither a postcode nor a place"),
            (area("a", "postcodes: [1ZZ], places: []"), "which no postcode begins with"),
            (area("a", "postcodes: [ZZ1 2AB], places: []"), "which no postcode begins with"),
            (area("a", "postcodes: [ZZ1], places: ['-']"), "a place without a word"),
            (area("a", one).replace("name: S", "name: ' '"), "needs a name"),
            (area("a", "postcodes: [ZZ1], places: [], fire: no"), "fire"),
        ] {
            let rows = if rows.is_empty() { " []\n".to_owned() } else { format!("\n{rows}") };
            let fault = areas(&format!("version: \"1\"\nareas:{rows}")).unwrap_err();
            assert!(fault.contains(says), "{says}: {fault}");
        }
        assert!(areas("version: \" \"\nareas: []\n").unwrap_err().contains("no version"));
    }
}
