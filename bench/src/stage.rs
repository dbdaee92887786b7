//! What scenarios find on the server beside the made-up work: a person with fifty projects and work of their own.

use crate::{
    client::{Answer, Ask, Connection},
    pms::{PASSWORD, Pms},
};
use anyhow::{Context as _, Result};
use hyper::{Method, StatusCode, header};
use serde::Deserialize;
use serde_json::json;
use std::net::SocketAddr;

/// The administrator that `pms seed` makes.
pub const ADMIN: &str = "admin";
/// An ordinary member, made with `pms user create`. Their lists are filtered by membership; an administrator's are not.
pub const MEMBER: &str = "bench";
/// Their password, which `pms user create` takes.
pub const MEMBER_PASSWORD: &str = "only for measuring";
/// The project whose board has a thousand cards.
pub const BOARD: &str = "BOARD";
/// The project with the most tasks.
pub const LARGE: &str = "LARGE";
/// The projects that the member belongs to: one page of the list.
const PROJECTS: usize = 50;
/// The open tasks that are theirs.
const ASSIGNED: usize = 60;

/// What scenarios ask with and for.
#[derive(Debug, Default)]
pub struct Stage {
    /// The member's session.
    pub cookie: String,
    /// The administrator's, for what members may not do.
    pub admin_cookie: String,
    /// Cards of the largest project, each with its column: places to put others under.
    pub cards: Vec<Card>,
    /// A cursor in the middle of the largest project's list.
    pub cursor: String,
    /// The tag of the project list as it is now.
    pub tag: String,
    /// Tasks of the scenario that runs: each connection has its own to change.
    pub tasks: Vec<String>,
}

/// A card on a board.
#[derive(Clone, Debug)]
pub struct Card {
    /// Its task.
    pub id: String,
    /// Where it is.
    pub column: String,
}

#[derive(Deserialize)]
pub struct List {
    pub items: Vec<Named>,
    next: Option<String>,
}

#[derive(Deserialize)]
pub struct Named {
    pub id: String,
    #[serde(default)]
    pub key: String,
    #[serde(default)]
    pub name: String,
}

#[derive(Deserialize)]
struct Board {
    columns: Vec<BoardColumn>,
}

#[derive(Deserialize)]
struct BoardColumn {
    column: Column,
    cards: Vec<Named>,
}

#[derive(Deserialize)]
struct Column {
    id: String,
    category: String,
}

#[derive(Deserialize)]
struct SignedIn {
    user: User,
}

#[derive(Deserialize)]
struct User {
    id: String,
}

impl Stage {
    /// Makes it all: the person by command, the rest over REST.
    pub async fn set(pms: &Pms, address: SocketAddr) -> Result<Self> {
        pms.create_user(MEMBER, "Member", MEMBER_PASSWORD).await?;
        let mut admin = Caller::sign_in(address, ADMIN, PASSWORD).await?;
        let mut member = Caller::sign_in(address, MEMBER, MEMBER_PASSWORD).await?;
        let projects = fifty_projects(&mut admin).await?;
        join(&mut admin, &projects, &member.user).await?;
        assign(&mut admin, &member.user).await?;
        Ok(Self {
            cards: cards(&mut member).await?,
            cursor: deep_cursor(&mut member).await?,
            cookie: member.cookie,
            admin_cookie: admin.cookie,
            ..Self::default()
        })
    }

    /// A request of the member's.
    pub fn ask(&self, ask: Ask) -> Ask {
        ask.with(header::COOKIE, &self.cookie)
    }

    /// Makes as many tasks as connections will change.
    pub async fn make_tasks(&mut self, address: SocketAddr, count: usize) -> Result<()> {
        let mut connection = Connection::to(address);
        self.tasks.clear();
        for number in 0..count {
            let body = json!({ "project": LARGE, "title": format!("Changed under load {number}") });
            let ask = self.ask(Ask::json(Method::POST, "/api/v1/tasks", &body));
            let made: Named = connection.expect(StatusCode::CREATED, &ask).await?.json()?;
            self.tasks.push(made.id);
        }
        Ok(())
    }

    /// Learns the tag of the project list.
    pub async fn learn_tag(&mut self, address: SocketAddr) -> Result<()> {
        let ask = self.ask(Ask::get("/api/projects"));
        let answer = Connection::to(address).expect(StatusCode::OK, &ask).await?;
        self.tag = answer.header(&header::ETAG).map(str::to_owned).context("the project list has no ETag")?;
        Ok(())
    }
}

