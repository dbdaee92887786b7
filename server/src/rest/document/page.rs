//! The document as a page for people: plain HTML, no script, searched by the server.

use serde_json::{Map, Value};
use std::fmt::Write as _;

/// The page, with the operations that have all of `words` in them; all where there are none.
pub fn render(document: &Value, words: &str) -> String {
    let found = operations(document, words);
    let mut page = String::with_capacity(256 * 1024);
    begin(&mut page, words);
    contents(&mut page, document, &found);
    page.push_str("<main id=\"main\">");
    if words.is_empty() {
        let about = document["info"]["description"].as_str().unwrap_or_default();
        let _ = write!(page, "<h1>The API of PMS</h1>{}", paragraphs(about));
    } else {
        let _ = write!(page, "<h1>{} operations with “{}”</h1>", found.len(), escape(words));
        page.push_str("<p><a href=\"/api/docs\">All operations</a></p>");
    }
    for (tag, about) in tags(document) {
        section(&mut page, tag, about, &found);
    }
    if words.is_empty() {
        schemas(&mut page, document);
    }
    page.push_str("</main></body></html>");
    page
}

struct Operation<'d> {
    method: String,
    path: &'d str,
    about: &'d Value,
}

impl Operation<'_> {
    fn text(&self, name: &str) -> &str {
        self.about[name].as_str().unwrap_or_default()
    }

    fn is_of(&self, tag: &str) -> bool {
        self.about["tags"].as_array().is_some_and(|tags| tags.iter().any(|one| one == tag))
    }

    fn has(&self, words: &str) -> bool {
        let all = format!("{} {} {}", self.method, self.path, self.about).to_lowercase();
        words.to_lowercase().split_whitespace().all(|word| all.contains(word))
    }
}

fn operations<'d>(document: &'d Value, words: &str) -> Vec<Operation<'d>> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, item)| {
            item.as_object().into_iter().flatten().map(move |(method, about)| Operation {
                method: method.to_uppercase(),
                path,
                about,
            })
        })
        .filter(|operation| operation.has(words))
        .collect()
}

fn tags(document: &Value) -> impl Iterator<Item = (&str, &str)> {
    let tags = document["tags"].as_array().into_iter().flatten();
    tags.map(|tag| {
        (tag["name"].as_str().unwrap_or_default(), tag["description"].as_str().unwrap_or_default())
    })
}

fn begin(page: &mut String, words: &str) {
    let _ = write!(
        page,
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><title>API · PMS</title>\
         <link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\"><link rel=\"stylesheet\" href=\"/api/docs.css\"></head><body>\
         <a class=\"skip\" href=\"#main\">Skip to content</a>\
         <header><a href=\"/\">PMS</a><form role=\"search\" action=\"/api/docs\"><label for=\"q\">Search operations</label>\
         <input id=\"q\" name=\"q\" type=\"search\" value=\"{}\"><button>Search</button></form>\
         <a href=\"/api/openapi.json\">openapi.json</a></header>",
        escape(words)
    );
}

