//! A run from the empty folder to the report.

use crate::{
    arguments::Arguments,
    baseline,
    client::Ask,
    facts::Facts,
    load::Load,
    load_script::{self, ScriptRun},
    machine::Machine,
    measured::{Alone, Loaded, Measured},
    pms::Pms,
    process::Process,
    report, results_file, say,
    scenarios::{self, Needs, Scenario},
    stage::Stage,
    statements::Statements,
};
use anyhow::{Result, ensure};
use hyper::{StatusCode, header};
use std::{collections::HashMap, time::Duration};

/// How long a scenario is asked one request after the other.
const ALONE: Duration = Duration::from_secs(2);

/// The bare handler, asked as PMS is.
const BARE: Scenario = Scenario {
    name: "baseline",
    what: "bare axum + sqlx handler: session and 50 projects with kept counters",
    expects: StatusCode::OK,
    needs: Needs::Nothing,
    ask: |_, _| Ask::get(baseline::PATH).with(header::COOKIE, baseline::SESSION),
};

/// Everything that a run found.
pub struct Results {
    /// How it was asked for.
    pub command: String,
    /// Where and when.
    pub machine: Machine,
    /// Connections under load.
    pub connections: usize,
    /// How long each scenario was measured.
    pub span: Duration,
    /// The size of the made-up work.
    pub tier: &'static str,
    /// What was measured once.
    pub facts: Facts,
    /// The bare handler.
    pub baseline: Measured,
    /// PMS.
    pub scenarios: Vec<Measured>,
    /// The load script, if it was asked for.
    pub script: Option<ScriptRun>,
}

/// Measures and prints.
pub async fn run(arguments: &Arguments) -> Result<()> {
    let known =
        |name: &String| name == load_script::NAME || scenarios::ALL.iter().any(|one| one.name == name);
    let unknown: Vec<_> = arguments.only.iter().filter(|name| !known(name)).cloned().collect();
    ensure!(unknown.is_empty(), "there is no scenario {}; --list shows them", unknown.join(", "));
    let results = Run::new(arguments).await?.whole().await?;
    let block = report::markdown(&results);
    println!("{block}");
    if arguments.write {
        let path = results_file::put(&block)?;
        say(format_args!("the results are at the top of {}", path.display()));
    }
    Ok(())
}

struct Run<'a> {
    arguments: &'a Arguments,
    machine: Machine,
    pms: Pms,
    facts: Facts,
}

impl<'a> Run<'a> {
    async fn new(arguments: &'a Arguments) -> Result<Self> {
        let (machine, mut pms) = (Machine::look(), Pms::new(arguments.binary()?)?);
        if arguments.mariadb {
            pms = pms.on(testkit::engines::empty_database().await).await?;
        }
        Ok(Self { arguments, machine, pms, facts: Facts::default() })
    }

    async fn whole(mut self) -> Result<Results> {
        let tier = self.arguments.tier.as_str();
        say(format_args!("filling a workspace of tier {tier}"));
        self.facts.seeding = self.pms.seed(self.arguments.tier).await?;
        self.facts.database = self.pms.database_size();
        say("starting and stopping");
        self.facts.of_starting(&self.pms).await?;
        let (mut stage, statements) = self.statements().await?;
        let baseline = self.baseline().await?;
        let (server, _) = self.pms.serve().await?;
        let scenarios = self.scenarios(&server, &mut stage, &statements).await?;
        let script = self.script(&server).await;
        self.facts.note_peak(&server);
        self.facts.stop = self.facts.stop.max(server.stop().await?);
        Ok(Results {
            command: self.arguments.spelt(),
            machine: self.machine,
            connections: self.arguments.connections.into(),
            span: self.arguments.span(),
            tier,
            facts: self.facts,
            baseline,
            scenarios,
            script,
        })
    }

    fn wanted(&self) -> impl Iterator<Item = &'static Scenario> {
        scenarios::ALL.iter().filter(|scenario| self.arguments.wants(scenario.name))
    }

    /// Sets the stage and counts statements, on a server that writes a line for each request.
    async fn statements(&self) -> Result<(Stage, HashMap<&'static str, Vec<String>>)> {
        let (mut server, _) = self.pms.serve_telling_statements().await?;
        let mut statements = Statements::of(&mut server)?;
        say("setting the stage");
        let mut stage = Stage::set(&self.pms, server.address).await?;
        say("counting statements");
        let mut found = HashMap::new();
        for scenario in self.wanted() {
            prepare(scenario, &mut stage, &server, 1).await?;
            let load = Load { server: &server, scenario, stage: &stage };
            if let Some(cost) = statements.cost(load).await? {
                found.insert(scenario.name, cost);
            }
        }
        server.stop().await?;
        Ok((stage, found))
    }

    async fn baseline(&mut self) -> Result<Measured> {
        let folder = tempfile::tempdir()?;
        let server = baseline::start(folder.path()).await?;
        let stage = Stage::default();
        let load = Load { server: &server, scenario: &BARE, stage: &stage };
        let measured = self.measure(load, None).await;
        self.facts.baseline_peak = server.usage().map(|usage| usage.peak);
        server.stop().await?;
        Ok(measured)
    }

    async fn scenarios(
        &self,
        server: &Process,
        stage: &mut Stage,
        statements: &HashMap<&'static str, Vec<String>>,
    ) -> Result<Vec<Measured>> {
        let mut found = Vec::new();
        for scenario in self.wanted() {
            // One more than connections: what is asked alone has a task of its own.
            prepare(scenario, stage, server, usize::from(self.arguments.connections) + 1).await?;
            let load = Load { server, scenario, stage };
            found.push(self.measure(load, statements.get(scenario.name).cloned()).await);
        }
        Ok(found)
    }

    async fn measure(&self, load: Load<'_>, statements: Option<Vec<String>>) -> Measured {
        let Scenario { name, what, needs, .. } = *load.scenario;
        let alone = load.alone(self.arguments.connections.into(), ALONE).await;
        let connections = match needs {
            Needs::FewConnections => 2,
            Needs::Nothing | Needs::Tag | Needs::Tasks => self.arguments.connections.into(),
        };
        let loaded = load.many(connections, self.arguments.warm_up(), self.arguments.span()).await;
        tell(name, &alone, &loaded);
        Measured { name, what, loaded, alone, statements }
    }

    async fn script(&self, server: &Process) -> Option<ScriptRun> {
        if !self.arguments.wants(load_script::NAME) {
            return None;
        }
        say("running the load script");
        let minute = Duration::from_secs(self.arguments.script_minute.into());
        Some(load_script::run(server.address, minute).await)
    }
}

async fn prepare(scenario: &Scenario, stage: &mut Stage, server: &Process, connections: usize) -> Result<()> {
    match scenario.needs {
        Needs::Nothing | Needs::FewConnections => Ok(()),
        Needs::Tag => stage.learn_tag(server.address).await,
        Needs::Tasks => stage.make_tasks(server.address, connections).await,
    }
}

fn tell(name: &str, alone: &Alone, loaded: &Loaded) {
    let worst = loaded.errors.worst().map(|(words, count)| format!("; {count} times: {words}"));
    say(format_args!(
        "{name:<18} {:>8.0} req/s, p95 {:>8.1?} ({:.1?} alone){}",
        loaded.rate(),
        loaded.latencies.percentile(95),
        alone.latencies.percentile(95),
        worst.unwrap_or_default()
    ));
}
