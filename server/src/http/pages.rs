//! Pages and the server functions behind them. Both get the same context.

use super::{
    Problem, Shared,
    actor::Caller,
    arrival::Arrival,
    cookies, csp,
    plain_form::{self, PlainForm},
    problem::wants_page,
    session::Cookie,
    spawning, theme,
};
use app::{
    App, paths,
    refused::Refused,
    shell::shell,
    ssr::{self, SessionCookie},
};
use axum::{
    Router,
    body::Body,
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, Method, StatusCode, Uri, header, request::Parts},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse as _, Redirect, Response},
    routing::{any, post},
};
use domain::Error;
use leptos::{
    config::LeptosOptions,
    nonce::use_nonce,
    prelude::{provide_context, use_context},
};
use leptos_axum::{
    AxumRouteListing, LeptosRoutes as _, ResponseOptions, generate_route_list, render_app_async_with_context,
    render_app_to_stream_with_context,
};
use std::sync::{Arc, LazyLock};

/// Every page's address. Found out once: meanwhile no resource of the whole process is loaded, and a page that another
/// router renders at that moment, as in tests, would wait for ever.
static PAGES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| {
    spawning::prepare();
    generate_route_list(App)
});

/// The pages that anyone may open.
const OPEN: [&str; 3] = [paths::SIGN_IN, paths::SET_UP, paths::ACKNOWLEDGE];

/// The server functions of those pages, and the one that ends a session that may be over already.
const OPEN_FUNCTIONS: [&str; 6] = [
    "/fn/session/sign-in",
    "/fn/session/sign-out",
    "/fn/session/set-up",
    "/fn/session/is-set-up",
    "/fn/urgent/linked",
    "/fn/urgent/acknowledge-linked",
];

/// Every page, the server functions, the theme's form; and the page that says that there is none.
pub fn routes(state: &Shared) -> Router {
    let options = LeptosOptions::builder().output_name("pms").build();
    let context = context(state);
    let document = {
        let assets = state.assets.clone();
        move || shell(&assets)
    };
    let missing = {
        let render = render_app_to_stream_with_context(context.clone(), document.clone());
        move |request: Request| not_found(render(request))
    };
    let form = {
        let (state, render) =
            (state.clone(), render_app_async_with_context(context.clone(), document.clone()));
        move |request: Request, next: Next| plain_form(state.clone(), render.clone(), request, next)
    };
    Router::new()
        .leptos_routes_with_context(&options, PAGES.clone(), context, document)
        .route("/fn/{*name}", any(async || Problem::no_such_address()))
        .route("/theme", post(theme::choose))
        .fallback(missing)
        .with_state(options)
        .layer(from_fn(form))
        .layer(from_fn_with_state(state.clone(), prepare))
}

