//! What the address of a list asks for.

// From its files: the crate around them draws pages, which takes minutes to compile.
#[path = "../../app/src/features/query.rs"]
mod query;
#[path = "../../app/src/features/task_query.rs"]
mod task_query;

use domain::{
    dependency::Waiting,
    ids::ProjectId,
    task::{AssigneeFilter, TaskFilter, TaskSort},
};
use query::Query;
use task_query::{Part, TaskQuery};
use url::form_urlencoded;

const PATH: &str = "/projects/WEB/tasks";
const PARTS: [Part; 7] =
    [Part::Search, Part::Status, Part::Assignee, Part::Label, Part::Priority, Part::Due, Part::Waiting];

/// The filters, order and page of a task list, as its address says them after the question mark.
///
/// # Panics
/// If it is read otherwise than the standard has it, or a link of the page would be read as something else.
pub fn filters(text: &str) {
    let query = Query::read(text);
    for (name, _) in form_urlencoded::parse(text.as_bytes()) {
        let pairs = form_urlencoded::parse(text.as_bytes());
        let last = pairs.filter(|pair| pair.0 == name).last().map(|(_, value)| value.into_owned());
        assert_eq!(query.get(&name), last, "{name}");
    }
    let asked = TaskQuery::read(&query);
    assert_reads_back(&asked);
    for part in PARTS {
        let without = asked.without(part);
        assert_reads_back(&without);
        assert_eq!(without.without(part), without);
    }
    let whole = PARTS.iter().fold(asked.clone(), |asked, part| asked.without(*part));
    assert_eq!(whole, asked.cleared(), "these are all filters");
    assert!(!asked.cleared().is_narrowed());
    for page in [asked.page(text.trim()), asked.on_shelf("archived"), asked.clone().on_board()] {
        assert_reads_back(&page);
    }
    assert_orders(&asked);
    assert_means_what_it_says(&asked);
}

/// A link is what an attribute and a header may hold, and is read as what it was made of.
fn assert_reads_back(asked: &TaskQuery) {
    let address = asked.address(PATH);
    let query = address.strip_prefix(PATH).expect("the list's own page");
    assert!(query.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"?&=%-._~".contains(&byte)), "{query}");
    let again = TaskQuery::read(&Query::read(query.strip_prefix('?').unwrap_or(query)));
    assert_eq!(&again, asked, "{address}");
}

/// A header orders by its column, and then the other way round, from the first page on.
fn assert_orders(asked: &TaskQuery) {
    for sort in TaskSort::ALL {
        let (first, second) = (asked.sorted_by(sort), asked.sorted_by(sort).sorted_by(sort));
        assert_eq!((first.order().0, second.order().0), (sort, sort));
        assert_ne!(first.order().1, second.order().1);
        assert!(first.cursor.is_empty() && second.cursor.is_empty());
        assert_reads_back(&first);
    }
}

/// Nothing is asked of the server that the address does not say.
fn assert_means_what_it_says(asked: &TaskQuery) {
    let project: ProjectId = "0190f5fe-7c00-7a00-8000-000000000001".parse().expect("an id");
    let filter = asked.filter(project);
    let said = [!filter.categories.is_empty(), filter.column_id.is_some(), asked.wants_overdue()];
    assert!(said.iter().filter(|said| **said).count() <= 1, "one status at a time: {asked:?}");
    assert_eq!(filter.search.unwrap_or_default(), asked.search);
    assert_eq!(filter.due_until.is_some(), asked.due_until().is_some());
    if let Some(AssigneeFilter::User(id)) = filter.assignee {
        assert_eq!(AssigneeFilter::parse(&id.to_string()), filter.assignee);
    }
    if let Some(waiting) = filter.waiting {
        assert_eq!(Waiting::parse(waiting.as_str()), Some(waiting));
    }
    let (sort, descending) = asked.order();
    let project_id = Some(project);
    let all =
        TaskFilter { project_id, lifecycle: asked.lifecycle(), sort, descending, ..TaskFilter::default() };
    assert_eq!(asked.cleared().filter(project), all);
}
