//! Second copies of backups. Nothing is sent there but the question what there is.

use super::Finding;
use crate::{
    backups::{Bucket, bucket::Kept},
    config::Config,
};
use domain::Timestamp;
use std::time::Duration;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

const SUBJECT: &str = "copies";
const PATIENCE: Duration = Duration::from_secs(20);

/// `newest`: when the newest backup of the folder was made. `None` where copies go nowhere.
pub async fn look(config: &Config, newest: Option<Timestamp>) -> Option<Finding> {
    let place = config.backups.s3.as_ref()?;
    let bucket = match Bucket::at(place, &config.backups, CancellationToken::new()) {
        Ok(bucket) => bucket,
        Err(trouble) => return Some(Finding::trouble(SUBJECT, trouble.0)),
    };
    Some(match timeout(PATIENCE, bucket.list()).await {
        Ok(Ok(copies)) => judge(&place.to_string(), &copies, newest),
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

fn judge(place: &str, copies: &[Kept], newest: Option<Timestamp>) -> Finding {
    let there = copies.first().map(|copy| copy.made_at);
    let text = match there {
        Some(at) => format!("{} in {place}, the newest of {at}", copies.len()),
        None => format!("none in {place}"),
    };
    if there < newest {
        return Finding::warning(
            SUBJECT,
            format!(
                "{text}: the newest backup of the folder is not there. Bring it there with: pms backup create"
            ),
        );
    }
    Finding::ok(SUBJECT, text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Level;

    #[test]
    fn a_backup_that_is_here_only_is_a_warning() {
        let copy = |at| Kept { made_at: Timestamp(at), name: String::new(), bytes: 1 };
        let level = |copies: &[Kept], newest| judge("s3://saved/", copies, newest).level;
        assert_eq!(level(&[], None), Level::Ok);
        assert_eq!(level(&[], Some(Timestamp(1))), Level::Warning);
        assert_eq!(level(&[copy(1)], Some(Timestamp(2))), Level::Warning);
        assert_eq!(level(&[copy(2), copy(1)], Some(Timestamp(2))), Level::Ok);
        assert_eq!(level(&[copy(2)], None), Level::Ok, "another server makes them");
    }
}
