//! Lists of tasks, the home page and the quick search.

mod task_stories;

use domain::{
    board::Category,
    label::NewLabel,
    page::Page,
    task::{AssigneeFilter, EditTask, NewTask, Priority, TaskFilter, TaskSort},
};
use services::{home, labels, search, tasks};
use task_stories::{Stage, fields, id, is_hidden, open};
use testkit::both;

#[test]
fn every_order_pages_through_all_tasks_once_both_ways() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        for number in 0..23_u8 {
            if number % 4 == 0 {
                stage.w.clock.advance_seconds(1);
            }
            let new = NewTask {
                title: format!("task {number}"),
                priority: Priority::ALL[usize::from(number % 5)],
                due_on: (number % 3 > 0)
                    .then(|| format!("2026-03-0{}", number % 7 + 1).parse().expect("a day")),
                ..NewTask::default()
            };
            stage.task_with(new).await.expect("made");
        }
        for sort in TaskSort::ALL {
            for project_id in [None, Some(stage.project.id)] {
                let mut ways = Vec::new();
                for descending in [false, true] {
                    let filter = TaskFilter { sort, descending, project_id, ..TaskFilter::default() };
                    ways.push(all_pages(&stage, filter).await);
                }
                let back: Vec<_> = ways[1].iter().rev().cloned().collect();
                assert_eq!(ways[0], back, "{sort:?}");
                let mut keys = ways.swap_remove(0);
                keys.sort();
                keys.dedup();
                assert_eq!(keys.len(), 23, "{sort:?}");
            }
        }
        let due = TaskFilter { sort: TaskSort::Due, ..TaskFilter::default() };
        let last = all_pages(&stage, due).await.pop().expect("a task");
        let last = tasks::find_by_key(&stage.w.services, &stage.eve, &last).await.expect("the task");
        assert_eq!(last.summary.due_on, None, "those without a date come last");
    });
}

async fn all_pages(stage: &Stage, filter: TaskFilter) -> Vec<String> {
    let mut keys = Vec::new();
    let mut cursor = None;
    loop {
        let page = Page::new(Some(5), cursor);
        let page = tasks::list(&stage.w.services, &stage.eve, filter.clone(), page).await.expect("a page");
        keys.extend(page.items.into_iter().map(|task| task.key));
        cursor = page.next;
        if cursor.is_none() {
            return keys;
        }
    }
}

#[test]
fn a_cursor_of_another_list_is_refused() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        for cursor in ["nonsense", "updated.1.00000000000000000000000000000001", "number.x.1", "number.1"] {
            let page = Page::new(None, Some(cursor.into()));
            let list = tasks::list(&stage.w.services, &stage.eve, TaskFilter::default(), page).await;
            assert_eq!(fields(&list.expect_err("refused")), [("cursor", "unknown")]);
        }
    });
}

