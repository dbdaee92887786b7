//! One style sheet out of `style/main.css`: its `@import "./file.css";` lines are replaced by the files,
//! then comments and needless space go. Nothing is rewritten, so what is debugged is what was written.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Reads the main sheet and everything it imports.
pub fn bundle(main: &Path) -> Result<String> {
    let text = read(main)?;
    let folder = main.parent().context("a style sheet lies in a folder")?;
    let mut bundled = String::new();
    for line in text.lines() {
        match import(line)? {
            Some(import) => bundled += &inline(folder, &import)?,
            None => bundled += line,
        }
        bundled.push('\n');
    }
    Ok(minify(&bundled))
}

struct Import<'a> {
    path: &'a str,
    layer: Option<&'a str>,
}

/// `@import "./path.css";` or `@import "./path.css" layer(name);`, alone on its line.
fn import(line: &str) -> Result<Option<Import<'_>>> {
    let Some(rest) = line.trim().strip_prefix("@import") else {
        return Ok(None);
    };
    let parsed = rest.trim().strip_suffix(';').and_then(|rest| {
        let (path, rest) = rest.strip_prefix('"')?.split_once('"')?;
        let layer = match rest.trim() {
            "" => None,
            rest => Some(rest.strip_prefix("layer(")?.strip_suffix(')')?),
        };
        Some(Import { path, layer })
    });
    match parsed {
        Some(import) => Ok(Some(import)),
        None => bail!("write imports as `@import \"./file.css\";`, alone on a line; found: {line}"),
    }
}

fn inline(folder: &Path, import: &Import<'_>) -> Result<String> {
    let file = folder.join(import.path);
    let text = read(&file)?;
    if text.lines().any(|line| line.trim_start().starts_with("@import")) {
        bail!("{} imports another sheet; only main.css may", file.display());
    }
    Ok(match import.layer {
        Some(layer) => format!("@layer {layer} {{ {text} }}"),
        None => text,
    })
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("{} could not be read", file.display()))
}

/// Strips comments, and space where CSS never needs it: around braces, semicolons and commas.
fn minify(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    let mut space = false;
    while let Some(next) = rest.chars().next() {
        if rest.starts_with("/*") {
            rest = rest.split_once("*/").map_or("", |(_, after)| after);
            space = true;
        } else if next.is_whitespace() {
            rest = rest.trim_start();
            space = true;
        } else {
            let token = &rest[..token_length(rest, &out)];
            append(&mut out, token, space);
            rest = &rest[token.len()..];
            space = false;
        }
    }
    out
}

/// Strings, escapes and unquoted addresses stay whole; everything else goes character by character.
fn token_length(rest: &str, before: &str) -> usize {
    let first = rest.chars().next().map_or(0, char::len_utf8);
    match &rest[..first] {
        quote @ ("\"" | "'") => string_length(rest, quote.as_bytes()[0]),
        "\\" => first + rest[first..].chars().next().map_or(0, char::len_utf8),
        _ if before.ends_with("url(") => rest.find(')').unwrap_or(rest.len()).max(first),
        _ => first,
    }
}

fn string_length(rest: &str, quote: u8) -> usize {
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        if byte == quote && !escaped {
            return at + 1;
        }
        escaped = byte == b'\\' && !escaped;
    }
    rest.len()
}

fn append(out: &mut String, token: &str, space: bool) {
    const TIGHT: [char; 4] = ['{', '}', ';', ','];
    let needed = space && !out.is_empty() && !out.ends_with(TIGHT) && !token.starts_with(TIGHT);
    if needed {
        out.push(' ');
    }
    if token == "}" && out.ends_with(';') {
        out.pop();
    }
    out.push_str(token);
}

#[cfg(test)]
mod tests {
    use super::{bundle, import, minify};

    #[test]
    fn space_goes_where_css_does_not_need_it() {
        let css = "/* card */\n.card > a:hover,\n.card :focus {\n  margin: calc(1px + 2px) 0;\n  color: red;\n}\n\n.b { }\n";
        assert_eq!(minify(css), ".card > a:hover,.card :focus{margin: calc(1px + 2px) 0;color: red}.b{}");
    }

    #[test]
    fn strings_escapes_and_addresses_stay_whole() {
        let css =
            r#".a\{b::before { content: "/* no  comment */ \" ;"; mask: url(data:image/svg+xml;a,/*b) }"#;
        assert_eq!(
            minify(css),
            r#".a\{b::before{content: "/* no  comment */ \" ;";mask: url(data:image/svg+xml;a,/*b)}"#
        );
    }

    #[test]
    fn imports_are_inlined_in_order_inside_their_layer() {
        let folder = std::env::temp_dir().join(format!("pms-style-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("components")).expect("can be made");
        std::fs::write(folder.join("a.css"), ".a { top: 0; }").expect("writes");
        std::fs::write(folder.join("components/b.css"), "@layer components { .b { top: 0; } }")
            .expect("writes");
        let main = folder.join("main.css");
        std::fs::write(
            &main,
            "@layer base, components;\n@import \"./a.css\" layer(base);\n@import \"./components/b.css\";\n",
        )
        .expect("writes");
        assert_eq!(
            bundle(&main).expect("bundles"),
            "@layer base,components;@layer base{.a{top: 0}}@layer components{.b{top: 0}}"
        );
        std::fs::remove_dir_all(folder).expect("can be deleted");
    }

    #[test]
    fn an_import_that_cannot_be_understood_is_refused() {
        assert!(import("@import url(./a.css);").is_err());
        assert!(import("@import \"./a.css\" screen;").is_err());
        assert!(import(".a { color: red }").expect("is a plain line").is_none());
    }
}
