//! Rows of the audit log.

use crate::db::{Error, Result, Tx};
use domain::{
    audit::{AuditEntry, Outcome},
    ids::{AuditId, UserId},
    page::{Page, Paged},
    time::Timestamp,
    user::UserRef,
};
use uuid::Uuid;

/// A row to append.
#[derive(Clone, Debug)]
pub struct NewAudit {
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor_id: Option<UserId>,
    /// What was done, `thing.verb`.
    pub action: &'static str,
    /// The kind of thing that it was done to.
    pub target_kind: &'static str,
    /// That thing's id.
    pub target_id: Option<Uuid>,
    /// How it ended.
    pub outcome: Outcome,
    /// The address that the request came from.
    pub address: String,
    /// The request's id.
    pub request_id: String,
}

/// Appends a row.
pub async fn append(tx: &mut Tx, row: NewAudit) -> Result<()> {
    tx.sql(
        "INSERT INTO audit (id, at, actor_id, action, target_kind, target_id, outcome, address, request_id)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(row.id.uuid())
    .bind(row.at.micros())
    .bind(row.actor_id.map(UserId::uuid))
    .bind(row.action)
    .bind(row.target_kind)
    .bind(row.target_id)
    .bind(row.outcome.as_str())
    .bind(row.address.chars().take(64).collect::<String>())
    .bind(row.request_id.chars().take(64).collect::<String>())
    .run()
    .await
    .map(drop)
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    at: i64,
    actor_id: Option<Uuid>,
    username: Option<String>,
    display_name: Option<String>,
    action: String,
    target_kind: String,
    target_id: Option<Uuid>,
    outcome: String,
    address: String,
    request_id: String,
}

/// The log, newest first. Index: `audit_by_time`; the cursor is the last row's time and id.
pub async fn list(tx: &mut Tx, page: &Page) -> Result<Paged<AuditEntry>> {
    let sql = tx.compose(
        "SELECT a.id, a.at, a.actor_id, u.username, u.display_name, a.action, a.target_kind, a.target_id,
           a.outcome, a.address, a.request_id
         FROM audit a
         LEFT JOIN person u ON u.id = a.actor_id
         WHERE 1 = 1",
    );
    let sql = match page.cursor.as_deref().and_then(parse_cursor) {
        Some((at, id)) => sql.bind(" AND a.at <= ?", at).bind(" AND (a.at < ?", at).bind(" OR a.id < ?)", id),
        None => sql,
    };
    let sql = sql.bind(" ORDER BY a.at DESC, a.id DESC LIMIT ?", page.limit + 1);
    let rows: Vec<Row> = tx.build(sql).all().await?;
    let entries = rows.into_iter().map(Row::into_entry).collect::<Result<Vec<_>>>()?;
    Ok(Paged::cut(entries, page.limit, |entry| format!("{}_{}", entry.at.micros(), entry.id)))
}

/// Whether [`list`] gave this cursor.
pub fn is_cursor(text: &str) -> bool {
    parse_cursor(text).is_some()
}

fn parse_cursor(cursor: &str) -> Option<(i64, Uuid)> {
    let (at, id) = cursor.split_once('_')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}

impl Row {
    fn into_entry(self) -> Result<AuditEntry> {
        let outcome = Outcome::parse(&self.outcome)
            .ok_or_else(|| Error::Corrupt(format!("audit {}: outcome {}", self.id, self.outcome)))?;
        let actor = match (self.actor_id, self.username, self.display_name) {
            (Some(id), Some(username), Some(display_name)) => {
                Some(UserRef { id: UserId(id), username, display_name })
            }
            _ => None,
        };
        Ok(AuditEntry {
            id: AuditId(self.id),
            at: Timestamp(self.at),
            actor,
            action: self.action,
            target_kind: self.target_kind,
            target_id: self.target_id,
            outcome,
            address: self.address,
            request_id: self.request_id,
        })
    }
}
