//! What the rows ask for: made when a row names it, from what it stands in. Each name is one thing of this scene.

use super::people::{People, id};
use crate::support::App;
use domain::{
    announcement::NewAnnouncement,
    board::{Category, NewColumn},
    comment::NewComment,
    dependency::{NewDependency, Relation},
    ids::{DeviceId, ProjectId, TaskId, TeamId, UserId},
    label::NewLabel,
    notification::Shelf,
    page::Page,
    palette::Colour,
    permission::PermissionSet,
    project::NewProject,
    role::NewRole,
    task::NewTask,
    team::NewTeam,
    urgent::{NewEpisode, Policy},
};
use serde_json::json;
use services::{
    Services, announcements, board_columns, comments, dependencies, devices, labels,
    links::{self, Link, Purpose},
    notifications, project_members, projects, roles, tasks, teams, urgent,
};
use std::{collections::BTreeMap, fmt::Display, pin::Pin, str::FromStr};
use testkit::{scripts::armed, workspace::PASSWORD};
use uuid::Uuid;

/// Stands in every text of the scene's projects. Who is outside of them never reads it.
pub const SECRET: &str = "Nightjar";

/// Names that belong to a project, or to a thing in one: those of another scene do not fit to this one's.
const BOUND: [&str; 19] = [
    "archived",
    "column",
    "comment",
    "deleted",
    "done",
    "key",
    "label",
    "mate",
    "other",
    "other_key",
    "own_policy",
    "project",
    "task",
    "task_key",
    "team_inside",
    "teammate",
    "unblocked",
    "urgent",
    "waiting",
];

/// Things by their names.
pub struct Scene<'a> {
    app: &'a App,
    people: &'a People,
    number: usize,
    made: BTreeMap<String, String>,
    /// How many ids and names were handed out that nothing has yet.
    fresh: usize,
}

impl<'a> Scene<'a> {
    /// An empty one. No other scene of the workspace has its number.
    pub fn new(app: &'a App, people: &'a People, number: usize) -> Self {
        Self { app, people, number, made: BTreeMap::new(), fresh: 0 }
    }

    /// The text with what its names stand for. Names that begin with `new_` stand for something else each time.
    pub async fn fill(&mut self, text: &str) -> String {
        self.fill_from(text, None).await
    }

    /// As [`Self::fill`], but what has the name `swapped` comes from another scene.
    pub async fn fill_from(&mut self, text: &str, mut swapped: Option<(&str, &mut Self)>) -> String {
        let mut filled = text.to_owned();
        for name in names(text) {
            let value = match &mut swapped {
                Some((foreign, other)) if *foreign == name => other.get(name).await,
                _ => self.get(name).await,
            };
            filled = filled.replace(&format!("{{{name}}}"), &value);
        }
        filled
    }

    /// The next names that begin with `new_` are new.
    pub fn forget_new(&mut self) {
        self.fresh += 1;
        self.made.retain(|name, _| !name.starts_with("new_"));
    }

    /// What this name stands for.
    fn get<'s>(&'s mut self, name: &'s str) -> Pin<Box<dyn Future<Output = String> + 's>> {
        Box::pin(async move {
            if let Some(made) = self.made.get(name) {
                return made.clone();
            }
            let value = self.make(name).await;
            self.made.insert(name.into(), value.clone());
            value
        })
    }

    async fn make(&mut self, name: &str) -> String {
        match name {
            "password" => PASSWORD.into(),
            "soon" => self.services().now().plus_seconds(600).to_string(),
            "relation" => "blocked_by".into(),
            "new_name" => format!("new-{}-{}", self.number, self.fresh),
            "new_key" => format!("N{}X{}", self.number, self.fresh),
            "new_device" => self.device_id(self.fresh).to_string(),
            "*nothing" => "nothing/here".into(),
            "*style" => self.app.state.assets.css.trim_start_matches("/pkg/").into(),
            "hash" => self.app.state.assets.scripts.clone(),
            "script" => "alerts.js".into(),
            "person" | "person_name" | "mate" | "team" | "team_inside" | "teammate" | "role"
            | "viewer_role" => self.make_person(name).await,
            "device" | "tested_device" | "session" | "token" | "notification" | "end_of_mails" => {
                self.make_own(name).await
            }
            "urgent" | "own_policy" | "episode" | "suspended" | "alert" | "link" => {
                self.make_urgent(name).await
            }
            "project" | "key" | "archived_project" | "deleted_project" | "column" | "label"
            | "announcement" => self.make_in_project(name).await,
            _ => self.make_task(name).await,
        }
    }

