//! Every route of the program × every kind of caller, against the answers in one table. A new route fails here until it is
//! in [`table`] with what each caller is answered.

mod answers;
mod listed;
mod people;
mod scene;
mod table;

use self::{
    answers::{Caller, DONE, SAYS_NO},
    people::People,
    scene::{SECRET, Scene, bound_names},
    table::{API, Area, FUNCTIONS, OTHERS, PAGES, Row, TABLE},
};
use crate::support::{Answer, App, Client, DOCUMENT, both};
use serde_json::Value;
use std::collections::BTreeSet;
use store::counters::Counters;
use testkit::openapi::Fill;

#[test]
fn every_route_is_in_the_table_and_nothing_else_is() {
    both(|db| async move {
        let answered = listed::routes(&App::new(db).await.router());
        let rows = TABLE.into_iter().flatten().flat_map(|(_, rows)| *rows);
        let in_table: BTreeSet<_> = rows.map(|(ask, ..)| listed::route(ask)).collect();
        let missing: Vec<_> = answered.difference(&in_table).collect();
        assert!(
            missing.is_empty(),
            "say in server/tests/http/routes/table who is answered what by {missing:#?}"
        );
        let unknown: Vec<_> = in_table.difference(&answered).collect();
        assert!(unknown.is_empty(), "nothing answers {unknown:#?}");
    });
}

#[test]
fn every_operation_answers_each_caller_as_the_table_says() {
    answers_as_said(API);
}

#[test]
fn every_server_function_answers_each_caller_as_the_table_says() {
    answers_as_said(FUNCTIONS);
}

#[test]
fn every_page_answers_each_caller_as_the_table_says() {
    answers_as_said(PAGES);
}

#[test]
fn everything_else_answers_each_caller_as_the_table_says() {
    answers_as_said(OTHERS);
}

/// Where tasks of different projects are brought together, as they may be.
const ACROSS_PROJECTS: [&str; 2] = ["/dependencies", "/task/link"];

