//! Projects: making, finding, changing, putting away, removing.

mod project_stories;

use domain::{
    Error,
    board::Category,
    ids::ProjectId,
    page::Page,
    project::{EditProject, Lifecycle, NewProject, Project, ProjectFilter, ProjectStatus},
    role::EditRole,
};
use project_stories::{code, fields, history, id, is_forbidden, is_hidden, is_stale, put_away, task_row};
use services::{Actor, board_columns, project_members, projects, roles};
use testkit::{Workspace, both};
use uuid::Uuid;

fn new(key: &str, name: &str) -> NewProject {
    NewProject { key: key.into(), name: name.into(), ..NewProject::default() }
}

async fn list(w: &Workspace, actor: &Actor, filter: ProjectFilter) -> Vec<String> {
    let found = projects::list(&w.services, actor, filter, Page::default()).await.expect("a list");
    found.items.into_iter().map(|project| project.key).collect()
}

#[test]
fn whoever_makes_a_project_owns_it_and_may_run_it() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let mia = w.user("mia", "Project manager").await;
        let made = projects::create(&w.services, &mia, new(" web ", "Web shop")).await.expect("made");
        assert_eq!(made.key, "WEB");
        assert_eq!(made.owner.as_ref().map(|owner| owner.id), mia.user_id);
        assert_eq!((made.member_count, made.members.len()), (1, 1));
        let mia = w.refresh(&mia).await;
        assert_eq!(projects::find(&w.services, &mia, made.id).await.expect("found"), made);
        assert_eq!(projects::find_by_key(&w.services, &mia, "web").await.expect("found"), made);
        let columns = board_columns::list(&w.services, &mia, made.id).await.expect("columns");
        let meanings: Vec<_> = columns.iter().map(|column| column.category).collect();
        assert_eq!(meanings, [Category::Todo, Category::Todo, Category::Doing, Category::Done]);
        let view = projects::view(&w.services, &mia, "WEB").await.expect("a view");
        assert!(view.permissions.contains(domain::permission::Permission::ProjectMembers));
        assert_eq!(history(&w, &made).await[0].action, "project.created");
    });
}

#[test]
fn a_project_needs_permission_a_name_and_days_in_order() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let bo = w.user("bo", "Member").await;
        assert!(is_forbidden(projects::create(&w.services, &bo, new("", "Own")).await));
        let wrong = NewProject {
            key: "1".into(),
            name: "  ".into(),
            start_on: Some("2026-03-02".parse().expect("a day")),
            due_on: Some("2026-03-01".parse().expect("a day")),
            ..NewProject::default()
        };
        let refusal = projects::create(&w.services, &w.admin, wrong).await.expect_err("refused");
        assert_eq!(fields(&refusal), [("key", "characters"), ("name", "blank"), ("due_on", "before_start")]);
        assert!(list(&w, &w.admin, ProjectFilter::default()).await.is_empty());
    });
}

#[test]
fn a_blank_key_is_made_from_the_name_and_stays_free_of_others() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let mut keys = Vec::new();
        for name in ["Website", "Webmail", "Weber", "2026"] {
            let made = projects::create(&w.services, &w.admin, new("", name)).await.expect("made");
            keys.push(made.key);
        }
        assert_eq!(keys, ["WEB", "WEB2", "WEB3", "PRJ"]);
        let refusal = projects::create(&w.services, &w.admin, new("web2", "Other")).await.expect_err("taken");
        assert_eq!(fields(&refusal), [("key", "taken")]);
    });
}

#[test]
fn of_two_projects_made_at_once_with_one_key_exactly_one_is_made() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let mia = w.user("mia", "Project manager").await;
        let (one, other) = tokio::join!(
            projects::create(&w.services, &w.admin, new("WEB", "One")),
            projects::create(&w.services, &mia, new("WEB", "Other")),
        );
        let (made, refused): (Vec<_>, Vec<_>) =
            [one, other].into_iter().partition(std::result::Result::is_ok);
        assert_eq!((made.len(), refused.len()), (1, 1));
        let refusal = refused.into_iter().next().expect("one").expect_err("refused");
        assert_eq!(fields(&refusal), [("key", "taken")]);
        assert_eq!(list(&w, &w.admin, ProjectFilter::default()).await, ["WEB"]);
    });
}

