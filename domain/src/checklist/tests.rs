use super::*;
use crate::limits;
use std::fmt::Write;

const FIXTURE: &str = include_str!("fixture.md");

fn read(text: &str) -> Checklist {
    parse(text).expect("within the limits")
}

/// The plan as an outline: `[x]` and `[ ]` items, `#` headings, indented by parent.
fn outline(list: &Checklist) -> String {
    let mut depths = Vec::new();
    let mut text = String::new();
    for node in &list.nodes {
        let depth = node.parent.map_or(0, |parent| depths[parent] + 1);
        depths.push(depth);
        let kind = if node.kind == NodeKind::Item { "-" } else { "#" };
        let done = if node.done { "x" } else { " " };
        writeln!(text, "{}{kind} [{done}] {}", "  ".repeat(depth), node.title).expect("a string");
    }
    text
}

fn named<'a>(list: &'a Checklist, title: &str) -> &'a Node {
    list.nodes.iter().find(|node| node.title == title).expect("a node of that title")
}

fn keys(list: &Checklist) -> Vec<&str> {
    list.nodes.iter().map(|node| node.source_key.as_str()).collect()
}

#[test]
fn a_whole_document_becomes_a_tree() {
    let list = read(FIXTURE);
    assert_eq!(list.title.as_deref(), Some("Ferry terminal opening"));
    assert_eq!(list.description, "**Date:** 4 May  \n**State:** draft");
    assert_eq!(
        outline(&list),
        "\
# [ ] 1. Before the opening
  # [ ] 1.1 Safety ✅ MUST COMPLETE
    - [ ] Replace the default code of the gate with a random one
    - [x] Check the lifeboats
    - [ ] Train the crew
      - [x] First aid
      - [ ] Use of fire_hose() on deck
      - [ ] Evacuation
        - [ ] By stairs
        - [x] By slide
    - [x] Lights on the pier
  # [x] 1.2 Papers
    - [x] Licence
    - [x] Insurance
    - [x] Contract
# [ ] 2. On the day
  - [ ] Morning
    - [ ] Open the gates
    - [x] Ring the bell
  - [ ] Guides written for
    - [ ] the cashier
    - [ ] the pilot
"
    );
    assert_eq!((list.items(), list.items_done()), (18, 8));
    assert_eq!(list.skipped_headings, 4, "summary, numbers, empty for now, contacts");
}

#[test]
fn what_stands_under_an_item_is_its_description() {
    let list = read(FIXTURE);
    assert_eq!(
        named(&list, "Replace the default code of the gate with a random one").description,
        "```bash\n# Make a random code\nhead -c 6 /dev/urandom | base64\n```"
    );
    assert_eq!(
        named(&list, "Check the lifeboats").description,
        "```yaml\nsteps:\n  - name: Lower the boats\n    run: |\n      # not a heading\n      - [ ] not an item\n```"
    );
    assert_eq!(named(&list, "Use of fire_hose() on deck").description, "Bring gloves.");
    assert_eq!(named(&list, "Ring the bell").description, "Twice.");
    assert_eq!(named(&list, "Guides written for").description, "- plain bullet with a note");
    assert_eq!(named(&list, "Train the crew").description, "");
}

#[test]
fn what_stands_at_the_margin_belongs_to_the_heading() {
    let list = read(FIXTURE);
    assert_eq!(
        named(&list, "1.1 Safety ✅ MUST COMPLETE").description,
        "**Critical items (blocking):**\n\n**High priority items:**\n\n**How to check:**\n```sh\n# not a heading either\n- [ ] nor an item\n```"
    );
    assert_eq!(named(&list, "1.2 Papers").description, "> - [ ] quoted item");
    assert_eq!(
        named(&list, "2. On the day").description,
        "Everyone meets at six.\n\n~~~\n# Still no heading\n- [ ] still no item\n~~~"
    );
}

#[test]
fn every_node_tells_its_line() {
    let list = read(FIXTURE);
    let lines: Vec<&str> = FIXTURE.lines().collect();
    for node in &list.nodes {
        let word = node.title.split(' ').next_back().expect("a title has a word");
        assert!(lines[node.line - 1].contains(word), "{} {}", node.line, node.title);
    }
}

#[test]
fn line_ends_and_a_byte_order_mark_make_no_difference() {
    let windows = format!("\u{FEFF}{}", FIXTURE.replace('\n', "\r\n"));
    assert_eq!(read(&windows), read(FIXTURE));
    assert_eq!(read(&FIXTURE.replace('\n', "\r")), read(FIXTURE));
}

