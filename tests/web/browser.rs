//! A browser without scripts: keeps one cookie, sends forms with the token of the page, follows where it is sent.

use crate::support::{Answer, TestApp};
use evenhand::app::signing_in::{self, SetPassword};
use reqwest::Method;

pub struct Browser<'a> {
    app: &'a TestApp,
    pub cookie: String,
    csrf: String,
}

pub const PASSWORD: &str = "made up for tests only";

impl<'a> Browser<'a> {
    /// An officer who has set their password by the link they were given. Tests ask for no code unless they say so.
    pub async fn sign_in(app: &'a TestApp, username: &str) -> Self {
        let link = signing_in::make_sign_in_link(&app.app, username).await.unwrap();
        let token = link.rsplit('/').next().unwrap().to_owned();
        let begun = signing_in::set_password(&app.app, SetPassword { token, password: PASSWORD.to_owned() });
        Self::with_token(app, &Box::pin(begun).await.unwrap().token).await
    }

    /// Somebody who has not signed in.
    pub fn without_session(app: &'a TestApp) -> Self {
        Self { app, cookie: String::new(), csrf: String::new() }
    }

    /// Goes on with a session that was begun.
    pub async fn with_token(app: &'a TestApp, token: &str) -> Self {
        let mut browser = Self { app, cookie: format!("evenhand={token}"), csrf: String::new() };
        let page = browser.get("/settings").await;
        browser.csrf = value_of(&page.text, "csrf").unwrap_or_default();
        browser
    }

    /// What a form of this session bears.
    pub fn csrf(&self) -> &str {
        &self.csrf
    }

    /// Takes the token of a page, where the first one had none.
    pub fn take_token_of(&mut self, page: &Answer) {
        self.csrf = value_of(&page.text, "csrf").unwrap_or_default();
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// Sends a form with the token of the page it would have stood on. Redirects are not followed.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("csrf", self.csrf.as_str())];
        all.extend(fields);
        self.post_as_it_is(path, &all).await
    }

    /// Sends a form without adding anything.
    pub async fn post_as_it_is(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = url_encoded();
        body.extend_pairs(fields);
        self.send(Method::POST, path, Some(body.finish())).await
    }

    /// Sends a form with a file, as a browser does.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], (name, file): (&str, &str)) -> Answer {
        let boundary = "----made-up-boundary";
        let mut body = String::new();
        for (field, value) in [("csrf", self.csrf.as_str())].iter().chain(fields) {
            body.push_str(&format!(
                "--{boundary}\r\ncontent-disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n"
            ));
        }
        body.push_str(&format!(
            "--{boundary}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: text/csv\r\n\r\n{file}\r\n--{boundary}--\r\n"
        ));
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let request = client.request(Method::POST, self.app.url(path)).header("accept", "text/html");
        let kind = format!("multipart/form-data; boundary={boundary}");
        let request = request.header("cookie", &self.cookie).header("content-type", kind).body(body);
        Answer::read(request.send().await.unwrap()).await
    }

    async fn send(&self, method: Method, path: &str, body: Option<String>) -> Answer {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let request = client.request(method, self.app.url(path)).header("accept", "text/html");
        let request = request.header("cookie", &self.cookie);
        let request = match body {
            Some(body) => request.header("content-type", "application/x-www-form-urlencoded").body(body),
            None => request,
        };
        Answer::read(request.send().await.unwrap()).await
    }
}

fn url_encoded() -> url::form_urlencoded::Serializer<'static, String> {
    url::form_urlencoded::Serializer::new(String::new())
}

/// The value of the first field of this name on a page.
pub fn value_of(page: &str, name: &str) -> Option<String> {
    let after = page.split(&format!("name=\"{name}\"")).nth(1)?;
    let value = after.split('>').next()?.split("value=\"").nth(1)?;
    Some(value.split('"').next()?.to_owned())
}

impl Answer {
    /// The page, which has to be one, and has to say all of this.
    #[track_caller]
    pub fn says(&self, words: &[&str]) -> &Self {
        assert_eq!(self.status, 200, "{}", self.text);
        for word in words {
            assert!(self.text.contains(word), "the page does not say “{word}”: {}", self.text);
        }
        self
    }

    /// Where it sends the browser to.
    #[track_caller]
    pub fn leads_to(&self) -> String {
        assert_eq!(self.status, 303, "{}", self.text);
        self.header("location").expect("a place").to_owned()
    }
}
