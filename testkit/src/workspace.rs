//! A workspace with people in it, for stories about use cases.

use domain::{
    ids::{RoleId, UserId},
    project::{NewProject, Project},
    role::FIRST_USER_ROLE,
    task::{NewTask, Task},
    time::Timestamp,
    user::NewUser,
};
use services::{
    Actor, Services,
    access::{self, AccessCache},
    passwords::{Params, Passwords},
    ports::{bus::LocalBus, clock::FixedClock, ids::CountingIds, rate_limits::LocalRateLimits},
    turns::Turns,
};
use std::sync::Arc;
use store::Db;

/// Everybody's password, unless a story sets another.
pub const PASSWORD: &str = "quiet harbour at dawn";

/// 2026-01-17T12:00:00Z, when every story begins.
const BEGINNING: Timestamp = Timestamp(1_768_651_200_000_000);

/// A prepared workspace with one administrator.
pub struct Workspace {
    /// What use cases work with.
    pub services: Services,
    /// Stands still until a story moves it.
    pub clock: Arc<FixedClock>,
    /// The first person, who may do everything; named `admin`.
    pub admin: Actor,
}

impl Workspace {
    /// A new workspace in an empty database.
    ///
    /// # Panics
    /// If it can't be made.
    pub async fn new(db: Db) -> Self {
        let (services, clock) = services_on(db);
        services::workspace::prepare(&services).await.expect("the workspace is prepared");
        let mut workspace = Self { services, clock, admin: Actor::system() };
        workspace.admin = workspace.user("admin", FIRST_USER_ROLE).await;
        workspace
    }

    /// A new person with this workspace role, as an actor. Their address is `name@example.org`, their password
    /// [`PASSWORD`].
    ///
    /// # Panics
    /// If they can't be made.
    pub async fn user(&self, name: &str, role: &str) -> Actor {
        let new = NewUser {
            id: None,
            username: name.into(),
            email: format!("{name}@example.org"),
            display_name: String::new(),
            password: PASSWORD.into(),
            role_id: self.role(role).await,
        };
        let user =
            services::users::create(&self.services, &Actor::system(), new).await.expect("the person is made");
        self.actor(user.id).await
    }

    /// The same person with their permissions of this moment, as at their next request.
    ///
    /// # Panics
    /// If they may not sign in any more.
    pub async fn refresh(&self, actor: &Actor) -> Actor {
        let fresh = self.actor(actor.user_id.expect("a person")).await;
        Actor { access: fresh.access, ..actor.clone() }
    }

    /// The role of that name.
    ///
    /// # Panics
    /// If there is none.
    pub async fn role(&self, name: &str) -> RoleId {
        let roles = services::roles::list(&self.services, &Actor::system()).await.expect("the roles");
        roles.iter().find(|role| role.name == name).expect("a role of that name").id
    }

    /// A new project of this key, made by `actor`, who belongs to it from their next request ([`Workspace::refresh`]) on.
    ///
    /// # Panics
    /// If it can't be made.
    pub async fn project(&self, actor: &Actor, key: &str) -> Project {
        let new = NewProject { key: key.into(), name: format!("Project {key}"), ..NewProject::default() };
        services::projects::create(&self.services, actor, new).await.expect("the project is made")
    }

    /// A new task of this title in the project's first column.
    ///
    /// # Panics
    /// If it can't be made.
    pub async fn task(&self, actor: &Actor, project: &Project, title: &str) -> Task {
        let new = NewTask { title: title.into(), ..NewTask::default() };
        services::tasks::create(&self.services, actor, project.id, new).await.expect("the task is made")
    }

    async fn actor(&self, user: UserId) -> Actor {
        let access = access::read(&self.services, user).await.expect("their permissions");
        Actor::person(user, access.expect("they may sign in"))
    }
}

/// Services as in the program, but with a clock that stands still, ids that repeat and cheap passwords.
pub fn services_on(db: Db) -> (Services, Arc<FixedClock>) {
    let clock = Arc::new(FixedClock::at(BEGINNING));
    let services = Services {
        db,
        clock: Arc::clone(&clock) as _,
        ids: Arc::new(CountingIds::default()),
        bus: Arc::new(LocalBus::default()),
        rate_limits: Arc::new(LocalRateLimits::default()),
        outlets: services::Outlets::none(),
        passwords: Passwords::new(Params::for_tests(), 2),
        turns: Turns::default(),
        features: services::Features::default(),
        access: AccessCache::default(),
        presence: services::presence::Presence::default(),
    };
    (services, clock)
}
