//! Chance that can be had again: SplitMix64, begun anew for each thing that is made up.

#[derive(Clone, Copy, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    /// The chance of one thing of this seed.
    pub(super) fn of(seed: u64, thing: u64) -> Self {
        let mut chance = Self(seed ^ thing.wrapping_mul(0xd6e8_feb8_6659_fd93));
        chance.next();
        chance
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to `n` − 1; 0 for none.
    pub(super) fn below(&mut self, n: u64) -> u64 {
        self.next().checked_rem(n).unwrap_or_default()
    }

    /// Both inclusive.
    pub(super) fn between(&mut self, from: i64, to: i64) -> i64 {
        let span = u64::try_from(to - from + 1).unwrap_or(1);
        from + i64::try_from(self.below(span)).unwrap_or_default()
    }

    pub(super) fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    pub(super) fn pick<T: Copy + Default>(&mut self, from: &[T]) -> T {
        let place = usize::try_from(self.below(from.len() as u64)).unwrap_or_default();
        from.get(place).copied().unwrap_or_default()
    }
}

/// Every number below `n` once, in an order of its own for each `round`: `place` → number.
pub(super) fn shuffled(place: u64, n: u64, mut round: Chance) -> u64 {
    if n < 2 {
        return 0;
    }
    let mut step = round.below(n) | 1;
    while greatest_common_divisor(step, n) != 1 {
        step += 2;
    }
    let (step, start) = (u128::from(step), u128::from(round.below(n)));
    u64::try_from((u128::from(place) * step + start) % u128::from(n)).unwrap_or_default()
}

fn greatest_common_divisor(one: u64, other: u64) -> u64 {
    let (mut one, mut other) = (one, other);
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_number_comes_once_a_round() {
        for n in [1, 2, 7, 100, 99_200] {
            let round: BTreeSet<u64> = (0..n).map(|place| shuffled(place, n, Chance::of(5, n))).collect();
            assert_eq!((round.len() as u64, round.last()), (n, Some(&(n - 1))));
        }
    }
}
