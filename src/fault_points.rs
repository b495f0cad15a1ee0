//! Places at which a program built for tests can be told to die, as it would by `kill -9` or a power cut: at once, with
//! nothing run, written or said afterwards. In a release build there are none.

/// The places there are, each named by what has just been done and by what comes next.
pub const FAULT_POINTS: [&str; 12] = [
    "mail.before_commit",
    "mail.committed_not_answered",
    "jobs.claimed_not_run",
    "route.read_not_settled",
    "route.settled_not_committed",
    "route.committed_not_done",
    "send.begun_not_handed_over",
    "send.handed_over_not_noted",
    "send.noted_not_done",
    "imap.fetched_not_kept",
    "imap.kept_not_moved",
    "imap.moved_not_noted",
];

/// How a program for tests is to die.
#[cfg(debug_assertions)]
#[derive(Clone, Debug)]
struct Armed {
    /// One of the places; `*`: any.
    at: String,
    /// Once in so many visits, at random.
    one_in: u32,
}

#[cfg(debug_assertions)]
static ARMED: std::sync::OnceLock<Armed> = std::sync::OnceLock::new();

/// Tells this process to die at a place (`*`: any), once in so many visits. The first call decides.
///
/// # Errors
/// Where there is no such place, or this program was not built for tests.
pub fn arm(at: &str, one_in: u32) -> Result<(), String> {
    if at != "*" && !FAULT_POINTS.contains(&at) {
        return Err(format!("there is no place `{at}`; there are: {}", FAULT_POINTS.join(", ")));
    }
    #[cfg(not(debug_assertions))]
    return Err(format!("this program was not built for tests, and does not die once in {one_in} visits"));
    #[cfg(debug_assertions)]
    {
        // Armed once is armed.
        let _first_decides = ARMED.set(Armed { at: at.to_owned(), one_in });
        Ok(())
    }
}

/// The program was here.
#[inline]
pub fn reached(place: &'static str) {
    #[cfg(debug_assertions)]
    if let Some(armed) = ARMED.get()
        && (armed.at == "*" || armed.at == place)
        && getrandom::u32().is_ok_and(|number| number.is_multiple_of(armed.one_in.max(1)))
    {
        tracing::error!(place, "told to die here");
        std::process::abort();
    }
    #[cfg(not(debug_assertions))]
    let _nothing_happens = place;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_places_that_there_are_can_be_named() {
        assert!(arm("nowhere", 1).unwrap_err().contains("send.handed_over_not_noted"));
    }
}
