//! What several files of stories about urgent projects need.
#![allow(dead_code, reason = "each file of stories uses its part")]

use domain::{
    delivery::Delivery,
    ids::{AlertId, EpisodeId},
    project::Project,
    urgent::{Acknowledge, Alert, AlertState, Episode, NewEpisode, Policy},
};
use services::{
    Actor, Services,
    ports::{answer::Script, mailer::Mail, pusher::Push},
    project_members, urgent,
};
use std::sync::Arc;
use store::Db;
use testkit::Workspace;

#[allow(unused_imports, reason = "each file of stories uses its part")]
pub use crate::project_stories::{code, fields, history, id, is_forbidden, is_hidden};

/// A project of `admin` with the members `bob` and `mia`; mail and push are set up.
pub struct Stage {
    pub w: Workspace,
    pub project: Project,
    pub bob: Actor,
    pub mia: Actor,
}

impl Stage {
    pub async fn new(db: Db) -> Self {
        let mut w = Workspace::new(db).await;
        w.services.outlets.mailer = Some(Arc::new(Script::<Mail>::default()));
        w.services.outlets.pusher = Some(Arc::new(Script::<Push>::default()));
        let project = w.project(&w.admin, "WEB").await;
        w.admin = w.refresh(&w.admin).await;
        let mut stage =
            Self { bob: w.user("bob", "Member").await, mia: w.user("mia", "Member").await, w, project };
        for person in [stage.bob.clone(), stage.mia.clone()] {
            stage.join(&person, "Project manager").await;
        }
        stage.bob = stage.w.refresh(&stage.bob).await;
        stage.mia = stage.w.refresh(&stage.mia).await;
        stage
    }

    pub fn s(&self) -> &Services {
        &self.w.services
    }

    pub async fn join(&self, person: &Actor, role: &str) {
        let role = self.w.role(role).await;
        project_members::add_user(self.s(), &self.w.admin, self.project.id, id(person), role)
            .await
            .expect("a member");
    }

    pub async fn part(&self, person: &Actor) {
        project_members::remove_user(self.s(), &self.w.admin, self.project.id, id(person))
            .await
            .expect("removed");
    }

    /// The project rings by this policy from now on.
    pub async fn set_policy(&self, policy: Policy) {
        let before = urgent::policy_of_project(self.s(), &self.bob, self.project.id).await.expect("a policy");
        urgent::set_policy_of_project(self.s(), &self.bob, self.project.id, (before.version, policy))
            .await
            .expect("set");
    }

    /// Bob raises the project.
    pub async fn raise(&self) -> Episode {
        urgent::raise(self.s(), &self.bob, self.project.id, because("The shop is down."))
            .await
            .expect("raised")
    }

    pub async fn episode(&self, it: EpisodeId) -> Episode {
        urgent::find(self.s(), &self.w.admin, it).await.expect("the episode")
    }

    pub async fn alert(&self, it: EpisodeId, person: &Actor) -> Alert {
        self.alert_if_any(it, person).await.expect("an alert of theirs")
    }

    pub async fn alert_if_any(&self, it: EpisodeId, person: &Actor) -> Option<Alert> {
        let alerts = urgent::alerts(self.s(), &self.w.admin, it).await.expect("the alerts");
        alerts.into_iter().find(|alert| alert.user.id == id(person))
    }

    pub async fn acknowledge(&self, it: EpisodeId, person: &Actor) -> Alert {
        let alert = self.alert(it, person).await;
        urgent::acknowledge(self.s(), person, alert.id, Acknowledge::default()).await.expect("acknowledged")
    }

    /// Lets so many seconds go by, with the engine running each second or so.
    pub async fn pass(&self, seconds: i64) {
        for _ in 0..seconds / 10 {
            self.w.clock.advance_seconds(10);
            self.tick().await;
        }
    }

    /// The engine works until nothing is due.
    pub async fn tick(&self) {
        while urgent::tick(self.s()).await.expect("a tick") > 0 {}
    }

    pub async fn sent(&self, alert: AlertId) -> Vec<Delivery> {
        let mut tx = self.s().db.read().await.expect("a transaction");
        services::deliveries::of_references(&mut tx, &[alert.uuid()]).await.expect("deliveries")
    }

    pub async fn rings(&self, it: EpisodeId, person: &Actor) -> bool {
        self.alert_if_any(it, person).await.is_some_and(|alert| alert.state == AlertState::Ringing)
    }
}

pub fn because(reason: &str) -> NewEpisode {
    NewEpisode { id: None, reason: reason.into() }
}