#[test]
fn what_belongs_to_another_project_is_not_there() {
    both(|db| async move {
        let (app, _) = App::reaching(db).await;
        let people = People::new(&app, 0).await;
        let admin = people.client(&app, Caller::Admin);
        let (mut scene, mut other) = (Scene::new(&app, &people, 1), Scene::new(&app, &people, 2));
        let (mut tried, mut wrong) = (0, Vec::new());
        for row in TABLE.into_iter().flatten().flat_map(|(_, rows)| *rows) {
            let whole = format!("{} {}", row.0, row.1);
            let names = bound_names(&whole);
            if names.len() < 2 || ACROSS_PROJECTS.iter().any(|end| row.0.ends_with(end)) {
                continue;
            }
            for name in names {
                let ask = scene.fill_from(row.0, Some((name, &mut other))).await;
                let body = scene.fill_from(row.1, Some((name, &mut other))).await;
                tried += 1;
                let before = counters(&app).await;
                let answer = send(&admin, &ask, &body).await;
                let is_refused = answer.status == 404 || !row.1.is_empty() && answer.status == 422;
                if !is_refused || counters(&app).await != before {
                    wrong.push(format!("{whole} with another's {name}: {} {}", answer.status, answer.text()));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(tried >= 40, "only {tried} were tried");
    });
}

/// What rows write where a text is needed: without it nobody may do it.
const TEXTS: [&str; 4] = ["New", "Changed", "because", "It burns."];

#[test]
fn who_may_not_is_not_told_what_is_wrong_with_the_body() {
    both(|db| async move {
        let (app, _) = App::reaching(db).await;
        let people = People::new(&app, 0).await;
        let mut scene = Scene::new(&app, &people, 1);
        let mut wrong = Vec::new();
        for (ask, body, answers) in TABLE.into_iter().flatten().flat_map(|(_, rows)| *rows).copied() {
            let blank = TEXTS.iter().fold(body.to_owned(), |body, text| body.replace(text, ""));
            if blank == body {
                continue;
            }
            let refused = Caller::ALL.into_iter().zip(answers).filter(|(_, expected)| *expected >= 400);
            for (caller, expected) in refused {
                let (ask, blank) = (scene.fill(ask).await, scene.fill(&blank).await);
                let answer = send(&people.client(&app, caller), &ask, &blank).await;
                if answer.status != expected {
                    wrong.push(format!("{ask} {blank} by {caller:?}: {} {}", answer.status, answer.start()));
                }
            }
        }
        assert!(wrong.is_empty(), "{} answers differ:\n{}", wrong.len(), wrong.join("\n"));
    });
}

/// Of no kind that any field has but a text, and no text of ours.
const SMUGGLED: &str = "Smuggled";

#[test]
fn a_body_says_nothing_but_what_is_described() {
    both(|db| async move {
        let (app, _) = App::reaching(db).await;
        let (mut number, mut wrong) = (0, Vec::new());
        for (index, (_, rows)) in API.iter().enumerate() {
            let people = People::new(&app, index).await;
            for (ask, body, _) in rows.iter().filter(|(_, body, _)| !body.is_empty()) {
                number += 1;
                let mut scene = Scene::new(&app, &people, number);
                let (asked, body) = (scene.fill(ask).await, scene.fill(body).await);
                let Some(body) = with_more(&asked, &body) else { continue };
                let answer = send(&people.client(&app, Caller::Admin), &asked, &body).await;
                if answer.status >= 300 || answer.contains(SMUGGLED) {
                    wrong.push(format!("{ask}: {} {}", answer.status, answer.text()));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    });
}

/// The body with every field that anything in the API has and this body has not: whose it is, since when, how many …
fn with_more(ask: &str, body: &str) -> Option<String> {
    let (method, path) = ask.split_once(' ')?;
    let described = DOCUMENT.sample(DOCUMENT.operation(method, path)?.body()?, Fill::All);
    let mut body: Value = serde_json::from_str(body).expect("JSON");
    let shapes = DOCUMENT.shapes().into_iter().map(|name| &DOCUMENT.shape(name)["properties"]);
    for name in shapes.filter_map(Value::as_object).flat_map(|fields| fields.keys()) {
        if described.get(name).is_none() {
            body[name] = SMUGGLED.into();
        }
    }
    Some(body.to_string())
}

/// What a page says where it could not load something.
const NOT_LOADED: &str = "This could not be loaded";

fn answers_as_said(areas: &'static [Area]) {
    both(|db| async move {
        let (app, _) = App::reaching(db).await;
        let mut wrong = Vec::new();
        let mut number = 0;
        for (index, (area, rows)) in areas.iter().enumerate() {
            let people = People::new(&app, index).await;
            number += 1;
            // Whoever only reads leaves it as it is.
            let mut read = Scene::new(&app, &people, number);
            for row in *rows {
                number += 1;
                let mut own = Scene::new(&app, &people, number);
                let scene = if row.0.starts_with("GET ") { &mut read } else { &mut own };
                let found = ask_all(&app, (&people, scene), row).await;
                wrong.extend(found.into_iter().map(|words| format!("{area}: {words}")));
            }
        }
        assert!(wrong.is_empty(), "{} answers differ:\n{}", wrong.len(), wrong.join("\n"));
    });
}

/// What is answered otherwise than the row says.
async fn ask_all(app: &App, (people, scene): (&People, &mut Scene<'_>), row: &Row) -> Vec<String> {
    let (ask, body, expected) = row;
    // Whoever has a link from a mail has what it is about.
    let by_link = ask.contains("{link}") || body.contains("{link}");
    let mut wrong = Vec::new();
    for (caller, expected) in Caller::ALL.into_iter().zip(expected) {
        scene.forget_new();
        let (asked, body) = (scene.fill(ask).await, scene.fill(body).await);
        let before = counters(app).await;
        let answer = send(&people.client(app, caller), &asked, &body).await;
        let is_expected = match *expected {
            DONE => (200..300).contains(&answer.status) && !answer.contains(NOT_LOADED),
            SAYS_NO => answer.status == 200 && answer.contains(NOT_LOADED),
            status => answer.status == status,
        };
        let mut note = |what: &str| wrong.push(format!("{ask} {body} by {caller:?}: {what}"));
        if !is_expected {
            note(&format!("{} instead of {expected} {}", answer.status, answer.start()));
        }
        if answer.status >= 300 && counters(app).await != before {
            note("it is refused and done all the same");
        }
        if caller.is_outside() && !by_link && answer.contains(SECRET) {
            note("it tells what is not theirs to know");
        }
    }
    wrong
}

async fn counters(app: &App) -> Counters {
    let mut tx = app.w.services.db.peek().await.expect("a connection");
    store::counters::read(&mut tx).await.expect("the counters")
}

async fn send(client: &Client, ask: &str, body: &str) -> Answer {
    let (method, address) = ask.split_once(' ').expect("a method and an address");
    let method = if method == "ANY" { "POST" } else { method };
    let ask = client.ask(method, address);
    if body.starts_with('{') {
        return ask.body("application/json", body.to_owned()).await;
    }
    if body.is_empty() && !address.starts_with("/fn/") {
        return ask.await;
    }
    let pairs: Vec<_> = body.split('&').filter_map(|pair| pair.split_once('=')).collect();
    ask.form(&pairs).await
}
