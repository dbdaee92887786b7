//! What projects cost in statements, however many rows there are. One story alone in its program, because the count is of
//! the whole program.

use domain::{
    board::{Category, EditColumn, NewColumn},
    ids::ProjectId,
    label::NewLabel,
    page::Page,
    palette::Colour,
    project::{EditProject, NewProject, Project, ProjectFilter},
    team::NewTeam,
};
use services::{Actor, Services, board_columns, labels, project_members, projects, teams};
use store::db::statements_run;
use testkit::{Workspace, both};

/// Rows and faces; begin and end of a transaction are not counted.
const LIST: u64 = 2;

/// With the one that finds the session, twelve.
const CHANGE: u64 = 11;

async fn cost(services: &Services, actor: &Actor) -> (usize, u64) {
    let before = statements_run();
    let page = Page::new(Some(200), None);
    let found = projects::list(services, actor, ProjectFilter::default(), page).await.expect("a list");
    (found.items.len(), statements_run() - before)
}

#[test]
fn a_long_list_costs_no_more_than_a_short_one_and_a_change_at_most_eleven() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        long_lists(&w).await;
        changes(&w).await;
    });
}

async fn long_lists(w: &Workspace) {
    let member = w.role("Member").await;
    let mut people = Vec::new();
    for name in ["ann", "ben", "cat", "dan", "eve", "fay", "gus"] {
        people.push(w.user(name, "Member").await);
    }
    let team = NewTeam {
        id: None,
        name: "Ops".into(),
        description: String::new(),
        lead_id: None,
        members: people.iter().filter_map(|person| person.user_id).collect(),
    };
    let team = teams::create(&w.services, &w.admin, team).await.expect("a team");
    assert_eq!(cost(&w.services, &w.admin).await, (0, 1), "nothing to fill");
    let mut costs = Vec::new();
    for number in 0..120 {
        let project = w.project(&w.admin, &format!("P{number}")).await;
        if number < 3 {
            project_members::add_team(&w.services, &w.admin, project.id, team.id, member)
                .await
                .expect("added");
        }
        if [0, 119].contains(&number) {
            costs.push(cost(&w.services, &w.admin).await);
        }
    }
    assert_eq!(costs, [(1, LIST), (120, LIST)]);
    let ann = w.refresh(&people[0]).await;
    assert_eq!(cost(&w.services, &ann).await, (3, LIST));
    let found = projects::list(&w.services, &ann, ProjectFilter::default(), Page::default());
    for project in found.await.expect("a list").items {
        assert_eq!((project.member_count, project.members.len()), (8, 5), "only some faces");
    }
}

/// The answer of a change, which has to be cheap.
async fn cheap<T>(what: &str, change: impl Future<Output = domain::Result<T>>) -> T {
    let before = statements_run();
    let answer = change.await.expect("changed");
    let run = statements_run() - before;
    assert!(run <= CHANGE, "{what} ran {run} statements");
    answer
}

async fn changes(w: &Workspace) {
    let (s, mia) = (&w.services, w.user("mia", "Project manager").await);
    let bo = w.user("bo", "Member").await.user_id.expect("a person");
    let new = NewProject { id: Some(ProjectId(s.ids.id())), name: "Website".into(), ..NewProject::default() };
    let web: Project = cheap("making a project", projects::create(s, &mia, new)).await;
    let mia = w.refresh(&mia).await;
    let edit =
        EditProject { version: 1, name: Some("Shop".into()), owner_id: Some(None), ..EditProject::default() };
    cheap("editing a project", projects::update(s, &mia, web.id, edit)).await;
    let (member, viewer) = (w.role("Member").await, w.role("Viewer").await);
    let add = project_members::add_user(s, &mia, web.id, bo, member);
    cheap("adding a member", add).await;
    let change = project_members::set_user_role(s, &mia, web.id, bo, viewer);
    cheap("changing a role", change).await;
    let remove = project_members::remove_user(s, &mia, web.id, bo);
    cheap("removing a member", remove).await;
    let new = NewColumn { id: None, name: "Review".into(), category: Category::Doing };
    let column = cheap("a column", board_columns::create(s, &mia, web.id, new)).await;
    let edit = EditColumn {
        version: 1,
        name: Some("Shipped".into()),
        category: Some(Category::Done),
        position: Some(0),
    };
    cheap("editing a column", board_columns::update(s, &mia, column.id, edit)).await;
    cheap("removing a column", board_columns::delete(s, &mia, column.id)).await;
    let new = NewLabel { id: None, name: "Bug".into(), colour: Colour::Red };
    let label = cheap("a label", labels::create(s, &mia, web.id, new)).await;
    cheap("removing a label", labels::delete(s, &mia, label.id)).await;
    cheap("archiving", projects::archive(s, &mia, web.id, 2)).await;
}
