//! When to try again.

use chrono::Duration;

/// After the first failure, the second, …; after the last the job is given up: two days in all.
const DELAYS_SECONDS: [i64; 10] = [2, 10, 60, 300, 1_800, 7_200, 18_000, 36_000, 43_200, 64_800];

/// How long to wait after so many attempts; `None` when it was tried often enough.
pub(super) fn delay(attempts: i32) -> Option<Duration> {
    let failures = usize::try_from(attempts.max(1)).unwrap_or(1);
    DELAYS_SECONDS.get(failures - 1).copied().map(Duration::seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_until_the_job_is_given_up() {
        let delays: Vec<Duration> = (1..=10).map(|attempts| delay(attempts).unwrap()).collect();
        assert!(delays.is_sorted());
        assert_eq!(delay(11), None);
        assert_eq!(delay(0), delay(1));
    }
}
