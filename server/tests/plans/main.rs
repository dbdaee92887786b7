//! That nothing that is done all day reads a table which grows from one end to the other, on both engines. One story alone in
//! its program, because statements are seen by the whole program's log.

mod acts;
mod growth;
#[path = "../http/support/mod.rs"]
mod support;

use serde_json::json;
use services::seed::{self, LARGEST_PROJECT, Sizes};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Mutex, PoisonError},
};
use store::{Db, db::Options};
use support::{
    App, Client,
    reads::{addresses, alarm},
};
use testkit::{MariaDb, engines::run_async, plans::whole_reads, workspace::PASSWORD};
use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

/// So much that reading all of a table is seen, and that the databases' choice is that of larger ones.
const SIZES: Sizes = Sizes {
    users: 120,
    teams: 10,
    projects: 60,
    memberships: 480,
    tasks: 12_000,
    comments: 10_000,
    activity: 24_000,
    task_labels: 10_000,
    watchers: 10_000,
    notifications: 10_000,
    audit: 20_000,
    largest_project: 800,
    busiest_task: 300,
};

/// Rows that a statement may look at: all that a person or a project has of something, with what is joined to each. Any
/// growing table has more.
const MOST: u64 = 6_000;
/// And for each that it gives.
const EACH: u64 = 12;

/// Statements that were run since they were last asked for.
static SEEN: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Notes each statement that the database driver runs.
struct Statements;

#[derive(Default)]
struct Text {
    start: String,
    whole: String,
}

impl Visit for Text {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => self.start = value.into(),
            "db.statement" => self.whole = value.trim().into(),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

impl Subscriber for Statements {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }

