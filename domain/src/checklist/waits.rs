//! What the marks of a document mean: other nodes of it, tasks by their keys, or nothing known.

use super::{After, ChecklistError, MAX_AFTER, Node, outline::Draft, plan::cut, source_key::title_key};
use crate::search_text::task_key;
use std::collections::HashMap;

/// Says of each node what it waits for. The drafts are those that the nodes were made of, in their order.
pub(super) fn resolve(nodes: &mut [Node], drafts: &[&Draft]) -> Result<(), ChecklistError> {
    if drafts.iter().all(|draft| draft.after.is_empty()) {
        return Ok(());
    }
    let titles = Titles::of(nodes, drafts);
    for (at, (node, draft)) in nodes.iter_mut().zip(drafts).enumerate() {
        if draft.after.len() > MAX_AFTER {
            return Err(ChecklistError::TooManyAfter { line: draft.line });
        }
        for text in &draft.after {
            let after = titles.find(at, node.parent, text);
            if !node.after.contains(&after) {
                node.after.push(after);
            }
        }
    }
    Ok(())
}

/// The nodes by title.
#[derive(Default)]
struct Titles {
    everywhere: HashMap<String, Few>,
    beside: HashMap<(Option<usize>, String), Few>,
}

impl Titles {
    fn of(nodes: &[Node], drafts: &[&Draft]) -> Self {
        let mut titles = Self::default();
        for (at, (node, draft)) in nodes.iter().zip(drafts).enumerate() {
            // The title before it was cut: a mark names the whole one.
            let title = title_key(&draft.title);
            titles.everywhere.entry(title.clone()).or_default().add(at);
            titles.beside.entry((node.parent, title)).or_default().add(at);
        }
        titles
    }

    fn find(&self, at: usize, parent: Option<usize>, text: &str) -> After {
        let title = title_key(text);
        match self.everywhere.get(&title).map_or(Others::None, |nodes| nodes.without(at)) {
            Others::One(node) => return After::Node(node),
            Others::None => {}
            Others::Several => {
                let siblings = self.beside.get(&(parent, title));
                return match siblings.map(|nodes| nodes.without(at)) {
                    Some(Others::One(node)) => After::Node(node),
                    _ => After::Ambiguous(cut(text)),
                };
            }
        }
        match task_key(text) {
            Some((key, number)) => After::Key { key, number: i64::from(number) },
            None => After::Unknown(cut(text)),
        }
    }
}

/// Nodes of one title. Three tell whether there are none, one or several besides any of them; a document
/// of thousands with the same title would otherwise take forever.
#[derive(Default)]
struct Few(Vec<usize>);

enum Others {
    None,
    One(usize),
    Several,
}

impl Few {
    const ENOUGH: usize = 3;

    fn add(&mut self, node: usize) {
        if self.0.len() < Self::ENOUGH {
            self.0.push(node);
        }
    }

