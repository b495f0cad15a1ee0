//! The reading of one page: what it asks again is asked once, and what it looked at is written down together, before
//! the page goes out.
//!
//! Different parts of a page ask for the same things: who complained about the officer, the person, their adjustments.
//! Within a page the first answer is kept; that also keeps its parts from contradicting each other. A write never reads
//! from what was kept, and what was kept is forgotten after one.

use super::access_log::Access;
use super::{Store, StoreError, is_inside_a_write};
use std::any::Any;
use std::cell::RefCell;
use std::collections::HashMap;
use uuid::Uuid;

/// A query by its name, and what it asks of.
type Question = (&'static str, Vec<Uuid>);

#[derive(Default)]
struct Page {
    answers: RefCell<HashMap<Question, Box<dyn Any + Send>>>,
    looks: RefCell<Vec<Access>>,
}

tokio::task_local! {
    static PAGE: Page;
}

impl Store {
    /// Makes a page, and says whether its looks at personal data are on the disk: where they are not, it must not go out.
    pub async fn read_page<F: Future>(&self, page: F) -> (F::Output, Result<(), StoreError>) {
        let looked = async {
            let made = page.await;
            (made, PAGE.with(|page| page.looks.take()))
        };
        let (made, looks) = PAGE.scope(Page::default(), looked).await;
        (made, self.access_log().record_now(looks).await)
    }
}

/// The answer to a question, asked once within a page and every time anywhere else.
pub(super) async fn once<T: Clone + Send + 'static>(
    query: &'static str,
    of: Vec<Uuid>,
    ask: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    if is_inside_a_write() {
        return ask.await;
    }
    let question = (query, of);
    let kept = |page: &Page| page.answers.borrow().get(&question)?.downcast_ref::<T>().cloned();
    if let Ok(Some(answer)) = PAGE.try_with(kept) {
        return Ok(answer);
    }
    let answer = ask.await?;
    let keep = |page: &Page| page.answers.borrow_mut().insert(question, Box::new(answer.clone()));
    let _there_is_no_page = PAGE.try_with(keep);
    Ok(answer)
}

/// Something was written: what was asked before may have another answer now.
pub(super) fn forget() {
    let _there_is_no_page = PAGE.try_with(|page| page.answers.borrow_mut().clear());
}

/// Keeps looks for the end of the page; gives them back where there is none.
pub(super) fn keep_looks(entries: Vec<Access>) -> Option<Vec<Access>> {
    let mut entries = Some(entries);
    let _there_is_no_page = PAGE.try_with(|page| page.looks.borrow_mut().extend(entries.take().into_iter().flatten()));
    entries
}
