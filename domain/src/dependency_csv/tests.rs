use super::*;
use proptest::prelude::*;
use std::fmt::Write;

/// Each row as `line: WEB-1 > WEB-2` or `line: code`.
fn told(text: &str) -> Vec<String> {
    let rows = parse(text).expect("within the limits");
    rows.iter()
        .map(|row| match &row.cells {
            Ok((from, to)) => format!("{}: {from} > {to}", row.line),
            Err(problem) => format!("{}: {}", row.line, problem.code),
        })
        .collect()
}

#[test]
fn the_first_column_blocks_the_second() {
    assert_eq!(told("WEB-1,WEB-2\nweb-3 , #ops2-04"), ["1: WEB-1 > WEB-2", "2: WEB-3 > OPS2-4"]);
}

#[test]
fn the_names_of_the_columns_say_where_the_keys_stand() {
    assert_eq!(told("blocker,blocked\nWEB-1,WEB-2"), ["2: WEB-1 > WEB-2"]);
    assert_eq!(told("Blocked;BLOCKER\nWEB-1;WEB-2"), ["2: WEB-2 > WEB-1"]);
    assert_eq!(told("\"note\",\" Blocked \",\"Blocker\"\nwhy,WEB-1,WEB-2"), ["2: WEB-2 > WEB-1"]);
    assert_eq!(told("WEB-1,WEB-2\nblocker,blocked"), ["1: WEB-1 > WEB-2", "2: not_a_key"]);
    assert_eq!(told("blocker,waits\nWEB-1,WEB-2"), ["1: not_a_key", "2: WEB-1 > WEB-2"]);
}

#[test]
fn the_first_line_tells_the_separator() {
    for separator in [',', ';', '\t'] {
        assert_eq!(told(&format!("# a,b;c\n\nWEB-1{separator}WEB-2")), ["3: WEB-1 > WEB-2"], "{separator:?}");
    }
    assert_eq!(told("WEB-1;WEB-2;first, then second, then third"), ["1: WEB-1 > WEB-2"]);
    assert_eq!(told("\"WEB-1\";\"WEB-2\""), ["1: WEB-1 > WEB-2"]);
    assert_eq!(told("WEB-1,WEB-2\nWEB-3;WEB-4"), ["1: WEB-1 > WEB-2", "2: too_few_cells"]);
}

#[test]
fn a_line_is_found_again_behind_comments_blank_lines_and_cells_of_several() {
    let text = "\u{FEFF}# what blocks what\n\nWEB-1,WEB-2,\"a, \"\"b\"\"\nc\n\nd\"\n,,\n   \n# \"more\nWEB-3,\"WEB-4\"\n\n\nWEB-5,WEB-6";
    let expected = ["3: WEB-1 > WEB-2", "10: WEB-3 > WEB-4", "13: WEB-5 > WEB-6"];
    for text in [text.to_owned(), text.replace('\n', "\r\n"), text.replace('\n', "\r"), format!("{text}\n\n")]
    {
        assert_eq!(told(&text), expected, "{text:?}");
    }
}

#[test]
fn a_table_without_rows_gives_none() {
    for text in ["", "\n\n", "# only words", "\u{FEFF}", "blocker,blocked\n", ",\n,,\n"] {
        assert_eq!(parse(text), Ok(Vec::new()), "{text:?}");
    }
}

#[test]
fn what_is_wrong_in_one_row_leaves_the_others() {
    let text = "WEB-1,WEB-2\nWEB-3\nWEB-4,\n,WEB-5\nWEB-6,Paint\nWEB-7,WEB-0\nend\nWEB-8, \"WEB-9\"";
    assert_eq!(
        told(text),
        [
            "1: WEB-1 > WEB-2",
            "2: too_few_cells",
            "3: too_few_cells",
            "4: too_few_cells",
            "5: not_a_key",
            "6: not_a_key",
            "7: too_few_cells",
            "8: WEB-8 > WEB-9",
        ]
    );
}

#[test]
fn a_problem_repeats_the_cell_but_not_all_of_a_long_one() {
    let message = |text: &str| parse(text).expect("a table")[0].cells.clone().expect_err("no key").message;
    assert_eq!(message("WEB-1,Paint"), "“Paint” is not the key of a task. Write one such as WEB-12.");
    let long = message(&format!("{},WEB-1", "x".repeat(500)));
    assert!(long.starts_with(&format!("“{}…” is", "x".repeat(SHOWN))), "{long}");
}

#[test]
fn an_open_quote_is_told_and_does_not_swallow_rows_unseen() {
    let error = parse("WEB-1,WEB-2\n\nWEB-3,\"WEB-4\nWEB-5,WEB-6\n").expect_err("an open quote");
    assert_eq!(error, CsvError::OpenQuote { line: 3 });
    assert!(error.to_string().contains("line 3"), "{error}");
    assert_eq!(parse("\""), Err(CsvError::OpenQuote { line: 1 }));
}

#[test]
fn limits_are_told_with_their_place() {
    let large = "x".repeat(MAX_BYTES + 1);
    assert_eq!(parse(&large), Err(CsvError::TooLarge { bytes: MAX_BYTES + 1 }));
    let full = format!("# all\nblocker,blocked\n{}", "WEB-1,WEB-2\n\n".repeat(MAX_ROWS));
    assert_eq!(parse(&full).map(|rows| rows.len()), Ok(MAX_ROWS));
    let more = format!("{full}WEB-1,WEB-2");
    assert_eq!(parse(&more), Err(CsvError::TooManyRows { line: 2 * MAX_ROWS + 3 }));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "([\",;\t\r\n#\u{FEFF}a]|WEB-1|end|\\PC){0,60}") {
        let lines = text.replace("\r\n", "\n").matches(['\n', '\r']).count() + 1;
        match parse(&text) {
            Ok(rows) => {
                prop_assert!(rows.iter().all(|row| (1..=lines).contains(&row.line)));
                prop_assert!(rows.windows(2).all(|two| two[0].line < two[1].line));
            }
            Err(CsvError::OpenQuote { line }) => prop_assert!((1..=lines).contains(&line)),
            Err(other) => prop_assert!(false, "{other}"),
        }
    }

    #[test]
    fn what_is_written_is_read(
        pairs in prop::collection::vec((("[A-Z]{2,5}", 1..9_999_i64), ("[A-Z]{2,5}", 1..9_999_i64), 0..3_usize), 0..20),
        separator in "[,;\t]",
        end in "\r\n|\n|\r",
    ) {
        let mut text = format!("blocker{separator}blocked{end}");
        let mut line = 2;
        let mut rows = Vec::new();
        for ((project, number), (other, count), gap) in pairs {
            let (from, to) = (TaskKey { project, number }, TaskKey { project: other, number: count });
            text.push_str(["", "#\"", "\"\""][gap]);
            if gap > 0 {
                text.push_str(&end);
                line += 1;
            }
            write!(text, "{from}{separator}\"{to}\"{end}").expect("a string");
            rows.push(Row { line, cells: Ok((from, to)) });
            line += 1;
        }
        prop_assert_eq!(parse(&text), Ok(rows));
    }
}
