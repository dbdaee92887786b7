//! Checks every dependency against `deny.toml` without a network: licences, sources and bans. Known
//! vulnerabilities need a database from the network, so they are left to `cargo deny`, which reads the same file.

use std::fs;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::licence;
use crate::workspace::{Workspace, metadata, say};

/// How cargo names the public registry in a lock file.
const PUBLIC_REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

struct Policy {
    licences: Vec<String>,
    banned: Vec<String>,
}

/// Fails with every finding, one a line.
pub fn check(workspace: &Workspace) -> Result<()> {
    let policy = read_policy(workspace)?;
    let metadata = metadata(&["--locked"])?;
    let packages = metadata["packages"].as_array().context("cargo metadata has no packages")?;
    let findings: Vec<String> = packages.iter().flat_map(|package| judge(package, &policy)).collect();
    ensure!(findings.is_empty(), "{}", findings.join("\n"));
    say(format_args!("{} packages: licences, sources and bans are as deny.toml wants", packages.len()));
    Ok(())
}

fn read_policy(workspace: &Workspace) -> Result<Policy> {
    let file = fs::read_to_string(workspace.root.join("deny.toml")).context("deny.toml could not be read")?;
    let policy: toml::Table = file.parse().context("deny.toml is not valid")?;
    let names = |section: &str, key: &str| -> Vec<String> {
        let list = policy.get(section).and_then(|section| section.get(key)).and_then(toml::Value::as_array);
        list.into_iter().flatten().filter_map(name).collect()
    };
    let policy = Policy { licences: names("licenses", "allow"), banned: names("bans", "deny") };
    ensure!(!policy.licences.is_empty(), "deny.toml allows no licence");
    Ok(policy)
}

/// Entries are names, or tables with a name and a reason.
fn name(entry: &toml::Value) -> Option<String> {
    entry.as_str().or_else(|| entry.get("crate")?.as_str()).map(str::to_owned)
}

fn judge(package: &Value, policy: &Policy) -> Vec<String> {
    let text = |key: &str| package[key].as_str().unwrap_or_default();
    let title = format!("{} {}", text("name"), text("version"));
    let mut findings = Vec::new();
    // Our own packages have no source.
    let source = package["source"].as_str();
    if source.is_some_and(|source| source != PUBLIC_REGISTRY) {
        findings.push(format!("{title}: comes from {}, not from the public registry", text("source")));
    }
    if policy.banned.iter().any(|banned| banned == text("name")) {
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

    use super::{PUBLIC_REGISTRY, Policy, judge};

    fn findings(source: Option<&str>, name: &str, licence: &str) -> usize {
        let policy = Policy { licences: vec!["MIT".into()], banned: vec!["openssl-sys".into()] };
        let package = json!({ "name": name, "version": "1.0.0", "source": source, "license": licence });
        judge(&package, &policy).len()
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
