//! People and their accounts.

use crate::{
    access::Visible,
    db::{Error, Result, Sql, Tx},
    notifications,
};
use domain::{
    ids::{RoleId, UserId},
    notification::UnreadCount,
    page::{Page, Paged},
    permission::Permission,
    search_text,
    time::Timestamp,
    user::{User, UserFilter, UserRef, UserStatus},
    validate,
};
use uuid::Uuid;

/// What a sign-in compares.
#[derive(Clone)]
pub struct Credentials {
    /// Whose.
    pub user: User,
    /// The password's hash, as a PHC string.
    pub password_hash: String,
}

const SELECT: &str = "SELECT u.id, u.username, u.email, u.display_name, u.role_id, r.name AS role_name,
       u.status, u.created_at, u.version
     FROM person u
     JOIN role r ON r.id = u.role_id";

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    username: String,
    email: String,
    display_name: String,
    role_id: Uuid,
    role_name: String,
    status: String,
    created_at: i64,
    version: i64,
}

#[derive(sqlx::FromRow)]
struct LoginRow {
    #[sqlx(flatten)]
    person: Row,
    password_hash: String,
}

impl Row {
    fn into_user(self) -> Result<User> {
        let status = UserStatus::parse(&self.status)
            .ok_or_else(|| Error::Corrupt(format!("person {}: status {}", self.id, self.status)))?;
        Ok(User {
            id: UserId(self.id),
            username: self.username,
            email: self.email,
            display_name: self.display_name,
            role_id: RoleId(self.role_id),
            role_name: self.role_name,
            status,
            created_at: Timestamp(self.created_at),
            version: self.version,
        })
    }
}

/// Whether there is anybody at all.
pub async fn any(tx: &mut Tx) -> Result<bool> {
    let row: Option<(Uuid,)> = tx.sql("SELECT id FROM person LIMIT 1").optional().await?;
    Ok(row.is_some())
}

/// The person of that id.
pub async fn find(tx: &mut Tx, id: UserId) -> Result<Option<User>> {
    let sql = tx.compose(SELECT).bind(" WHERE u.id = ?", id.uuid());
    let row: Option<Row> = tx.build(sql).optional().await?;
    row.map(Row::into_user).transpose()
}

#[derive(sqlx::FromRow)]
struct UnreadRow {
    #[sqlx(flatten)]
    person: Row,
    unread: i64,
}

/// The person of that id, and how much they have not read of what they may see, in one statement.
pub async fn find_with_unread(
    tx: &mut Tx,
    id: UserId,
    visible: Visible,
) -> Result<Option<(User, UnreadCount)>> {
    let sql = tx.compose(
        "SELECT u.id, u.username, u.email, u.display_name, u.role_id, r.name AS role_name,
           u.status, u.created_at, u.version, (",
    );
    let sql = notifications::counted(sql, (id, visible))
        .push(") AS unread FROM person u JOIN role r ON r.id = u.role_id")
        .bind(" WHERE u.id = ?", id.uuid());
    let row: Option<UnreadRow> = tx.build(sql).optional().await?;
    row.map(|row| Ok((row.person.into_user()?, notifications::up_to(row.unread)))).transpose()
}

/// Who signs in with that user name or address: one statement, whether there is such an account or not.
/// Index: `person_username_key` or `person_email_key`.
pub async fn find_by_login(tx: &mut Tx, login: &str) -> Result<Option<Credentials>> {
    let sql = tx.compose(
        "SELECT u.id, u.username, u.email, u.display_name, u.role_id, r.name AS role_name,
           u.status, u.created_at, u.version, u.password_hash
         FROM person u
         JOIN role r ON r.id = u.role_id",
    );
    // A user name never has an @.
    let sql = if login.contains('@') {
        sql.bind(" WHERE u.email_key = ?", validate::email_key(login))
    } else {
        sql.bind(" WHERE u.username_key = ?", validate::username_key(login))
    };
    let row: Option<LoginRow> = tx.build(sql).optional().await?;
    row.map(|row| Ok(Credentials { user: row.person.into_user()?, password_hash: row.password_hash }))
        .transpose()
}

/// Makes others wait who want to change this person, their sessions or their tokens: whoever writes those begins with
/// it. (Without it, on MySQL, an insert that refers to the person and a change of the person wait for each other.)
/// Gives the hash of their password.
pub async fn lock(tx: &mut Tx, id: UserId) -> Result<Option<String>> {
    let lock = tx.dialect().for_update();
    let sql = tx.compose("SELECT password_hash FROM person").bind(" WHERE id = ?", id.uuid()).push(lock);
    let row: Option<(String,)> = tx.build(sql).optional().await?;
    Ok(row.map(|(hash,)| hash))
}

/// The hash of a person's password.
pub async fn password_hash(tx: &mut Tx, id: UserId) -> Result<Option<String>> {
    let row: Option<(String,)> =
        tx.sql("SELECT password_hash FROM person WHERE id = ?").bind(id.uuid()).optional().await?;
    Ok(row.map(|(hash,)| hash))
}

/// Adds a person.
///
/// # Errors
/// [`Error::Taken`] if the id, user name or address is; [`Error::Dangling`] if there is no such role.
pub async fn insert(tx: &mut Tx, user: &User, password_hash: String) -> Result<()> {
    tx.sql(
        "INSERT INTO person (id, username, username_key, email, email_key, display_name, search_text,
           password_hash, role_id, status, created_at, updated_at, version)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(user.id.uuid())
    .bind(user.username.clone())
    .bind(validate::username_key(&user.username))
    .bind(user.email.clone())
    .bind(validate::email_key(&user.email))
    .bind(user.display_name.clone())
    .bind(searchable(user))
    .bind(password_hash)
    .bind(user.role_id.uuid())
    .bind(user.status.as_str())
    .bind(user.created_at.micros())
    .bind(user.created_at.micros())
    .bind(user.version)
    .run()
    .await
    .map(drop)
}

/// Writes a changed person over version `seen`; `false` if they have another version by now.
///
/// # Errors
/// [`Error::Taken`] if the user name or address is; [`Error::Dangling`] if there is no such role.
pub async fn update(tx: &mut Tx, user: &User, seen: i64, now: Timestamp) -> Result<bool> {
    let matched = tx
        .sql(
            "UPDATE person
             SET username = ?, username_key = ?, email = ?, email_key = ?, display_name = ?, search_text = ?,
               role_id = ?, status = ?, updated_at = ?, version = ?
             WHERE id = ? AND version = ?",
        )
        .bind(user.username.clone())
        .bind(validate::username_key(&user.username))
        .bind(user.email.clone())
        .bind(validate::email_key(&user.email))
        .bind(user.display_name.clone())
        .bind(searchable(user))
        .bind(user.role_id.uuid())
        .bind(user.status.as_str())
        .bind(now.micros())
        .bind(user.version)
        .bind(user.id.uuid())
        .bind(seen)
        .run()
        .await?;
    Ok(matched > 0)
}

/// Which unique value of `user` somebody else has already: `username`, `email` or neither.
pub async fn taken_field(tx: &mut Tx, user: &User) -> Result<Option<&'static str>> {
    let row: Option<(String,)> = tx
        .sql("SELECT username_key FROM person WHERE username_key = ? AND id <> ?")
        .bind(validate::username_key(&user.username))
        .bind(user.id.uuid())
        .optional()
        .await?;
    if row.is_some() {
        return Ok(Some("username"));
    }
    let row: Option<(String,)> = tx
        .sql("SELECT email_key FROM person WHERE email_key = ? AND id <> ?")
        .bind(validate::email_key(&user.email))
        .bind(user.id.uuid())
        .optional()
        .await?;
    Ok(row.map(|_| "email"))
}