    async fn make_person(&mut self, name: &str) -> String {
        let (w, s, author) = (&self.app.w, self.services(), &self.people.author);
        match name {
            "viewer_role" => w.role("Viewer").await.to_string(),
            "role" => {
                let new = NewRole {
                    id: None,
                    name: format!("Role {}", self.number),
                    description: String::new(),
                    permissions: PermissionSet::EMPTY,
                };
                roles::create(s, author, new).await.expect("a role").id.to_string()
            }
            "person_name" => {
                self.get("person").await;
                format!("person{}", self.number)
            }
            "mate" => {
                let mate = id(&w.user(&format!("mate{}", self.number), "Viewer").await);
                let (role, project) = (w.role("Commenter").await, self.id("project").await);
                project_members::add_user(s, author, project, mate, role).await.expect("a member");
                mate.to_string()
            }
            "team" => {
                let members = vec![self.id("teammate").await];
                let name = format!("Team {}", self.number);
                let new = NewTeam { id: None, name, description: String::new(), lead_id: None, members };
                teams::create(s, author, new).await.expect("a team").id.to_string()
            }
            "team_inside" => {
                let (role, project) = (w.role("Commenter").await, self.id("project").await);
                let team: TeamId = self.id("team").await;
                project_members::add_team(s, author, project, team, role).await.expect("in the project");
                team.to_string()
            }
            person => id(&w.user(&format!("{person}{}", self.number), "Viewer").await).to_string(),
        }
    }

    /// Of the administrator.
    async fn make_own(&mut self, name: &str) -> String {
        let (s, admin) = (self.services(), &self.people.admin_actor);
        match name {
            "device" => {
                let device = self.device_id(0);
                let said = armed(&format!("browser{}", self.number));
                devices::report(s, admin, device, said).await.expect("a device").id.to_string()
            }
            "tested_device" => {
                let device: DeviceId = self.id("device").await;
                devices::test(s, admin, device).await.expect("a test");
                device.to_string()
            }
            "session" => {
                let listed = self.people.other_browser(self.app).await.read("/api/v1/sessions").await;
                let own =
                    listed["items"].as_array().expect("sessions").iter().find(|it| it["current"] == true);
                own.and_then(|it| it["id"].as_str()).expect("their own session").into()
            }
            "token" => {
                let browser = self.people.other_browser(self.app).await;
                let made = browser.create("/api/v1/tokens", json!({ "name": "Other", "days": 1 })).await;
                made["token"]["id"].as_str().or(made["id"].as_str()).expect("an id").into()
            }
            "notification" => {
                self.get("announcement").await;
                let page = notifications::list(s, admin, Shelf::default(), Page::default()).await;
                page.expect("a list").items[0].id.to_string()
            }
            _ => self.link(Purpose::Unsubscribe, "commented".into()),
        }
    }

    async fn make_urgent(&mut self, name: &str) -> String {
        let (s, author) = (self.services(), &self.people.author);
        match name {
            "urgent" => {
                let project = self.new_project("URG").await;
                self.raise(project).await;
                project.to_string()
            }
            "own_policy" => {
                let project = self.new_project("POL").await;
                let policy = (0, Policy::default());
                urgent::set_policy_of_project(s, author, project, policy).await.expect("a policy");
                project.to_string()
            }
            "episode" => {
                let project = self.id("urgent").await;
                let episode = urgent::current(s, author, project).await.expect("a look");
                episode.expect("it is urgent").id.to_string()
            }
            "suspended" => {
                let project = self.new_project("SUS").await;
                self.raise(project).await;
                let episode =
                    urgent::current(s, author, project).await.expect("a look").expect("it is urgent");
                let until = (s.now().plus_seconds(600), "because");
                urgent::suspend(s, author, episode.id, until).await.expect("suspended");
                episode.id.to_string()
            }
            "alert" => {
                let episode = self.get("episode").await;
                let own = urgent::own(s, &self.admin_now().await).await.expect("alerts");
                let alert = own.iter().find(|alert| alert.episode_id.to_string() == episode);
                alert.expect("the administrator is alerted").id.to_string()
            }
            _ => {
                let alert = self.get("alert").await;
                self.link(Purpose::Acknowledge, alert)
            }
        }
    }

