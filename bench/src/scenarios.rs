//! What is asked of the server: the table of contents, and each request in a line or two.

use crate::{
    client::Ask,
    machine,
    stage::{BOARD, LARGE, MEMBER, MEMBER_PASSWORD, Stage},
};
use hyper::{Method, StatusCode, header};
use serde_json::json;

/// One kind of request, asked again and again.
pub struct Scenario {
    /// Its name on the command line and in the results.
    pub name: &'static str,
    /// What it is.
    pub what: &'static str,
    /// How it must be answered.
    pub expects: StatusCode,
    /// What it needs on the stage.
    pub needs: Needs,
    /// The request of a connection's turn.
    pub ask: fn(&Stage, &Turn) -> Ask,
}

/// What a scenario needs on the stage, made right before it runs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Needs {
    /// Nothing more.
    Nothing,
    /// The tag of the list as it is.
    Tag,
    /// A task for each connection.
    Tasks,
    /// Few connections: the server lets a person's tries of a password wait for each other.
    FewConnections,
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Turn {
    /// Which connection.
    pub connection: usize,
    /// How often it has asked before.
    pub number: usize,
    /// The version of its task.
    pub version: i64,
}

impl Turn {
    /// A number that no other turn of this connection or of another one has.
    const fn unique(&self) -> usize {
        self.number * 1000 + self.connection
    }
}

/// All of them, reads before writes: a write changes what is read.
pub const ALL: &[Scenario] = &[
    read("projects", "`GET /api/projects`: 50 projects with counts and members", |stage, _| {
        stage.ask(Ask::get("/api/projects"))
    }),
    read(
        "projects-fresh",
        "the same, each time an address that the list cache does not know",
        |stage, turn| stage.ask(Ask::get(format!("/api/projects?again={}", turn.unique()))),
    ),
    Scenario {
        name: "projects-304",
        what: "the same with `If-None-Match`, answered 304",
        expects: StatusCode::NOT_MODIFIED,
        needs: Needs::Tag,
        ask: |stage, _| stage.ask(Ask::get("/api/projects")).with(header::IF_NONE_MATCH, &stage.tag),
    },
    read("tasks", "tasks of the largest project, first page of 50", |stage, turn| {
        tasks(stage, turn, &format!("project={LARGE}"))
    }),
    read("tasks-filtered", "open tasks of the largest project by due date", |stage, turn| {
        tasks(stage, turn, &format!("project={LARGE}&status=todo,doing&sort=due"))
    }),
    read("tasks-words", "tasks of the largest project with two words", |stage, turn| {
        tasks(stage, turn, &format!("project={LARGE}&search={}", words(turn)))
    }),
    read("tasks-deep", "tasks of the largest project, up to 4,000 rows behind the first", |stage, turn| {
        tasks(stage, turn, &format!("project={LARGE}&cursor={}", stage.cursor))
    }),
    read("tasks-everywhere", "tasks of all projects, latest change first", |stage, turn| {
        tasks(stage, turn, "sort=-updated")
    }),
    Scenario {
        name: "tasks-all",
        what: "tasks of everything there is, as an administrator lists them, first page",
        expects: StatusCode::OK,
        needs: Needs::Nothing,
        ask: |stage, turn| {
            let path = format!("/api/v1/tasks?again={}", turn.unique());
            Ask::get(path).with(header::COOKIE, &stage.admin_cookie)
        },
    },
    read("tasks-mine", "one's own open tasks of all projects by due date", |stage, turn| {
        tasks(stage, turn, "assignee=me&status=todo,doing&sort=due")
    }),
    read("board", "board with 1,000 cards, JSON", |stage, _| {
        compressed(stage, format!("/api/v1/projects/{BOARD}/board"))
    }),
    read("board-page", "board with 1,000 cards, page", |stage, _| {
        compressed(stage, format!("/projects/{BOARD}/board"))
    }),
    read("home-page", "home page of somebody with 60 open tasks", |stage, _| compressed(stage, "/".into())),
    read("projects-page", "page of 50 projects", |stage, _| compressed(stage, "/projects".into())),
    read("list-page", "page of a task list", |stage, _| {
        compressed(stage, format!("/projects/{LARGE}/tasks"))
    }),
    read("task-page", "page of the task with the most comments", |stage, _| {
        compressed(stage, format!("/tasks/{LARGE}-1"))
    }),
    read("inbox", "inbox of somebody with many notifications, JSON", |stage, _| {
        compressed(stage, "/api/v1/me/notifications".into())
    }),
    read("inbox-page", "page of that inbox", |stage, _| compressed(stage, "/inbox".into())),
    read("search", "quick search for two words", |stage, turn| {
        stage.ask(Ask::get(format!("/api/v1/search?q={}", words(turn))))
    }),
    read("search-page", "page of a search for two words", |stage, turn| {
        compressed(stage, format!("/search?q={}", words(turn)))
    }),
    Scenario {
        name: "create-task",
        what: "create a task in the largest project",
        expects: StatusCode::CREATED,
        needs: Needs::Nothing,
        ask: |stage, turn| {
            let title = format!("Made under load {}", turn.unique());
            let body = json!({ "project": LARGE, "title": title, "priority": "high" });
            stage.ask(Ask::json(Method::POST, "/api/v1/tasks", &body))
        },
    },
    change("update-task", "change a task's title, priority and day", StatusCode::OK, |stage, turn| {
        let title = format!("Changed under load {}", turn.unique());
        let body = json!({
            "version": turn.version, "title": title, "due_on": "2026-12-24",
            "priority": if turn.number.is_multiple_of(2) { "high" } else { "low" },
        });
        stage.ask(Ask::json(Method::PATCH, task(stage, turn, ""), &body))
    }),
    change(
        "move-task",
        "move a card under another one, often in another column",
        StatusCode::OK,
        |stage, turn| {
            // Far apart, so that neighbours are rarely chosen one after the other.
            let card = &stage.cards[turn.unique() * 7919 % stage.cards.len()];
            let body = json!({ "version": turn.version, "column_id": card.column, "after": card.id });
            stage.ask(Ask::json(Method::POST, task(stage, turn, "/move"), &body))
        },
    ),
    change("comment", "comment on a task", StatusCode::CREATED, |stage, turn| {
        let body = json!({ "body": format!("Seen **{}** times.", turn.number) });
        stage.ask(Ask::json(Method::POST, task(stage, turn, "/comments"), &body))
    }),
    Scenario {
        name: "create-project",
        what: "create a project with the same words as many others",
        expects: StatusCode::CREATED,
        needs: Needs::Nothing,
        ask: |stage, _| {
            let name = format!("Project {}", machine::millis());
            let fields = [("name", name.as_str()), ("description", "Test")];
            Ask::form("/api/projects", &fields).with(header::COOKIE, &stage.admin_cookie)
        },
    },
    Scenario {
        name: "sign-in",
        what: "sign in with a password, two connections",
        expects: StatusCode::OK,
        needs: Needs::FewConnections,
        ask: |_, _| Ask::form("/api/auth/signin", &[("username", MEMBER), ("password", MEMBER_PASSWORD)]),
    },
];

