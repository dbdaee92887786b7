//! Forms that were sent without script and are refused.
//!
//! Leptos sends their sender back to the page, with the error in its address and without what was typed; and an address
//! has no room for the text of somebody else that comes with a conflict. So the refusal is answered with the page
//! itself, filled in as it was.
//!
//! The browser then stands at the address of the server function, and tells that one as where the page's next form
//! comes from. So a cookie keeps the page's own address for as long as it is needed.

use super::{Problem, cookies};
use app::refused::Refused;
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, header},
    response::{IntoResponse as _, Response},
};
use domain::Error;

/// A form on its way to its server function.
pub struct PlainForm {
    action: String,
    fields: Vec<(String, String)>,
}

impl PlainForm {
    /// The form that a request brings, if it does, and the request as it was.
    ///
    /// # Errors
    /// The answer to a body that can't be read to its end.
    pub async fn read(mut request: Request) -> Result<(Option<Self>, Request), Response> {
        if !is_plain_form(&request) {
            return Ok((None, request));
        }
        if let Some(page) = page_it_comes_from(request.headers()) {
            request.headers_mut().insert(header::REFERER, page);
        }
        let (parts, body) = request.into_parts();
        // The limit is around it already.
        let bytes = to_bytes(body, usize::MAX).await.map_err(|_| unreadable())?;
        let action = parts.uri.path().to_owned();
        let fields = if Refused::keeps(&action) {
            serde_html_form::from_bytes(&bytes).unwrap_or_default()
        } else {
            Vec::new()
        };
        Ok((Some(Self { action, fields }), Request::from_parts(parts, Body::from(bytes))))
    }

    /// What to show instead of `answer`, if that sends the sender back with a refusal.
    pub fn refused(self, answer: &Response) -> Option<Refused> {
        let to = answer.headers().get(header::LOCATION)?.to_str().ok()?;
        let (path, query) = local(to).split_once('?')?;
        let query = query.split_once('#').map_or(query, |(query, _)| query);
        let pairs: Vec<(String, String)> = serde_html_form::from_str(query).ok()?;
        let (told, rest): (Vec<_>, Vec<_>) = pairs.into_iter().partition(|(name, _)| is_of_a_refusal(name));
        let error = told.into_iter().find(|(name, _)| name == "__err")?.1;
        let query = serde_html_form::to_string(&rest).ok()?;
        let page = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
        Some(Refused { action: self.action, error, page, typed: self.fields })
    }
}

/// Whether this is a name by which Leptos puts a refusal into an address.
pub fn is_of_a_refusal(name: &str) -> bool {
    matches!(name, "__path" | "__err")
}

/// Has the browser keep the address of `page`, which `answer` shows under that of a server function.
pub fn keep_page(page: &str, answer: &mut Response) {
    if let Some(cookie) = cookies::set_form_page(page) {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// The page's own address, of a form whose page was answered under the address of a server function.
fn page_it_comes_from(headers: &HeaderMap) -> Option<HeaderValue> {
    let from = headers.get(header::REFERER)?.to_str().ok()?;
    let shown = local(from);
    if !shown.starts_with("/fn/") {
        return None;
    }
    let page = cookies::form_page(headers)?;
    let site = from.strip_suffix(shown)?;
    HeaderValue::from_str(&format!("{site}{page}")).ok()
}

fn is_plain_form(request: &Request) -> bool {
    request.method() == Method::POST
        && request.uri().path().starts_with("/fn/")
        && says(request.headers(), header::ACCEPT, "text/html")
        && says(request.headers(), header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

fn says(headers: &HeaderMap, name: header::HeaderName, word: &str) -> bool {
    headers.get(name).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains(word))
}

/// Path and query of an address; its host, whatever it is, does not matter to what is shown.
fn local(to: &str) -> &str {
    let Some((_, rest)) = to.split_once("://") else { return to };
    rest.find('/').map_or("/", |at| &rest[at..])
}

fn unreadable() -> Response {
    let message =
        "The form did not arrive as a whole, or it is larger than the limit. Go back and try again.";
    Problem::from(Error::Unavailable { message: message.into() })
        .with_status(axum::http::StatusCode::PAYLOAD_TOO_LARGE)
        .into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(location: &str) -> Response {
        Response::builder().header(header::LOCATION, location).body(Body::empty()).expect("an answer")
    }

    fn form() -> PlainForm {
        PlainForm { action: "/fn/task/save-text".into(), fields: vec![("title".into(), "One".into())] }
    }

    #[tokio::test]
    async fn a_refused_form_comes_back_with_what_was_typed() {
        let request = Request::post("/fn/task/save-text")
            .header(header::ACCEPT, "text/html,application/xhtml+xml")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("title=One+%26+two"))
            .expect("a request");
        let (form, request) = PlainForm::read(request).await.expect("readable");
        let body = to_bytes(request.into_body(), 100).await.expect("a body");
        assert_eq!(&body[..], b"title=One+%26+two");
        let to = "http://host:8080/tasks/WEB-1?edit=text&__path=%2Ffn%2Ftask%2Fsave-text&__err=abc";
        let refused = form.expect("a form").refused(&answer(to)).expect("a refusal");
        assert_eq!(refused.page, "/tasks/WEB-1?edit=text");
        assert_eq!(refused.error, "abc");
        assert_eq!(refused.typed, [("title".to_owned(), "One & two".to_owned())]);
    }

    #[test]
    fn what_went_well_goes_on_as_it_would() {
        assert_eq!(form().refused(&answer("/tasks/WEB-1")), None);
        assert_eq!(form().refused(&answer("http://host/tasks/WEB-1?edit=text#end")), None);
        assert_eq!(form().refused(&Response::new(Body::empty())), None);
    }

    #[tokio::test]
    async fn the_next_form_of_a_page_that_was_shown_again_goes_back_to_the_page() {
        let mut shown = Response::new(Body::empty());
        keep_page("/projects/WEB/tasks?q=a;b", &mut shown);
        let cookie =
            shown.headers()[header::SET_COOKIE].to_str().expect("text").split(';').next().expect("a pair");
        let sent = |from: &str| {
            Request::post("/fn/task/save-text")
                .header(header::ACCEPT, "text/html")
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(header::COOKIE, format!("session=1; {cookie}"))
                .header(header::REFERER, from)
                .body(Body::empty())
                .expect("a request")
        };
        let (_, request) = PlainForm::read(sent("http://host:1/fn/task/save-text")).await.expect("readable");
        assert_eq!(request.headers()[header::REFERER], "http://host:1/projects/WEB/tasks?q=a%3Bb");
        let (_, request) = PlainForm::read(sent("http://host:1/tasks/WEB-1")).await.expect("readable");
        assert_eq!(request.headers()[header::REFERER], "http://host:1/tasks/WEB-1");
    }

    #[tokio::test]
    async fn what_script_sends_is_left_alone() {
        let request = Request::post("/fn/task/save-text")
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("title=One"))
            .expect("a request");
        assert!(PlainForm::read(request).await.expect("readable").0.is_none());
    }
}