    fn event(&self, event: &Event<'_>) {
        let mut text = Text::default();
        event.record(&mut text);
        // A short one is its own beginning.
        let text = if text.whole.is_empty() { text.start } else { text.whole };
        SEEN.lock().unwrap_or_else(PoisonError::into_inner).push(text);
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

fn seen() -> Vec<String> {
    std::mem::take(&mut SEEN.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Each list with each of its filters and orders, across projects and in the largest.
fn lists() -> Vec<String> {
    let orders = ["number", "updated", "due", "priority", "unblocks"];
    let mut of_tasks: Vec<String> =
        orders.iter().flat_map(|order| [format!("sort={order}"), format!("sort=-{order}")]).collect();
    let filters = [
        "status=done",
        "status=todo,doing",
        "assignee=me",
        "assignee=nobody",
        "priority=high",
        "due_until=2026-12-01",
        "waiting=blocked",
        "waiting=blocking",
        "waiting=ready",
        "lifecycle=archived",
        "status=todo&priority=high&sort=-updated",
    ];
    of_tasks.extend(filters.map(str::to_owned));
    let mut all = Vec::new();
    for query in of_tasks {
        all.push(format!("tasks?{query}"));
        all.push(format!("projects/{LARGEST_PROJECT}/tasks?{query}"));
    }
    let others = [
        "activity?limit=200",
        "comments?limit=200",
        "episodes?open=true",
        "labels?limit=200",
        "me/notifications?shelf=unread",
        "me/notifications?shelf=archived",
        "projects?lifecycle=archived",
        "projects?search=a",
        "projects?status=active",
        "users?search=a",
        "users?status=disabled",
        "users/options?search=a",
    ];
    all.extend(others.map(str::to_owned));
    all.into_iter().map(|list| format!("/api/v1/{list}")).collect()
}

/// Everything once, and the second page of what has one. Gives which statements were run by whom for what.
async fn read_everything(client: &Client, paths: &[String]) -> BTreeMap<String, String> {
    let mut statements = BTreeMap::new();
    let mut ask = async |path: String| {
        seen();
        let answer = client.get(&path).await;
        for statement in seen() {
            statements.entry(statement).or_insert_with(|| path.clone());
        }
        // What is the administrator's own is nothing to others.
        assert!(matches!(answer.status, 200 | 403 | 404), "{path}: {}", answer.text());
        (answer.status == 200 && path.starts_with("/api/"))
            .then(|| {
                serde_json::from_str::<serde_json::Value>(answer.text()).ok()?["next"]
                    .as_str()
                    .map(str::to_owned)
            })
            .flatten()
    };
    for path in paths {
        if let Some(next) = ask(path.clone()).await {
            ask(format!("{path}{}cursor={next}", if path.contains('?') { '&' } else { '?' })).await;
        }
    }
    statements
}

/// A workspace with much in it, and who asks: its administrator, somebody of its largest project and of some others,
/// somebody who sees next to nothing, somebody who sees nothing.
async fn workspace(db: &Db) -> (App, [Client; 4]) {
    let app = App::empty(db.clone()).await;
    let services = &app.w.services;
    seed::fill(services, SIZES, PASSWORD.into(), &mut |_, _| {}).await.expect("filled");
    let admin = app.browser(seed::ADMIN).await;
    alarm(&admin, LARGEST_PROJECT).await;
    admin.create("/api/v1/announcements", json!({ "title": "News", "body": "None." })).await;
    while services::notifications::tell(services).await.expect("a round") > 0 {}
    let people = admin.read(&format!("/api/v1/projects/{LARGEST_PROJECT}/members")).await;
    let people = people["members"].as_array().expect("a list");
    let member = people.iter().find(|member| member["user"]["username"] != seed::ADMIN).expect("a member");
    let member = app.browser(member["user"]["username"].as_str().expect("a name")).await;
    let small = admin.create("/api/v1/projects", json!({ "name": "Small", "key": "SMALL" })).await;
    let (guest, role) = (app.w.user("guest", "Member").await, app.w.role("Viewer").await);
    let place = json!({ "user_id": guest.user_id, "role_id": role });
    let joined = admin.post("/api/v1/projects/SMALL/members").json(&place).await;
    assert!(joined.status < 300, "{} {}", joined.text(), small);
    app.w.user("stranger", "Member").await;
    growth::grow(db, services.now()).await;
    services::workspace::learn(services).await.expect("it is learned");
    let (guest, stranger) = (app.browser("guest").await, app.browser("stranger").await);
    (app, [admin, member, guest, stranger])
}

async fn open(url: String) -> Db {
    let db = Db::open(&Options::new(url)).await.expect("it opens");
    store::schema::up(&db, 0).await.expect("the migrations run");
    db
}

/// What SQLite would read from end to end for these statements, whoever ran them.
async fn whole(db: &Db, statements: BTreeMap<String, String>) -> (usize, BTreeSet<String>) {
    let mut wrong = BTreeSet::new();
    let mut looked_at = 0;
    for (statement, by) in statements {
        if !["SELECT", "WITH", "UPDATE", "DELETE"].iter().any(|word| statement.starts_with(word)) {
            continue;
        }
        looked_at += 1;
        for line in whole_reads(db, &statement).await {
            wrong.insert(format!("{by}: {line}\n{statement}"));
        }
    }
    (looked_at, wrong)
}

/// What is wrong there.
async fn on_sqlite() -> BTreeSet<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let db = open(format!("sqlite:{}", folder.path().join("pms.db").display())).await;
    let (app, people) = workspace(&db).await;
    let mut paths = addresses(&people[0], (LARGEST_PROJECT, "LARGE-1")).await;
    paths.extend(lists());
    let mut statements = BTreeMap::new();
    for client in &people {
        for (statement, path) in read_everything(client, &paths).await {
            statements.entry(statement).or_insert(path);
        }
    }
    let all_of = |by: &str| seen().into_iter().map(|statement| (statement, by.to_owned())).collect();
    seen();
    acts::of_people(&app, &people[0]).await;
    let by_people: BTreeMap<_, _> = all_of("people");
    acts::of_jobs(&app).await;
    let by_jobs: BTreeMap<_, _> = all_of("jobs");
    let mut wrong = BTreeSet::new();
    for (statements, least) in [(statements, 150), (by_people, 60), (by_jobs, 20)] {
        let (looked_at, found) = whole(&db, statements).await;
        assert!(looked_at > least, "{looked_at} statements");
        wrong.extend(found);
    }
    db.close().await;
    wrong
}

/// What is wrong there.
async fn on_mariadb() -> BTreeSet<String> {
    let server = MariaDb::start();
    server.note_statements();
    let db = open(server.url()).await;
    let (app, people) = workspace(&db).await;
    let mut paths = addresses(&people[0], (LARGEST_PROJECT, "LARGE-1")).await;
    paths.extend(lists());
    let before = server.ran().len();
    for client in &people {
        read_everything(client, &paths).await;
    }
    acts::of_people(&app, &people[0]).await;
    acts::of_jobs(&app).await;
    let ran = server.ran().split_off(before);
    assert!(ran.len() > 500, "{} statements", ran.len());
    let wrong: BTreeSet<String> = ran
        .into_iter()
        .filter(|ran| ran.examined > MOST + EACH * ran.sent)
        .map(|ran| format!("{} rows for {}\n{}", ran.examined, ran.sent, ran.text))
        .collect();
    db.close().await;
    wrong
}

#[test]
fn nothing_that_is_done_all_day_reads_a_growing_table_from_end_to_end() {
    tracing::subscriber::set_global_default(Statements).expect("the only log");
    run_async(async {
        let wrong: Vec<_> = on_sqlite().await.into_iter().chain(on_mariadb().await).collect();
        assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    });
}
