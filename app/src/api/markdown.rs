//! Markdown as it will look.

// For the module: what stands above a server function counts for the browser’s half of it, too.
#![allow(clippy::unused_async, reason = "the browser’s half waits for the server")]

use crate::AppError;
use leptos::prelude::*;

/// The text as safe HTML, for the preview of an editor.
#[server(name = PreviewMarkdown, prefix = "/fn", endpoint = "markdown/preview")]
pub async fn preview_markdown(#[server(default)] text: String) -> Result<String, AppError> {
    // Only for those who are signed in: rendering costs time.
    crate::ssr::actor()?;
    let text = domain::validate::text(&text, domain::limits::TEXT)
        .map_err(|problem| domain::Error::field("text", problem.code, problem.message))?;
    Ok(services::markdown::to_html(&text))
}
