//! Who may import whom, read from the manifests: domain ← store ← services ← (app with `ssr`, server).

use std::{collections::BTreeMap, fs, path::Path};

const OURS: [&str; 7] = ["app", "domain", "frontend", "server", "services", "store", "testkit"];

#[test]
fn crates_import_only_what_the_house_allows() {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("domain", &[][..]),
        ("store", &["domain"]),
        ("services", &["domain", "store"]),
        ("app", &["domain", "services"]),
        ("frontend", &["app"]),
        ("server", &["app", "domain", "services", "store"]),
    ]);
    for (name, allowed) in allowed {
        for dependency in dependencies(name) {
            if OURS.contains(&dependency.as_str()) {
                assert!(allowed.contains(&dependency.as_str()), "{name} must not depend on {dependency}");
            }
        }
    }
}

#[test]
fn only_the_store_names_sqlx() {
    for name in ["domain", "services", "app", "frontend", "server"] {
        assert!(!dependencies(name).contains(&"sqlx".to_owned()), "{name} must not name sqlx");
    }
}

#[test]
fn the_domain_does_no_input_or_output() {
    for banned in ["tokio", "axum", "leptos", "sqlx", "rand", "reqwest"] {
        assert!(!dependencies("domain").contains(&banned.to_owned()), "domain must not use {banned}");
    }
}

#[test]
fn components_fetch_nothing_and_features_know_no_pages() {
    for (folder, banned) in [
        ("components", &["crate::api", "crate::features", "crate::pages"][..]),
        ("features", &["crate::pages"]),
    ] {
        for (file, text) in sources(&root().join("app/src").join(folder)) {
            for name in banned {
                assert!(!text.contains(name), "{file} must not use {name}");
            }
        }
    }
}

/// What stands between its tags Leptos writes as it is.
#[test]
fn the_text_of_a_text_area_is_escaped() {
    for (file, text) in sources(&root().join("app/src")) {
        for area in text.split("<textarea").skip(1).filter(|rest| !rest.starts_with(['>', '`'])) {
            let tag = area.split("</textarea>").next().unwrap_or_default();
            assert!(
                tag.contains("inner_html=text_as_html(") && tag.trim_end().ends_with('>'),
                "{file}: {tag}"
            );
        }
    }
}

/// See docs/adr/0006: parts of a page that wait each in their own way get other ids on the server than in the browser.
#[test]
fn every_part_of_a_page_that_waits_is_drawn_by_awaited() {
    for (file, text) in sources(&root().join("app/src")) {
        for waits in ["<Suspense", "<Transition", "<Await", "Suspend::new"] {
            assert!(
                file.ends_with("components/awaited.rs") || !text.contains(waits),
                "{file} must wait with components::awaited"
            );
        }
    }
}

/// The router's own map of an address' values is decoded twice.
#[test]
fn addresses_are_read_by_our_own_reader() {
    for (file, text) in sources(&root().join("app/src")) {
        assert!(!text.contains("use_query_map"), "{file} must read the address with features::use_query");
    }
}

#[test]
fn sql_is_written_in_the_store_only() {
    for name in ["services", "app", "server"] {
        for (file, text) in sources(&root().join(name).join("src")) {
            for word in ["SELECT ", "INSERT INTO ", "DELETE FROM "] {
                assert!(!text.contains(word), "{file} holds SQL");
            }
        }
    }
}

/// The names under `[dependencies]` of a crate, not those for its tests.
fn dependencies(name: &str) -> Vec<String> {
    let manifest = fs::read_to_string(root().join(name).join("Cargo.toml")).expect("a manifest");
    manifest
        .split_once("[dependencies]")
        .map_or("", |(_, rest)| rest)
        .lines()
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once(['=', '.']))
        .map(|(name, _)| name.trim().to_owned())
        .filter(|name| !name.is_empty() && !name.starts_with('#'))
        .collect()
}

fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = fs::read_to_string(&path).expect("a source file");
                found.push((path.display().to_string(), text));
            }
        }
    }
    found
}

fn root() -> &'static Path {
    Path::new("..")
}
