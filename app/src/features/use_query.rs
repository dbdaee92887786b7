//! What the page's address asks for.

use super::query::Query;
use leptos::prelude::*;
use leptos_router::hooks::use_url;

/// The values in the address, as they change. The router's own map of them is decoded twice: `%41` would be read as `A`,
/// and what is left over from it differently by server and browser.
pub fn use_query() -> Memo<Query> {
    let url = use_url();
    Memo::new(move |_| url.with(|url| Query::read(url.search())))
}