#[test]
fn a_create_that_is_sent_twice_makes_one_project() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let mia = w.user("mia", "Project manager").await;
        let pia = w.user("pia", "Project manager").await;
        let mut command = new("", "Website");
        command.id = Some(ProjectId(Uuid::from_u128(7)));
        let (one, other) = tokio::join!(
            projects::create(&w.services, &mia, command.clone()),
            projects::create(&w.services, &mia, command.clone()),
        );
        let one = one.expect("made");
        assert_eq!(one, other.expect("the same"));
        assert_eq!(history(&w, &one).await.len(), 1);
        let refusal = projects::create(&w.services, &pia, command).await.expect_err("not hers");
        assert_eq!(fields(&refusal), [("id", "taken")]);
    });
}

#[test]
fn strangers_do_not_learn_that_a_project_exists() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let mia = w.user("mia", "Project manager").await;
        let bo = w.user("bo", "Project manager").await;
        let web = w.project(&mia, "WEB").await;
        assert!(is_hidden(projects::find(&w.services, &bo, web.id).await));
        assert!(is_hidden(projects::find_by_key(&w.services, &bo, "WEB").await));
        assert!(is_hidden(projects::view(&w.services, &bo, "no key at all").await));
        let edit = EditProject { version: 1, ..EditProject::default() };
        assert!(is_hidden(projects::update(&w.services, &bo, web.id, edit).await));
        assert!(is_hidden(projects::delete(&w.services, &bo, web.id, 1).await));
        assert!(is_hidden(project_members::list(&w.services, &bo, web.id).await));
        assert!(list(&w, &bo, ProjectFilter::default()).await.is_empty());
        assert_eq!(list(&w, &w.admin, ProjectFilter::default()).await, ["WEB"]);
    });
}

#[test]
fn a_viewer_reads_and_changes_nothing() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        let vic = w.user("vic", "Viewer").await;
        let viewer = w.role("Viewer").await;
        project_members::add_user(&w.services, &w.admin, web.id, id(&vic), viewer).await.expect("added");
        let vic = w.refresh(&vic).await;
        assert_eq!(list(&w, &vic, ProjectFilter::default()).await, ["WEB"]);
        let edit = EditProject { version: 1, ..EditProject::default() };
        assert!(is_forbidden(projects::update(&w.services, &vic, web.id, edit).await));
        assert!(is_forbidden(projects::archive(&w.services, &vic, web.id, 1).await));
        assert!(is_forbidden(projects::delete(&w.services, &vic, web.id, 1).await));
    });
}

#[test]
fn an_edit_says_what_it_changed_and_a_stale_one_gets_the_current_project() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        w.clock.advance_seconds(60);
        let edit = EditProject {
            version: 1,
            name: Some("Shop".into()),
            status: Some(ProjectStatus::OnHold),
            due_on: Some(Some("2026-05-01".parse().expect("a day"))),
            ..EditProject::default()
        };
        let after = projects::update(&w.services, &w.admin, web.id, edit.clone()).await.expect("changed");
        assert_eq!((after.name.as_str(), after.version), ("Shop", 2));
        assert!(after.updated_at > web.updated_at);
        let changes = history(&w, &web).await.remove(0).changes;
        let said: Vec<_> = changes.iter().map(|change| change.field.as_str()).collect();
        assert_eq!(said, ["name", "status", "due_on"]);
        let refusal = projects::update(&w.services, &w.admin, web.id, edit).await.expect_err("stale");
        let Error::Conflict { what, current } = refusal else { panic!("a conflict, not {refusal:?}") };
        let current: Project = serde_json::from_str(&current).expect("a project");
        assert_eq!((what.as_str(), current), ("project", after.clone()));
        let nothing = EditProject { version: 2, name: Some(" Shop ".into()), ..EditProject::default() };
        let same = projects::update(&w.services, &w.admin, web.id, nothing).await.expect("the same");
        assert_eq!(same, after, "an edit that changes nothing leaves no trace");
        assert_eq!(history(&w, &web).await.len(), 2);
    });
}

#[test]
fn only_a_member_can_become_the_owner() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        let bo = w.user("bo", "Member").await;
        let hand_over =
            |version| EditProject { version, owner_id: Some(bo.user_id), ..EditProject::default() };
        let refusal =
            projects::update(&w.services, &w.admin, web.id, hand_over(1)).await.expect_err("refused");
        assert_eq!(fields(&refusal), [("owner_id", "unknown")]);
        let member = w.role("Member").await;
        project_members::add_user(&w.services, &w.admin, web.id, id(&bo), member).await.expect("added");
        let after = projects::update(&w.services, &w.admin, web.id, hand_over(1)).await.expect("handed over");
        assert_eq!(after.owner.expect("an owner").id, id(&bo));
        assert_eq!(after.members.len(), 2);
    });
}