fn contents(page: &mut String, document: &Value, found: &[Operation<'_>]) {
    page.push_str("<nav aria-label=\"Contents\"><ul>");
    for (tag, _) in tags(document) {
        let count = found.iter().filter(|operation| operation.is_of(tag)).count();
        if count > 0 {
            let _ = write!(page, "<li><a href=\"#{tag}\">{tag}</a> <small>{count}</small></li>");
        }
    }
    page.push_str("<li><a href=\"/api/docs#shapes\">Shapes</a></li></ul></nav>");
}

fn section(page: &mut String, tag: &str, about: &str, found: &[Operation<'_>]) {
    let mut of_tag = found.iter().filter(|operation| operation.is_of(tag)).peekable();
    if of_tag.peek().is_none() {
        return;
    }
    let _ = write!(page, "<section id=\"{tag}\"><h2>{tag}</h2><p>{}</p>", escape(about));
    for operation in of_tag {
        article(page, operation);
    }
    page.push_str("</section>");
}

fn article(page: &mut String, operation: &Operation<'_>) {
    let Operation { method, path, about } = operation;
    let _ = write!(
        page,
        "<article id=\"{}\"><h3><span class=\"method {}\">{method}</span> <code>{path}</code></h3><p><strong>{}</strong></p>{}",
        operation.text("operationId"),
        method.to_lowercase(),
        escape(operation.text("summary")),
        paragraphs(operation.text("description")),
    );
    parameters(page, &about["parameters"]);
    if let Some(content) = about["requestBody"]["content"].as_object() {
        let _ = write!(page, "<h4>Body</h4><ul>{}</ul>", contents_of(content));
    }
    page.push_str("<h4>Answers</h4><ul>");
    for (status, answer) in about["responses"].as_object().into_iter().flatten() {
        let words = escape(answer["description"].as_str().unwrap_or_default());
        let shapes = answer["content"].as_object().map(contents_of).unwrap_or_default();
        let _ = write!(page, "<li><code>{status}</code> {words}<ul>{shapes}</ul></li>");
    }
    page.push_str("</ul></article>");
}

fn parameters(page: &mut String, parameters: &Value) {
    let Some(parameters) = parameters.as_array() else { return };
    page.push_str("<div class=\"wide\"><table><caption>Parameters</caption><thead><tr><th>Name</th><th>In</th><th>Type</th><th>Meaning</th></tr></thead><tbody>");
    for parameter in parameters {
        let text = |name: &str| escape(parameter[name].as_str().unwrap_or_default());
        let needed = if parameter["required"] == true { " <small>required</small>" } else { "" };
        let _ = write!(
            page,
            "<tr><td><code>{}</code>{needed}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            text("name"),
            text("in"),
            type_of(&parameter["schema"]),
            inline(parameter["description"].as_str().unwrap_or_default()),
        );
    }
    page.push_str("</tbody></table></div>");
}

fn contents_of(content: &Map<String, Value>) -> String {
    content.iter().fold(String::new(), |mut list, (kind, shape)| {
        let _ = write!(list, "<li><code>{kind}</code> {}</li>", type_of(&shape["schema"]));
        list
    })
}

fn schemas(page: &mut String, document: &Value) {
    page.push_str("<section id=\"shapes\"><h2>Shapes</h2>");
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        let _ = write!(page, "<article id=\"shape-{name}\"><h3>{name}</h3>");
        page.push_str(&paragraphs(schema["description"].as_str().unwrap_or_default()));
        match schema["properties"].as_object() {
            Some(properties) => fields(page, schema, properties),
            None => {
                let _ = write!(page, "<p>{}</p>", type_of(schema));
            }
        }
        page.push_str("</article>");
    }
    page.push_str("</section>");
}

fn fields(page: &mut String, schema: &Value, properties: &Map<String, Value>) {
    let required =
        |name: &str| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
    page.push_str("<div class=\"wide\"><table><thead><tr><th>Field</th><th>Type</th><th>Meaning</th></tr></thead><tbody>");
    for (name, property) in properties {
        let optional = if required(name) { "" } else { " <small>may be left out</small>" };
        let _ = write!(
            page,
            "<tr><td><code>{name}</code>{optional}</td><td>{}</td><td>{}</td></tr>",
            type_of(property),
            inline(property["description"].as_str().unwrap_or_default()),
        );
    }
    page.push_str("</tbody></table></div>");
}

/// A type in words, with a link where it has a name.
fn type_of(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return format!("<a href=\"/api/docs#shape-{name}\">{name}</a>");
    }
    for (join, word) in [("oneOf", " or "), ("anyOf", " or "), ("allOf", " and ")] {
        if let Some(parts) = schema[join].as_array() {
            return parts.iter().map(type_of).collect::<Vec<_>>().join(word);
        }
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<_> =
            words.iter().filter_map(Value::as_str).map(|word| format!("<code>{word}</code>")).collect();
        return words.join(", ");
    }
    let plain = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        Value::String(one) if one == "array" => return format!("list of {}", type_of(&schema["items"])),
        Value::String(one) => one.clone(),
        _ => "anything".to_owned(),
    };
    match schema["format"].as_str() {
        Some(format) => format!("{plain} <small>{format}</small>"),
        None => plain,
    }
}

fn paragraphs(text: &str) -> String {
    text.split("\n\n").filter(|part| !part.is_empty()).fold(String::new(), |mut all, part| {
        let _ = write!(all, "<p>{}</p>", inline(part));
        all
    })
}

/// `code` and **strong**, which is all the Markdown that our descriptions use.
fn inline(text: &str) -> String {
    marked(&marked(&escape(text), "`", "code"), "**", "strong")
}

fn marked(text: &str, mark: &str, element: &str) -> String {
    let parts = text.split(mark).enumerate();
    parts.fold(String::new(), |mut all, (number, part)| {
        let _ = if number % 2 == 1 {
            write!(all, "<{element}>{part}</{element}>")
        } else {
            write!(all, "{part}")
        };
        all
    })
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_searched_for_is_shown_as_text() {
        let page = render(&super::super::DOCUMENT, "<script>alert(1)</script>");
        assert!(!page.contains("<script"), "it is text");
        assert!(page.contains("value=\"&lt;script&gt;alert(1)&lt;/script&gt;\""));
    }

    #[test]
    fn a_search_leaves_what_has_all_its_words() {
        let page = render(&super::super::DOCUMENT, "label delete");
        assert!(page.contains("id=\"delete_label\""));
        assert!(!page.contains("id=\"list_projects\""));
    }

    #[test]
    fn every_operation_and_shape_is_on_the_page() {
        let document = &*super::super::DOCUMENT;
        let page = render(document, "");
        for operation in operations(document, "") {
            let id = operation.text("operationId");
            assert!(
                !id.is_empty() && page.contains(&format!("<article id=\"{id}\">")),
                "{} {}",
                operation.method,
                operation.path
            );
            assert!(tags(document).any(|(tag, _)| operation.is_of(tag)), "{id} has a tag that is listed");
        }
        for name in document["components"]["schemas"].as_object().unwrap().keys() {
            assert!(page.contains(&format!("<article id=\"shape-{name}\">")), "{name}");
        }
    }
}
