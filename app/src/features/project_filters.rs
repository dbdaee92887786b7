//! The filters of the list of projects, which stand in its address.

use crate::{
    components::{Button, Choice, Icon, InputKind, Segment, Segmented, Select, TextInput, Toolbar},
    features::query::{Query, address},
    paths,
};
use domain::project::ProjectStatus;
use leptos::prelude::*;
use leptos_router::{NavigateOptions, components::Form, hooks::use_navigate};

/// What the address asks for.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct ProjectQuery {
    /// Part of a name or key.
    pub search: String,
    /// A status, or blank for any.
    pub status: String,
    /// `archived`, `deleted`, or blank for those in use.
    pub show: String,
    /// Which page; blank for the first.
    pub cursor: String,
}

impl ProjectQuery {
    /// Reads the address.
    pub fn read(query: &Query) -> Self {
        let of = |name: &str| query.get(name).unwrap_or_default();
        Self { search: of("q"), status: of("status"), show: of("show"), cursor: of("cursor") }
    }

    /// The address of another page of the same list.
    pub fn page(&self, cursor: &str) -> String {
        let Self { search, status, show, .. } = self;
        address(paths::PROJECTS, &[("q", search), ("status", status), ("show", show), ("cursor", cursor)])
    }

    /// Whether it asks for less than a whole list.
    pub fn is_narrowed(&self) -> bool {
        !self.search.trim().is_empty() || ProjectStatus::parse(&self.status).is_some()
    }
}

/// Search, status, and which shelf.
#[component]
pub fn ProjectFilters(wanted: Memo<ProjectQuery>) -> impl IntoView {
    let shelf = move |show: &'static str, text: &'static str| {
        let href = Signal::derive(move || ProjectQuery { show: show.into(), ..wanted.get() }.page(""));
        let current = Signal::derive(move || wanted.with(|wanted| wanted.show == show));
        view! { <Segment href current>{text}</Segment> }
    };
    let choices: Vec<_> = std::iter::once(Choice::new("", "Any status"))
        .chain(ProjectStatus::ALL.map(|status| Choice::new(status.as_str(), status.label())))
        .collect();
    let navigate = use_navigate();
    let on_status = move |status: String| {
        let to = ProjectQuery { status, ..wanted.get_untracked() }.page("");
        navigate(&to, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    };
    let search = move || wanted.with(|wanted| wanted.search.clone());
    view! {
        <Toolbar label="Filter projects">
            <Form method="GET" action=paths::PROJECTS attr:class="toolbar-form" attr:role="search">
                <input type="hidden" name="show" value=move || wanted.with(|wanted| wanted.show.clone())/>
                <TextInput
                    id="projects-search" name="q" label="Search projects" hide_label=true kind=InputKind::Search
                    placeholder="Name or key" value=untrack(search)
                />
                <Select
                    id="projects-status" name="status" label="Status" hide_label=true choices
                    value=Signal::derive(move || wanted.with(|wanted| wanted.status.clone())) on_change=on_status
                />
                <Button kind="submit" icon=Icon::Search>"Search"</Button>
            </Form>
            <span class="toolbar-gap"></span>
            <Segmented label="Which projects">
                {shelf("", "In use")}
                {shelf("archived", "Archived")}
                {shelf("deleted", "Deleted")}
            </Segmented>
        </Toolbar>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_page_keeps_the_filters() {
        let wanted =
            ProjectQuery { search: "a b".into(), status: "active".into(), ..ProjectQuery::default() };
        assert_eq!(wanted.page("x"), "/projects?q=a%20b&status=active&cursor=x");
        assert_eq!(ProjectQuery::default().page(""), "/projects");
        assert!(wanted.is_narrowed());
        assert!(!ProjectQuery { show: "archived".into(), ..ProjectQuery::default() }.is_narrowed());
    }
}
