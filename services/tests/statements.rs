//! How many statements a request costs. One story alone in its program, because the count is of the whole program.

use domain::{page::Page, session::SignIn, user::UserFilter};
use services::{
    Services,
    sessions::{self, RequestContext},
    sign_in::{SignInContext, sign_in},
    users,
};
use testkit::{Workspace, both, workspace::PASSWORD};

/// The statements of what `act` does, run once before so that permissions are cached.
async fn cost(act: impl AsyncFn()) -> u64 {
    act().await;
    let before = store::db::statements_run();
    act().await;
    store::db::statements_run() - before
}

async fn resolve(services: &Services) {
    let resolved = sessions::resolve(services, [1; 16], RequestContext::default()).await;
    assert!(resolved.expect("an answer").is_some());
}

#[test]
fn a_request_costs_few_statements_and_none_grows_with_rows() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let s = &w.services;
        let form = || SignIn { username: "admin".into(), password: PASSWORD.into() };
        let signed_in = sign_in(s, form(), SignInContext::default()).await.unwrap();
        sessions::open(s, [1; 16], signed_in.session).await.unwrap();
        assert_eq!(cost(async || resolve(s).await).await, 1);
        let sign_in_cost = cost(async || {
            sign_in(s, form(), SignInContext::default()).await.unwrap();
        });
        assert!(sign_in_cost.await <= 8);
        let list = async || {
            let page = users::list(s, &w.admin, UserFilter::default(), Page::default()).await;
            page.unwrap();
        };
        assert_eq!(cost(list).await, 1);
        for number in 0..12 {
            w.user(&format!("user{number}"), "Member").await;
        }
        assert_eq!(cost(list).await, 1);
        assert_eq!(cost(async || resolve(s).await).await, 1);
    });
}
