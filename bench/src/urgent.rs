//! What urgent projects cost, asked of the use cases themselves in this process, on an embedded database and, with
//! `--mariadb`, on the server that `scripts/mariadb with` starts: raising a project of 500 people, and the loop that rings
//! while 100,000 alerts wait for an answer.

use crate::{
    engines::{self, Found},
    latencies::{Latencies, Sorted},
    say,
};
use anyhow::Result;
use domain::{
    ids::{AlertId, EpisodeId, ProjectId, UserId},
    project::Project,
    urgent::{NewEpisode, Policy, Why},
};
use services::urgent;
use std::time::Instant;
use store::{
    Db,
    urgent::{NewAlert, NewRow},
};
use testkit::Workspace;

/// Members of each project.
const PEOPLE: usize = 500;
/// Urgent projects, of 500 people each: 100,000 alerts.
const PROJECTS: usize = 200;
/// Seconds over which their next times are spread, so that a thousand are due each second.
const SPREAD: i64 = 100;
const RAISES: usize = 30;
/// How often the loop is asked, and for how many seconds it rings.
const TIMES: usize = 60;

/// Measures and prints.
pub async fn run(mariadb: bool, write: bool) -> Result<()> {
    engines::run(("urgent projects", "urgent", "."), (mariadb, write), measure).await
}

async fn measure(engine: &'static str, db: &Db) -> Result<Found> {
    let mut stage = Stage::new(db).await?;
    say(format_args!("{engine}: raising"));
    let raises = stage.raises().await?;
    say(format_args!("{engine}: {} alerts", PROJECTS * PEOPLE));
    stage.fill().await?;
    let idle = stage.asks().await?;
    let (ticks, seconds) = stage.rings().await?;
    Ok(vec![
        (format!("raise a project of {PEOPLE} people"), raises, "< 1 s"),
        ("ask whether anything is due, among 100,000 alerts".into(), idle, ""),
        ("one call of the loop that rings, 500 of 100,000 alerts".into(), ticks, "< 200 ms"),
        ("ring all 1,000 that are due in a second".into(), seconds, "< 1 s"),
    ])
}

struct Stage {
    w: Workspace,
    people: Vec<UserId>,
    project: Project,
}

impl Stage {
    async fn new(db: &Db) -> Result<Self> {
        let mut w = Workspace::new(db.clone()).await;
        let project = w.project(&w.admin, "MAIN").await;
        w.admin = w.refresh(&w.admin).await;
        let mut people = Vec::new();
        for number in 0..PEOPLE {
            people.extend(w.user(&format!("p{number}"), "Member").await.user_id);
        }
        let role = w.role("Member").await;
        let mut tx = w.services.db.write().await?;
        for person in &people {
            store::project_members::insert_user(&mut tx, project.id, *person, role, w.services.now()).await?;
        }
        tx.bump_access();
        tx.commit().await?;
        Ok(Self { w, people, project })
    }

    async fn raises(&self) -> Result<Sorted> {
        let (services, admin) = (&self.w.services, &self.w.admin);
        let mut took = Latencies::default();
        for _ in 0..RAISES {
            self.w.clock.advance_seconds(3_600);
            let new = NewEpisode { id: None, reason: "The shop is down.".into() };
            let begin = Instant::now();
            let it = urgent::raise(services, admin, self.project.id, new).await?;
            took.add(begin.elapsed());
            urgent::resolve(services, admin, it.id, "").await?;
        }
        Ok(Latencies::sorted([took]))
    }

    /// Alerts that ring, written past the use cases, because there are many.
    async fn fill(&mut self) -> Result<()> {
        let mut episodes = Vec::with_capacity(PROJECTS);
        for number in 0..PROJECTS {
            let project = self.w.project(&self.w.admin, &format!("P{number}")).await;
            episodes.push(self.episode(project.id).await?);
        }
        // These people are in no project, which the loop is not to find out.
        let mut tx = self.w.services.db.write().await?;
        store::urgent::seen_access(&mut tx, &episodes).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn episode(&self, project: ProjectId) -> Result<EpisodeId> {
        let services = &self.w.services;
        let (id, now) = (EpisodeId(services.ids.id()), services.now());
        let row = NewRow {
            id,
            project_id: project,
            raised_by: self.w.admin.user_id,
            reason: "The shop is down.".into(),
            raised_at: now,
            rings: true,
            hasten: false,
            policy: Policy::default(),
            next: None,
            access: 0,
        };
        let alerts: Vec<NewAlert> = (0..SPREAD)
            .cycle()
            .zip(&self.people)
            .map(|(second, person)| NewAlert {
                id: AlertId(services.ids.id()),
                episode_id: id,
                user_id: *person,
                why: Why::Member,
                step: None,
                hurried: false,
                next_at: Some(now.plus_seconds(second + 1)),
                since: now,
                raised: false,
            })
            .collect();
        let mut tx = services.db.write().await?;
        store::urgent::insert_episode(&mut tx, &row).await?;
        store::urgent::insert(&mut tx, &alerts).await?;
        tx.commit().await?;
        Ok(id)
    }

    async fn asks(&self) -> Result<Sorted> {
        let mut took = Latencies::default();
        for _ in 0..TIMES {
            let begin = Instant::now();
            urgent::tick(&self.w.services).await?;
            took.add(begin.elapsed());
        }
        Ok(Latencies::sorted([took]))
    }

    /// A second apart: each call, and all calls of a second.
    async fn rings(&self) -> Result<(Sorted, Sorted)> {
        let (mut calls, mut seconds) = (Latencies::default(), Latencies::default());
        for _ in 0..TIMES {
            self.w.clock.advance_seconds(1);
            let begin = Instant::now();
            loop {
                let call = Instant::now();
                if urgent::tick(&self.w.services).await? == 0 {
                    break;
                }
                calls.add(call.elapsed());
            }
            seconds.add(begin.elapsed());
        }
        Ok((Latencies::sorted([calls]), Latencies::sorted([seconds])))
    }
}
