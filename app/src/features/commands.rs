//! The command palette's content: where to go, what to do, and what the server finds.

use super::{
    pause::Pause,
    project_links::use_recent_projects,
    shortcuts::{project_in, use_overlays},
};
use crate::{
    AppError,
    api::{people::people_options, search::quick_search},
    components::{CommandPalette, Icon, PaletteGroup, PaletteItem},
    paths,
    session::may,
};
use domain::{permission::Permission, project::ProjectRef, search::SearchResults, user::UserRef};
use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};
use std::time::Duration;

/// Long enough to leave out the letters in between, too short to be noticed.
const PAUSE: Duration = Duration::from_millis(140);
/// How many tasks and projects the server is asked for.
const HITS: i64 = 12;
/// Stands before an address in an item's id.
const GO: &str = "go:";
const SHOW_KEYS: &str = "do:keys";

/// What the server found, and for which words.
#[derive(Clone, Default)]
struct Found {
    words: String,
    results: SearchResults,
    people: Vec<UserRef>,
}

/// The palette, ready to be opened by key or click.
#[component]
pub fn Commands() -> impl IntoView {
    let overlays = use_overlays();
    let path = use_location().pathname;
    let query = RwSignal::new(String::new());
    let (found, busy) = search_after_pause(query);
    let recent = use_recent_projects();
    let groups = Signal::derive(move || {
        let words = query.get();
        let mut projects = recent.get();
        let found = found.get().filter(|found| found.words == words.trim()).unwrap_or_default();
        let (tasks, people) = (tasks(&found.results), people(&found.people));
        if !words.trim().is_empty() {
            projects.retain(|project| matches(&words, &format!("{} {}", project.key, project.name)));
            let known: Vec<_> = projects.iter().map(|project| project.id).collect();
            projects.extend(found.results.projects.into_iter().filter(|p| !known.contains(&p.id)));
        }
        [
            ("Tasks", tasks),
            ("Projects", projects.iter().map(project_item).collect()),
            ("Go to", only_matching(&words, places())),
            ("Actions", only_matching(&words, acts(project_in(&path.get())))),
            ("People", people),
        ]
        .into_iter()
        .filter(|(_, items)| !items.is_empty())
        .map(|(label, items)| PaletteGroup { label: label.into(), items })
        .collect::<Vec<_>>()
    });
    // Opened again, it starts anew.
    Effect::new(move |_| {
        if !overlays.palette.get() {
            query.set(String::new());
        }
    });
    let navigate = use_navigate();
    let on_choose = move |item: PaletteItem| match item.id.strip_prefix(GO) {
        Some(to) => navigate(to, NavigateOptions::default()),
        None if item.id == SHOW_KEYS => overlays.help.set(true),
        None => {}
    };
    view! { <CommandPalette id="palette" open=overlays.palette query groups busy on_choose/> }
}

/// Asks the server when the typing rests. Answers to older words come and are not shown.
fn search_after_pause(query: RwSignal<String>) -> (Signal<Option<Found>>, Signal<bool>) {
    let sees_people = may(Permission::UserView);
    let ask = Action::new(move |words: &String| search(words.clone(), sees_people));
    let pause = Pause::of(PAUSE);
    Effect::new(move |_| {
        let words = query.get().trim().to_owned();
        if words.is_empty() {
            pause.stop();
        } else {
            pause.then(move || {
                ask.dispatch(words);
            });
        }
    });
    let found = Signal::derive(move || ask.value().get().and_then(Result::ok));
    (found, Signal::derive(move || ask.pending().get()))
}

async fn search(words: String, sees_people: bool) -> Result<Found, AppError> {
    let results = quick_search(words.clone(), HITS).await?;
    let people = if sees_people { people_options(words.clone()).await? } else { Vec::new() };
    Ok(Found { words, results, people })
}

