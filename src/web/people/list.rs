//! `GET /people`: everybody on file whom the reader may know, searched, narrowed and sorted.

use super::filters::Filters;
use crate::app::people::{self, ListedPerson, PeoplePage, may_do};
use crate::app::{App, AppError, Marking, cases};
use crate::render::charts::{RecentDays, SparklineCell, sparkline_cell};
use crate::web::fault::Fault;
use crate::web::form::{FormFault, summary};
use crate::web::frame::{Area, Page};
use crate::web::visitor::Visitor;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpResponse, get};
use serde_json::{Value, json};

const ROWS_A_PAGE: usize = 50;
/// The days before the four weeks that a line is drawn of.
const DAYS_BEFORE: usize = 7;
const DAYS: usize = 35;

#[get("/people")]
pub(crate) async fn show(app: Data<App>, visitor: Visitor, asked: Query<Filters>) -> Result<HttpResponse, Fault> {
    let wanted = asked.wanted();
    let turned = (asked.order(), asked.turn(), ROWS_A_PAGE);
    let (page, faults) = match people::people_page(&app, &visitor.actor, &wanted, turned).await {
        Ok(page) => (page, Vec::new()),
        Err(AppError::Invalid(faults)) => {
            // Whatever it is about the search, it is mended in its one field.
            let at_search = |fault| FormFault { name: "q".to_owned(), ..FormFault::from(fault) };
            (nobody(), faults.into_iter().map(at_search).collect())
        }
        Err(other) => return Err(other.into()),
    };
    let states = people::case_states(&app);
    let spocs: Vec<(String, String)> =
        cases::spocs(&app).await?.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    let may = may_do(&visitor.actor);
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = json!({
        "q": asked.searched_for(),
        "sort": asked.sorting(),
        "sortedBy": asked.sorted_by(),
        "filter": asked.fields(&states, &spocs),
        "chosen": asked.chosen(&states, &spocs),
        "narrowed": asked.narrows(),
        "rows": page.rows.iter().map(row).collect::<Vec<_>>(),
        "matching": page.matching,
        "showsContacts": may.read_contacts,
        "may": may,
        "exportHref": asked.href("/people/export", &[("sort", "")]),
        "pages": {
            "previous": page.previous.map(|place| json!({ "href": asked.turned_to("before", &place) })),
            "next": page.next.map(|place| json!({ "href": asked.turned_to("after", &place) })),
        },
        "faults": summary(&faults),
        "qError": faults.first().map(|fault| json!([{ "text": fault.message }])),
    });
    let title = if asked.searched_for().is_empty() { "People".to_owned() } else { "People found".to_owned() };
    Ok(Page { area: Area::People, marking: page.marking, status, ..Page::new("people/list", title, view) }
        .show(&app, &visitor))
}

fn nobody() -> PeoplePage {
    PeoplePage { rows: Vec::new(), matching: 0, marking: Marking::default(), previous: None, next: None }
}

fn row(person: &ListedPerson) -> Value {
    json!({
        "person": person,
        "href": format!("/people/{}", person.id),
        "cell": person.lately.as_ref().map(|lately| cell(&lately.days)),
        "reached": person.lately.as_ref().map(|lately| &lately.reached),
    })
}

/// The line of the last four weeks with its words.
pub(super) fn cell(days: &[u32]) -> SparklineCell {
    let days = if days.is_empty() { vec![0; DAYS] } else { days.to_vec() };
    let (earlier, counts) = days.split_at(DAYS_BEFORE.min(days.len()));
    sparkline_cell(&RecentDays { counts: counts.to_vec(), earlier: earlier.to_vec(), window: 7, threshold: None })
}
