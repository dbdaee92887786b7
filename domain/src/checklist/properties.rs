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
}
