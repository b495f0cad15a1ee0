//! Calls were taken back: what rules said of their callers is withdrawn where it holds no longer, and what it kept from
//! being said is said.

use super::nominate_callers::nominate_callers;
use crate::app::{App, AppError};
use crate::domain::ids::CallerId;
use crate::domain::nomination::Hit;
use crate::store::{Tx, calls, nominations};
use chrono::{DateTime, Utc};

/// `counted`: calls that count only now. `other_kind`: callers who are another kind now, whose whole history rules may
/// see otherwise.
pub(super) async fn reconsider(
    app: &App,
    tx: &Tx,
    callers: &[CallerId],
    (mut counted, other_kind): (Vec<(CallerId, DateTime<Utc>)>, &[CallerId]),
) -> Result<(), AppError> {
    // While a nomination stood, none was raised for calls in its window.
    for (caller, hit) in withdraw_unfounded(app, tx, callers).await? {
        counted.extend([(caller, hit.window_start), (caller, hit.reached_at)]);
    }
    nominate_callers(app, tx, &counted).await?;
    let ever = |caller: &CallerId| [(*caller, DateTime::<Utc>::UNIX_EPOCH), (*caller, app.now())];
    nominate_callers(app, tx, &other_kind.iter().flat_map(ever).collect::<Vec<_>>()).await?;
    Ok(())
}

/// Withdraws nominations whose window no longer holds enough calls, and answers them.
async fn withdraw_unfounded(app: &App, tx: &Tx, callers: &[CallerId]) -> Result<Vec<(CallerId, Hit)>, AppError> {
    let hits = nominations::hits_of_callers(tx, callers).await?;
    let all = hits.values().flatten().map(|(_, hit)| hit);
    let (Some(from), Some(until)) =
        (all.clone().map(|hit| hit.window_start).min(), all.map(|hit| hit.reached_at).max())
    else {
        return Ok(Vec::new());
    };
    let times = calls::counted_times(tx, callers, (from, until)).await?;
    let (mut gone, mut withdrawn) = (Vec::new(), Vec::new());
    for ((caller, name), hits) in hits {
        let Some(rule) = app.catalog.nomination_rules().iter().find(|rule| rule.rule == name) else { continue };
        let history = times.get(&caller).map_or(&[][..], Vec::as_slice);
        for (id, hit) in hits.into_iter().filter(|(_, hit)| !rule.holds(hit, history)) {
            gone.push(id);
            withdrawn.push((caller, hit));
        }
    }
    nominations::withdraw(tx, &gone, app.now()).await?;
    Ok(withdrawn)
}