#[test]
fn each_filter_lets_through_what_it_says() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let label = NewLabel { id: None, name: "Shop".into(), colour: domain::palette::Colour::Blue };
        let label =
            labels::create(&stage.w.services, &stage.mia, stage.project.id, label).await.expect("a label");
        let plain = stage.task("plain").await;
        let rich = NewTask {
            title: "rich".into(),
            column_id: Some(stage.columns[2].id),
            priority: Priority::High,
            assignees: vec![id(&stage.mia)],
            labels: vec![label.id],
            due_on: "2026-02-01".parse().ok(),
            parent_id: Some(plain.summary.id),
            ..NewTask::default()
        };
        stage.task_with(rich).await.expect("made");
        let done = stage.task("done").await;
        stage.place(&done, 3, (None, None)).await.expect("done");
        let base = TaskFilter::default;
        for (filter, found) in [
            (base(), vec!["plain", "rich", "done"]),
            (TaskFilter { categories: open(), ..base() }, vec!["plain", "rich"]),
            (TaskFilter { categories: vec![Category::Done], ..base() }, vec!["done"]),
            (TaskFilter { column_id: Some(stage.columns[2].id), ..base() }, vec!["rich"]),
            (TaskFilter { assignee: Some(AssigneeFilter::Nobody), ..base() }, vec!["plain", "done"]),
            (TaskFilter { assignee: Some(AssigneeFilter::User(id(&stage.mia))), ..base() }, vec!["rich"]),
            (TaskFilter { assignee: Some(AssigneeFilter::Me), ..base() }, vec![]),
            (TaskFilter { label_id: Some(label.id), ..base() }, vec!["rich"]),
            (TaskFilter { priority: Some(Priority::High), ..base() }, vec!["rich"]),
            (TaskFilter { due_until: "2026-02-01".parse().ok(), ..base() }, vec!["rich"]),
            (TaskFilter { due_until: "2026-01-31".parse().ok(), ..base() }, vec![]),
            (TaskFilter { parent_id: Some(plain.summary.id), ..base() }, vec!["rich"]),
            (TaskFilter { search: Some("rich".into()), label_id: Some(label.id), ..base() }, vec!["rich"]),
            (TaskFilter { search: Some(" !".into()), ..base() }, vec!["plain", "rich", "done"]),
        ] {
            assert_eq!(stage.list(filter.clone()).await, found, "{filter:?}");
            let board = tasks::board(&stage.w.services, &stage.eve, stage.project.id, filter.clone())
                .await
                .expect("a board");
            let cards: usize = board.columns.iter().map(|column| column.cards.len()).sum();
            assert_eq!(cards, found.len(), "the board too: {filter:?}");
        }
    });
}

#[test]
fn lists_hold_only_what_one_may_see() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let s = &stage.w.services;
        stage.task("ours").await;
        let other = stage.w.project(&stage.w.admin, "OPS").await;
        stage.w.task(&stage.w.admin, &other, "theirs").await;
        assert_eq!(stage.list(TaskFilter::default()).await, ["ours"]);
        assert_eq!(stage.list_as(&stage.w.admin, TaskFilter::default()).await.expect("a list").len(), 2);
        assert_eq!(stage.list_as(&stage.stranger, TaskFilter::default()).await.expect("a list"), []);
        let there = TaskFilter { project_id: Some(other.id), ..TaskFilter::default() };
        assert!(is_hidden(stage.list_as(&stage.eve, there.clone()).await));
        assert!(is_hidden(tasks::board(s, &stage.eve, other.id, TaskFilter::default()).await));
        let by_key = TaskFilter { search: Some("OPS-1".into()), ..TaskFilter::default() };
        assert_eq!(stage.list(by_key.clone()).await, Vec::<String>::new());
        assert_eq!(stage.list_as(&stage.w.admin, by_key).await.expect("a list").len(), 1);
        let found = search::quick(s, &stage.eve, "OPS-1", 10).await.expect("results");
        assert_eq!(found, domain::search::SearchResults::default());
        services::projects::archive(s, &stage.w.admin, other.id, 1).await.expect("archived");
        let everywhere = stage.list_as(&stage.w.admin, TaskFilter::default()).await.expect("a list");
        assert_eq!(everywhere.len(), 1, "what is put away is not among others");
        assert_eq!(
            stage.list_as(&stage.w.admin, there).await.expect("a list").len(),
            1,
            "but in its own place"
        );
    });
}

#[test]
fn words_are_found_by_their_beginnings_without_case_and_accents() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        for (title, description) in [
            ("Déployer la boutique", "über alles"),
            ("Write the guide", "about the db and the UTF-8 texts"),
            ("東京オフィスの準備", ""),
            ("100% done_ready", "snake_case"),
        ] {
            let new = NewTask { title: title.into(), description: description.into(), ..NewTask::default() };
            stage.task_with(new).await.expect("made");
        }
        for (words, found) in [
            ("deploy", vec!["Déployer la boutique"]),
            ("BOUT dépl", vec!["Déployer la boutique"]),
            ("Über", vec!["Déployer la boutique"]),
            ("uber", vec!["Déployer la boutique"]),
            ("guide the", vec!["Write the guide"]),
            ("db", vec!["Write the guide"]),
            ("UTF-8", vec!["Write the guide"]),
            ("京オフィス", vec!["東京オフィスの準備"]),
            ("web-2", vec!["Write the guide"]),
            ("100", vec!["100% done_ready"]),
            ("\"* OR +-><()~", vec![]),
            ("nothing", vec![]),
            ("guide nothing", vec![]),
        ] {
            let filter = TaskFilter { search: Some(words.into()), ..TaskFilter::default() };
            assert_eq!(stage.list(filter).await, found, "{words}");
        }
        let task = tasks::find_by_key(&stage.w.services, &stage.eve, "WEB-2").await.expect("it");
        let edit = EditTask { title: Some("Draw the plan".into()), ..EditTask::default() };
        stage.edit(&task, edit).await.expect("edited");
        let filter = |words: &str| TaskFilter { search: Some(words.into()), ..TaskFilter::default() };
        assert_eq!(stage.list(filter("guide")).await, Vec::<String>::new(), "old words are forgotten");
        assert_eq!(stage.list(filter("plan")).await, ["Draw the plan"]);
    });
}

