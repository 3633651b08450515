//! A browser as far as the tests need one: it keeps cookies, sends `Origin` with its forms, follows nothing by itself.

use reqwest::Method;
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// A browser that talks to one portal.
#[derive(Clone)]
pub struct Browser {
    client: reqwest::Client,
    address: SocketAddr,
    origin: String,
    /// Its cookies of the portal, by name.
    pub cookies: BTreeMap<String, String>,
    /// How it names itself.
    pub agent: String,
}

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    /// Where it redirects to.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// All `Set-Cookie` headers.
    pub fn set_cookies(&self) -> Vec<&str> {
        self.headers.get_all("set-cookie").iter().map(|v| v.to_str().unwrap()).collect()
    }

    /// The address of the page's first link.
    pub fn link(&self) -> String {
        let (_, rest) = self.body.split_once("<a href=\"").expect("a link in the page");
        unescape(rest.split('"').next().unwrap())
    }

    /// The hidden fields of the page's form.
    pub fn hidden_fields(&self) -> Vec<(String, String)> {
        let attribute = |tag: &str, name: &str| {
            let (_, rest) = tag.split_once(&format!("{name}=\""))?;
            Some(unescape(rest.split('"').next()?))
        };
        let inputs = self.body.split("<input ").skip(1).map(|rest| rest.split('>').next().unwrap());
        inputs
            .filter(|tag| tag.contains("type=\"hidden\""))
            .map(|tag| (attribute(tag, "name").expect("a name"), attribute(tag, "value").unwrap_or_default()))
            .collect()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e} in {self:?}"))
    }
}

fn unescape(text: &str) -> String {
    text.replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

/// A client that follows no redirect and keeps no cookie, for what is not the portal.
pub fn plain_client() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap()
}

impl Browser {
    pub fn new(address: SocketAddr, origin: &str) -> Self {
        Self {
            client: plain_client(),
            address,
            origin: origin.to_owned(),
            cookies: BTreeMap::new(),
            agent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned(),
        }
    }

    /// The portal's origin, which it names in its forms.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).await
    }

    /// Sends a form as the portal's own pages do.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let origin = self.origin.clone();
        self.send(Method::POST, path, &[("origin", &origin), ("sec-fetch-site", "same-origin")], Some(fields))
            .await
    }

    /// Sends a request with these headers.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        fields: Option<&[(&str, &str)]>,
    ) -> Answer {
        let mut request = self.request(method, path, headers);
        if let Some(fields) = fields {
            request = request.form(fields);
        }
        let answer = read(request).await;
        self.keep_all(&answer);
        answer
    }

    /// A request with the cookies and these headers, for what the other methods cannot do.
    pub fn request(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> reqwest::RequestBuilder {
        let path = path.strip_prefix(&self.origin).unwrap_or(path);
        let mut request = self.client.request(method, format!("http://{}{path}", self.address));
        request = request.header("user-agent", &self.agent);
        if !self.cookies.is_empty() {
            let cookies: Vec<_> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", cookies.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request
    }

    /// Calls a server function that takes JSON, as the page's script does.
    pub async fn call_json(&mut self, function: &str, body: &serde_json::Value) -> Answer {
        let origin = self.origin.clone();
        let headers = [("origin", &*origin), ("sec-fetch-site", "same-origin")];
        let request = self.request(Method::POST, &format!("/api/{function}"), &headers);
        let answer = read(request.header("content-type", "application/json").body(body.to_string())).await;
        self.keep_all(&answer);
        answer
    }

    /// A file: status, headers and bytes; an error where the connection broke before its end.
    pub async fn file(&self, path: &str) -> reqwest::Result<(u16, http::HeaderMap, bytes::Bytes)> {
        let response = self.request(Method::GET, path, &[]).send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok((status, headers, response.bytes().await?))
    }

    fn keep_all(&mut self, answer: &Answer) {
        for cookie in answer.set_cookies() {
            self.keep(cookie);
        }
    }

    fn keep(&mut self, set_cookie: &str) {
        let (name, rest) = set_cookie.split_once('=').expect("a cookie");
        let value = rest.split(';').next().unwrap();
        if rest.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    /// Whether it has the cookie of a sign-in.
    pub fn is_signed_in(&self) -> bool {
        self.cookies.contains_key("skyport") || self.cookies.contains_key("__Host-skyport")
    }

    /// Begins a sign-in; gives the address at the provider that the page leads to.
    pub async fn begin(&mut self, provider: &str, next: &str) -> String {
        let page = self.post("/auth/start", &[("provider", provider), ("next", next)]).await;
        assert_eq!(page.status, 200, "{page:?}");
        page.link()
    }

    /// Signs in at the demo issuer as `astronomer` or `operator`; gives the answer that leads to `next`.
    pub async fn sign_in_to(&mut self, user: &str, next: &str) -> Answer {
        let at_provider = self.begin("demo", next).await;
        let page = read(self.client.get(&at_provider)).await;
        assert_eq!(page.status, 200, "{page:?}");
        let mut fields = page.hidden_fields();
        fields.push(("user".to_owned(), user.to_owned()));
        let issuer = url::Url::parse(&at_provider).unwrap().join("/authorize").unwrap();
        let back = read(self.client.post(issuer).form(&fields)).await;
        assert_eq!(back.status, 303, "{back:?}");
        self.get(back.location()).await
    }

    /// Signs in at the demo issuer, and makes sure of it.
    pub async fn sign_in(&mut self, user: &str) {
        let answer = self.sign_in_to(user, "/").await;
        assert_eq!((answer.status, answer.location()), (303, "/"), "{answer:?}");
        assert!(self.is_signed_in());
    }

    /// Calls a server function as the page's script does.
    pub async fn call(&mut self, function: &str, fields: &[(&str, &str)]) -> Answer {
        self.post(&format!("/api/{function}"), fields).await
    }
}

/// Sends a request to what is not the portal.
pub async fn read(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.expect("an answer");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Answer { status, headers, body: response.text().await.expect("a whole answer") }
}
