//! How often, and when, an event is sent again to a receiver that did not take it.

use chrono::Duration;

/// The wait before each attempt, in seconds: at once, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h.
const WAITS_SECONDS: [i64; 8] = [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 36_000];

/// The wait after `made` attempts before the next one; `None`: it was tried as often as there are tries.
pub fn wait_before(made: usize) -> Option<Duration> {
    WAITS_SECONDS.get(made).copied().map(Duration::seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_tried_eight_times_within_twenty_eight_hours() {
        let waits: Vec<i64> = (0..).map_while(wait_before).map(|wait| wait.num_seconds()).collect();
        assert_eq!(waits, [0, 5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 10 * 3600]);
        assert!(waits.is_sorted());
        assert_eq!(waits.iter().sum::<i64>(), 27 * 3600 + 35 * 60 + 5);
        assert_eq!(wait_before(8), None);
    }
}
