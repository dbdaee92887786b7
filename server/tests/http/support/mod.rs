//! The whole program behind its router, without a socket, and people who ask it: anonymous, by cookie, by token. Every
//! answer is compared with what the API's description says of it, whatever the story is about.
#![allow(dead_code, reason = "each program of stories uses its part")]

mod answer;
mod ask;
pub mod client;
pub mod reads;

pub use answer::Answer;
pub use client::Client;

use axum::Router;
use server::{
    config::{Config, Flags, Rates},
    http::{AppState, Shared, router},
    rest::openapi_json,
};
use services::Actor;
use std::sync::{Arc, LazyLock};
use store::Db;
use tempfile::TempDir;
use testkit::{Scripts, Workspace, openapi::Document, workspace::services_on};
use tokio_util::sync::CancellationToken;

/// What the API says of itself.
pub static DOCUMENT: LazyLock<Document> = LazyLock::new(|| Document::parse(openapi_json()));

/// Runs a story on both engines, which have to give the same snapshots.
pub fn both<F>(story: impl Fn(Db) -> F)
where
    F: Future<Output = ()>,
{
    insta::allow_duplicates! { testkit::both(story) }
}

/// The program with a workspace in it.
pub struct App {
    /// The workspace: its services, its clock, its administrator.
    pub w: Workspace,
    router: Router,
    /// What its handlers share.
    pub state: Shared,
    /// Cancelled when the program is asked to stop.
    pub stop: CancellationToken,
    _data: TempDir,
}

impl App {
    /// As it starts without any setting, but with no limit to how often anybody asks: a story does what people do in an hour.
    pub async fn new(db: Db) -> Self {
        Self::with(db, Flags::default(), |_| {}).await
    }

    /// With the limits that it starts with, changed by `set`.
    pub async fn limited(db: Db, set: impl FnOnce(&mut Rates)) -> Self {
        Self::with(db, Flags::default(), |config| {
            config.rates = Rates::default();
            set(&mut config.rates);
        })
        .await
    }

    /// As browsers reach it by TLS, at `https://pms.example.org`.
    pub async fn https(db: Db) -> Self {
        let public_url = Some("https://pms.example.org".parse().expect("a URL"));
        Self::with(db, Flags { public_url, ..Flags::default() }, |_| {}).await
    }

    /// With dependencies between tasks turned off.
    pub async fn without_dependencies(db: Db) -> Self {
        let mut w = Workspace::new(db).await;
        w.services.features.dependencies = false;
        Self::around(w, Flags::default(), |_| {})
    }

    /// With a mail server, push services and webhooks that the story speaks for.
    pub async fn reaching(db: Db) -> (Self, Scripts) {
        let mut w = Workspace::new(db).await;
        let scripts = Scripts::on(&mut w.services);
        (Self::around(w, Flags::default(), |_| {}), scripts)
    }

    /// Nobody has an account yet.
    pub async fn empty(db: Db) -> Self {
        let (services, clock) = services_on(db);
        services::workspace::prepare(&services).await.expect("the workspace is prepared");
        let w = Workspace { services, clock, admin: Actor::system() };
        Self::around(w, Flags::default(), |_| {})
    }

    /// With settings of the story.
    pub async fn with(db: Db, flags: Flags, set: impl FnOnce(&mut Config)) -> Self {
        Self::around(Workspace::new(db).await, flags, set)
    }

    fn around(w: Workspace, flags: Flags, set: impl FnOnce(&mut Config)) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let mut config =
            Config::load(&Flags { data: Some(data.path().into()), ..flags }).expect("a configuration");
        config.rates = Rates::OFF;
        set(&mut config);
        let secret = config.secret(&|| *b"0123456789abcdefghijklmnopqrstuv").expect("a secret");
        let stop = CancellationToken::new();
        let state = AppState::new(w.services.clone(), &config, &secret, stop.clone());
        Self { w, router: router(state.clone()), state, stop, _data: data }
    }

    /// What answers, for stories with a socket.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Somebody without cookie and token.
    pub fn anonymous(&self) -> Client {
        Client::new(self.router.clone(), Arc::clone(&self.w.clock))
    }

    /// A browser in which this person is signed in.
    pub async fn browser(&self, name: &str) -> Client {
        let client = self.anonymous();
        client.sign_in(name).await;
        client
    }

    /// A program with the bearer token of this person's sign-in, and without the cookie.
    pub async fn program(&self, name: &str) -> Client {
        let token = self.anonymous().sign_in(name).await;
        self.anonymous().with_bearer(&token)
    }

    /// A browser in which a new person with this workspace role is signed in.
    pub async fn person(&self, name: &str, role: &str) -> Client {
        self.w.user(name, role).await;
        self.browser(name).await
    }
}
