//! A list costs the same number of statements however long it is. One story, because the number is the process's.

use domain::{page::Page, project::ProjectFilter};
use services::{Services, project_members, projects, teams};
use store::db::statements_run;
use testkit::{Workspace, both};

/// Begin and end of a transaction are not counted.
const AT_MOST: u64 = 2;

async fn cost(services: &Services, actor: &services::Actor) -> (usize, u64) {
    let before = statements_run();
    let page = Page::new(Some(200), None);
    let found = projects::list(services, actor, ProjectFilter::default(), page)
        .await
        .expect("a list");
    (found.items.len(), statements_run() - before)
}

#[test]
fn a_long_list_of_projects_costs_no_more_than_a_short_one() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let member = w.role("Member").await;
        let mut people = Vec::new();
        for name in ["ann", "ben", "cat", "dan", "eve", "fay", "gus"] {
            people.push(w.user(name, "Member").await);
        }
        let ops = domain::team::NewTeam {
            id: None,
            name: "Ops".into(),
            description: String::new(),
            lead_id: None,
            members: people.iter().filter_map(|person| person.user_id).collect(),
        };
        let ops = teams::create(&w.services, &w.admin, ops)
            .await
            .expect("a team");
        assert_eq!(cost(&w.services, &w.admin).await, (0, 1), "nothing to fill");
        let mut costs = Vec::new();
        for number in 0..120 {
            let project = w.project(&w.admin, &format!("P{number}")).await;
            if number < 3 {
                project_members::add_team(&w.services, &w.admin, project.id, ops.id, member)
                    .await
                    .expect("added");
            }
            if [0, 119].contains(&number) {
                costs.push(cost(&w.services, &w.admin).await);
            }
        }
        assert_eq!(costs, [(1, AT_MOST), (120, AT_MOST)]);
        let ann = w.refresh(&people[0]).await;
        assert_eq!(cost(&w.services, &ann).await, (3, AT_MOST));
        let found = projects::list(&w.services, &ann, ProjectFilter::default(), Page::default())
            .await
            .expect("a list");
        for project in found.items {
            assert_eq!(
                (project.member_count, project.members.len()),
                (8, 5),
                "only some faces"
            );
        }
    });
}
