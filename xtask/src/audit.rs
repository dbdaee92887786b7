//! Checks every dependency against `deny.toml` without a network: licences, sources and bans. Known
//! vulnerabilities need a database from the network, so they are left to `cargo deny`, which reads the same file.

use std::{collections::HashMap, fs};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::licence;
use crate::workspace::{Workspace, metadata, say};

/// How cargo names the public registry in a lock file.
const PUBLIC_REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

struct Policy {
    licences: Vec<String>,
    banned: Vec<Banned>,
}

struct Banned {
    name: String,
    /// The packages that may depend on it all the same; with none, nobody may.
    wrappers: Vec<String>,
}

/// Fails with every finding, one a line.
pub fn check(workspace: &Workspace) -> Result<()> {
    let policy = read_policy(workspace)?;
    let metadata = metadata(&["--locked"])?;
    let packages = metadata["packages"].as_array().context("cargo metadata has no packages")?;
    let dependents = dependents(&metadata, packages);
    let of = |package: &Value| dependents.get(id(package)).map_or(&[][..], Vec::as_slice);
    let findings: Vec<String> =
        packages.iter().flat_map(|package| judge(package, of(package), &policy)).collect();
    ensure!(findings.is_empty(), "{}", findings.join("\n"));
    say(format_args!("{} packages: licences, sources and bans are as deny.toml wants", packages.len()));
    Ok(())
}

fn read_policy(workspace: &Workspace) -> Result<Policy> {
    let file = fs::read_to_string(workspace.root.join("deny.toml")).context("deny.toml could not be read")?;
    let policy: toml::Table = file.parse().context("deny.toml is not valid")?;
    let list = |section: &str, key: &str| {
        let list = policy.get(section).and_then(|section| section.get(key)).and_then(toml::Value::as_array);
        list.into_iter().flatten()
    };
    let banned = |entry: &toml::Value| {
        let wrappers = entry.get("wrappers").and_then(toml::Value::as_array).into_iter().flatten();
        Some(Banned { name: name(entry)?, wrappers: wrappers.filter_map(name).collect() })
    };
    let policy = Policy {
        licences: list("licenses", "allow").filter_map(name).collect(),
        banned: list("bans", "deny").filter_map(banned).collect(),
    };
    ensure!(!policy.licences.is_empty(), "deny.toml allows no licence");
    Ok(policy)
}

/// Entries are names, or tables with a name and a reason.
fn name(entry: &toml::Value) -> Option<String> {
    entry.as_str().or_else(|| entry.get("crate")?.as_str()).map(str::to_owned)
}

fn id(value: &Value) -> &str {
    value["id"].as_str().unwrap_or_default()
}

/// The names of those that depend on each package themselves, by its id.
fn dependents<'m>(metadata: &'m Value, packages: &'m [Value]) -> HashMap<&'m str, Vec<&'m str>> {
    let names: HashMap<&str, &str> =
        packages.iter().filter_map(|package| Some((id(package), package["name"].as_str()?))).collect();
    let mut dependents: HashMap<&str, Vec<&str>> = HashMap::new();
    for node in metadata["resolve"]["nodes"].as_array().into_iter().flatten() {
        let name = names.get(id(node)).copied().unwrap_or_default();
        for needed in node["dependencies"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            dependents.entry(needed).or_default().push(name);
        }
    }
    dependents
}

fn judge(package: &Value, dependents: &[&str], policy: &Policy) -> Vec<String> {
    let text = |key: &str| package[key].as_str().unwrap_or_default();
    let title = format!("{} {}", text("name"), text("version"));
    let mut findings = Vec::new();
    // Our own packages have no source.
    let source = package["source"].as_str();
    if source.is_some_and(|source| source != PUBLIC_REGISTRY) {
        findings.push(format!("{title}: comes from {}, not from the public registry", text("source")));
    }
    let excepted = |Banned { wrappers, .. }: &Banned| {
        !wrappers.is_empty() && dependents.iter().all(|name| wrappers.iter().any(|wrapper| wrapper == name))
    };
    if policy.banned.iter().any(|banned| banned.name == text("name") && !excepted(banned)) {
        findings.push(format!("{title}: is banned in deny.toml"));
    }
    if !licence::is_satisfied(text("license"), &|name| policy.licences.iter().any(|allowed| allowed == name))
    {
        findings.push(format!("{title}: its licence is not allowed in deny.toml: '{}'", text("license")));
    }
    findings
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Banned, PUBLIC_REGISTRY, Policy, dependents, judge};

    fn findings(source: Option<&str>, name: &str, licence: &str) -> usize {
        findings_under(&["server"], source, name, licence)
    }

    fn findings_under(dependents: &[&str], source: Option<&str>, name: &str, licence: &str) -> usize {
        let banned = |name: &str, wrappers: &[&str]| Banned {
            name: name.into(),
            wrappers: wrappers.iter().map(|&wrapper| wrapper.into()).collect(),
        };
        let banned = vec![banned("openssl-sys", &[]), banned("chrono", &["s3s"])];
        let policy = Policy { licences: vec!["MIT".into()], banned };
        let package = json!({ "name": name, "version": "1.0.0", "source": source, "license": licence });
        judge(&package, dependents, &policy).len()
    }

    #[test]
    fn what_is_banned_may_stand_below_those_that_are_named() {
        let under = |dependents: &[&str]| findings_under(dependents, Some(PUBLIC_REGISTRY), "chrono", "MIT");
        assert_eq!((under(&["s3s"]), under(&["s3s", "server"]), under(&["server"])), (0, 1, 1));
        let metadata = json!({
            "packages": [{ "id": "a", "name": "s3s" }, { "id": "b", "name": "chrono" }],
            "resolve": { "nodes": [{ "id": "a", "dependencies": ["b"] }, { "id": "b", "dependencies": [] }] },
        });
        let packages = metadata["packages"].as_array().expect("a list");
        assert_eq!(dependents(&metadata, packages).get("b"), Some(&vec!["s3s"]));
    }

    #[test]
    fn each_breach_of_the_policy_is_a_finding() {
        assert_eq!(findings(Some(PUBLIC_REGISTRY), "serde", "MIT"), 0);
        assert_eq!(findings(None, "domain", "MIT"), 0);
        assert_eq!(findings(Some("git+https://example.org/serde"), "serde", "MIT"), 1);
        assert_eq!(findings(Some(PUBLIC_REGISTRY), "openssl-sys", "MIT"), 1);
        assert_eq!(findings(Some(PUBLIC_REGISTRY), "serde", "SSPL-1.0"), 1);
    }
}
