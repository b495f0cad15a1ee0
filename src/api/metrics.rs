//! `/metrics` for Prometheus, on an address of its own.

use actix_web::HttpResponse;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::web::{self, Data};
use metrics_exporter_prometheus::PrometheusHandle;

/// A server of one page.
pub fn metrics_server(
    numbers: PrometheusHandle,
) -> actix_web::App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl actix_web::body::MessageBody>,
        Error = actix_web::Error,
        InitError = (),
    >,
> {
    actix_web::App::new().app_data(Data::new(numbers)).route("/metrics", web::get().to(show))
}

async fn show(numbers: Data<PrometheusHandle>) -> HttpResponse {
    numbers.run_upkeep();
    HttpResponse::Ok().content_type("text/plain; version=0.0.4").body(numbers.render())
}
