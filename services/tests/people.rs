//! Who belongs to the workspace, and as what.

use domain::user::UserFilter;
use domain::page::Page;
use services::users;
use testkit::{Workspace, both};

#[test]
fn a_new_workspace_lists_its_people_by_name() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let grace = w.user("Grace", "Member").await;
        let page = users::list(&w.services, &grace, UserFilter::default(), Page::default()).await.unwrap();
        let names: Vec<_> = page.items.iter().map(|user| user.display_name.as_str()).collect();
        assert_eq!(names, ["admin", "Grace"]);
    });
}