#[test]
fn lists_show_the_latest_change_first_page_by_page() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        for key in ["AA", "BB", "CC", "DD", "EE"] {
            w.project(&w.admin, key).await;
            if key != "CC" {
                // CC and DD were made in the same moment.
                w.clock.advance_seconds(1);
            }
        }
        let mut keys = Vec::new();
        let mut cursor = None;
        loop {
            let page = Page::new(Some(2), cursor.take());
            let found =
                projects::list(&w.services, &w.admin, ProjectFilter::default(), page).await.expect("a page");
            keys.extend(found.items.iter().map(|project| project.key.clone()));
            assert!(found.items.iter().all(|project| project.members.len() == 1));
            match found.next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(keys, ["EE", "DD", "CC", "BB", "AA"]);
        let lost = Page::new(None, Some("elsewhere".into()));
        let refusal =
            projects::list(&w.services, &w.admin, ProjectFilter::default(), lost).await.expect_err("refused");
        assert_eq!(fields(&refusal), [("cursor", "unknown")]);
    });
}

#[test]
fn projects_are_found_by_part_of_their_name_or_key() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        for (key, name) in [("WEB", "Übersicht der Läden"), ("OPS", "Betrieb"), ("LAB", "Web-Labor")] {
            projects::create(&w.services, &w.admin, new(key, name)).await.expect("made");
            w.clock.advance_seconds(1);
        }
        let search = |text: &str| ProjectFilter { search: Some(text.into()), ..ProjectFilter::default() };
        assert_eq!(list(&w, &w.admin, search("web")).await, ["LAB", "WEB"]);
        assert_eq!(list(&w, &w.admin, search("ubersicht LADEN")).await, ["WEB"]);
        assert_eq!(list(&w, &w.admin, search("100%")).await, Vec::<String>::new());
        assert_eq!(list(&w, &w.admin, search("%")).await, Vec::<String>::new());
        assert_eq!(list(&w, &w.admin, search(" ")).await.len(), 3);
        let on_hold = ProjectFilter { status: Some(ProjectStatus::OnHold), ..ProjectFilter::default() };
        assert!(list(&w, &w.admin, on_hold).await.is_empty());
    });
}

#[test]
fn an_archived_project_can_be_read_and_not_changed() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let mia = w.user("mia", "Project manager").await;
        let web = w.project(&mia, "WEB").await;
        let mia = w.refresh(&mia).await;
        assert!(is_stale(projects::archive(&w.services, &mia, web.id, 9).await));
        let archived = projects::archive(&w.services, &mia, web.id, 1).await.expect("archived");
        assert_eq!((archived.lifecycle, archived.version), (Lifecycle::Archived, 2));
        let again = projects::archive(&w.services, &mia, web.id, 1).await.expect("sent twice");
        assert_eq!(again, archived);
        assert!(list(&w, &mia, ProjectFilter::default()).await.is_empty());
        let shelf = ProjectFilter { lifecycle: Lifecycle::Archived, ..ProjectFilter::default() };
        assert_eq!(list(&w, &mia, shelf).await, ["WEB"]);
        assert!(projects::find(&w.services, &mia, web.id).await.is_ok());
        let edit = EditProject { version: 2, name: Some("New".into()), ..EditProject::default() };
        let refusal = projects::update(&w.services, &mia, web.id, edit).await.expect_err("refused");
        assert_eq!(code(&refusal), "archived");
        let refusal = projects::restore(&w.services, &mia, web.id, 2).await.expect_err("refused");
        assert_eq!(code(&refusal), "archived");
        let back = projects::unarchive(&w.services, &mia, web.id, 2).await.expect("back");
        assert_eq!(back.lifecycle, Lifecycle::Active);
        let acts: Vec<_> = history(&w, &web).await.into_iter().map(|row| row.action).collect();
        assert_eq!(acts, ["project.restored", "project.archived", "project.created"]);
    });
}

