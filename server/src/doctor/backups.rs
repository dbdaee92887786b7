//! When something was last saved.

use super::{Finding, disk};
use crate::{
    backups::{Folder, Recipients},
    config::Config,
};
use services::{Services, backup};

const SUBJECT: &str = "backups";
const HOUR: i64 = 3600;

pub async fn look(config: &Config, services: &Services) -> Vec<Finding> {
    if config.backups.recipients == Recipients::Unsaid {
        // That is told as a matter of configuration.
        return Vec::new();
    }
    let newest = match Folder::at(&config.backups.folder).list() {
        Ok(all) => all.first().map(|found| found.made_at),
        Err(error) => {
            let folder = config.backups.folder.display();
            let text = format!("{folder} can’t be read: {error}. Give PMS’s user access to it");
            return vec![Finding::trouble(SUBJECT, text)];
        }
    };
    let failed = backup::last(services).await.ok().and_then(|last| last.failed);
    let hours = newest.map(|at| services.now().seconds_since(at) / HOUR);
    vec![judge(hours, config.backups.daily.is_some(), failed), disk::look("backups", &config.backups.folder)]
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
}
