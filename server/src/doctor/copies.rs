//! Second copies of backups. Nothing is sent there but the question what there is.

use super::Finding;
use crate::{
    backups::{
        Bucket, Folder,
        bucket::{Gap, Kept},
    },
    config::Config,
};
use domain::Timestamp;
use std::time::Duration;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

const SUBJECT: &str = "copies";
const PATIENCE: Duration = Duration::from_secs(20);

/// `None` where copies go nowhere.
pub async fn look(config: &Config, now: Timestamp) -> Option<Finding> {
    let place = config.backups.s3.as_ref()?;
    let bucket = match Bucket::at(place, &config.backups, CancellationToken::new()) {
        Ok(bucket) => bucket,
        Err(trouble) => return Some(Finding::trouble(SUBJECT, trouble.0)),
    };
    let folder = Folder::at(&config.backups.folder);
    Some(match timeout(PATIENCE, bucket.compare(&folder, config.backups.retention, now)).await {
        Ok(Ok((copies, gaps))) => judge(&place.to_string(), &copies, &gaps),
        Ok(Err(failure)) => Finding::trouble(SUBJECT, failure.to_string()),
        Err(_) => Finding::trouble(
            SUBJECT,
            format!(
                "the storage of {place} did not answer in {} seconds. See PMS_BACKUP_S3_ENDPOINT",
                PATIENCE.as_secs()
            ),
        ),
    })
}

fn judge(place: &str, copies: &[Kept], gaps: &[Gap]) -> Finding {
    let text = match copies.first() {
        Some(copy) => format!("{} in {place}, the newest of {}", copies.len(), copy.made_at),
        None => format!("none in {place}"),
    };
    if let Some(other) = gaps.iter().find(|gap| gap.there.is_some()) {
        return Finding::trouble(
            SUBJECT,
            format!(
                "{text}: {} has another size there than here, so one of them is damaged. Read both (pms backup verify), and \
                 remove the one that is not whole",
                other.name
            ),
        );
    }
    match gaps {
        [] => Finding::ok(SUBJECT, text),
        [newest, ..] => Finding::warning(
            SUBJECT,
            format!(
                "{text}: {} of the folder are not there, {} for one. Bring them there with: pms backup create",
                gaps.len(),
                newest.name
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Level;
    use std::path::PathBuf;

    #[test]
    fn a_backup_that_is_here_only_is_a_warning_and_one_that_differs_trouble() {
        let copy = Kept { made_at: Timestamp(1), name: "a".into(), bytes: 1 };
        let gap = |there| Gap { name: "b".into(), path: PathBuf::new(), bytes: 2, there };
        let level = |copies: &[Kept], gaps: &[Gap]| judge("s3://saved/", copies, gaps).level;
        assert_eq!(level(&[], &[]), Level::Ok);
        assert_eq!(
            level(std::slice::from_ref(&copy), &[]),
            Level::Ok,
            "also where another server makes them"
        );
        assert_eq!(level(&[], &[gap(None)]), Level::Warning);
        assert_eq!(level(&[copy], &[gap(None), gap(Some(1))]), Level::Trouble);
    }
}
