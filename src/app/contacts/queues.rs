//! The queues that ticks release a contact to: a task each for the people who deal with such things.

use super::{findings, reading};
use crate::app::App;
use crate::domain::contact::Queue;
use crate::store::contacts::Contact;
use crate::store::tasks::{self, NewTask};
use crate::store::{StoreError, Tx};

/// Asks each of the contact's queues to deal with it, once however often it is ticked, and asks no longer those that it
/// left. A complaint is asked to be recorded, which is what its queue does.
pub(super) async fn ask(app: &App, tx: &Tx, contact: &Contact) -> Result<(), StoreError> {
    let left = Queue::ALL.into_iter().filter(|queue| !contact.queues.contains(queue));
    let left: Vec<&str> = left.filter_map(task).map(|(kind, _)| kind).collect();
    tasks::settle(tx, tasks::of_contacts(&[contact.id], &left), None, app.now()).await?;
    let asked = contact.queues.iter().filter_map(|queue| Some((*queue, task(*queue)?)));
    let task = |(queue, (kind, title)): (Queue, (&'static str, &str))| NewTask {
        title: title.to_owned(),
        due_at: Some(match queue.is_urgent() {
            true => app.now(),
            false => findings::next_working_day(app.catalog.calendar(), app.now()),
        }),
        ..reading::about(app, contact, kind)
    };
    tasks::create(tx, asked.map(task).collect()).await?;
    if contact.queues.contains(&Queue::Complaints) {
        reading::ask_for_recording(app, tx, contact).await?;
    }
    Ok(())
}

/// The kind and title of a queue's task.
fn task(queue: Queue) -> Option<(&'static str, &'static str)> {
    match queue {
        Queue::Safeguarding => Some(("handle_safeguarding", "Deal with a risk to life or a safeguarding concern")),
        Queue::Complaints => None,
        Queue::Crime => Some(("handle_crime", "Deal with the report of a crime")),
        Queue::InformationRights => Some(("handle_information_rights", "Answer a request for information or a review")),
        Queue::Adjustments => Some(("handle_adjustments", "Answer a request for an adjustment or an appeal")),
        Queue::StaffSafety => Some(("handle_staff_safety", "Deal with a threat to staff")),
        Queue::Correspondence => Some(("handle_correspondence", "Deal with the reply to something we asked for")),
    }
}