fn tasks(results: &SearchResults) -> Vec<PaletteItem> {
    let item = |hit: &domain::search::TaskHit| {
        place(&paths::task(&hit.task.key), Icon::Todo, &hit.task.title, Some(&hit.task.key))
    };
    results.tasks.iter().map(item).collect()
}

fn people(found: &[UserRef]) -> Vec<PaletteItem> {
    let item =
        |user: &UserRef| place(&paths::person(user.id), Icon::User, &user.display_name, Some(&user.username));
    found.iter().take(5).map(item).collect()
}

fn project_item(project: &ProjectRef) -> PaletteItem {
    place(&paths::project(&project.key), Icon::Projects, &project.name, Some(&project.key))
}

fn places() -> Vec<PaletteItem> {
    let mut places = vec![
        place(paths::HOME, Icon::Home, "Home", Some("g h")),
        place(paths::INBOX, Icon::Bell, "Inbox", Some("g i")),
        place(paths::PROJECTS, Icon::List, "All projects", Some("g p")),
        place(paths::URGENT, Icon::Urgent, "Urgent projects", Some("g u")),
        place(paths::SEARCH, Icon::Search, "Search", Some("g s")),
        place(paths::ACCOUNT, Icon::User, "Your account", Some("g a")),
        place(paths::NOTIFICATIONS, Icon::Settings, "What you are told", None),
        place(paths::ANNOUNCEMENTS, Icon::Flag, "Announcements", None),
        place(paths::ROLES, Icon::Shield, "Roles", None),
        place(paths::WHY, Icon::Key, "Why may I (not)?", None),
    ];
    let more = [
        (Permission::UserView, paths::PEOPLE, Icon::Users, "People"),
        (Permission::TeamView, paths::TEAMS, Icon::Users, "Teams"),
        (Permission::AuditView, paths::AUDIT, Icon::History, "Audit log"),
    ];
    places.extend(
        more.into_iter()
            .filter(|(permission, ..)| may(*permission))
            .map(|(_, href, icon, text)| place(href, icon, text, None)),
    );
    places
}

fn acts(project: Option<&str>) -> Vec<PaletteItem> {
    let mut acts = Vec::new();
    if let Some(key) = project {
        let here = [
            (paths::new_task(key), Icon::Plus, "New task", "n"),
            (paths::board(key), Icon::Board, "Board", "g b"),
            (paths::tasks(key), Icon::List, "Task list", "g l"),
        ];
        acts.extend(
            here.map(|(href, icon, text, keys)| place(&href, icon, &format!("{text} of {key}"), Some(keys))),
        );
    }
    if may(Permission::ProjectCreate) {
        acts.push(place(paths::NEW_PROJECT, Icon::Plus, "New project", None));
        acts.push(place(paths::IMPORT, Icon::Import, "Import a checklist", None));
    }
    let keys = PaletteItem {
        id: SHOW_KEYS.into(),
        icon: Icon::Keyboard,
        text: "Keyboard shortcuts".into(),
        hint: Some("?".into()),
    };
    acts.push(keys);
    acts
}

fn place(href: &str, icon: Icon, text: &str, hint: Option<&str>) -> PaletteItem {
    PaletteItem { id: format!("{GO}{href}"), icon, text: text.into(), hint: hint.map(Into::into) }
}

fn only_matching(words: &str, mut items: Vec<PaletteItem>) -> Vec<PaletteItem> {
    items.retain(|item| matches(words, &item.text));
    items
}

/// Whether each of the words begins a word of `text`, without regard to case. Accents count here: folding them as the
/// server does would bring its tables into what the browser downloads.
fn matches(words: &str, text: &str) -> bool {
    let text = text.to_lowercase();
    words
        .to_lowercase()
        .split_whitespace()
        .all(|word| text.split_whitespace().any(|part| part.starts_with(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_letters_of_each_word_find_a_command() {
        assert!(matches("new pro", "New project"));
        assert!(matches("", "New project"));
        assert!(!matches("old project", "New project"));
        assert!(!matches("roject", "New project"));
    }
}
