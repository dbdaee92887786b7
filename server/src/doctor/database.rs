//! Whether the database is there, answers, and is one that PMS knows.

use super::{Finding, within};
use crate::{
    boot,
    config::{Config, without_password},
};
use services::{Services, clocks::APART};
use std::time::{Duration, Instant};
use store::{
    counters,
    db::{Dialect, Following, Result},
    doctor, schema,
};
use tokio::time::sleep;

const SUBJECT: &str = "database";
/// A statement that takes no time here.
const PATIENCE: Duration = Duration::from_secs(10);
/// From here on pages, which take up to a dozen statements, are slow.
const SLOW: Duration = Duration::from_millis(20);
/// A replica that lacks for so long what the database has.
const SLOW_REPLICA: Duration = Duration::from_secs(1);
/// Clocks that differ by so many seconds: more than anybody overlooks.
const FAR_APART: i64 = 30;
/// The oldest servers that PMS is tried with: major and minor version.
const OLDEST_MYSQL: (u32, u32) = (8, 0);
const OLDEST_MARIADB: (u32, u32) = (10, 11);

/// Gives the use cases over it too, where its tables are as this program needs them.
pub async fn look(config: &Config) -> (Vec<Finding>, Option<Services>) {
    let url = without_password(&config.database.url);
    if config.database.options().is_missing() {
        let text = format!("there is none yet at {url}. pms serve makes it");
        return (vec![Finding::warning(SUBJECT, text)], None);
    }
    let mut services = match boot::unchecked_services(config).await {
        Ok(services) => services,
        Err(trouble) => return (vec![Finding::trouble(SUBJECT, trouble.0)], None),
    };
    let mut found = vec![
        within(SUBJECT, PATIENCE, engine(&services)).await,
        within("versions", PATIENCE, tables(&services)).await,
    ];
    if schema::check(&services.db).await.is_err() {
        return (found, None);
    }
    // What a server left, whatever this command was told.
    if let Ok(kept) = services::dependencies::kept(&services).await {
        services.features.dependencies = kept;
    }
    found.push(within(SUBJECT, PATIENCE, latency(&services)).await);
    found.push(within("clocks", PATIENCE, clocks(&services)).await);
    if services.db.replication().is_some() {
        found.push(within("replica", PATIENCE, replica(&services)).await);
    }
    (found, Some(services))
}

async fn engine(services: &Services) -> Result<Finding> {
    let version = doctor::version(&mut services.db.peek().await?).await?;
    let megabytes = schema::size(&services.db).await?.div_ceil(1024 * 1024);
    let (name, oldest) = match services.db.dialect() {
        Dialect::Sqlite => ("SQLite", (3, 0)),
        Dialect::MySql if version.contains("MariaDB") => ("MariaDB", OLDEST_MARIADB),
        Dialect::MySql => ("MySQL", OLDEST_MYSQL),
    };
    let text = format!("{name} {version}, {megabytes} MiB");
    if is_older(&version, oldest) {
        let (major, minor) = oldest;
        return Ok(Finding::trouble(
            SUBJECT,
            format!("{text}. PMS needs {name} {major}.{minor} or newer: update it"),
        ));
    }
    Ok(Finding::ok(SUBJECT, text))
}

/// Whether `version` is before `oldest`; not where it can't be read.
fn is_older(version: &str, oldest: (u32, u32)) -> bool {
    let mut numbers = version.split(|c: char| !c.is_ascii_digit()).map_while(|part| part.parse().ok());
    numbers.next().zip(numbers.next()).is_some_and(|version: (u32, u32)| version < oldest)
}

async fn tables(services: &Services) -> Result<Finding> {
    let program = env!("CARGO_PKG_VERSION");
    Ok(match schema::check(&services.db).await {
        Ok(()) => Finding::ok("versions", format!("PMS {program}, and tables as it needs them")),
        Err(store::Error::Schema(sentence)) => {
            Finding::trouble("versions", format!("PMS {program}. {sentence}"))
        }
        Err(error) => return Err(error),
    })
}

async fn latency(services: &Services) -> Result<Finding> {
    let mut times = Vec::new();
    for _ in 0..5 {
        let begin = Instant::now();
        counters::read(&mut services.db.peek().await?).await?;
        times.push(begin.elapsed());
    }
    times.sort();
    let usual = times[times.len() / 2];
    let text = format!("answers in {:.1} ms", usual.as_secs_f64() * 1000.0);
    if usual > SLOW {
        let what = "That is slow for a statement: see what else it does, and how far away it is";
        return Ok(Finding::warning(SUBJECT, format!("{text}. {what}")));
    }
    Ok(Finding::ok(SUBJECT, text))
}

/// Twice, so that one which does not follow is told from one that is on its way.
async fn replica(services: &Services) -> Result<Finding> {
    services.db.look_at_replica().await?;
    sleep(2 * SLOW_REPLICA).await;
    let following = services.db.look_at_replica().await?;
    Ok(match following {
        Some(Following::Behind(time)) if time >= SLOW_REPLICA => {
            let text = format!("is at least {} s behind; while it is, it is not asked", time.as_secs());
            Finding::warning("replica", text)
        }
        Some(Following::Away) => {
            let what = "The database answers everything without it. See PMS_DATABASE_REPLICA_URL, and its account's rights";
            Finding::trouble("replica", format!("does not answer. {what}"))
        }
        Some(Following::Foreign) => {
            let what = "It is not asked. See PMS_DATABASE_REPLICA_URL";
            Finding::trouble("replica", format!("is no copy of this database. {what}"))
        }
        _ => Finding::ok("replica", "follows"),
    })
}

async fn clocks(services: &Services) -> Result<Finding> {
    let mut tx = services.db.peek().await?;
    let theirs = doctor::clock(&mut tx).await?;
    let now = services.now().micros();
    if let Some(last) = doctor::last_change(&mut tx).await?
        && (last - now) / 1_000_000 > FAR_APART
    {
        let ahead = (last - now) / 1_000_000;
        let text = format!("the last change is {ahead} seconds in the future. Set the clock (NTP)");
        return Ok(Finding::trouble("clocks", text));
    }
    let Some(theirs) = theirs else {
        return Ok(Finding::ok("clocks", "the last change is not in the future"));
    };
    let machines = now + services.clock.ahead();
    Ok(judge_clocks((theirs - machines) / 1_000_000))
}

fn judge_clocks(apart: i64) -> Finding {
    let text = format!("the database’s clock and this machine’s are {} seconds apart", apart.abs());
    match apart.abs() {
        0..APART => Finding::ok("clocks", text),
        APART..FAR_APART => {
            Finding::warning("clocks", format!("{text}. Let both follow the same time (NTP)"))
        }
        _ => Finding::trouble(
            "clocks",
            format!(
                "{text}. PMS goes by the database’s, which may be the wrong one: let both follow the same time (NTP)"
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Level;

    #[test]
    fn older_engines_and_clocks_that_differ_are_told() {
        assert!(is_older("10.6.18-MariaDB-log", OLDEST_MARIADB));
        assert!(!is_older("10.11.6-MariaDB-0+deb12u1", OLDEST_MARIADB));
        assert!(!is_older("11.4.2-MariaDB", OLDEST_MARIADB));
        assert!(is_older("5.7.44", OLDEST_MYSQL) && !is_older("8.0.36", OLDEST_MYSQL));
        assert!(!is_older("unreadable", OLDEST_MYSQL));
        for (apart, level) in [(0, Level::Ok), (-1, Level::Ok), (-5, Level::Warning), (31, Level::Trouble)] {
            assert_eq!(judge_clocks(apart).level, level, "{apart}");
        }
    }
}