/// Somebody who is signed in.
pub struct Caller {
    connection: Connection,
    /// Their session.
    pub cookie: String,
    /// Their id.
    pub user: String,
}

impl Caller {
    pub async fn sign_in(address: SocketAddr, username: &str, password: &str) -> Result<Self> {
        let mut connection = Connection::to(address);
        let ask = Ask::form("/api/auth/signin", &[("username", username), ("password", password)]);
        let ask = ask.with(header::ACCEPT, "application/json");
        let answer = connection.expect(StatusCode::OK, &ask).await?;
        let cookie = answer.cookie().context("signing in gave no cookie")?;
        let SignedIn { user } = answer.json()?;
        Ok(Self { connection, cookie, user: user.id })
    }

    /// With a session that is there already; only asks.
    pub const fn with(address: SocketAddr, cookie: String) -> Self {
        Self { connection: Connection::to(address), cookie, user: String::new() }
    }

    pub async fn call(&mut self, expected: StatusCode, ask: Ask) -> Result<Answer> {
        self.connection.expect(expected, &ask.with(header::COOKIE, &self.cookie)).await
    }

    pub async fn list(&mut self, path: &str) -> Result<List> {
        self.call(StatusCode::OK, Ask::get(path)).await?.json()
    }
}

/// The ids of fifty projects, the board's and the largest among them; those that a small tier lacks are made.
async fn fifty_projects(admin: &mut Caller) -> Result<Vec<String>> {
    let mut found = Vec::with_capacity(PROJECTS);
    // By their keys: a large tier has more projects than a page of a list.
    for key in [BOARD, LARGE] {
        found.push(admin.call(StatusCode::OK, Ask::get(format!("/api/v1/projects/{key}"))).await?.json()?);
    }
    let others = admin.list(&format!("/api/v1/projects?limit={PROJECTS}")).await?.items;
    found.extend(others.into_iter().filter(|project| project.key != BOARD && project.key != LARGE));
    for number in found.len()..PROJECTS {
        let body = json!({ "name": format!("Bench {number}"), "key": format!("B{number}") });
        let ask = Ask::json(Method::POST, "/api/v1/projects", &body);
        found.push(admin.call(StatusCode::CREATED, ask).await?.json()?);
    }
    Ok(found.into_iter().take(PROJECTS).map(|project| project.id).collect())
}

async fn join(admin: &mut Caller, projects: &[String], user: &str) -> Result<()> {
    let roles = admin.list("/api/v1/roles").await?.items;
    let role = roles.into_iter().find(|role| role.name == "Member").context("there is no role Member")?.id;
    let body = json!({ "user_id": user, "role_id": role });
    for project in projects {
        let ask = Ask::json(Method::POST, format!("/api/v1/projects/{project}/members"), &body);
        admin.call(StatusCode::NO_CONTENT, ask).await?;
    }
    Ok(())
}

async fn assign(admin: &mut Caller, user: &str) -> Result<()> {
    let open = format!("/api/v1/tasks?project={LARGE}&status=todo,doing&limit={ASSIGNED}");
    let tasks: Vec<String> = admin.list(&open).await?.items.into_iter().map(|task| task.id).collect();
    let body = json!({ "tasks": tasks, "add_assignees": [user] });
    let ask = Ask::json(Method::POST, format!("/api/v1/projects/{LARGE}/tasks/bulk"), &body);
    admin.call(StatusCode::OK, ask).await.map(drop)
}

/// The cards of the open columns.
async fn cards(member: &mut Caller) -> Result<Vec<Card>> {
    let ask = Ask::get(format!("/api/v1/projects/{LARGE}/board"));
    let board: Board = member.call(StatusCode::OK, ask).await?.json()?;
    let open = board.columns.into_iter().filter(|column| column.column.category != "done");
    let cards = open.flat_map(|BoardColumn { column, cards }| {
        cards.into_iter().map(move |card| Card { id: card.id, column: column.id.clone() })
    });
    Ok(cards.collect())
}

/// Walks the list up to the twentieth page, or the last one before the end.
async fn deep_cursor(member: &mut Caller) -> Result<String> {
    let mut cursor = String::new();
    for _ in 0..20 {
        let path = format!("/api/v1/tasks?project={LARGE}&limit=200&cursor={cursor}");
        match member.list(&path).await?.next {
            Some(next) => cursor = next,
            None => break,
        }
    }
    Ok(cursor)
}