/// Provides what `app::ssr` takes from the context. The nonce is there already when a page is rendered.
fn context(state: &Shared) -> impl Fn() + Clone + Send + Sync + 'static {
    let services = state.services.clone();
    move || {
        provide_context(services.clone());
        let request = use_context::<Parts>().and_then(|mut parts| parts.extensions.remove::<ssr::Request>());
        if let Some(request) = request {
            provide_context(request);
        }
        if let (Some(options), Some(policy)) =
            (use_context::<ResponseOptions>(), use_nonce().and_then(|nonce| csp::of_page(&nonce)))
        {
            options.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
}

/// Sends people who are not signed in to the sign-in, and puts what pages and server functions need into the request.
async fn prepare(State(state): State<Shared>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let is_page = matches!(parts.method, Method::GET | Method::HEAD);
    let caller = parts.extensions.get::<Caller>().cloned().unwrap_or_default();
    if is_page {
        if let Some(elsewhere) = without_words(&parts.uri).or_else(|| redirect(&caller, &parts.uri)) {
            return elsewhere;
        }
        if is_file(parts.uri.path()) {
            return Problem::no_such_address().into_response();
        }
    } else if is_for_nobody_else(&caller, &parts) {
        // Before what was sent is read.
        return Problem::from(Error::Unauthenticated).into_response();
    }
    match ssr_request(&state, &caller, &parts, is_page).await {
        Ok(found) => parts.extensions.insert(found),
        Err(error) => return Problem::from(error).into_response(),
    };
    let mut response = next.run(Request::from_parts(parts, body)).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// Lets a request through; a form that is refused without script gets its page back, as it was filled in.
async fn plain_form<F>(state: Shared, render: impl Fn(Request) -> F, request: Request, next: Next) -> Response
where
    F: Future<Output = Response>,
{
    let (form, request) = match PlainForm::read(request).await {
        Ok(read) => read,
        Err(answer) => return answer,
    };
    let Some(form) = form else { return next.run(request).await };
    let caller = request.extensions().get::<Caller>().cloned().unwrap_or_default();
    let known = request.extensions().get::<ssr::Request>().cloned();
    let answer = next.run(request).await;
    let refused =
        known.zip(form.refused(&answer)).filter(|(_, refused)| caller.is_known() || is_open(&refused.page));
    match refused {
        Some((known, refused)) => page_again(&state, render, known, refused).await.unwrap_or(answer),
        None => answer,
    }
}

/// The page of a refused form; none if it has an address that nothing can have.
async fn page_again<F>(
    state: &Shared,
    render: impl Fn(Request) -> F,
    mut known: ssr::Request,
    refused: Refused,
) -> Option<Response>
where
    F: Future<Output = Response>,
{
    let mut request = Request::get(&refused.page).body(Body::empty()).ok()?;
    let (status, address) = (refused.status(), refused.page.clone());
    if let Some(actor) = &known.actor {
        known.me = services::accounts::me(&state.services, actor).await.ok();
    }
    known.refused = Some(refused);
    request.extensions_mut().insert(known);
    let mut page = render(request).await;
    if page.status() == StatusCode::OK {
        *page.status_mut() = status;
    }
    plain_form::keep_page(&address, &mut page);
    Some(page)
}

/// Whether a script calls a function that is for those who are signed in, and nobody is. A form without script is sent back to
/// its page, from where its sender comes to the sign-in.
fn is_for_nobody_else(caller: &Caller, parts: &Parts) -> bool {
    let path = parts.uri.path();
    // Where there is no such function, another route says so.
    let is_there = parts.extensions.get::<MatchedPath>().is_some_and(|route| route.as_str() == path);
    let is_closed = is_there && path.starts_with("/fn/") && !OPEN_FUNCTIONS.contains(&path);
    is_closed && !caller.is_known() && !wants_page(&parts.headers)
}

/// Whether anyone may open the page of this address.
fn is_open(address: &str) -> bool {
    address.split('?').next().is_some_and(|path| OPEN.contains(&path))
}

/// To the same page without the error that its address carries. Pages would show it, whoever made up its words; refused forms
/// are answered with their page instead.
fn without_words(uri: &Uri) -> Option<Response> {
    let pairs: Vec<(String, String)> = serde_html_form::from_str(uri.query()?).ok()?;
    let (words, rest): (Vec<_>, Vec<_>) =
        pairs.into_iter().partition(|(name, _)| plain_form::is_of_a_refusal(name));
    if words.is_empty() {
        return None;
    }
    let query = serde_html_form::to_string(&rest).ok()?;
    let path = theme::local(uri.path());
    let to = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
    Some(Redirect::to(&to).into_response())
}

fn redirect(caller: &Caller, uri: &Uri) -> Option<Response> {
    let path = uri.path();
    if caller.is_known() {
        return (path == paths::SIGN_IN).then(|| Redirect::to(paths::HOME).into_response());
    }
    if OPEN.contains(&path) || is_file(path) {
        return None;
    }
    let wanted = uri.path_and_query().map_or(path, |wanted| wanted.as_str());
    let to = if wanted == paths::HOME {
        paths::SIGN_IN.to_owned()
    } else {
        let query = serde_html_form::to_string([("next", wanted)]).unwrap_or_default();
        format!("{}?{query}", paths::SIGN_IN)
    };
    let mut response = Redirect::to(&to).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Some(response)
}

/// Browsers ask for files that sites usually have; none of them is a page.
fn is_file(path: &str) -> bool {
    path.rsplit_once('/').is_some_and(|(_, name)| name.contains('.'))
}

async fn ssr_request(
    state: &Shared,
    caller: &Caller,
    parts: &Parts,
    is_page: bool,
) -> Result<ssr::Request, Error> {
    let cookie = Cookie::of(&parts.extensions).map(|cookie| Arc::new(cookie) as Arc<dyn SessionCookie>);
    let me = match caller.actor() {
        Some(actor) if is_page => Some(services::accounts::me(&state.services, actor).await?),
        _ => None,
    };
    Ok(ssr::Request {
        actor: caller.actor().cloned(),
        me,
        sign_in: Arrival::of(&parts.extensions, &parts.headers).0,
        cookie: cookie
            .ok_or_else(|| Error::Unavailable { message: "This needs a browser's session.".into() })?,
        theme: cookies::theme(&parts.headers).to_owned(),
        live: caller.position().map(|position| position.to_string()),
        refused: None,
    })
}

async fn not_found(rendered: impl Future<Output = Response>) -> Response {
    let mut response = rendered.await;
    if response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}
