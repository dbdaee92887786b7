//! What dependencies cost, asked of the use cases themselves in this process, on an embedded database and, with
//! `--mariadb`, on the server that `scripts/mariadb with` starts: adding one among few and many others, and where few and
//! many can be reached; closing what many wait for; drawing two thousand tasks.

use crate::{
    engines::{self, Found},
    latencies::{Latencies, Sorted},
    say,
};
use anyhow::{Context as _, Result};
use domain::{
    dependency::{GraphOf, NewDependency, Relation},
    ids::TaskId,
    project::Project,
    rank::Rank,
    task::Task,
};
use services::dependencies;
use std::{fmt::Write as _, time::Instant};
use store::{
    Db,
    tasks::{Counted, Counts, NewRow},
};
use testkit::Workspace;

/// Dependencies in the whole database at which adding one is measured.
const SIZES: [usize; 4] = [4_000, 40_000, 160_000, 400_000];
/// Tasks on the way, where adding one is measured by what can be reached.
const REACHES: [usize; 4] = [10, 100, 1_000, 10_000];
/// Tasks that have to do with each other, of the many that do not.
const CLUSTER: usize = 20;

/// Measures and prints.
pub async fn run(mariadb: bool, write: bool) -> Result<()> {
    let more = if mariadb {
        "; each writes and commits. The MariaDB of the tests does not flush to the disk."
    } else {
        "; each writes and commits."
    };
    engines::run(("dependencies", "dependencies", more), (mariadb, write), measure).await
}

async fn measure(engine: &'static str, db: &Db) -> Result<Found> {
    let mut stage = Stage { w: Workspace::new(db.clone()).await, random: 7 };
    let mut found = Vec::new();
    let mut ids = Vec::new();
    for size in SIZES {
        say(format_args!("{engine}: {size} dependencies"));
        let project = stage.project(&format!("C{size}")).await;
        let more = stage.tasks(&project, size - ids.len()).await?;
        stage.link_clusters(&more).await?;
        ids.extend(more);
        let limit = match (size, engine) {
            (400_000, "SQLite") => "p95 < 20 ms",
            (400_000, _) => "p95 < 30 ms",
            _ => "",
        };
        let adds = stage.adds(&ids, 300).await?;
        found.push((format!("add one among {size}, up to {CLUSTER} tasks on the way"), adds, limit));
    }
    for reach in REACHES {
        say(format_args!("{engine}: {reach} tasks on the way"));
        let (adds, refusals) = stage.along_chains(reach).await?;
        found.push((format!("add one between two chains of {reach} tasks, among 400000"), adds, ""));
        found.push((format!("refuse a loop of {} tasks", 2 * reach), refusals, ""));
    }
    say(format_args!("{engine}: closing and drawing"));
    found.push(("close what 500 tasks wait for".into(), stage.closes().await?, "< 200 ms"));
    let (whole, layout) = stage.draws().await?;
    found.push(("draw a project of 2,000 tasks and 3,000 dependencies".into(), whole, ""));
    found.push(("of that, the layout".into(), layout, "< 300 ms"));
    Ok(found)
}

struct Stage {
    w: Workspace,
    random: u64,
}

