//! Taking deliveries for a while, and saying what came of it. A row belongs to whoever claimed it until its lease ends;
//! after a crash somebody else takes it then.

use crate::db::{Result, Tx};
use domain::{
    delivery::{Channel, Message},
    device::PushAddress,
    ids::{DeliveryId, DeviceId, ProjectId, UserId},
    time::Timestamp,
};
use uuid::Uuid;

/// A claimed delivery with what it takes to send it, as of now.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// Its id.
    pub id: DeliveryId,
    /// To whom.
    pub recipient: Recipient,
    /// What is said.
    pub message: Message,
    /// Why.
    pub reason: String,
    /// How often it was tried, with this time.
    pub attempts: i64,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When it is given up.
    pub not_after: Timestamp,
}

/// Where a delivery goes.
#[derive(Clone, Debug)]
pub enum Recipient {
    /// To a person's address.
    Address {
        /// Who.
        user: UserId,
        /// Their name.
        name: String,
        /// Their address.
        address: String,
    },
    /// To a person's browser.
    Browser {
        /// Who.
        user: UserId,
        /// Which of their devices.
        device: DeviceId,
        /// Where its push service takes messages.
        push: PushAddress,
    },
    /// To another program.
    Hook {
        /// Its address.
        url: String,
        /// About whom, if it is about somebody.
        user: Option<UserId>,
        /// The project whose own policy names it; otherwise the workspace's does.
        project: Option<ProjectId>,
    },
    /// To nobody any more: the device is gone or takes no push messages.
    NoDevice,
    /// To nobody any more: the person may not sign in, or not see the project.
    Outsider,
    /// To nobody knows whom: the row does not read as what it should be. It must not hold up the others.
    Unreadable,
}

/// What came of a try.
#[derive(Clone, Debug)]
pub enum Settled {
    /// It was taken.
    Sent,
    /// It is tried again.
    Again {
        /// When.
        at: Timestamp,
        /// Why it was not taken.
        why: String,
    },
    /// It is given up.
    Failed {
        /// Why.
        why: String,
    },
    /// Its recipient has no way any more.
    NoChannel {
        /// Why.
        why: String,
    },
    /// It is not to be sent any more.
    Dropped,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    user_id: Option<Uuid>,
    channel: String,
    device_id: Option<Uuid>,
    url: Option<String>,
    project_id: Option<Uuid>,
    message: String,
    reason: String,
    attempts: i64,
    created_at: i64,
    not_after: i64,
    email: Option<String>,
    display_name: Option<String>,
    endpoint: Option<String>,
    p256dh: Option<String>,
    auth: Option<String>,
    /// The person may sign in and see the project; 1 where there is no person.
    welcome: i64,
}

impl Row {
    fn into_claimed(self) -> Claimed {
        let message = serde_json::from_str(&self.message).ok();
        let (id, created_at, not_after) =
            (DeliveryId(self.id), Timestamp(self.created_at), Timestamp(self.not_after));
        let (reason, attempts) = (self.reason.clone(), self.attempts);
        let recipient = if message.is_some() { self.into_recipient() } else { Recipient::Unreadable };
        let message = message.unwrap_or_default();
        Claimed { id, recipient, message, reason, attempts, created_at, not_after }
    }

    fn into_recipient(self) -> Recipient {
        if self.welcome == 0 {
            return Recipient::Outsider;
        }
        let user = self.user_id.map(UserId);
        match (Channel::parse(&self.channel), user) {
            (Some(Channel::Webhook), user) => Recipient::Hook {
                url: self.url.unwrap_or_default(),
                user,
                project: self.project_id.map(ProjectId),
            },
            (Some(Channel::Email), Some(user)) => Recipient::Address {
                user,
                name: self.display_name.unwrap_or_default(),
                address: self.email.unwrap_or_default(),
            },
            (Some(Channel::Push), Some(user)) => {
                match (self.device_id, self.endpoint, self.p256dh.zip(self.auth)) {
                    (Some(device), Some(endpoint), Some((p256dh, auth))) => Recipient::Browser {
                        user,
                        device: DeviceId(device),
                        push: PushAddress { endpoint, p256dh, auth },
                    },
                    _ => Recipient::NoDevice,
                }
            }
            _ => Recipient::Unreadable,
        }
    }
}

/// Some that somebody may take now, urgent ones first and then the oldest: at most `most`, and those that are not urgent
/// only until there are `usual`. Index: `delivery_due`, twice, because MySQL would sort both halves together.
pub async fn due(
    tx: &mut Tx,
    channel: Channel,
    now: Timestamp,
    (most, usual): (usize, usize),
) -> Result<Vec<DeliveryId>> {
    let mut found: Vec<DeliveryId> = Vec::new();
    for (urgent, limit) in [(true, most), (false, usual)] {
        let left = i64::try_from(limit.saturating_sub(found.len())).unwrap_or(i64::MAX);
        if left == 0 {
            continue;
        }
        let rows: Vec<(Uuid,)> = tx
            .sql(
                "SELECT id
                 FROM delivery
                 WHERE channel = ? AND urgent = ? AND due_at <= ?
                 ORDER BY due_at
                 LIMIT ?",
            )
            .bind(channel.as_str())
            .bind(urgent)
            .bind(now.micros())
            .bind(left)
            .all()
            .await?;
        found.extend(rows.into_iter().map(|(id,)| DeliveryId(id)));
    }
    Ok(found)
}

