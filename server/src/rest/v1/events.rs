//! What open pages are told, as server-sent events.

use crate::{
    http::{Problem, Shared, actor::SignedIn, places::Place},
    rest::input::Query,
};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{
        IntoResponse as _, Response,
        sse::{Event, Sse},
    },
};
use domain::{Error, ids::UserId};
use futures::{Stream, stream};
use serde::Deserialize;
use serde_json::json;
use services::{
    live::{self, Listener, Position, Told},
    ports::bus::Personal,
};
use std::{convert::Infallible, time::Duration};
use tokio_util::sync::CancellationToken;
use utoipa_axum::{router::OpenApiRouter, routes};

/// How often a stream that has nothing to say says so, and asks whether its person may still listen.
const BEAT: Duration = Duration::from_secs(15);
/// A session whose id is renewed is closed and opened again; whoever looks in between looks once more.
const RENEWAL: Duration = Duration::from_secs(1);
/// How long a browser waits before it comes again, in milliseconds.
const COME_AGAIN: Duration = Duration::from_secs(3);

/// `/api/v1/events`
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(listen))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Since {
    /// The id of the last event that you know of. The header `Last-Event-ID` wins over it.
    since: Option<String>,
}

/// Hear of changes
///
/// Server-sent events, ids only: ask for what you show. `ready` comes first and says where you are; `change` lists what
/// changed in projects that you see; `inbox`, `urgent` and `present` say that notifications, alerts or who looks at a
/// task changed; `resync` says that anything may have changed; `beat` comes every 15 seconds when there is nothing
/// else. After `bye` the stream ends: with `signed_out` for good, with `restart` come again. Every event has an id; send
/// the last one as `Last-Event-ID` or `since` and nothing is missed.
#[utoipa::path(
    get, path = "/api/v1/events", tag = "activity", operation_id = "events",
    params(Since),
    responses((status = 200, content_type = "text/event-stream", body = String)),
)]
async fn listen(
    State(state): State<Shared>,
    actor: SignedIn,
    headers: HeaderMap,
    Query(Since { since }): Query<Since>,
) -> Result<Response, Problem> {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    let since = last.or(since).map(|id| id.parse::<Position>()).transpose()?;
    let user = actor.user_id.ok_or(Error::Unauthenticated)?;
    let place = state.streams.take(user)?;
    let listener = live::listen(&state.services, &actor, since, BEAT).await?;
    let stream = Speaker { listener, stop: state.stop.clone(), next: Next::Ready, _place: place };
    let mut response = Sse::new(stream.events()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache, no-transform"));
    // Proxies of nginx's kind would keep events until there are some kilobytes of them.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

/// What a stream does next.
enum Next {
    Ready,
    Listen,
    End,
}

struct Speaker {
    listener: Listener,
    stop: CancellationToken,
    next: Next,
    _place: Place<UserId>,
}

impl Speaker {
    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, async |mut speaker| {
            let event = speaker.event().await?;
            Some((Ok(event), speaker))
        })
    }

    async fn event(&mut self) -> Option<Event> {
        match self.next {
            Next::Ready => {
                self.next = Next::Listen;
                Some(self.word("ready", &json!({})).retry(COME_AGAIN))
            }
            Next::Listen => {
                let stop = self.stop.clone();
                match stop.run_until_cancelled(self.told()).await {
                    Some(Some(told)) => Some(self.say(&told)),
                    Some(None) => Some(self.bye("signed_out")),
                    None => Some(self.bye("restart")),
                }
            }
            Next::End => None,
        }
    }

    /// What is told next; none if the person may not listen any more.
    async fn told(&mut self) -> Option<Told> {
        let mut told = self.listener.next().await;
        if let Ok(None) = told {
            tokio::time::sleep(RENEWAL).await;
            let stands = Box::pin(self.listener.still_stands()).await;
            told = stands.map(|stands| stands.then_some(Told::Resync));
        }
        match told {
            Ok(told) => told,
            // That it can't be asked does not mean that they may not.
            Err(error) => {
                // The browser comes again with its last id.
                tracing::warn!(%error, "a stream of events ends early");
                self.next = Next::End;
                Some(Told::Quiet)
            }
        }
    }

    fn say(&self, told: &Told) -> Event {
        match told {
            Told::Changed(changed) => {
                let changes: Vec<_> = changed
                    .iter()
                    .map(|touched| {
                        json!({
                            "action": touched.action,
                            "project_id": touched.project_id,
                            "task_id": touched.task_id,
                        })
                    })
                    .collect();
                self.word("change", &json!({ "changes": changes }))
            }
            Told::Personal(Personal::Inbox) => self.word("inbox", &json!({})),
            Told::Personal(Personal::Urgent) => self.word("urgent", &json!({})),
            Told::Present(task) => self.word("present", &json!({ "task_id": task })),
            Told::Resync => self.word("resync", &json!({})),
            Told::Quiet => self.word("beat", &json!({})),
        }
    }

    fn bye(&mut self, reason: &str) -> Event {
        self.next = Next::End;
        self.word("bye", &json!({ "reason": reason }))
    }

    fn word(&self, name: &str, data: &serde_json::Value) -> Event {
        Event::default().event(name).id(self.listener.position().to_string()).data(data.to_string())
    }
}
