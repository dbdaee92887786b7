//! Signing in, and errors.

use utoipa::ToSchema;
#[derive(ToSchema)]
pub struct SignIn { pub username: String, pub password: String }
#[derive(ToSchema)]
pub struct BearerToken { pub token: String }
#[derive(ToSchema)]
pub struct Me { pub user: String }
#[derive(ToSchema)]
pub struct Problem { pub code: String }