#[test]
fn a_deleted_project_is_seen_only_by_those_who_may_bring_it_back() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let mia = w.user("mia", "Project manager").await;
        let bo = w.user("bo", "Member").await;
        let web = w.project(&mia, "WEB").await;
        let mia = w.refresh(&mia).await;
        let member = w.role("Member").await;
        project_members::add_user(&w.services, &mia, web.id, id(&bo), member).await.expect("added");
        let bo = w.refresh(&bo).await;
        assert!(projects::find(&w.services, &bo, web.id).await.is_ok());
        projects::delete(&w.services, &mia, web.id, 1).await.expect("deleted");
        let bin = ProjectFilter { lifecycle: Lifecycle::Deleted, ..ProjectFilter::default() };
        assert!(is_hidden(projects::find(&w.services, &bo, web.id).await));
        assert!(is_hidden(board_columns::list(&w.services, &bo, web.id).await));
        assert!(list(&w, &bo, bin.clone()).await.is_empty());
        assert_eq!(list(&w, &mia, bin.clone()).await, ["WEB"]);
        assert_eq!(list(&w, &w.admin, bin.clone()).await, ["WEB"]);
        let reader = Actor { read_only: true, ..mia.clone() };
        assert!(list(&w, &reader, bin).await.is_empty());
        let refusal = projects::archive(&w.services, &mia, web.id, 2).await.expect_err("refused");
        assert_eq!(code(&refusal), "deleted");
        let back = projects::restore(&w.services, &mia, web.id, 2).await.expect("restored");
        assert_eq!(back.lifecycle, Lifecycle::Active);
        assert!(projects::find(&w.services, &bo, web.id).await.is_ok());
    });
}

#[test]
fn what_was_deleted_rests_thirty_days_and_then_goes_with_all_it_has() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&w.admin, "WEB").await;
        let ops = w.project(&w.admin, "OPS").await;
        let columns = board_columns::list(&w.services, &w.admin, web.id).await.expect("columns");
        let parent = task_row(&w, &columns[0], 1, None).await;
        task_row(&w, &columns[3], 2, Some(parent)).await;
        let columns = board_columns::list(&w.services, &w.admin, ops.id).await.expect("columns");
        let gone = task_row(&w, &columns[0], 1, None).await;
        let child = task_row(&w, &columns[0], 2, Some(gone)).await;
        put_away(&w.services.db, gone, Lifecycle::Deleted, w.services.now().micros()).await;
        projects::delete(&w.services, &w.admin, web.id, 1).await.expect("deleted");

        w.clock.advance_seconds(30 * 24 * 60 * 60 - 1);
        assert_eq!(projects::purge(&w.services).await, Ok(0), "a second too early");
        w.clock.advance_seconds(1);
        assert_eq!(projects::purge(&w.services).await, Ok(3), "the project with its two tasks");
        assert_eq!(projects::purge(&w.services).await, Ok(1), "the single task");
        assert_eq!(projects::purge(&w.services).await, Ok(0));
        assert!(is_hidden(projects::find(&w.services, &w.admin, web.id).await));
        let mut tx = w.services.db.peek().await.expect("a connection");
        let left: Vec<(Uuid, Option<Uuid>)> =
            tx.sql("SELECT id, parent_id FROM task").all().await.expect("tasks");
        assert_eq!(left, [(child.uuid(), None)], "the sub-task stands on its own");
        drop(tx);
        let made = projects::create(&w.services, &w.admin, new("WEB", "Anew")).await;
        assert_eq!(made.expect("the key is free").key, "WEB");
    });
}

#[test]
fn whoever_makes_a_project_where_that_role_is_gone_uses_their_own() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let mia = w.user("mia", "Project manager").await;
        let renamed = EditRole { version: 1, name: Some("Lead".into()), ..EditRole::default() };
        let role = w.role("Project manager").await;
        roles::update(&w.services, &w.admin, role, renamed).await.expect("renamed");
        let web = w.project(&mia, "WEB").await;
        let (members, _) =
            project_members::list(&w.services, &w.refresh(&mia).await, web.id).await.expect("members");
        assert_eq!(members[0].role_name, "Lead");
    });
}

#[test]
fn the_program_itself_makes_projects_that_nobody_owns() {
    both(|db| async move {
        let w = Workspace::new(db).await;
        let web = w.project(&Actor::system(), "WEB").await;
        assert_eq!((web.owner, web.member_count), (None, 0));
    });
}
