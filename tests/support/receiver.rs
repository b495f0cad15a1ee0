//! A receiver of webhooks in this process that keeps what it is sent and answers as it is told.

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

/// One message as it came.
#[derive(Clone, Debug)]
pub struct Told {
    pub headers: BTreeMap<String, String>,
    pub text: String,
    pub body: Value,
}

#[derive(Default)]
struct Inside {
    told: Vec<Told>,
    /// Statuses of the next answers, with a place to go to; then 204.
    answers: VecDeque<(u16, Option<String>)>,
    /// Whom it wants to be told by; `None`: nobody.
    wants: Option<String>,
    /// By whom it was asked whether it wants to be told.
    asked_by: Vec<String>,
}

pub struct Receiver {
    address: SocketAddr,
    inside: Arc<Mutex<Inside>>,
    handle: actix_web::dev::ServerHandle,
}

impl Receiver {
    /// One that wants to be told by anybody.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let inside = Arc::new(Mutex::new(Inside { wants: Some("*".to_owned()), ..Inside::default() }));
        let shared = inside.clone();
        let server =
            HttpServer::new(move || App::new().app_data(Data::new(shared.clone())).default_service(web::to(answer)));
        let server = server.workers(1).disable_signals().listen(listener).unwrap().run();
        let handle = server.handle();
        tokio::spawn(server);
        Self { address, inside, handle }
    }

    pub fn url(&self) -> String {
        format!("http://{}/evenhand?key=of-the-receiver", self.address)
    }

    pub fn told(&self) -> Vec<Told> {
        self.inside.lock().unwrap().told.clone()
    }

    /// Answers the next messages so, one after the other.
    pub fn answers_next(&self, statuses: &[u16]) {
        self.inside.lock().unwrap().answers.extend(statuses.iter().map(|status| (*status, None)));
    }

    /// Sends whoever comes next elsewhere.
    pub fn redirects_next_to(&self, url: &str) {
        self.inside.lock().unwrap().answers.push_back((307, Some(url.to_owned())));
    }

    /// Wants to be told by this one alone, or by nobody.
    pub fn wants(&self, origin: Option<&str>) {
        self.inside.lock().unwrap().wants = origin.map(str::to_owned);
    }

    pub fn asked_by(&self) -> Vec<String> {
        self.inside.lock().unwrap().asked_by.clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

async fn answer(req: HttpRequest, body: Bytes, inside: Data<Arc<Mutex<Inside>>>) -> HttpResponse {
    let header = |name: &str| req.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut inside = inside.lock().unwrap();
    if req.method() == actix_web::http::Method::OPTIONS {
        inside.asked_by.push(header("webhook-request-origin").to_owned());
        let mut answer = HttpResponse::Ok();
        if let Some(wants) = &inside.wants {
            answer.insert_header(("webhook-allowed-origin", wants.as_str()));
        }
        return answer.finish();
    }
    let headers = req.headers().iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    let text = String::from_utf8(body.to_vec()).unwrap();
    let body = serde_json::from_str(&text).unwrap_or_default();
    inside.told.push(Told { headers: headers.collect(), text, body });
    let (status, place) = inside.answers.pop_front().unwrap_or((204, None));
    let mut answer = HttpResponse::build(StatusCode::from_u16(status).unwrap());
    if let Some(place) = place {
        answer.insert_header(("location", place));
    }
    answer.finish()
}
