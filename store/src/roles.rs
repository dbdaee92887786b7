//! Roles and what they allow.

use crate::{
    access,
    db::{Error, Result, Tx},
};
use domain::{
    ids::RoleId,
    permission::{Permission, PermissionSet},
    role::Role,
    validate,
};
use std::collections::HashMap;
use uuid::Uuid;

/// One role, a row for each thing that it allows.
const SELECT_ONE: &str = "SELECT r.id, r.name, r.description, r.version, p.permission
     FROM role r
     LEFT JOIN role_permission p ON p.role_id = r.id";

type RowOfOne = (Uuid, String, String, i64, Option<String>);

fn one(rows: Vec<RowOfOne>) -> Option<Role> {
    // A permission that a newer version knew and this one doesn't allows nothing here.
    let permissions = rows.iter().filter_map(|row| row.4.as_deref()).filter_map(Permission::parse).collect();
    let (id, name, description, version, _) = rows.into_iter().next()?;
    Some(Role { id: RoleId(id), name, description, permissions, version })
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    name: String,
    description: String,
    version: i64,
}

impl Row {
    fn into_role(self, permissions: &HashMap<RoleId, PermissionSet>) -> Role {
        let id = RoleId(self.id);
        Role {
            id,
            name: self.name,
            description: self.description,
            permissions: permissions.get(&id).copied().unwrap_or_default(),
            version: self.version,
        }
    }
}

/// Every role, in the order in which they were made.
pub async fn list(tx: &mut Tx) -> Result<Vec<Role>> {
    let permissions = access::permissions_of_roles(tx).await?;
    let rows: Vec<Row> =
        tx.sql("SELECT id, name, description, version FROM role ORDER BY position, id").all().await?;
    Ok(rows.into_iter().map(|row| row.into_role(&permissions)).collect())
}

/// The role of that id.
pub async fn find(tx: &mut Tx, id: RoleId) -> Result<Option<Role>> {
    let sql = tx.compose(SELECT_ONE).bind(" WHERE r.id = ?", id.uuid());
    Ok(one(tx.build(sql).all().await?))
}

/// Adds a role at the end.
///
/// # Errors
/// [`Error::Taken`] if the name or id is.
pub async fn insert(tx: &mut Tx, role: &Role) -> Result<()> {
    let (position,): (i64,) = tx.sql("SELECT COALESCE(MAX(position), 0) + 1 FROM role").one().await?;
    tx.sql(
        "INSERT INTO role (id, name, name_key, description, position, version)
         VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(role.id.uuid())
    .bind(role.name.clone())
    .bind(validate::name_key(&role.name))
    .bind(role.description.clone())
    .bind(position)
    .bind(role.version)
    .run()
    .await?;
    insert_permissions(tx, role).await
}

/// Writes a changed role over version `seen`; `false` if it has another version by now.
///
/// # Errors
/// [`Error::Taken`] if the name is.
pub async fn update(tx: &mut Tx, role: &Role, seen: i64) -> Result<bool> {
    let matched = tx
        .sql(
            "UPDATE role
             SET name = ?, name_key = ?, description = ?, version = ?
             WHERE id = ? AND version = ?",
        )
        .bind(role.name.clone())
        .bind(validate::name_key(&role.name))
        .bind(role.description.clone())
        .bind(role.version)
        .bind(role.id.uuid())
        .bind(seen)
        .run()
        .await?;
    if matched == 0 {
        return Ok(false);
    }
    tx.sql("DELETE FROM role_permission WHERE role_id = ?").bind(role.id.uuid()).run().await?;
    insert_permissions(tx, role).await?;
    Ok(true)
}

/// Removes a role that nobody has.
///
/// # Errors
/// [`Error::Dangling`] if somebody has it.
pub async fn delete(tx: &mut Tx, id: RoleId) -> Result<()> {
    tx.sql("DELETE FROM role WHERE id = ?").bind(id.uuid()).run().await.map(drop)
}

/// How many people have each role: (in the workspace, in projects).
pub async fn usage(tx: &mut Tx) -> Result<HashMap<RoleId, (i64, i64)>> {
    let rows: Vec<(Uuid, i64, i64)> = tx
        .sql(
            "SELECT r.id,
               (SELECT COUNT(*) FROM person u WHERE u.role_id = r.id),
               (SELECT COUNT(*) FROM project_member m WHERE m.role_id = r.id)
             FROM role r",
        )
        .all()
        .await?;
    Ok(rows.into_iter().map(|(id, people, places)| (RoleId(id), (people, places))).collect())
}

async fn insert_permissions(tx: &mut Tx, role: &Role) -> Result<(), Error> {
    if role.permissions == PermissionSet::EMPTY {
        return Ok(());
    }
    let id = role.id.uuid();
    let sql = tx.compose("INSERT INTO role_permission (role_id, permission) VALUES ").rows(
        role.permissions.iter(),
        2,
        |sql, permission| sql.value(id).value(permission.as_str()),
    );
    tx.build(sql).run().await.map(drop)
}