#[test]
fn the_quick_search_has_the_key_first_then_titles_then_open_ones() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let s = &stage.w.services;
        stage.task("Something else").await;
        let new = NewTask { title: "Mail".into(), description: "shop WEB-1".into(), ..NewTask::default() };
        stage.task_with(new).await.expect("made");
        let finished = stage.task("Shop sign").await;
        stage.place(&finished, 3, (None, None)).await.expect("done");
        stage.task("The shop window").await;
        let titles = async |words: &str, limit| {
            let found = search::quick(s, &stage.eve, words, limit).await.expect("results");
            found.tasks.into_iter().map(|hit| hit.task.title).collect::<Vec<_>>()
        };
        assert_eq!(titles("shop", 10).await, ["The shop window", "Shop sign", "Mail"]);
        assert_eq!(titles("shop", 1).await, ["The shop window"]);
        assert_eq!(titles("web-1", 10).await, ["Something else", "Mail"]);
        let found = search::quick(s, &stage.eve, "project web", 10).await.expect("results");
        assert_eq!(found.projects.len(), 1);
        assert_eq!(
            search::quick(s, &stage.eve, " - ", 10).await,
            Ok(domain::search::SearchResults::default())
        );
        assert_eq!(
            search::quick(s, &stage.stranger, "shop web", 10).await,
            Ok(domain::search::SearchResults::default())
        );
    });
}

#[test]
fn home_counts_all_of_ones_own_open_work_and_shows_what_is_due_first() {
    both(|db| async move {
        let stage = Stage::new(db).await;
        let s = &stage.w.services;
        let mine = async |title: &str, due: Option<&str>, column: usize| {
            let new = NewTask {
                title: title.into(),
                assignees: vec![id(&stage.mia)],
                due_on: due.map(|day| day.parse().expect("a day")),
                column_id: Some(stage.columns[column].id),
                ..NewTask::default()
            };
            stage.task_with(new).await.expect("made")
        };
        mine("some day", None, 0).await;
        mine("late", Some("2026-01-16"), 2).await;
        mine("today", Some("2026-01-17"), 0).await;
        mine("in a week", Some("2026-01-24"), 0).await;
        mine("later", Some("2026-01-25"), 0).await;
        mine("finished", Some("2026-01-01"), 3).await;
        stage.task("not mine").await;
        let page = home::home(s, &stage.mia).await.expect("home");
        let titles: Vec<_> = page.assigned.iter().map(|row| row.task.title.as_str()).collect();
        assert_eq!(titles, ["late", "today", "in a week", "later", "some day"]);
        assert_eq!((page.assigned_count, page.overdue_count, page.due_soon_count), (5, 1, 2));
        assert_eq!(page.projects.iter().map(|it| it.key.as_str()).collect::<Vec<_>>(), ["WEB"]);
        assert!(page.projects[0].members.len() == 3 && page.assigned[0].project.key == "WEB");
        let page = home::home(s, &stage.w.admin).await.expect("home");
        assert_eq!((page.assigned_count, page.projects.len()), (0, 0), "seeing all is not belonging");
        assert!(home::home(s, &services::Actor::system()).await.is_err());
    });
}
