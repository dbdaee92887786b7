//! People in passing: on a card, in a team, behind a change.

use crate::db::{Result, Tx};
use domain::{ids::UserId, user::UserRef};
use uuid::Uuid;

/// A person as joins read them.
#[derive(sqlx::FromRow)]
pub(crate) struct PersonRow {
    pub(crate) id: Uuid,
    pub(crate) username: String,
    pub(crate) display_name: String,
}

impl From<PersonRow> for UserRef {
    fn from(row: PersonRow) -> Self {
        Self { id: UserId(row.id), username: row.username, display_name: row.display_name }
    }
}

/// Those of `ids` who may sign in, by name.
pub async fn active(tx: &mut Tx, ids: &[UserId]) -> Result<Vec<UserRef>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = tx
        .compose(
            "SELECT id, username, display_name
             FROM person
             WHERE status = 'active' AND id IN ",
        )
        .list(ids.iter().map(|id| id.uuid()))
        .push(" ORDER BY display_name, id");
    let rows: Vec<PersonRow> = tx.build(sql).all().await?;
    Ok(rows.into_iter().map(UserRef::from).collect())
}
