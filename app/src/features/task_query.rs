//! What the address of a task list or board asks for: its filters, order and page.

use super::query::{Query, address};
use domain::{
    Day,
    board::Category,
    dependency::Waiting,
    ids::ProjectId,
    task::{AssigneeFilter, Lifecycle, Priority, TaskFilter, TaskSort},
};

/// Open ones, whatever their column.
pub const OPEN: &str = "open";
/// Open ones whose day has passed.
pub const OVERDUE: &str = "overdue";

/// The address, as text: what can't be read counts as not said.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct TaskQuery {
    /// Words, or a key.
    pub search: String,
    /// [`OPEN`], [`OVERDUE`], a category, the id of a column, or blank for any.
    pub status: String,
    /// `me`, `nobody`, a person's id, or blank for anyone.
    pub assignee: String,
    /// A label's id, or blank for any.
    pub label: String,
    /// A priority, or blank for any.
    pub priority: String,
    /// The last day that counts, or blank.
    pub due: String,
    /// `blocked`, `blocking`, `ready`, or blank for any.
    pub waiting: String,
    /// `archived`, `deleted`, or blank for those in use.
    pub show: String,
    /// An order, with a minus before it the other way round; blank for by number.
    pub sort: String,
    /// Which page; blank for the first.
    pub cursor: String,
}

/// One of the filters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    Search,
    Status,
    Assignee,
    Label,
    Priority,
    Due,
    Waiting,
}

impl TaskQuery {
    /// Reads the address. Links from elsewhere also say `category=doing`, `column=…` and `due=overdue`.
    pub fn read(query: &Query) -> Self {
        Self::from_pairs(|name| query.get(name))
    }

    /// The same from anything that knows a value for a name.
    pub fn from_pairs(get: impl Fn(&str) -> Option<String>) -> Self {
        let of = |name: &str| get(name).map(|text| text.trim().to_owned()).unwrap_or_default();
        let (due, overdue) = match of("due") {
            due if due == OVERDUE => (String::new(), OVERDUE.to_owned()),
            due => (due, String::new()),
        };
        let status = ["status", "category", "column"].into_iter().map(of).chain([overdue]);
        Self {
            search: of("q"),
            status: status.into_iter().find(|status| !status.is_empty()).unwrap_or_default(),
            assignee: of("assignee"),
            label: of("label"),
            priority: of("priority"),
            due,
            waiting: of("waiting"),
            show: of("show"),
            sort: of("sort"),
            cursor: of("cursor"),
        }
    }

