//! One operation.

use serde_json::Value;

/// A method at a path.
#[derive(Clone, Copy, Debug)]
pub struct Operation<'d> {
    /// In capitals.
    pub method: &'d str,
    /// With names in braces.
    pub path: &'d str,
    /// What the document says of it.
    pub about: &'d Value,
    /// Whether one has to be signed in.
    pub needs_sign_in: bool,
}

impl<'d> Operation<'d> {
    /// Its name.
    pub fn id(&self) -> &'d str {
        self.about["operationId"].as_str().unwrap_or_default()
    }

    /// Whether it only reads.
    pub fn reads(&self) -> bool {
        self.method == "GET"
    }

    /// Its address with `id` for each name in it.
    pub fn address(&self, id: &str) -> String {
        let parts = self.path.split('/').map(|part| if part.starts_with('{') { id } else { part });
        parts.collect::<Vec<_>>().join("/")
    }

    /// The schema of the JSON that it takes.
    pub fn body(&self) -> Option<&'d Value> {
        let schema = &self.about["requestBody"]["content"]["application/json"]["schema"];
        (!schema.is_null()).then_some(schema)
    }

    /// What it answers with this status: `None` if that is not documented, otherwise by media type.
    pub fn answer(&self, status: u16) -> Option<&'d Value> {
        let answers = self.about["responses"].as_object()?;
        let failed = status >= 400;
        let answer = answers.get(&status.to_string()).or_else(|| answers.get("default").filter(|_| failed));
        answer.map(|answer| &answer["content"])
    }

    pub(super) fn is_at(&self, address: &str) -> bool {
        let (names, parts): (Vec<_>, Vec<_>) = (self.path.split('/').collect(), address.split('/').collect());
        names.len() == parts.len()
            && names.iter().zip(&parts).all(|(name, part)| name.starts_with('{') || name == part)
    }
}

pub(super) fn all(document: &Value) -> Vec<Operation<'_>> {
    let usual = needs_sign_in(&document["security"]);
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, item)| {
            item.as_object().into_iter().flatten().map(move |(method, about)| Operation {
                method: in_capitals(method),
                path,
                about,
                needs_sign_in: if about["security"].is_null() {
                    usual
                } else {
                    needs_sign_in(&about["security"])
                },
            })
        })
        .collect()
}

/// `{}` among the ways to sign in says that none is needed.
fn needs_sign_in(security: &Value) -> bool {
    let ways = security.as_array().map(Vec::as_slice).unwrap_or_default();
    !ways.is_empty() && !ways.iter().any(|way| way.as_object().is_some_and(serde_json::Map::is_empty))
}

fn in_capitals(method: &str) -> &'static str {
    match method {
        "get" => "GET",
        "post" => "POST",
        "put" => "PUT",
        "patch" => "PATCH",
        "delete" => "DELETE",
        other => panic!("{other} is no method that we use"),
    }
}
