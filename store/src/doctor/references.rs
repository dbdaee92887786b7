//! Rows that name others which are not there.

use crate::db::{Dialect, Result, Sql, Tx};

/// Rows of a table that name others which are not there.
#[derive(Clone, PartialEq, Eq, Debug, sqlx::FromRow)]
pub struct Dangling {
    /// The column that names them, as `task.column_id`; where the engine does not say it, the table.
    pub place: String,
    /// Where they should be.
    pub parent: String,
    /// How many rows.
    #[sqlx(rename = "row_count")]
    pub rows: i64,
}

/// Every reference that leads nowhere: those that foreign keys guard, which only a restore past PMS or a switched-off check
/// leaves behind, and those that PMS keeps by itself.
pub async fn dangling(tx: &mut Tx) -> Result<Vec<Dangling>> {
    let mut all = match tx.dialect() {
        Dialect::Sqlite => {
            tx.sql(
                "SELECT \"table\" AS place, parent, COUNT(*) AS row_count FROM pragma_foreign_key_check
                 GROUP BY \"table\", parent",
            )
            .all()
            .await?
        }
        Dialect::MySql => guarded(tx).await?,
    };
    all.extend(unguarded(tx).await?);
    Ok(all)
}

/// MySQL has no statement for it, so each of its foreign keys is asked about, in one statement for all.
async fn guarded(tx: &mut Tx) -> Result<Vec<Dangling>> {
    let keys: Vec<(String, String, String, String)> = tx
        .sql(
            "SELECT table_name, column_name, referenced_table_name, referenced_column_name
             FROM information_schema.key_column_usage
             WHERE table_schema = DATABASE() AND referenced_table_name IS NOT NULL
             ORDER BY table_name, column_name",
        )
        .all()
        .await?;
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = tx.compose("SELECT place, parent, row_count FROM (");
    for (number, (table, column, parent, of_parent)) in keys.iter().enumerate() {
        sql = sql.push_if(number > 0, " UNION ALL ");
        sql = count(sql, (table, column), (parent, of_parent));
    }
    tx.build(sql.push(") it WHERE row_count > 0")).all().await
}

fn count(sql: Sql, (table, column): (&str, &str), (parent, of_parent): (&str, &str)) -> Sql {
    sql.bind("SELECT CAST(? AS CHAR) AS place", format!("{table}.{column}"))
        .bind(", CAST(? AS CHAR) AS parent, COUNT(*) AS row_count FROM ", parent.to_owned())
        .names([table])
        .push(" c LEFT JOIN ")
        .names([parent])
        .push(" p ON p.")
        .names([of_parent])
        .push(" = c.")
        .names([column])
        .push(" WHERE c.")
        .names([column])
        .push(" IS NOT NULL AND p.")
        .names([of_parent])
        .push(" IS NULL")
}

/// Where a foreign key would be in the way: `project_member.team_id` is sixteen zero bytes for a direct member, the others
/// were added to tables that had rows.
async fn unguarded(tx: &mut Tx) -> Result<Vec<Dangling>> {
    tx.sql(
        "SELECT place, parent, row_count FROM (
           SELECT 'project_member.team_id' AS place, 'team' AS parent, COUNT(*) AS row_count
           FROM project_member c LEFT JOIN team p ON p.id = c.team_id
           WHERE c.team_id <> X'00000000000000000000000000000000' AND p.id IS NULL
           UNION ALL
           SELECT 'task.held_column_id', 'board_column', COUNT(*)
           FROM task c LEFT JOIN board_column p ON p.id = c.held_column_id
           WHERE c.held_column_id IS NOT NULL AND p.id IS NULL
           UNION ALL
           SELECT 'task.override_by', 'person', COUNT(*)
           FROM task c LEFT JOIN person p ON p.id = c.override_by
           WHERE c.override_by IS NOT NULL AND p.id IS NULL
           UNION ALL
           SELECT 'notification.user_id', 'person', COUNT(*)
           FROM notification c LEFT JOIN person p ON p.id = c.user_id
           WHERE p.id IS NULL
         ) it
         WHERE row_count > 0",
    )
    .all()
    .await
}