impl Stage {
    /// The same numbers in every run.
    fn roll(&mut self, below: usize) -> usize {
        self.random =
            self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.random >> 33).unwrap_or(0) % below
    }

    async fn project(&self, key: &str) -> Project {
        let project = self.w.project(&self.w.admin, key).await;
        // One from whose shape the others are made.
        self.w.task(&self.w.admin, &project, "sample").await;
        project
    }

    /// Open tasks written past the use cases, because there are many.
    async fn tasks(&self, project: &Project, count: usize) -> Result<Vec<TaskId>> {
        let sample = format!("{}-1", project.key);
        let sample = services::tasks::find_by_key(&self.w.services, &self.w.admin, &sample).await?;
        let ranks = Rank::spread(count + 1).into_iter().skip(1);
        let mut rows = Vec::with_capacity(count);
        let mut counts = Counts::default();
        for (number, rank) in (2..).zip(ranks) {
            let mut task: Task = sample.clone();
            task.summary.id = TaskId(self.w.services.ids.id());
            task.summary.rank = rank.into();
            counts.created(Counted::of(&task.summary));
            rows.push(NewRow { task, number, source_key: None });
        }
        let mut tx = self.w.services.db.write().await?;
        store::tasks::insert(&mut tx, &rows).await?;
        store::tasks::add_to_counts(&mut tx, project.id, counts, self.w.services.now()).await?;
        tx.commit().await?;
        Ok(rows.into_iter().map(|row| row.task.summary.id).collect())
    }

    async fn link(&self, pairs: impl IntoIterator<Item = (TaskId, TaskId)>) -> Result<()> {
        let links: Vec<_> = pairs.into_iter().map(|(a, b)| Relation::Blocks.stored(a, b)).collect();
        let mut tx = self.w.services.db.write().await?;
        store::dependencies::insert(&mut tx, &links, None, self.w.services.now()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// As many dependencies as tasks, within clusters, each from an earlier task to a later one.
    async fn link_clusters(&mut self, ids: &[TaskId]) -> Result<()> {
        let mut pairs = Vec::with_capacity(ids.len());
        for cluster in ids.chunks_exact(CLUSTER) {
            let mut there = std::collections::BTreeSet::new();
            while there.len() < CLUSTER {
                let (a, b) = (self.roll(CLUSTER), self.roll(CLUSTER));
                // The last is left for what is measured.
                if a < b && b < CLUSTER - 1 {
                    there.insert((a, b));
                }
            }
            pairs.extend(there.into_iter().map(|(a, b)| (cluster[a], cluster[b])));
        }
        self.link(pairs).await
    }

    async fn add(&self, blocker: TaskId, blocked: TaskId) -> domain::Result<()> {
        let new = NewDependency { relation: Relation::Blocks, task: blocked.to_string() };
        dependencies::add(&self.w.services, &self.w.admin, blocker, new).await.map(drop)
    }

    /// Adds one in each of `times` clusters.
    async fn adds(&mut self, ids: &[TaskId], times: usize) -> Result<Sorted> {
        let clusters = ids.len() / CLUSTER;
        let mut latencies = Latencies::default();
        for number in 0..times {
            let first = (number * clusters / times) * CLUSTER;
            let (from, to) = (ids[first + self.roll(CLUSTER - 1)], ids[first + CLUSTER - 1]);
            let start = Instant::now();
            self.add(from, to).await?;
            latencies.add(start.elapsed());
        }
        Ok(Latencies::sorted([latencies]))
    }

    /// Joins the ends of two chains and takes that back, again and again: everything before has to be looked at, or
    /// everything after. Then asks for the loop.
    async fn along_chains(&mut self, reach: usize) -> Result<(Sorted, Sorted)> {
        let project = self.project(&format!("R{reach}")).await;
        let ids = self.tasks(&project, 2 * reach).await?;
        let (one, other) = ids.split_at(reach);
        for chain in [one, other] {
            self.link(chain.windows(2).map(|pair| (pair[0], pair[1]))).await?;
        }
        let (head, tail) = (other[0], one[reach - 1]);
        let (mut adds, mut refusals) = (Latencies::default(), Latencies::default());
        for _ in 0..if reach > 1_000 { 5 } else { 20 } {
            let start = Instant::now();
            self.add(tail, head).await?;
            adds.add(start.elapsed());
            let start = Instant::now();
            let refused = self.add(other[reach - 1], one[0]).await;
            refusals.add(start.elapsed());
            anyhow::ensure!(matches!(refused, Err(domain::Error::Cycle { .. })), "a loop was not refused");
            let link = (Relation::Blocks, head.to_string());
            dependencies::remove(&self.w.services, &self.w.admin, tail, (link.0, &link.1)).await?;
        }
        Ok((Latencies::sorted([adds]), Latencies::sorted([refusals])))
    }

    /// Finishes a task that five hundred wait for, and opens it again, again and again.
    async fn closes(&mut self) -> Result<Sorted> {
        let project = self.project("HUB").await;
        self.tasks(&project, 500).await?;
        let csv = (2..=501).fold(String::new(), |mut csv, number| {
            let _ = writeln!(csv, "HUB-1,HUB-{number}");
            csv
        });
        let (services, admin) = (&self.w.services, &self.w.admin);
        let order = domain::import::ImportDependencies { csv, dry_run: false };
        dependencies::import_csv(services, admin, order).await?;
        let mut latencies = Latencies::default();
        for _ in 0..10 {
            let hub = services::tasks::find_by_key(services, admin, "HUB-1").await?.summary;
            let start = Instant::now();
            let done = services::tasks::complete(services, admin, hub.id, hub.version).await?;
            latencies.add(start.elapsed());
            services::tasks::reopen(services, admin, hub.id, done.summary.version).await?;
        }
        Ok(Latencies::sorted([latencies]))
    }

    /// Draws a project; gives what it takes in all, and what the layout takes of that.
    async fn draws(&mut self) -> Result<(Sorted, Sorted)> {
        let project = self.project("DRAW").await;
        let ids = self.tasks(&project, 2_000).await?;
        let mut pairs: std::collections::BTreeSet<(usize, usize)> =
            (1..2_000).map(|at| (at - self.roll(at.min(12)) - 1, at)).collect();
        while pairs.len() < 3_000 {
            let (a, b) = (self.roll(2_000), self.roll(2_000));
            if a < b && b - a < 100 {
                pairs.insert((a, b));
            }
        }
        self.link(pairs.into_iter().map(|(a, b)| (ids[a], ids[b]))).await?;
        let of = GraphOf::Project(project.id);
        let (mut whole, mut layout) = (Latencies::default(), Latencies::default());
        for _ in 0..20 {
            let start = Instant::now();
            let graph = dependencies::graph(&self.w.services, &self.w.admin, of, false).await?;
            whole.add(start.elapsed());
            let links: Vec<_> =
                graph.links.iter().map(|link| (graph.tasks[link.from].id, graph.tasks[link.to].id)).collect();
            let start = Instant::now();
            let again = domain::task_graph::TaskGraph::arrange(graph.tasks, &links, 0);
            layout.add(start.elapsed());
            again.tasks.get(1_999).context("two thousand tasks are drawn")?;
        }
        Ok((Latencies::sorted([whole]), Latencies::sorted([layout])))
    }
}
