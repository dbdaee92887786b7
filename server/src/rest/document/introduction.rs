//! What holds for every request.

use crate::rest::v1::schema::NotificationShelf;
use utoipa::{
    PartialSchema as _, ToSchema as _,
    openapi::{
        Components, Info, OpenApi, OpenApiBuilder, Tag,
        security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
        tag::TagBuilder,
    },
};

const DESCRIPTION: &str = "\
Everything that the pages of PMS can do. Bodies are JSON; instants are RFC 3339 in UTC, days `2026-01-17`, ids UUIDs, which \
you may make yourself (version 7) so that a create that is sent twice is the same create.

**Signing in.** `POST /api/auth/signin` gives a bearer token that lives as long as its session (30 minutes without a request, \
24 hours at the most) and sets the session's cookie. For programs, make an API token on your account page. Send either as \
`Authorization: Bearer …`.

**Lists** come in pages: `{\"items\": […], \"next\": cursor}`, with `limit` and `cursor`. Send a list's `ETag` back as \
`If-None-Match` and the answer is 304 as long as nothing changed.

**Changes** say which version they saw: `If-Match` with the resource's `ETag`, or `version` in the body. A stale one is answered \
with 409 and the resource as it is now. In a change, what is left out stays and `null` clears.

**Repeats.** With an `Idempotency-Key` a write is done once, however often it is sent; the kept answer carries \
`Idempotent-Replayed: true`. Keys are yours alone and are kept for 24 hours.

**Limits.** Answers carry `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset`. Whoever asks too often is answered \
with 429 and `Retry-After`, in seconds.

**Errors** are `application/problem+json`. 404 also means that you may not see it.";

const TAGS: [(&str, &str); 22] = [
    ("auth", "Signing in and out."),
    ("home", "Your own work."),
    ("notifications", "What you are told, and why."),
    ("announcements", "What everybody, a team or a project is told."),
    ("projects", "Projects."),
    ("members", "Who is in a project, and with which role."),
    ("board", "A project's columns and cards."),
    ("labels", "A project's labels."),
    ("tasks", "Tasks."),
    ("dependencies", "What tasks wait for, hold up and are linked to."),
    ("comments", "Comments on tasks."),
    ("urgent", "Projects that ring until everyone has acknowledged."),
    ("search", "Finding by key or words."),
    ("activity", "Who changed what, and when."),
    ("import", "Bringing work in from elsewhere."),
    ("teams", "People who join projects together."),
    ("people", "Accounts."),
    ("roles", "What people may do."),
    ("account", "Your own account, sessions and tokens."),
    ("devices", "The browsers in which you are alerted."),
    ("audit", "Security-relevant acts."),
    ("health", "Whether PMS is well."),
];

/// The document without paths.
pub fn introduction() -> OpenApi {
    let mut info = Info::new("PMS", env!("CARGO_PKG_VERSION"));
    info.description = Some(DESCRIPTION.into());
    let either = ["bearer", "cookie"].map(|scheme| SecurityRequirement::new(scheme, [] as [&str; 0]));
    OpenApiBuilder::new()
        .info(info)
        .tags(Some(TAGS.map(|(name, about)| tag(name, about))))
        .components(Some(components()))
        .security(Some(either))
        .build()
}

fn tag(name: &str, about: &str) -> Tag {
    TagBuilder::new().name(name).description(Some(about)).build()
}

fn components() -> Components {
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The token of a sign-in, or an API token."))
        .build();
    let cookie = "Set by a sign-in; named __Host-pms_session where PMS is reached by https.";
    let mut components = Components::new();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    components.add_security_scheme(
        "cookie",
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description("pms_session", cookie))),
    );
    // Only a parameter has it, and shapes are gathered from bodies.
    components.schemas.insert(NotificationShelf::name().into(), NotificationShelf::schema());
    components
}