    fn without(&self, node: usize) -> Others {
        let mut others = self.0.iter().filter(|other| **other != node);
        match (others.next(), others.next()) {
            (None, _) => Others::None,
            (Some(other), None) => Others::One(*other),
            (Some(_), Some(_)) => Others::Several,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::checklist::{After, Checklist, ChecklistError, MAX_AFTER, parse};

    fn read(text: &str) -> Checklist {
        parse(text).expect("within the limits")
    }

    /// What the last node waits for.
    fn last(text: &str) -> Vec<After> {
        read(text).nodes.last().expect("a node").after.clone()
    }

    fn key(key: &str, number: i64) -> After {
        After::Key { key: key.into(), number }
    }

    #[test]
    fn an_item_waits_for_items_headings_and_tasks_by_key() {
        let list = read(
            "# Plan\n## Café (after: web-12, Build)\n- [ ] *Set up*, then go\n## Build\n- [ ] Ship (after: \"set up then go\"; CAFE; Lunch)",
        );
        let titles: Vec<&str> = list.nodes.iter().map(|node| node.title.as_str()).collect();
        assert_eq!(titles, ["Café", "Set up, then go", "Build", "Ship"]);
        assert_eq!(list.nodes[0].after, [key("WEB", 12), After::Node(2)]);
        assert_eq!(list.nodes[3].after, [After::Node(1), After::Node(0), After::Unknown("Lunch".into())]);
        assert!(list.nodes[1].after.is_empty() && list.nodes[2].after.is_empty());
    }

    #[test]
    fn what_stands_further_down_can_be_waited_for() {
        assert_eq!(read("- [ ] B (after: A)\n- [ ] A").nodes[0].after, [After::Node(1)]);
    }

    #[test]
    fn a_text_like_a_key_means_the_node_of_that_title_if_there_is_one() {
        assert_eq!(last("- [ ] WEB-12\n- [ ] B (after: web-12)"), [After::Node(0)]);
        assert_eq!(last("- [ ] WEB-12 (after: WEB-12)"), [key("WEB", 12)]);
        assert_eq!(last("- [ ] B (after: #ops2-7)"), [key("OPS2", 7)]);
        assert_eq!(last("- [ ] B (after: WEB-0)"), [After::Unknown("WEB-0".into())]);
    }

    #[test]
    fn nothing_waits_for_itself() {
        assert_eq!(last("- [ ] A (after: A)"), [After::Unknown("A".into())]);
        assert_eq!(last("- [ ] A\n- [ ] A (after: A)"), [After::Node(0)]);
    }

    #[test]
    fn of_several_with_a_title_the_only_sibling_is_meant() {
        let parts = "## One\n- [ ] Test\n## Two\n- [ ] Test\n";
        assert_eq!(last(&format!("{parts}- [ ] Ship (after: test)")), [After::Node(3)]);
        let elsewhere = format!("{parts}## Three\n- [ ] Ship (after: Test!)");
        assert_eq!(last(&elsewhere), [After::Ambiguous("Test!".into())]);
        let twice = format!("{parts}- [ ] Test\n- [ ] Test\n- [ ] Ship (after: Test)");
        assert_eq!(last(&twice), [After::Ambiguous("Test".into())]);
        let itself = format!("{parts}- [ ] Test (after: Test)");
        assert_eq!(last(&itself), [After::Node(3)]);
    }

    #[test]
    fn a_mark_comes_and_goes_without_making_another_task() {
        let before = read("## A\n- [ ] one\n- [ ] two");
        let after = read("## A (after: WEB-1)\n- [ ] one\n- [ ] two (after: one)");
        let keys = |list: &Checklist| -> Vec<String> {
            list.nodes.iter().map(|node| node.source_key.clone()).collect()
        };
        assert_eq!(keys(&before), keys(&after));
    }

    #[test]
    fn a_document_has_no_mark_in_its_title_and_waits_for_nothing() {
        let list = read("# Plan (after: A)\n- [ ] A (after: Plan)");
        assert_eq!(list.title.as_deref(), Some("Plan"));
        assert_eq!(list.nodes[0].after, [After::Unknown("Plan".into())]);
    }

    #[test]
    fn an_item_that_is_nothing_but_a_mark_waits_all_the_same() {
        let list = read("- [ ] (after: A)\n- [ ] A (after: )");
        assert_eq!(
            (list.nodes[0].title.as_str(), &list.nodes[0].after),
            ("(after: A)", &vec![After::Node(1)])
        );
        assert_eq!((list.nodes[1].title.as_str(), list.nodes[1].after.len()), ("A", 0));
    }

    #[test]
    fn a_long_title_is_named_in_whole_and_told_without_the_mark() {
        let long = "every word of it ".repeat(20);
        let list = read(&format!("- [ ] {long}(after: B)\n- [ ] B (after: {long}; {long} not)"));
        assert_eq!(list.nodes[0].description, long.trim());
        assert_eq!(list.nodes[1].after[0], After::Node(0));
        let After::Unknown(cut) = &list.nodes[1].after[1] else { panic!("{:?}", list.nodes[1].after) };
        assert!(cut.ends_with('…'), "{cut}");
    }

    #[test]
    fn references_count_once_and_have_a_limit() {
        assert_eq!(last("- [ ] A\n- [ ] B (after: A; a; WEB-1; web-01)"), [After::Node(0), key("WEB", 1)]);
        let mark = |count: usize| format!("## H\n- [ ] B (after: {})", "A;".repeat(count));
        assert_eq!(last(&mark(MAX_AFTER)), [After::Unknown("A".into())]);
        let error = parse(&mark(MAX_AFTER + 1)).expect_err("too many");
        assert_eq!(error, ChecklistError::TooManyAfter { line: 2 });
        assert!(error.to_string().starts_with("Line 2 waits for more than 50"), "{error}");
    }
}