/// Takes those of `ids` that are still to be had, until `lease`, under the name `claim`, which is used once. The condition
/// is what keeps two from taking the same: the second waits for the first and then finds the row not due.
pub async fn claim(
    tx: &mut Tx,
    ids: &[DeliveryId],
    claim: Uuid,
    (now, lease): (Timestamp, Timestamp),
) -> Result<u64> {
    if ids.is_empty() {
        return Ok(0);
    }
    let mut ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    // In one order, so that two who claim at once do not wait for one another in a circle.
    ids.sort_unstable();
    let sql = tx
        .compose("UPDATE delivery SET state = 'sending', attempts = attempts + 1")
        .bind(", claimed_by = ?", claim)
        .bind(", due_at = ?", lease.micros())
        .push(" WHERE id IN ")
        .list(ids)
        .bind(" AND due_at <= ?", now.micros());
    tx.build(sql).run().await
}

/// Those of `ids` that `claim` has and that are still to be sent, with their recipients as of this moment: read right
/// before sending.
pub async fn claimed(tx: &mut Tx, ids: &[DeliveryId], claim: Uuid) -> Result<Vec<Claimed>> {
    let sql = tx.compose(
            "SELECT d.id, d.user_id, d.channel, d.device_id, d.url, d.project_id, d.message, d.reason, d.attempts, d.created_at,
               d.not_after, p.email, p.display_name, v.endpoint, v.p256dh, v.auth,
               CASE
                 WHEN d.user_id IS NULL THEN 1
                 WHEN p.status <> 'active' THEN 0",
        );
    let sql = crate::notifications::over(sql)
        .push(
            "
                 WHEN d.project_id IS NULL THEN 1
                 WHEN NOT EXISTS (SELECT 1 FROM project j WHERE j.id = d.project_id AND j.lifecycle < 2) THEN 0
                 WHEN EXISTS (
                   SELECT 1
                   FROM role_permission ra
                   JOIN role_permission rv ON rv.role_id = ra.role_id AND rv.permission = 'project.view'
                   WHERE ra.role_id = p.role_id AND ra.permission = 'project.access_all'
                 ) THEN 1
                 WHEN EXISTS (
                   SELECT 1
                   FROM project_member pm
                   JOIN role_permission rp ON rp.role_id = pm.role_id AND rp.permission = 'project.view'
                   WHERE pm.user_id = d.user_id AND pm.project_id = d.project_id
                 ) THEN 1
                 ELSE 0
               END AS welcome
             FROM delivery d
             LEFT JOIN person p ON p.id = d.user_id
             LEFT JOIN device v ON v.user_id = d.user_id AND v.id = d.device_id
             WHERE d.id IN ",
        )
        .list(ids.iter().map(|id| id.uuid()))
        .bind(" AND d.claimed_by = ? AND d.state = 'sending'", claim);
    let rows: Vec<Row> = tx.build(sql).all().await?;
    Ok(rows.into_iter().map(Row::into_claimed).collect())
}

/// Makes due what a clock that has gone back since would leave waiting: those that are to wait beyond `latest`.
/// One that was never tried may be meant to wait. Index: `delivery_due`.
pub async fn bring_forward(tx: &mut Tx, (now, latest): (Timestamp, Timestamp)) -> Result<u64> {
    let sql = tx
        .compose("SELECT id FROM delivery WHERE channel IN ")
        .list(Channel::ALL.map(|channel| channel.as_str().to_owned()))
        .push(" AND urgent IN (0, 1)")
        .bind(" AND due_at > ?", latest.micros())
        .bind(" AND (attempts > 0 OR created_at > ?) LIMIT 1000", now.micros());
    let rows: Vec<(Uuid,)> = tx.build(sql).all().await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let mut ids: Vec<Uuid> = rows.into_iter().map(|(id,)| id).collect();
    ids.sort_unstable();
    let sql = tx
        .compose("UPDATE delivery")
        .bind(" SET due_at = ?", now.micros())
        .push(" WHERE id IN ")
        .list(ids)
        .bind(" AND due_at > ?", latest.micros());
    tx.build(sql).run().await
}

/// Writes what came of a try, if `claim` still has the row. One that was dropped while it was on its way is noted as sent
/// if it was, and is not tried again otherwise.
pub async fn settle(
    tx: &mut Tx,
    id: DeliveryId,
    claim: Uuid,
    (settled, now): (Settled, Timestamp),
) -> Result<bool> {
    let sent = matches!(settled, Settled::Sent);
    let (state, again, why) = match settled {
        Settled::Sent => ("sent", None, None),
        Settled::Again { at, why } => ("queued", Some(at), Some(why)),
        Settled::Failed { why } => ("failed", None, Some(why)),
        Settled::NoChannel { why } => ("no_channel", None, Some(why)),
        Settled::Dropped => ("dropped", None, None),
    };
    let sql = tx
        .compose("UPDATE delivery SET claimed_by = NULL")
        .bind(", state = ?", state)
        .bind(", due_at = ?", again.map(Timestamp::micros))
        .bind(", ended_at = ?", if again.is_none() { Some(now.micros()) } else { None })
        .bind(", last_error = ?", why.map(|why| why.chars().take(300).collect::<String>()))
        .push_if(again.is_none(), ", message = ''")
        .bind(" WHERE id = ?", id.uuid())
        .bind(" AND claimed_by = ?", claim)
        .push_if(!sent, " AND state = 'sending'");
    Ok(tx.build(sql).run().await? > 0)
}
