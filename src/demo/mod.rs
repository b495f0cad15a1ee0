//! A demonstration force: made-up people, twelve weeks of mail and calls through the real intake, meetings held,
//! strategies in every state. Seeded: the same on every machine. Everybody in it is plainly invented.
//!
//! It is a door like the others: a script that calls the use cases in the names of made-up officers, on a clock that
//! runs through the twelve weeks.

mod calls;
mod correspondence;
pub mod county;
mod force;
mod forms;
mod meetings;
mod seed;
mod strategies;

pub use force::{PASSWORD, SignIn};

use crate::app::mail::route_waiting;
use crate::app::outbox::send_waiting;
use crate::app::{App, AppError, Settings, cases, has_officers};
use crate::clock::Clock;
use crate::id_source::IdSource;
use chrono::{DateTime, Duration, Utc};
use force::Force;
use seed::Seed;
use std::sync::Arc;

/// How long the story is.
const WEEKS: i64 = 12;
/// The border mail server of the made-up force, whose word on senders is believed while the story is told.
const BORDER: &str = "mx.demo.example";

/// Fills an empty database with the demonstration force and answers one sign-in a role. A database that has officers
/// already is left as it is: only sign-ins are issued, for the demonstration officers it has.
///
/// # Errors
/// The first use case that fails: the story is told wrong, or the database failed.
pub async fn tell(app: &App) -> Result<Vec<SignIn>, AppError> {
    if !has_officers(app).await? {
        let end = app.now();
        let story = Story::begin(app, end).await?;
        Box::pin(story.told_until(end)).await?;
        force::give_passwords(app).await?;
    }
    force::sign_ins(app).await
}

/// The force on the story's own clock.
struct Story {
    app: App,
    force: Force,
}

impl Story {
    async fn begin(app: &App, end: DateTime<Utc>) -> Result<Self, AppError> {
        // Days begin at eight, so that the story's mail comes by day.
        let begin = (end - Duration::weeks(WEEKS)).date_naive().and_hms_opt(8, 0, 0).map(|begin| begin.and_utc());
        let clock = Clock::fixed(begin.unwrap_or(end));
        let settings = Settings { authserv_ids: vec![BORDER.to_owned()], ..(*app.settings).clone() };
        let app = App { clock, ids: IdSource::Random, settings: Arc::new(settings), ..app.clone() };
        let force = Force::gather(&app).await?;
        Ok(Self { app, force })
    }

    /// Day after day: mail and calls come in and are routed, clocks strike, people meet and decide, and what
    /// they write is sent by the next morning.
    async fn told_until(&self, end: DateTime<Utc>) -> Result<(), AppError> {
        let mut seed = Seed::new(20_261_122);
        let mut plan = strategies::Plan::new();
        let mut day = 0;
        while self.app.now() + Duration::days(1) <= end {
            let morning = self.app.now();
            Box::pin(correspondence::a_day(&self.app, &self.force, &mut seed, day)).await?;
            while Box::pin(route_waiting(&self.app, 200)).await? > 0 {}
            cases::run_deadlines(&self.app).await?;
            if day % 7 == 1 {
                Box::pin(meetings::a_week(&self.app, &self.force, day / 7)).await?;
            }
            Box::pin(plan.go_on(&self.app, &self.force, day)).await?;
            Box::pin(correspondence::somebody_reads_what_is_held(&self.app, &self.force, day)).await?;
            self.app.clock.set(morning + Duration::days(1));
            Box::pin(send_waiting(&self.app)).await?;
            day += 1;
        }
        Box::pin(calls::come_in(&self.app, &self.force)).await?;
        Box::pin(meetings::prepare_the_next(&self.app, &self.force)).await
    }
}