/// Replaces the hash of a person's password if it is still `old`; `None`: whatever it is.
pub async fn set_password_hash(tx: &mut Tx, id: UserId, old: Option<String>, hash: String) -> Result<bool> {
    let sql = tx
        .compose("UPDATE person")
        .bind(" SET password_hash = ?", hash)
        .bind(" WHERE id = ?", id.uuid())
        .bind_some(" AND password_hash = ?", old);
    Ok(tx.build(sql).run().await? > 0)
}

/// People by name. Index: `person_by_name`; the cursor is the last person's id.
pub async fn list(tx: &mut Tx, filter: &UserFilter, page: &Page) -> Result<Paged<User>> {
    let after = match page.cursor.as_deref().and_then(|cursor| cursor.parse::<UserId>().ok()) {
        Some(id) => position(tx, id).await?,
        None => None,
    };
    let sql = tx
        .compose(SELECT)
        .push(" WHERE 1 = 1")
        .bind_some(" AND u.status = ?", filter.status.map(UserStatus::as_str));
    let sql = matching(sql, filter.search.as_deref().unwrap_or_default());
    let sql = match after {
        Some((text, id)) => sql
            .bind(" AND u.search_text >= ?", text.clone())
            .bind(" AND (u.search_text > ?", text)
            .bind(" OR u.id > ?)", id),
        None => sql,
    };
    let sql = sql.bind(" ORDER BY u.search_text, u.id LIMIT ?", page.limit + 1);
    let rows: Vec<Row> = tx.build(sql).all().await?;
    let users = rows.into_iter().map(Row::into_user).collect::<Result<Vec<_>>>()?;
    Ok(Paged::cut(users, page.limit, |user| user.id.to_string()))
}

/// The first active people that `search` finds, for pickers. Index: `person_by_name`.
pub async fn options(tx: &mut Tx, search: &str, limit: i64) -> Result<Vec<UserRef>> {
    let sql = tx.compose("SELECT u.id, u.username, u.display_name FROM person u WHERE u.status = 'active'");
    let sql = matching(sql, search).bind(" ORDER BY u.search_text, u.id LIMIT ?", limit);
    let rows: Vec<(Uuid, String, String)> = tx.build(sql).all().await?;
    Ok(rows
        .into_iter()
        .map(|(id, username, display_name)| UserRef { id: UserId(id), username, display_name })
        .collect())
}

/// How many active people's workspace role has the permission. Index: `person_by_role`.
pub async fn count_with_permission(tx: &mut Tx, permission: Permission) -> Result<i64> {
    let (count,): (i64,) = tx
        .sql(
            "SELECT COUNT(*)
             FROM role_permission rp
             JOIN person u ON u.role_id = rp.role_id
             WHERE rp.permission = ? AND u.status = 'active'",
        )
        .bind(permission.as_str())
        .one()
        .await?;
    Ok(count)
}

async fn position(tx: &mut Tx, id: UserId) -> Result<Option<(String, Uuid)>> {
    tx.sql("SELECT search_text, id FROM person WHERE id = ?").bind(id.uuid()).optional().await
}

fn matching(sql: Sql, search: &str) -> Sql {
    search_text::query_terms(search)
        .into_iter()
        .fold(sql, |sql, term| sql.bind(" AND u.search_text LIKE ?", format!("%{term}%")))
}

/// The display name comes first, because people are sorted by this.
fn searchable(user: &User) -> String {
    let text = format!("{} {} {}", user.display_name, user.username, user.email);
    search_text::normalise(&text).chars().take(600).collect()
}
