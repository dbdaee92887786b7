//! A request in the making. Awaiting it sends it.

use super::{Answer, client::Client};
use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Request, header, request::Builder},
};
use serde_json::Value;
use std::pin::Pin;

pub struct Ask {
    client: Client,
    builder: Builder,
    body: Body,
}

impl Ask {
    pub(super) fn new(client: Client, method: &str, path: &str) -> Self {
        let builder = Request::builder().method(method).uri(path).header(header::HOST, "pms.example.org");
        Self { client, builder, body: Body::empty() }
    }

    pub fn header<V>(mut self, name: &'static str, value: V) -> Self
    where
        HeaderValue: TryFrom<V>,
        <HeaderValue as TryFrom<V>>::Error: Into<axum::http::Error>,
    {
        self.builder = self.builder.header(HeaderName::from_static(name), value);
        self
    }

    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// As a form in a page sends it.
    pub fn form(self, pairs: &[(&str, &str)]) -> Self {
        let body = serde_html_form::to_string(pairs).expect("pairs");
        self.body("application/x-www-form-urlencoded", body)
    }

    pub fn body(mut self, kind: &'static str, body: impl Into<Body>) -> Self {
        self = self.header("content-type", kind);
        self.body = body.into();
        self
    }
}

impl IntoFuture for Ask {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let request = self.builder.body(self.body).expect("a request");
            self.client.send(request).await
        })
    }
}
