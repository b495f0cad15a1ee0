//! Who calls: how they can be known, what they are called and where they are. All of it follows from the seed and their
//! place among the callers; nothing is kept.

use super::chance::{Chance, shuffled};
use crate::domain::calls::CallerKey;

#[derive(Clone, Copy, Debug)]
pub(super) struct Callers {
    seed: u64,
    all: u32,
    planted: u32,
}

/// A caller's place among the callers; planted ones come last.
pub(super) type Caller = u32;

/// How somebody who calls can be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    ByNumber,
    /// The number is withheld; name and place are told.
    ByName,
    /// Neither: their calls count for nobody.
    NotAtAll,
}

/// Numbers of this area code begin so; it was never given out.
const AREA: &str = "1632";
const NUMBERS: u64 = 1_000_000;
const FIRST: [&str; 12] = [
    "Testa", "Samplo", "Fictia", "Inventio", "Zoë", "Madina", "Exempla", "O'Sample", "Proba", "Placida", "Specima",
    "Imagina",
];
const ORGANISATIONS: [&str; 5] = ["Care Home", "Shop", "School", "Hospital Ward", "Housing Office"];
const TOWNS: [&str; 8] = [
    "Exampleton",
    "Sampleford",
    "Made-up Magna",
    "Testwick",
    "Nowhere Parva",
    "Fictham",
    "Placebo-on-Sea",
    "Dummy St Mary",
];

impl Callers {
    pub(super) fn new(seed: u64, all: u32, planted: u32) -> Self {
        Self { seed, all, planted }
    }

    /// How many are not planted: they come first.
    pub(super) fn others(self) -> u32 {
        self.all - self.planted
    }

    pub(super) fn planted(self, nth: u32) -> Caller {
        self.others() + nth
    }

    pub(super) fn known(self, caller: Caller) -> Known {
        if let Some(nth) = caller.checked_sub(self.others()) {
            return if nth % 8 == 3 { Known::ByName } else { Known::ByNumber };
        }
        match Chance::of(self.seed, 1_000 + u64::from(caller)).below(100) {
            0..88 => Known::ByNumber,
            88..93 => Known::ByName,
            _ => Known::NotAtAll,
        }
    }

    pub(super) fn is_organisation(self, caller: Caller) -> bool {
        match caller.checked_sub(self.others()) {
            Some(nth) => nth % 8 == 4,
            None => caller % 11 == 5,
        }
    }

    /// Somebody others ring again and again about, and who rings because of them: counted like anybody, and no nuisance.
    pub(super) fn is_victim(self, caller: Caller) -> bool {
        caller.checked_sub(self.others()).is_some_and(|nth| nth % 8 == 5)
    }

    /// What a system that asks writes down; the key of their calls in it.
    pub(super) fn key(self, caller: Caller) -> Option<CallerKey> {
        match self.known(caller) {
            Known::ByNumber => Some(CallerKey::of_number(&format!("+44{}", self.number(caller)))),
            Known::ByName => CallerKey::of_name_and_place(&self.name(caller), &self.place(caller)),
            Known::NotAtAll => None,
        }
    }

    /// Ten digits, without the zero in front. No two callers have the same.
    pub(super) fn number(self, caller: Caller) -> String {
        format!("{AREA}{:06}", shuffled(u64::from(caller), NUMBERS, Chance::of(self.seed, 2)))
    }

    pub(super) fn name(self, caller: Caller) -> String {
        let mut chance = Chance::of(self.seed, 2_000_000 + u64::from(caller));
        if self.is_organisation(caller) {
            format!("Made-up {} {caller}", chance.pick(&ORGANISATIONS))
        } else {
            format!("{} Made-up {caller}", chance.pick(&FIRST))
        }
    }

    pub(super) fn place(self, caller: Caller) -> String {
        let mut chance = Chance::of(self.seed, 4_000_000 + u64::from(caller));
        format!("{} Invention Road, {}", 1 + chance.below(300), chance.pick(&TOWNS))
    }
}
