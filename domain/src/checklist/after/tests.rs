use super::*;
use proptest::prelude::*;

fn line(title: &str, after: &[&str]) -> (String, Vec<String>) {
    (title.to_owned(), after.iter().map(|text| (*text).to_owned()).collect())
}

fn taken(markdown: &str) -> (String, Vec<String>) {
    let line = take(markdown);
    (line.title, line.after)
}

#[test]
fn a_mark_at_the_end_is_taken_out() {
    for (markdown, title, after) in [
        ("B (after: A)", "B", &["A"][..]),
        ("B (AFTER :A,C ;  D )  ", "B", &["A", "C", "D"]),
        ("B:( after： A):", "B", &["A"]),
        ("**B (after: A)**", "B", &["A"]),
        ("*B **(after: A)***", "B", &["A"]),
        ("B **(after:** *A*; `C, D`; [E](https://example.org/(e)))", "B", &["A", "C, D", "E"]),
        ("[B (after: A)](https://example.org) <!-- soon -->", "B", &["A"]),
        ("B (after: Set up (v2, new); C)", "B", &["Set up (v2, new)", "C"]),
        ("B (of (after: A)", "B (of", &["A"]),
        ("B (after: X) (after: A)", "B (after: X)", &["A"]),
        ("B (after: lunch)", "B", &["lunch"]),
        ("B (after: )", "B", &[]),
        ("B (after: ;,; A;)", "B", &["A"]),
    ] {
        assert_eq!(taken(markdown), line(title, after), "{markdown}");
    }
}

#[test]
fn the_markdown_loses_the_mark_and_emphasis_of_it_alone() {
    for (markdown, text) in [
        ("**B** (after: A)", "**B**"),
        ("**B (after: A)**", "**B**"),
        ("**B** *(after: A)* ", "**B**"),
        ("[B (after: A)](https://example.org)", "[B](https://example.org)"),
        ("B (after: A):", "B:"),
    ] {
        assert_eq!(take(markdown).text, text, "{markdown}");
    }
}

#[test]
fn double_quotes_hold_a_title_together() {
    for (markdown, after) in [
        (r#"B (after: "Set up, then go"; C)"#, &["Set up, then go", "C"][..]),
        ("B (after: “a; b”, „c) (d“ , «e,f»)", &["a; b", "c) (d", "e,f"]),
        (r#"B (after: "A (after: C)")"#, &["A (after: C)"]),
        (r#"B (after: "The "big" one, please")"#, &[r#"The "big" one, please"#]),
        (r#"B (after: "Say \", twice", C)"#, &[r#"Say ", twice"#, "C"]),
        (r#"B (after: 5" pipe; C)"#, &[r#"5" pipe"#, "C"]),
        (r#"B (after: "A; C)"#, &[r#""A"#, "C"]),
        (r#"B (after: ""; C)"#, &["C"]),
    ] {
        assert_eq!(taken(markdown), line("B", after), "{markdown}");
    }
}

#[test]
fn what_only_resembles_a_mark_is_text() {
    for markdown in [
        r"B \(after: A\)",
        r"B (after: A\)",
        r"B \(after: A)",
        "B `(after: A)`",
        "B (after: A) now",
        "B (after: A).",
        "B (after A)",
        "B (afterwards: A)",
        "B (see (after: A))",
        "B [after: A]",
        "B [x](after: A)",
        "B after: A)",
        "B (after: A",
        "B (after: A))",
        "",
    ] {
        let whole = Line { title: inline::plain(markdown), text: markdown.into(), after: Vec::new() };
        assert_eq!(take(markdown), whole, "{markdown}");
    }
}

#[test]
fn a_line_that_is_all_mark_keeps_it() {
    for markdown in ["(after: A)", "**(after: A)**", "![](chart.png) (after: A)", "\u{200B} (after: A)"] {
        assert_eq!(taken(markdown), line("(after: A)", &["A"]), "{markdown}");
    }
}

#[test]
fn a_mark_may_be_far_longer_than_a_title() {
    let cells: Vec<String> = (0..60).map(|at| format!("{at} {}", "x".repeat(200))).collect();
    assert_eq!(taken(&format!("B (after: {})", cells.join("; "))), ("B".into(), cells));
}

#[test]
fn a_title_too_long_to_be_read_is_read_as_far_as_without_a_mark() {
    let title = "word ".repeat(inline::READ);
    for length in [inline::READ - 3, inline::READ, inline::READ + 3] {
        let title = title[..length].trim_end();
        assert_eq!(taken(&format!("{title} (after: A)")), line(&inline::plain(title), &["A"]));
    }
}

#[test]
fn a_line_made_to_take_long_does_not() {
    for piece in ["(after:", "(after: \"", "\"x;", "` ``", "(after:)"] {
        let line = format!("B (after: {})", piece.repeat(READ / 10));
        assert!(line.len() < READ);
        take(&line);
    }
}

proptest! {
    #[test]
    fn adding_a_mark_changes_no_title(
        title in "[a*_~`\\[\\]()!<>&:\\\\ -]{0,30}[a-z]",
        cells in "[a-z ,;\"]{0,30}",
    ) {
        let line = take(&format!("{title} (after: {cells})"));
        prop_assert_eq!((line.title, line.text), (inline::plain(&title), title));
    }

    #[test]
    fn any_line_can_be_taken_apart(line in "([(;,):\"“a ]|\\(after:|\\PC){0,60}") {
        for cell in take(&line).after {
            prop_assert_eq!(crate::validate::name(&cell, 1_000), Ok(cell));
        }
    }
}
