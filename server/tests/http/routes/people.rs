//! The callers, each as a client and as an actor.

use super::answers::Caller;
use crate::support::{App, Client};
use domain::{ids::UserId, project::NewProject, token::NewToken};
use services::{Actor, project_members, projects, tokens};

/// One of each kind of caller, and the one who writes what they ask for.
pub struct People {
    number: usize,
    outsider: Client,
    viewer: Client,
    token: Client,
    admin: Client,
    /// An administrator who asks for nothing: whatever is made, is theirs and not a caller's.
    pub author: Actor,
    /// The viewer.
    pub viewer_actor: Actor,
    /// The administrator.
    pub admin_actor: Actor,
}

impl People {
    /// New ones, whose names end with this number.
    pub async fn new(app: &App, number: usize) -> Self {
        let named = |name: &str| format!("{name}{number}");
        let author = app.w.user(&named("author"), "Administrator").await;
        let outsider = app.w.user(&named("outsider"), "Member").await;
        let viewer_actor = app.w.user(&named("viewer"), "Viewer").await;
        let admin_actor = app.w.user(&named("admin"), "Administrator").await;
        manage_own_project(app, (&author, &outsider), &named("OWN")).await;
        let new = NewToken { name: "Reads".into(), read_only: true, days: 1 };
        let (_, secret) = tokens::create(&app.w.services, &admin_actor, new).await.expect("a token");
        Self {
            number,
            outsider: app.browser(&named("outsider")).await,
            viewer: app.browser(&named("viewer")).await,
            token: app.anonymous().with_bearer(&secret),
            admin: app.browser(&named("admin")).await,
            author,
            viewer_actor,
            admin_actor,
        }
    }

    /// How this caller asks.
    pub fn client(&self, app: &App, caller: Caller) -> Client {
        match caller {
            Caller::Anonymous => app.anonymous(),
            Caller::Outsider => self.outsider.clone(),
            Caller::Viewer => self.viewer.clone(),
            Caller::Token => self.token.clone(),
            Caller::Admin => self.admin.clone(),
        }
    }

    /// Another browser of the administrator.
    pub async fn other_browser(&self, app: &App) -> Client {
        app.browser(&format!("admin{}", self.number)).await
    }
}

/// The id of a person.
pub fn id(actor: &Actor) -> UserId {
    actor.user_id.expect("a person")
}

async fn manage_own_project(app: &App, (author, outsider): (&Actor, &Actor), key: &str) {
    let s = &app.w.services;
    let new = NewProject { key: key.into(), name: "Elsewhere".into(), ..NewProject::default() };
    let project = projects::create(s, author, new).await.expect("a project");
    let role = app.w.role("Project manager").await;
    project_members::add_user(s, author, project.id, id(outsider), role).await.expect("a member");
}
