//! When something was last saved.

use super::{Finding, copies, disk};
use crate::{
    backups::{
        Folder, Recipients,
        drill::{Drilling, reader},
    },
    config::{Config, Trouble},
};
use domain::Timestamp;
use services::{
    Services,
    backup::{self, Chore, Last},
};

const SUBJECT: &str = "backups";
const DRILL: &str = "drill";
const HOUR: i64 = 3600;
/// Days after which a drill should have been: a month, and the days after which one that failed is tried again.
const DRILL_DAYS: i64 = 40;

pub async fn look(config: &Config, services: &Services) -> Vec<Finding> {
    if config.backups.recipients == Recipients::Unsaid {
        // That is told as a matter of configuration.
        return Vec::new();
    }
    let newest = match Folder::at(&config.backups.folder).newest(services.now()) {
        Ok(found) => found.map(|found| found.made_at),
        Err(error) => {
            let folder = config.backups.folder.display();
            let text = format!("{folder} can’t be read: {error}. Give PMS’s user access to it");
            return vec![Finding::trouble(SUBJECT, text)];
        }
    };
    let failed = backup::last(services, Chore::Backup).await.ok().and_then(|last| last.failed);
    let hours = newest.map(|at| services.now().seconds_since(at) / HOUR);
    let mut found = vec![judge(hours, config.backups.daily.is_some(), failed)];
    match Drilling::of(&config.backups) {
        Drilling::Off => {}
        Drilling::Keyless => {
            found.extend(reader(&config.backups).err().map(|Trouble(why)| Finding::warning(DRILL, why)));
        }
        Drilling::On => {
            let last = backup::last(services, Chore::Drill).await.unwrap_or_default();
            found.push(judge_drill(&last, services.now()));
        }
    }
    found.extend(copies::look(config, services.now()).await);
    found.push(disk::look("backups", &config.backups.folder));
    found
}

fn judge_drill(last: &Last, now: Timestamp) -> Finding {
    let days = last.done_at.map(|at| now.seconds_since(at) / (24 * HOUR));
    if let Some(why) = &last.failed {
        let text = format!(
            "a backup did not come back when a server tried: {why} Try another: pms backup drill FILE"
        );
        return Finding::trouble(DRILL, text);
    }
    match (&last.untried, days) {
        (Some(why), _) => Finding::warning(DRILL, format!("the last one could not be done: {why}")),
        (None, Some(days)) if days <= DRILL_DAYS => {
            Finding::ok(DRILL, format!("a backup came back whole {days} days ago"))
        }
        (None, Some(days)) => Finding::warning(
            DRILL,
            format!("the last one was {days} days ago. See that a server with backups in its folder runs"),
        ),
        (None, None) => Finding::warning(DRILL, "there was none yet. A server does it after its next backup"),
    }
}

/// `hours`: how old the newest one in the folder is.
fn judge(hours: Option<i64>, daily: bool, failed: Option<String>) -> Finding {
    // A day, and the time that one may take; by hand, a week.
    let most = if daily { 27 } else { 8 * 24 };
    match (failed.filter(|_| daily), hours) {
        (Some(why), _) => Finding::trouble(SUBJECT, format!("the last try of a server failed: {why}")),
        (None, Some(hours)) if hours <= most => {
            Finding::ok(SUBJECT, format!("the newest is {hours} hours old"))
        }
        (None, Some(hours)) => Finding::warning(
            SUBJECT,
            format!(
                "the newest is {hours} hours old. Make one with: pms backup create. See why no other was made"
            ),
        ),
        (None, None) => Finding::warning(SUBJECT, "there is none yet. Make one with: pms backup create"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Level;

    #[test]
    fn an_old_backup_is_a_warning_and_a_failed_one_trouble() {
        let failed = || Some("the disk is full".to_owned());
        assert_eq!(judge(Some(26), true, None).level, Level::Ok);
        assert_eq!(judge(Some(28), true, None).level, Level::Warning);
        assert_eq!(judge(Some(28), false, None).level, Level::Ok);
        assert_eq!(judge(None, true, None).level, Level::Warning);
        assert_eq!(judge(Some(1), true, failed()).level, Level::Trouble);
        assert_eq!(judge(Some(1), false, failed()).level, Level::Ok, "nobody makes them daily any more");
    }

    #[test]
    fn a_drill_that_failed_is_trouble_and_an_old_one_a_warning() {
        let day = |day: i64| Timestamp(0).plus_seconds(day * 24 * HOUR);
        let last = |done: Option<i64>, failed: bool| Last {
            done_at: done.map(day),
            failed: failed.then(|| "it is damaged.".to_owned()),
            ..Last::default()
        };
        let level = |last: Last| judge_drill(&last, day(100)).level;
        assert_eq!(level(last(Some(70), false)), Level::Ok);
        assert_eq!(level(last(Some(50), false)), Level::Warning);
        assert_eq!(level(last(None, false)), Level::Warning);
        assert_eq!(level(last(Some(99), true)), Level::Trouble);
        let untried = |last| Last { untried: Some("There is no room.".into()), ..last };
        assert_eq!(level(untried(last(Some(99), false))), Level::Warning);
        assert_eq!(level(untried(last(Some(99), true))), Level::Trouble, "it is not whole by that");
    }
}