    /// Every name with its value, as the address has them.
    pub fn pairs(&self) -> [(&'static str, &str); 10] {
        [
            ("q", &self.search),
            ("status", &self.status),
            ("assignee", &self.assignee),
            ("label", &self.label),
            ("priority", &self.priority),
            ("due", &self.due),
            ("waiting", &self.waiting),
            ("show", &self.show),
            ("sort", &self.sort),
            ("cursor", &self.cursor),
        ]
    }

    /// The address of this list, or board, at `path`.
    pub fn address(&self, path: &str) -> String {
        address(path, &self.pairs())
    }

    /// What the server is asked for. [`Self::wants_overdue`] goes along with it.
    pub fn filter(&self, project: ProjectId) -> TaskFilter {
        let (sort, descending) = self.order();
        TaskFilter {
            project_id: Some(project),
            search: (!self.search.is_empty()).then(|| self.search.clone()),
            categories: match self.status.as_str() {
                OPEN => vec![Category::Todo, Category::Doing],
                status => Category::parse(status).into_iter().collect(),
            },
            column_id: self.status.parse().ok(),
            assignee: AssigneeFilter::parse(&self.assignee),
            label_id: self.label.parse().ok(),
            priority: Priority::parse(&self.priority),
            due_until: self.due_until(),
            waiting: Waiting::parse(&self.waiting),
            lifecycle: self.lifecycle(),
            sort,
            descending,
            ..TaskFilter::default()
        }
    }

    /// What a board can be narrowed by: its columns show the rest.
    #[must_use]
    pub fn on_board(self) -> Self {
        Self {
            status: String::new(),
            show: String::new(),
            sort: String::new(),
            cursor: String::new(),
            ..self
        }
    }

    /// Only open tasks whose day has passed; which day it is, the server knows.
    pub fn wants_overdue(&self) -> bool {
        self.status == OVERDUE
    }

    /// The last day that counts, if it is one.
    pub fn due_until(&self) -> Option<Day> {
        self.due.parse().ok()
    }

    /// Which shelf is shown.
    pub fn lifecycle(&self) -> Lifecycle {
        Lifecycle::parse(&self.show).unwrap_or_default()
    }

    /// The order, and whether it goes the other way round.
    pub fn order(&self) -> (TaskSort, bool) {
        TaskSort::parse_order(&self.sort).unwrap_or_default()
    }

    /// The first page in the order of `sort`: the other way round if it is that already, else as one looks for it
    /// first: what matters most, and what changed last, on top.
    #[must_use]
    pub fn sorted_by(&self, sort: TaskSort) -> Self {
        let descending = match self.order() {
            (now, descending) if now == sort => !descending,
            _ => matches!(sort, TaskSort::Priority | TaskSort::Updated | TaskSort::Unblocks),
        };
        let text = match (sort, descending) {
            (TaskSort::Number, false) => String::new(),
            (sort, false) => sort.as_str().to_owned(),
            (sort, true) => format!("-{}", sort.as_str()),
        };
        Self { sort: text, cursor: String::new(), ..self.clone() }
    }

    /// Another page of the same list; blank for the first.
    #[must_use]
    pub fn page(&self, cursor: &str) -> Self {
        Self { cursor: cursor.to_owned(), ..self.clone() }
    }

    /// The first page of another shelf.
    #[must_use]
    pub fn on_shelf(&self, show: &str) -> Self {
        Self { show: show.to_owned(), cursor: String::new(), ..self.clone() }
    }

    /// The first page without one of the filters.
    #[must_use]
    pub fn without(&self, part: Part) -> Self {
        let mut query = self.page("");
        let value = match part {
            Part::Search => &mut query.search,
            Part::Status => &mut query.status,
            Part::Assignee => &mut query.assignee,
            Part::Label => &mut query.label,
            Part::Priority => &mut query.priority,
            Part::Due => &mut query.due,
            Part::Waiting => &mut query.waiting,
        };
        value.clear();
        query
    }

    /// The first page without any filter.
    #[must_use]
    pub fn cleared(&self) -> Self {
        Self { show: self.show.clone(), sort: self.sort.clone(), ..Self::default() }
    }

    /// Whether it asks for less than a whole shelf.
    pub fn is_narrowed(&self) -> bool {
        self.page("") != self.cleared()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "00000000-0000-0000-0000-000000000007";

    fn read(text: &str) -> TaskQuery {
        TaskQuery::read(&Query::read(text))
    }

    fn filter(text: &str) -> TaskFilter {
        read(text).filter(ID.parse().expect("an id"))
    }

    #[test]
    fn an_address_is_read_and_written() {
        let query = read("q=a&status=doing&assignee=me&priority=high&sort=-due&cursor=x");
        assert_eq!(query.address("/t"), "/t?q=a&status=doing&assignee=me&priority=high&sort=-due&cursor=x");
        assert_eq!(read("").address("/t"), "/t");
        assert_eq!(query.cleared().address("/t"), "/t?sort=-due");
        assert!(query.is_narrowed());
        assert!(!read("show=archived&sort=due&cursor=x").is_narrowed());
    }

    #[test]
    fn links_from_elsewhere_are_understood() {
        assert_eq!(filter(&format!("column={ID}")).column_id, ID.parse().ok());
        assert_eq!(filter("category=doing").categories, [Category::Doing]);
        assert!(read("due=overdue").wants_overdue());
        assert_eq!(read("due=overdue").due, "");
    }

    #[test]
    fn what_means_nothing_counts_as_not_said() {
        let nothing = filter("status=x&assignee=x&label=x&priority=x&due=x&show=x&sort=x");
        assert_eq!(nothing, filter(""));
        assert_eq!(filter("status=open").categories, [Category::Todo, Category::Doing]);
    }

    #[test]
    fn a_header_sorts_first_as_one_looks_for_it_and_then_the_other_way() {
        let by = |query: &TaskQuery, sort| query.sorted_by(sort);
        let priority = by(&read("cursor=x"), TaskSort::Priority);
        assert_eq!((priority.sort.as_str(), priority.cursor.as_str()), ("-priority", ""));
        assert_eq!(by(&priority, TaskSort::Priority).sort, "priority");
        assert_eq!(by(&priority, TaskSort::Due).sort, "due");
        assert_eq!(by(&priority, TaskSort::Number).sort, "");
        assert_eq!(by(&read(""), TaskSort::Number).sort, "-number");
    }

    #[test]
    fn a_filter_can_be_taken_off_alone() {
        let query = read("q=a&assignee=me&cursor=x");
        assert_eq!(query.without(Part::Search).address("/t"), "/t?assignee=me");
        assert_eq!(query.on_board(), read("q=a&assignee=me"));
    }
}