#[test]
fn a_title_is_the_only_top_heading_that_encloses_everything() {
    assert_eq!(read("# Plan\n- [ ] a\n## Part\n- [ ] b").title.as_deref(), Some("Plan"));
    assert_eq!(read("# Plan\n# Plan\n- [ ] a").title.as_deref(), Some("Plan"));
    assert_eq!(read("# Plan\n# Plan\n- [ ] a").skipped_headings, 0);
    assert_eq!(read("# Plan\n- [ ] a\n# Appendix\nwords").title.as_deref(), Some("Plan"));
    assert_eq!(read("- [ ] a\n# Plan\n- [ ] b").title, None);
    assert_eq!(read("## Plan\n- [ ] a").title, None);
    assert_eq!(read("# Only words\n## More").title.as_deref(), Some("Only words"));
    let two = read("# One\n- [ ] a\n# Two\n- [x] b");
    assert_eq!(two.title, None);
    assert_eq!(outline(&two), "# [ ] One\n  - [ ] a\n# [x] Two\n  - [x] b\n");
}

#[test]
fn a_document_without_items_makes_no_nodes() {
    for text in ["", "words", "# A\n## B", "---\n---", "```\n- [ ] a", "\n\n\n"] {
        assert_eq!(read(text).nodes, [], "{text:?}");
    }
    assert_eq!(read("words\n\nmore").description, "words\n\nmore");
}

#[test]
fn headings_nest_by_level_even_where_one_is_left_out() {
    let list = read("## A\n#### B\n- [ ] b\n### C\n- [x] c\n## D\n- [x] d");
    assert_eq!(
        outline(&list),
        "# [ ] A\n  # [ ] B\n    - [ ] b\n  # [x] C\n    - [x] c\n# [x] D\n  - [x] d\n"
    );
}

#[test]
fn underlined_headings_count_and_rules_do_not() {
    let list = read("Plan\n====\n\nPart\n---\n- [ ] a\n\n---\n\nwords\nmore words\n---\n- [ ] b");
    assert_eq!(list.title.as_deref(), Some("Plan"));
    assert_eq!(outline(&list), "# [ ] Part\n  - [ ] a\n  - [ ] b\n");
    assert_eq!(named(&list, "Part").description, "words\nmore words");
}

#[test]
fn careless_indentation_is_forgiven() {
    let list = read("1. [ ] a\n  - [ ] b\n   - [ ] c\n            - [ ] d\n - [ ] e\n* [ ] f\n\t\t* [ ] g");
    assert_eq!(outline(&list), "- [ ] a\n  - [ ] b\n  - [ ] c\n    - [ ] d\n- [ ] e\n- [ ] f\n  - [ ] g\n");
}

#[test]
fn a_sentence_that_goes_on_at_the_margin_stays_with_its_item() {
    let list = read("## H\n- [ ] a\ngoes on\n- [ ] b\n**Then:**\n- [ ] c\n\nafter");
    assert_eq!(named(&list, "a").description, "goes on");
    assert_eq!(named(&list, "b").description, "");
    assert_eq!(named(&list, "H").description, "**Then:**\n\nafter");
}

#[test]
fn text_returns_to_the_item_that_it_is_indented_under() {
    let list = read("- [ ] a\n  - [ ] b\n    of b\n\n  of a\n\n  - [ ] c");
    assert_eq!(named(&list, "a").description, "of a");
    assert_eq!(named(&list, "b").description, "of b");
    assert_eq!(outline(&list), "- [ ] a\n  - [ ] b\n  - [ ] c\n");
}

#[test]
fn a_plain_bullet_holds_items_of_the_heading_together() {
    let list = read("## H\n- Group\n    - [ ] a\n\n      of a\n- [ ] b");
    assert_eq!(outline(&list), "# [ ] H\n  - [ ] a\n  - [ ] b\n");
    assert_eq!(named(&list, "H").description, "- Group");
    assert_eq!(named(&list, "a").description, "of a");
}

#[test]
fn code_by_indentation_counts_only_outside_of_lists() {
    let list = read("words\n\n    - [ ] code\n\n- [ ] a\n\n      # no heading\n");
    assert_eq!(outline(&list), "- [ ] a\n");
    assert_eq!(list.description, "words\n\n    - [ ] code");
    assert_eq!(named(&list, "a").description, "# no heading");
}

#[test]
fn code_that_is_never_closed_ends_with_its_item() {
    let list = read("- [ ] a\n  ```\n  - [ ] code\n- [ ] b\n  ```\n  x\n  ```\n- [ ] c");
    assert_eq!(outline(&list), "- [ ] a\n- [ ] b\n- [ ] c\n");
}

#[test]
fn code_that_is_indented_less_than_its_item_stays_code() {
    let list = read("- [ ] a\n  ```\n# no heading\nwords\n  ```\n  - [ ] b");
    assert_eq!(outline(&list), "- [ ] a\n  - [ ] b\n");
    assert_eq!(named(&list, "a").description, "```\n# no heading\nwords\n```");
}

#[test]
fn a_bullet_that_begins_with_code_hides_what_is_in_it() {
    let list = read("- ```\n  - [ ] code\n  ```\n- [ ] a");
    assert_eq!(outline(&list), "- [ ] a\n");
}

