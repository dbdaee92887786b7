//! The way to this page.

use super::icon::Icon;
use leptos::prelude::*;

/// A step of the way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Crumb {
    pub text: String,
    pub href: String,
}

impl Crumb {
    pub fn new(text: impl Into<String>, href: impl Into<String>) -> Self {
        Self { text: text.into(), href: href.into() }
    }
}

/// Links to the pages above this one. The page's own name is its heading, not a crumb.
#[component]
pub fn Breadcrumb(crumbs: Vec<Crumb>) -> impl IntoView {
    let items = crumbs
        .into_iter()
        .map(|crumb| {
            view! {
                <li class="breadcrumb-item">
                    <a href=crumb.href>{crumb.text}</a>
                    <Icon icon=Icon::ChevronRight/>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="breadcrumb" aria-label="Breadcrumb">
            <ol>{items}</ol>
        </nav>
    }
}
