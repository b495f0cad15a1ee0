//! `X-Protective-Marking` on every answer under `/api/v1`: the highest marking that stands in it.

use crate::app::{App, Marking};
use actix_web::Error;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;

const HEADER: HeaderName = HeaderName::from_static("x-protective-marking");
/// How a marking stands in an answer of ours.
const FIELD: &str = "\"marking\":\"";

/// Reads the answer as it goes out, so that no handler can forget to say what it holds. Words of people that look like
/// a marking can only raise it.
pub(crate) async fn mark(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let lowest = req.app_data::<Data<App>>().map(|app| app.settings.marking).unwrap_or_default();
    let (req, response) = next.call(req).await?.map_into_boxed_body().into_parts();
    let (mut response, body) = response.into_parts();
    let (body, marking) = match body.try_into_bytes() {
        Ok(bytes) => {
            let marking = highest(&String::from_utf8_lossy(&bytes), lowest);
            (BoxBody::new(bytes), marking)
        }
        Err(streamed) => (streamed, lowest),
    };
    response.headers_mut().insert(HEADER, HeaderValue::from_static(marking.as_str()));
    Ok(ServiceResponse::new(req, response.set_body(body)))
}

fn highest(answer: &str, lowest: Marking) -> Marking {
    let named = answer.split(FIELD).skip(1).filter_map(|rest| rest.split('"').next());
    lowest.with(named.filter_map(|name| name.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_bears_the_highest_marking_in_it_and_never_less_than_all_of_them() {
        let of = |answer: &str| highest(answer, Marking::Official);
        assert_eq!(of("{}"), Marking::Official);
        assert_eq!(of(r#"{"data":[{"marking":"OFFICIAL"},{"marking":"SECRET"}]}"#), Marking::Secret);
        assert_eq!(of(r#"{"marking":"unknown"}"#), Marking::Official);
        assert_eq!(highest(r#"{"marking":"OFFICIAL"}"#, Marking::OfficialSensitive), Marking::OfficialSensitive);
    }
}
