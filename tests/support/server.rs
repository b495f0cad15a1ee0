//! A real server on a port of its own, in front of an `App`.

use super::Answer;
use evenhand::api;
use evenhand::app::App;
use evenhand::web;
use reqwest::Method;
use std::net::{SocketAddr, TcpListener};

pub struct Server {
    address: SocketAddr,
    client: reqwest::Client,
    handle: actix_web::dev::ServerHandle,
}

impl Server {
    pub fn before(app: &App) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let served = app.clone();
        let server = actix_web::HttpServer::new(move || api::routes::server(served.clone(), web::routes::pages))
            .workers(1)
            .disable_signals()
            .listen(listener)
            .unwrap()
            .run();
        let handle = server.handle();
        #[expect(clippy::disallowed_methods, reason = "stopped when the test's server is dropped")]
        tokio::spawn(server);
        Self { address, client: reqwest::Client::new(), handle }
    }

    /// A system's token, by its credentials.
    pub async fn sign_in_system(&self, id: &str, secret: &str) -> String {
        let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
        let request = self.client.post(self.url("/oauth2/token")).body(form);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = self.send(request).await.ok();
        answer["access_token"].as_str().unwrap().to_owned()
    }

    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, self.url(path))
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        Answer::read(request.send().await.unwrap()).await
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Told to stop at once; its threads end by themselves.
        drop(self.handle.stop(false));
    }
}
