//! Work that goes on in a task of its own, and is told of as a part of what began it.

use sentry::{Hub, SentryFutureExt as _};
use std::sync::Arc;
use tokio::task_local;
use tracing::{Instrument as _, Span};

task_local! {
    /// The span that the log has. Of those that work is in, a task can only ask for the innermost, which may be one that the
    /// log leaves out.
    static LOGGED: Span;
}

/// Does work that the log tells by this span.
pub(crate) async fn within<T>(span: Span, work: impl Future<Output = T>) -> T {
    // Else it would be here twice: as it was given, and as it is awaited.
    let work = Box::pin(work).instrument(span.clone());
    LOGGED.scope(span, work).await
}

/// Makes of work some that can be given to another task: it belongs to the same request or job in the log, in traces and in
/// errors.
pub fn along<T>(work: impl Future<Output = T>) -> impl Future<Output = T> {
    Origin::here().go_on(work)
}

/// What work belongs to, for another thread.
pub struct Origin {
    logged: Option<Span>,
    innermost: Span,
    errors: Arc<Hub>,
}

impl Origin {
    /// What is done here.
    pub fn here() -> Self {
        Self { logged: LOGGED.try_with(Span::clone).ok(), innermost: Span::current(), errors: Hub::current() }
    }

    /// Does work of it.
    pub async fn go_on<T>(self, work: impl Future<Output = T>) -> T {
        let work = Box::pin(work).instrument(self.innermost).bind_hub(self.errors);
        match self.logged {
            Some(span) => within(span, work).await,
            None => work.await,
        }
    }
}