    async fn make_in_project(&mut self, name: &str) -> String {
        let (s, author) = (self.services(), &self.people.author);
        match name {
            "project" => self.new_project("PRO").await.to_string(),
            "key" => {
                self.get("project").await;
                format!("PRO{}", self.number)
            }
            "archived_project" => {
                let project = self.new_project("ARC").await;
                projects::archive(s, author, project, 1).await.expect("archived").id.to_string()
            }
            "deleted_project" => {
                let project = self.new_project("DEL").await;
                projects::delete(s, author, project, 1).await.expect("deleted").id.to_string()
            }
            "column" => {
                let new = NewColumn { id: None, name: SECRET.into(), category: Category::Doing };
                let project = self.id("project").await;
                board_columns::create(s, author, project, new).await.expect("a column").id.to_string()
            }
            "label" => {
                let new = NewLabel { id: None, name: SECRET.into(), colour: Colour::default() };
                let project = self.id("project").await;
                labels::create(s, author, project, new).await.expect("a label").id.to_string()
            }
            _ => {
                let new = NewAnnouncement {
                    project_id: Some(self.id("project").await),
                    title: SECRET.into(),
                    body: SECRET.into(),
                    acknowledge: true,
                    ..NewAnnouncement::default()
                };
                let made = announcements::publish(s, author, new).await.expect("an announcement");
                while notifications::tell(s).await.expect("a round") > 0 {}
                made.announcement.id.to_string()
            }
        }
    }

    async fn make_task(&mut self, name: &str) -> String {
        let (s, author) = (self.services(), &self.people.author);
        match name {
            "task" | "other" => {
                let new = NewTask { title: SECRET.into(), description: SECRET.into(), ..NewTask::default() };
                let project = self.id("project").await;
                tasks::create(s, author, project, new).await.expect("a task").summary.id.to_string()
            }
            "task_key" | "other_key" => {
                let task = self.id(name.trim_end_matches("_key")).await;
                tasks::find(s, author, task).await.expect("the task").summary.key
            }
            "done" | "archived" | "deleted" => {
                let other = self.id("other").await;
                let changed = match name {
                    "done" => tasks::complete(s, author, other, 1).await,
                    "archived" => tasks::archive(s, author, other, 1).await,
                    _ => tasks::delete(s, author, other, 1).await,
                };
                changed.expect(name).summary.id.to_string()
            }
            "waiting" => {
                let (waiting, task): (TaskId, _) = (self.id("other").await, self.get("task").await);
                let new = NewDependency { relation: Relation::BlockedBy, task };
                dependencies::add(s, author, waiting, new).await.expect("it waits");
                waiting.to_string()
            }
            "unblocked" => {
                let waiting = (self.id("waiting").await, 2);
                dependencies::unblock(s, author, waiting, "because")
                    .await
                    .expect("it goes on")
                    .summary
                    .id
                    .to_string()
            }
            "comment" => {
                let new = NewComment { id: None, body: SECRET.into() };
                comments::create(s, author, self.id("task").await, new)
                    .await
                    .expect("a comment")
                    .id
                    .to_string()
            }
            _ => panic!("no scene has “{name}”"),
        }
    }

    /// A project to which viewer and administrator belong.
    async fn new_project(&self, prefix: &str) -> ProjectId {
        let (s, author) = (self.services(), &self.people.author);
        let key = format!("{prefix}{}", self.number);
        let new =
            NewProject { key, name: SECRET.into(), description: SECRET.into(), ..NewProject::default() };
        let project = projects::create(s, author, new).await.expect("a project").id;
        for (actor, role) in
            [(&self.people.viewer_actor, "Viewer"), (&self.people.admin_actor, "Project manager")]
        {
            let role = self.app.w.role(role).await;
            project_members::add_user(s, author, project, id(actor), role).await.expect("a member");
        }
        project
    }

    async fn raise(&self, project: ProjectId) {
        let new = NewEpisode { id: None, reason: SECRET.into() };
        urgent::raise(self.services(), &self.people.author, project, new).await.expect("urgent");
    }

    async fn admin_now(&self) -> services::Actor {
        self.app.w.refresh(&self.people.admin_actor).await
    }

    async fn id<T: FromStr<Err: Display>>(&mut self, name: &str) -> T {
        self.get(name).await.parse().unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn link(&self, purpose: Purpose, subject: String) -> String {
        let s = self.services();
        let user_id: UserId = id(&self.people.admin_actor);
        let link = Link { subject, user_id, expires_at: s.now().plus_seconds(600) };
        links::make(&s.outlets.key, purpose, &link)
    }

    fn device_id(&self, of_scene: usize) -> DeviceId {
        DeviceId(Uuid::from_u64_pair(0x0190_a000_0000_7000, 1 << 63 | (self.number << 16 | of_scene) as u64))
    }

    fn services(&self) -> &'a Services {
        &self.app.w.services
    }
}

/// The names in braces, in their order, each once.
pub fn names(text: &str) -> Vec<&str> {
    let is_of_name = |c: char| c.is_ascii_lowercase() || c == '_' || c == '*';
    let candidates = text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
    let mut names: Vec<_> =
        candidates.filter(|name| !name.is_empty() && name.chars().all(is_of_name)).collect();
    names.dedup();
    names
}

/// The names whose things have a parent, or are one.
pub fn bound_names(text: &str) -> Vec<&str> {
    names(text).into_iter().filter(|name| BOUND.contains(name)).collect()
}
