//! The audit log.

use crate::{
    api::audit::list_audit,
    components::{
        AsyncPanel, Badge, EmptyState, Icon, Narrow, Nothing, PageHeader, Pagination, Person, RelativeTime,
        SkeletonRows, Table, Tone,
    },
    features::{query::address, use_query::use_query},
    paths,
};
use domain::{
    audit::{AuditEntry, Outcome},
    page::Paged,
};
use leptos::prelude::*;
use leptos_meta::Title;
use std::str::FromStr;

/// Latest first, a page at a time.
#[component]
pub fn AuditPage() -> impl IntoView {
    let query = use_query();
    let cursor = Memo::new(move |_| query.with(|query| query.get("cursor").unwrap_or_default()));
    let entries = Resource::new(move || cursor.get(), |cursor| list_audit(Some(cursor)));
    view! {
        <Title text="Audit log"/>
        <PageHeader
            title="Audit log"
            text="What matters for security: who signed in, and who changed accounts, roles, tokens and sessions."
        />
        <div class="page">
            <AsyncPanel
                resource=entries
                loading=|| view! { <SkeletonRows count=12/> }
                is_empty=|entries| entries.items.is_empty()
                empty=|| view! {
                    <EmptyState icon=Icon::History title="Nothing here" text="There are no older entries."/>
                }
                let:entries
            >
                {list_of(entries, &cursor.get_untracked())}
            </AsyncPanel>
        </div>
    }
}

fn list_of(entries: Paged<AuditEntry>, cursor: &str) -> impl IntoView + use<> {
    let first = (!cursor.is_empty()).then(|| paths::AUDIT.to_owned());
    let next = entries.next.as_deref().map(|next| address(paths::AUDIT, &[("cursor", next)]));
    let summary = format!("{} entries, latest first", entries.items.len());
    view! {
        <Table label="Audit log" narrow=Narrow::Lines>
            <thead>
                <tr>
                    <th scope="col">"Act"</th>
                    <th scope="col">"By"</th>
                    <th scope="col">"On"</th>
                    <th scope="col">"Outcome"</th>
                    <th scope="col">"From"</th>
                    <th scope="col">"Request"</th>
                    <th scope="col">"When"</th>
                </tr>
            </thead>
            <tbody>{entries.items.into_iter().map(row).collect_view()}</tbody>
        </Table>
        <Pagination summary first next forward_only=true/>
    }
}

fn row(entry: AuditEntry) -> impl IntoView {
    let by = match entry.actor {
        Some(user) => {
            view! { <a class="link-plain" href=paths::person(user.id)><Person name=user.display_name/></a> }
                .into_any()
        }
        None => view! { <Nothing text="Nobody signed in"/> }.into_any(),
    };
    let outcome = match entry.outcome {
        Outcome::Done => view! { <Badge tone=Tone::Success>"Done"</Badge> },
        Outcome::Refused => view! { <Badge tone=Tone::Warning>"Refused"</Badge> },
    };
    view! {
        <tr>
            <td class="cell-main" title=entry.action.clone()>{in_words(&entry.action)}</td>
            <td class="cell-min" data-label="By">{by}</td>
            <td class="cell-min" data-label="On">{target(&entry.target_kind, entry.target_id.map(|id| id.to_string()))}</td>
            <td class="cell-min" data-label="Outcome">{outcome}</td>
            <td class="cell-min mono" data-label="From">{entry.address}</td>
            <td class="cell-min mono" data-label="Request"><span title=entry.request_id.clone()>{short(&entry.request_id)}</span></td>
            <td class="cell-min muted" data-label="When"><RelativeTime at=entry.at/></td>
        </tr>
    }
}

/// `user.password_changed` → “User password changed”: new acts read well without a list here.
fn in_words(action: &str) -> String {
    let words = action.replace(['.', '_'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn target(kind: &str, id: Option<String>) -> impl IntoView + use<> {
    let Some(id) = id else { return view! { <Nothing text="Unknown"/> }.into_any() };
    let words = format!("{kind} {}", short(&id));
    match page_of(kind, &id) {
        Some(href) => view! { <a href=href title=id>{words}</a> }.into_any(),
        None => view! { <span title=id>{words}</span> }.into_any(),
    }
}

/// The page of what an act was done to, where it has one.
fn page_of(kind: &str, id: &str) -> Option<String> {
    use domain::ids::{RoleId, TeamId, UserId};
    match kind {
        "user" => UserId::from_str(id).ok().map(paths::person),
        "role" => RoleId::from_str(id).ok().map(paths::role),
        "team" => TeamId::from_str(id).ok().map(paths::team),
        _ => None,
    }
}

/// The last characters of an id: the first ones are the time, and the same for neighbours.
fn short(id: &str) -> String {
    let skipped = id.chars().count().saturating_sub(8);
    id.chars().skip(skipped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acts_and_ids_are_short_and_readable() {
        assert_eq!(in_words("user.password_changed"), "User password changed");
        assert_eq!(short("0199aaaa-0000-7000-8000-00000000abcd"), "0000abcd");
        assert_eq!(short("abc"), "abc");
        assert_eq!(page_of("session", "0199aaaa-0000-7000-8000-00000000abcd"), None);
    }
}
