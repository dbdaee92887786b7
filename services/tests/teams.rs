//! Teams, and what being in one means for projects.

mod project_stories;

use domain::{
    ids::{TeamId, UserId},
    page::Page,
    permission::Permission,
    team::{EditTeam, NewTeam, Team},
};
use project_stories::{
    assign, code, fields, hands_on, history, id, is_forbidden, is_hidden, is_stale, task_row,
};
use services::{Actor, board_columns, project_members, projects, teams};
use testkit::{Workspace, both};
use uuid::Uuid;

fn new(name: &str, lead: Option<&Actor>, people: &[&Actor]) -> NewTeam {
    NewTeam {
        id: None,
        name: name.into(),
        description: "Keeps it running".into(),
        lead_id: lead.map(id),
        members: people.iter().map(|actor| id(actor)).collect(),
    }
}

async fn make(w: &Workspace, name: &str, people: &[&Actor]) -> Team {
    teams::create(&w.services, &w.admin, new(name, None, people)).await.expect("made")
}

async fn people(w: &Workspace, team: TeamId) -> Vec<String> {
    let people = teams::members(&w.services, &w.admin, team).await.expect("people");
    people.into_iter().map(|person| person.username).collect()
}

#[test]
fn a_team_starts_with_its_lead_and_first_people() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let mia = w.user("mia", "Project manager").await;
        let bo = w.user("bo", "Member").await;
        let mut command = new(" Ops ", Some(&mia), &[&bo, &bo]);
        command.id = Some(TeamId(Uuid::from_u128(3)));
        let made = teams::create(&w.services, &mia, command.clone()).await.expect("made");
        assert_eq!((made.name.as_str(), made.member_count), ("Ops", 2));
        assert_eq!(made.lead.as_ref().map(|lead| lead.id), mia.user_id);
        assert_eq!(teams::create(&w.services, &mia, command).await.expect("sent twice"), made);
        assert_eq!(teams::find(&w.services, &bo, made.id).await.expect("found"), made);
        assert_eq!(people(&w, made.id).await, ["bo", "mia"]);
        let refusal = teams::create(&w.services, &mia, new("OPS", None, &[])).await.expect_err("taken");
        assert_eq!(fields(&refusal), [("name", "taken")]);
        let nobody = NewTeam { members: vec![UserId(Uuid::from_u128(1))], ..new("X", None, &[]) };
        let refusal = teams::create(&w.services, &mia, nobody).await.expect_err("unknown");
        assert_eq!(fields(&refusal), [("members", "unknown")]);
    });
}

#[test]
fn teams_are_listed_by_name_page_by_page() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        for name in ["beta", "Alpha", "Ärzte", "gamma", "Delta"] {
            make(&w, name, &[]).await;
        }
        let mut names = Vec::new();
        let mut cursor = None;
        loop {
            let page = Page::new(Some(2), cursor.take());
            let found = teams::list(&w.services, &w.admin, page).await.expect("a page");
            names.extend(found.items.into_iter().map(|team| team.name));
            match found.next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(names, ["Alpha", "beta", "Delta", "gamma", "Ärzte"]);
    });
}

#[test]
fn teams_are_managed_only_by_those_who_may() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let bo = w.user("bo", "Member").await;
        let ops = make(&w, "Ops", &[&bo]).await;
        let edit = EditTeam { version: 1, ..EditTeam::default() };
        assert!(is_forbidden(teams::create(&w.services, &bo, new("X", None, &[])).await));
        assert!(is_forbidden(teams::update(&w.services, &bo, ops.id, edit.clone()).await));
        assert!(is_forbidden(teams::delete(&w.services, &bo, ops.id).await));
        assert!(is_forbidden(teams::add_member(&w.services, &bo, ops.id, id(&w.admin)).await));
        let nowhere = TeamId(Uuid::from_u128(1));
        assert!(is_hidden(teams::find(&w.services, &w.admin, nowhere).await));
        assert!(is_hidden(teams::update(&w.services, &w.admin, nowhere, edit).await));
        assert!(is_hidden(teams::remove_member(&w.services, &w.admin, nowhere, id(&bo)).await));
    });
}

#[test]
fn a_team_is_changed_and_its_new_lead_joins() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let bo = w.user("bo", "Member").await;
        let ops = make(&w, "Ops", &[]).await;
        let edit = EditTeam {
            version: 1,
            name: Some("Operations".into()),
            lead_id: Some(bo.user_id),
            ..EditTeam::default()
        };
        let after = teams::update(&w.services, &w.admin, ops.id, edit.clone()).await.expect("changed");
        assert_eq!((after.name.as_str(), after.version, after.member_count), ("Operations", 2, 1));
        assert!(is_stale(teams::update(&w.services, &w.admin, ops.id, edit).await));
        let left = teams::remove_member(&w.services, &w.admin, ops.id, id(&bo)).await.expect("removed");
        assert_eq!((left.lead, left.version, left.member_count), (None, 3, 0));
    });
}

