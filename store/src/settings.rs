//! Values of the workspace by name.

use crate::db::{Result, Tx};

/// The value of that name.
pub async fn find(tx: &mut Tx, name: &str) -> Result<Option<String>> {
    let row: Option<(String,)> =
        tx.sql("SELECT value FROM setting WHERE name = ?").bind(name.to_owned()).optional().await?;
    Ok(row.map(|(value,)| value))
}

/// Writes a value over what was there.
pub async fn put(tx: &mut Tx, name: &str, value: String) -> Result<()> {
    let sql = tx
        .compose("UPDATE setting")
        .bind(" SET value = ?", value.clone())
        .bind(" WHERE name = ?", name.to_owned());
    if tx.build(sql).run().await? > 0 {
        return Ok(());
    }
    tx.sql("INSERT INTO setting (name, value) VALUES (?, ?)")
        .bind(name.to_owned())
        .bind(value)
        .run()
        .await
        .map(drop)
}

/// Removes a value.
pub async fn remove(tx: &mut Tx, name: &str) -> Result<()> {
    tx.sql("DELETE FROM setting WHERE name = ?").bind(name.to_owned()).run().await.map(drop)
}