const fn read(name: &'static str, what: &'static str, ask: fn(&Stage, &Turn) -> Ask) -> Scenario {
    Scenario { name, what, expects: StatusCode::OK, needs: Needs::Nothing, ask }
}

const fn change(
    name: &'static str,
    what: &'static str,
    expects: StatusCode,
    ask: fn(&Stage, &Turn) -> Ask,
) -> Scenario {
    Scenario { name, what, expects, needs: Needs::Tasks, ask }
}

/// A list of tasks that the list cache does not know.
fn tasks(stage: &Stage, turn: &Turn, query: &str) -> Ask {
    stage.ask(Ask::get(format!("/api/v1/tasks?{query}&again={}", turn.unique())))
}

/// As browsers ask.
fn compressed(stage: &Stage, path: String) -> Ask {
    stage.ask(Ask::get(path)).with(header::ACCEPT_ENCODING, "gzip, br")
}

fn task(stage: &Stage, turn: &Turn, rest: &str) -> String {
    format!("/api/v1/tasks/{}{rest}", stage.tasks[turn.connection])
}

fn words(turn: &Turn) -> &'static str {
    const WORDS: [&str; 6] =
        ["repair+pump", "review+invoice", "measure+water", "test+backup", "translate+menu", "audit+trail"];
    WORDS[turn.unique() % WORDS.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words_for_the_command_line_and_no_two_are_the_same() {
        let mut names: Vec<&str> = ALL.iter().map(|scenario| scenario.name).collect();
        assert!(names.iter().all(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ALL.len());
    }

    #[test]
    fn turns_of_different_connections_never_ask_for_the_same_address() {
        let turn = |connection, number| Turn { connection, number, version: 1 }.unique();
        assert_ne!(turn(0, 1), turn(1, 0));
        assert_ne!(turn(999, 0), turn(0, 1));
    }
}
