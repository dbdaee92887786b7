//! What holds for every document.

use super::*;
use crate::{limits, validate};
use proptest::prelude::*;

fn read(text: &str) -> Checklist {
    parse(text).expect("within the limits")
}

fn keys(list: &Checklist) -> Vec<&str> {
    list.nodes.iter().map(|node| node.source_key.as_str()).collect()
}

/// Lines of a document, and how many items are among them.
fn block() -> impl Strategy<Value = (String, usize)> {
    let item = (0..6_usize, "[-*+]|[1-9][.)]", "[ xX]", "[a-z*_`\\[\\]()]{0,12}[a-z]").prop_map(
        |(depth, marker, tick, title)| (format!("{}{marker} [{tick}] {title}\n", "  ".repeat(depth)), 1),
    );
    let other = prop::sample::select(vec![
        "\n",
        "# Top\n",
        "## Part\n",
        "### Detail ✅\n",
        "words\n",
        "  words below\n",
        "**Bold:**\n",
        "\n---\n\n",
        "> - [ ] quoted\n",
        "- plain\n",
        "  - plain below\n",
        "\n```\n- [ ] code\n# code\n```\n",
        "\n  ~~~sh\n  - [ ] code\n  ```\n  ~~~\n",
        "<!-- - [ ] hidden -->\n",
        "\n<!--\n- [ ] hidden\n-->\n",
        "| a | b |\n|---|---|\n",
    ])
    .prop_map(|text| (text.to_owned(), 0));
    prop_oneof![3 => item, 2 => other]
}

fn document() -> impl Strategy<Value = (String, usize)> {
    prop::collection::vec(block(), 0..60).prop_map(|blocks| {
        // A list that begins too far to the right is code, so each document begins at the margin.
        let mut text = String::from("- [ ] first\n");
        let mut items = 1;
        let mut margin = true;
        for (block, count) in blocks {
            let block = if count == 1 && !margin { block.trim_start().to_owned() } else { block };
            margin = count == 1;
            text.push_str(&block);
            items += count;
        }
        (text, items)
    })
}

/// Marks to put behind items; without Markdown that could end what begins in a title.
fn mark() -> impl Strategy<Value = String> {
    let text = prop::sample::select(vec![
        "first", "a", "Part", "Detail", "WEB-12", "\"a, b\"", "“(”", "(x)", "", "nowhere",
    ]);
    prop::collection::vec(text, 0..5).prop_map(|texts| format!(" (after: {})", texts.join("; ")))
}

fn assert_waits_soundly(list: &Checklist, at: usize) {
    let after = &list.nodes[at].after;
    assert!(after.len() <= MAX_AFTER);
    for (place, one) in after.iter().enumerate() {
        assert!(!after[..place].contains(one));
        match one {
            After::Node(node) => assert!(*node < list.nodes.len() && *node != at),
            After::Key { key, number } => {
                assert_eq!(validate::project_key(key).as_ref(), Ok(key));
                assert!(*number > 0);
            }
            After::Unknown(text) | After::Ambiguous(text) => {
                assert_eq!(validate::name(text, limits::TITLE).as_ref(), Ok(text));
            }
        }
    }
}

fn assert_sound(list: &Checklist) {
    let mut levels: Vec<usize> = Vec::new();
    let mut keys = std::collections::HashSet::new();
    let mut line = 0;
    for (at, node) in list.nodes.iter().enumerate() {
        assert!(node.parent.is_none_or(|parent| parent < at));
        levels.push(node.parent.map_or(1, |parent| levels[parent] + 1));
        assert!(levels[at] <= limits::DEPTH);
        assert!(node.line > line);
        line = node.line;
        assert!(keys.insert(&node.source_key));
        assert_eq!(node.source_key.len(), 32);
        assert_eq!(validate::name(&node.title, limits::TITLE).as_deref(), Ok(node.title.as_str()));
        assert_eq!(validate::text(&node.description, limits::TEXT).as_deref(), Ok(node.description.as_str()));
        assert_waits_soundly(list, at);
        if node.kind != NodeKind::Item {
            assert!(list.nodes.iter().any(|child| child.parent == Some(at)));
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_a_document(text in any::<String>()) {
        assert_sound(&read(&text));
    }

    #[test]
    fn anything_that_resembles_markdown_is_a_document(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "- [ ] ", "- [x] ", "1. [X] ", "- ", "* ", "# ", "## ", "---", "===", "```", "~~~", "> ",
                "<!--", "-->", "  ", "    ", "\t", "\n", "\n\n", "\r\n", "\r", "a", "é", "👨\u{200D}👩",
                "\u{200D}", "\u{200B}", "\u{202E}", "\0", "[", "](", ")", "**", "_", "`", "\\", ":", "：",
                "+++", "\u{FEFF}", "\u{3000}", "|",
                "(after: ", "after:", "(", ";", ",", "\"", "“", "WEB-1", "- [ ] a (after: a; b)\n", "- [ ] b\n",
            ]),
            0..80,
        )
    ) {
        assert_sound(&read(&pieces.concat()));
    }

    #[test]
    fn every_item_is_found_and_nothing_else((text, items) in document()) {
        let list = read(&text);
        assert_sound(&list);
        prop_assert_eq!(list.items(), items, "{}", text);
    }

    #[test]
    fn reading_again_and_ticking_keeps_the_keys((text, _) in document()) {
        let list = read(&text);
        prop_assert_eq!(&read(&text), &list);
        let ticked = read(&text.replace("[ ]", "[x]"));
        prop_assert_eq!(keys(&ticked), keys(&list));
        prop_assert!(ticked.nodes.iter().all(|node| node.done));
    }

    #[test]
    fn marks_change_nothing_but_what_is_waited_for((text, _) in document(), mark in mark()) {
        let list = read(&text);
        let marked: Vec<String> = text
            .lines()
            .map(|line| if line.contains("] ") { format!("{line}{mark}") } else { line.to_owned() })
            .collect();
        let mut marked = read(&marked.join("\n"));
        assert_sound(&marked);
        for (at, node) in marked.nodes.iter_mut().enumerate() {
            node.after.clear();
            // Code and quotations have the marks too, as text.
            node.description.clone_from(&list.nodes[at].description);
        }
        marked.description.clone_from(&list.description);
        prop_assert_eq!(marked, list);
    }
}