#[test]
fn two_adds_of_one_person_at_once_make_one_member() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let bo = w.user("bo", "Member").await;
        let ops = make(&w, "Ops", &[]).await;
        let (one, other) = tokio::join!(
            teams::add_member(&w.services, &w.admin, ops.id, id(&bo)),
            teams::add_member(&w.services, &w.admin, ops.id, id(&bo)),
        );
        assert_eq!(one.expect("added").member_count, 1);
        assert_eq!(other.expect("the same").member_count, 1);
        assert_eq!(people(&w, ops.id).await, ["bo"]);
    });
}

#[test]
fn projects_follow_who_is_in_the_team() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let bo = w.user("bo", "Member").await;
        let cy = w.user("cy", "Member").await;
        let web = w.project(&w.admin, "WEB").await;
        let ops = make(&w, "Ops", &[&bo]).await;
        let member = w.role("Member").await;
        project_members::add_team(&w.services, &w.admin, web.id, ops.id, member).await.expect("added");

        teams::set_members(&w.services, &w.admin, ops.id, vec![id(&cy), id(&cy)]).await.expect("set");
        assert_eq!(people(&w, ops.id).await, ["cy"]);
        let cy = w.refresh(&cy).await;
        assert!(cy.allows(Permission::TaskCreate, web.id));
        assert!(is_hidden(projects::find(&w.services, &w.refresh(&bo).await, web.id).await));
        assert_eq!(projects::find(&w.services, &cy, web.id).await.expect("in").member_count, 2);
        let rows = history(&w, &web).await;
        assert_eq!((rows[0].action.as_str(), rows[0].subject.as_str()), ("member.removed", "bo"));
        assert_eq!((rows[1].action.as_str(), rows[1].subject.as_str()), ("member.added", "cy"));

        let columns = board_columns::list(&w.services, &cy, web.id).await.expect("columns");
        let task = task_row(&w, &columns[0], 1, None).await;
        assign(&w.services.db, task, id(&cy)).await;
        assign(&w.services.db, task, id(&w.admin)).await;
        teams::remove_member(&w.services, &w.admin, ops.id, id(&cy)).await.expect("removed");
        assert_eq!(hands_on(&w.services.db, task).await, (1, 1, 2), "the administrator stays");
        assert!(is_hidden(projects::find(&w.services, &w.refresh(&cy).await, web.id).await));
    });
}

#[test]
fn a_deleted_team_leaves_its_projects() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let bo = w.user("bo", "Member").await;
        let web = w.project(&w.admin, "WEB").await;
        let ops = make(&w, "Ops", &[&bo]).await;
        let member = w.role("Member").await;
        project_members::add_team(&w.services, &w.admin, web.id, ops.id, member).await.expect("added");
        assert_eq!(teams::find(&w.services, &w.admin, ops.id).await.expect("found").project_count, 1);
        teams::delete(&w.services, &w.admin, ops.id).await.expect("deleted");
        assert!(is_hidden(teams::find(&w.services, &w.admin, ops.id).await));
        assert!(is_hidden(projects::find(&w.services, &w.refresh(&bo).await, web.id).await));
        let (members, there) = project_members::list(&w.services, &w.admin, web.id).await.expect("members");
        assert_eq!((members.len(), there.len()), (1, 0));
        let project = projects::find(&w.services, &w.admin, web.id).await.expect("found");
        assert_eq!(project.member_count, 1);
    });
}

#[test]
fn a_team_manager_can_not_bring_anyone_to_more_than_they_may_do_there() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let mia = w.user("mia", "Project manager").await;
        let bo = w.user("bo", "Member").await;
        let secret = w.project(&w.admin, "SECRET").await;
        let own = w.project(&mia, "OWN").await;
        let mia = w.refresh(&mia).await;
        let ops = make(&w, "Ops", &[]).await;
        let member = w.role("Member").await;
        project_members::add_team(&w.services, &mia, own.id, ops.id, member).await.expect("added");
        teams::add_member(&w.services, &mia, ops.id, id(&bo)).await.expect("within her own project");
        project_members::add_team(&w.services, &w.admin, secret.id, ops.id, member).await.expect("added");
        let edit = EditTeam { version: 1, lead_id: Some(mia.user_id), ..EditTeam::default() };
        for refusal in [
            teams::add_member(&w.services, &mia, ops.id, id(&mia)).await,
            teams::set_members(&w.services, &mia, ops.id, vec![id(&mia)]).await,
            teams::update(&w.services, &mia, ops.id, edit).await,
        ] {
            assert_eq!(code(&refusal.expect_err("refused")), "beyond_own_permissions");
        }
        assert_eq!(people(&w, ops.id).await, ["bo"]);
        assert!(is_hidden(projects::find(&w.services, &w.refresh(&mia).await, secret.id).await));
        teams::remove_member(&w.services, &mia, ops.id, id(&bo)).await.expect("taking out is hers");
    });
}