#[test]
fn comments_hide_and_unclosed_ones_do_not() {
    let list = read("<!-- - [ ] one -->\n- [ ] a\n<!--\n- [ ] two\n# no -->\n  - [ ] b\n<!-- open\n- [ ] c");
    assert_eq!(outline(&list), "- [ ] a\n  - [ ] b\n- [ ] c\n");
}

#[test]
fn an_empty_item_is_no_task() {
    let list = read("## H\n- [ ]\n- [ ]   \n- [x] \u{200B}\n- [ ] a");
    assert_eq!(outline(&list), "# [ ] H\n  - [ ] a\n");
}

#[test]
fn a_long_title_is_cut_at_a_word_and_told_in_whole() {
    let long = format!("Write {}", "every word of it ".repeat(20));
    let list = read(&format!("- [ ] {long}\n  More."));
    let node = &list.nodes[0];
    assert!(node.title.ends_with(" word…") || node.title.ends_with("every…"), "{}", node.title);
    assert!(node.title.chars().count() <= limits::TITLE);
    assert_eq!(node.description, format!("{}\n\nMore.", long.trim()));
    let link = format!("- [ ] [short](https://example.org/{})", "x".repeat(3_000));
    assert!(read(&link).nodes[0].description.starts_with("[short](https://"));
    let one_word = read(&format!("- [ ] {}", "x".repeat(500)));
    assert_eq!(one_word.nodes[0].title.chars().count(), limits::TITLE);
}

#[test]
fn what_is_nested_deeper_than_tasks_may_be_stands_beside() {
    let lines: Vec<String> = (0..500).map(|depth| format!("{}- [ ] t{depth}", "  ".repeat(depth))).collect();
    let list = read(&lines.join("\n"));
    assert_eq!(list.nodes.len(), 500);
    let mut levels = Vec::new();
    for node in &list.nodes {
        levels.push(node.parent.map_or(1, |parent| levels[parent] + 1));
    }
    assert_eq!(levels[limits::DEPTH - 1], limits::DEPTH);
    assert!(levels[limits::DEPTH..].iter().all(|level| *level == limits::DEPTH));
}

#[test]
fn limits_are_told_with_their_place() {
    let large = "x".repeat(MAX_BYTES + 1);
    assert_eq!(parse(&large), Err(ChecklistError::TooLarge { bytes: MAX_BYTES + 1 }));
    let many = format!("# T\n{}", "- [ ] a\n".repeat(MAX_ITEMS + 1));
    let error = parse(&many).expect_err("too many");
    assert_eq!(error, ChecklistError::TooManyItems { line: MAX_ITEMS + 2 });
    assert!(error.to_string().contains("line 5002"), "{error}");
    let wordy = format!("- [ ] a\n\n- [ ] b\n  {}", "x".repeat(limits::TEXT + 1));
    assert_eq!(parse(&wordy), Err(ChecklistError::TextTooLong { line: 3, chars: limits::TEXT + 1 }));
}

#[test]
fn keys_outlive_ticks_descriptions_and_decoration() {
    let before = read("# P\n## A\n- [ ] one\n- [ ] two\n  - [ ] three");
    let after = read("# Q\nnew\n## **A** ✅\n\n- [x] `One`\n  new words\n* [ ] two:\n  * [x] Thrée");
    assert_eq!(keys(&before), keys(&after));
}

#[test]
fn keys_outlive_another_order() {
    let before = read("## A\n- [ ] one\n- [ ] two\n## B\n- [ ] one");
    let after = read("## B\n- [ ] one\n## A\n- [ ] two\n- [ ] one");
    let sorted = |list: &Checklist| {
        let mut keys: Vec<String> = keys(list).into_iter().map(String::from).collect();
        keys.sort();
        keys
    };
    assert_eq!(sorted(&before), sorted(&after));
}

#[test]
fn keys_change_with_the_title_or_the_parent() {
    let before = read("## A\n- [ ] one\n- [ ] two");
    let renamed = read("## A\n- [ ] one more\n- [ ] two");
    assert_ne!(keys(&before)[1], keys(&renamed)[1]);
    assert_eq!(keys(&before)[2], keys(&renamed)[2]);
    let moved = read("## A\n- [ ] one\n  - [ ] two");
    assert_ne!(keys(&before)[2], keys(&moved)[2]);
}

#[test]
fn keys_are_the_same_in_every_version_of_the_product() {
    // Computed by another program. Whoever changes them makes every import double.
    let list = read("## A\n- [ ] Café au lait\n- [ ] **café**: au lait!");
    assert_eq!(
        keys(&list),
        [
            "61a1ac1872848e58d6f0f1ac2cdbe4f1",
            "72dd4e552ec344675c9c1d15b44a1d3b",
            "72dd4e552fc344675c9c1d15b44a1e76"
        ]
    );
}
