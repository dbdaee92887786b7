//! API tokens: for programs that act as a person, without their password.

use crate::{
    Actor, Services,
    audit::{self, Act},
    authorize,
    ports::bus::Event,
    secrets,
};
use domain::{
    Error, Result,
    error::Fields,
    ids::TokenId,
    limits,
    token::{NewToken, Token},
    validate,
};

const DAY_SECONDS: i64 = 24 * 60 * 60;
/// Days until a token ends at the latest.
const MOST_DAYS: i64 = 365;
/// Tokens of one person.
const MOST: usize = 100;

/// The person's own tokens, newest first; ended ones stay until they are removed.
///
/// # Errors
/// [`Error::Unauthenticated`] for the program itself.
pub async fn list(services: &Services, actor: &Actor) -> Result<Vec<Token>> {
    let user = authorize::person(actor)?;
    let mut tx = services.db.peek().await?;
    Ok(store::tokens::list(&mut tx, user).await?)
}

/// A new token and its secret, which nobody can look up later.
///
/// # Errors
/// [`Error::Invalid`] for a blank name or a number of days out of bounds; [`Error::Refused`] through an API token, or
/// with `too_many_tokens`.
pub async fn create(services: &Services, actor: &Actor, new: NewToken) -> Result<(Token, String)> {
    let user = authorize::own_key(actor)?;
    let mut fields = Fields::new();
    let name = fields.check("name", validate::name(&new.name, limits::NAME));
    if !(1..=MOST_DAYS).contains(&new.days) {
        fields.add("days", "out_of_range", format!("Choose from 1 to {MOST_DAYS} days."));
    }
    fields.finish()?;
    let now = services.now();
    let token = Token {
        id: TokenId(services.ids.id()),
        name,
        read_only: new.read_only,
        created_at: now,
        used_at: None,
        expires_at: now.plus_seconds(new.days * DAY_SECONDS),
    };
    let secret = secrets::token(services.ids.secret());
    let mut tx = services.db.write_aside().await?;
    store::users::lock(&mut tx, user).await?;
    if store::tokens::list(&mut tx, user).await?.len() >= MOST {
        return Err(Error::refused(
            "too_many_tokens",
            format!("You have {MOST} tokens. Remove those that you do not use any more first."),
        ));
    }
    store::tokens::insert(&mut tx, (user, None), &token, secrets::sha256(&secret)).await?;
    audit::note(&mut tx, services, actor, Act::done("token.created", "token", token.id)).await?;
    tx.commit().await?;
    Ok((token, secret))
}

/// Removes one of the person's own tokens: it lets nobody in from now on.
///
/// # Errors
/// [`Error::NotFound`] if they have none of that id.
pub async fn revoke(services: &Services, actor: &Actor, id: TokenId) -> Result<()> {
    let user = authorize::own_act(actor)?;
    let mut tx = services.db.write_aside().await?;
    if !store::tokens::remove(&mut tx, user, id).await? {
        return Err(Error::not_found("token"));
    }
    audit::note(&mut tx, services, actor, Act::done("token.revoked", "token", id)).await?;
    tx.commit().await?;
    services.bus.publish(Event::SignedOut(user));
    Ok(())
}
