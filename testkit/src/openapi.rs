//! Reading an OpenAPI 3.1 document in tests: which operations there are, whether an answer is as it says, and samples of
//! what it says. Only of the part of JSON Schema that our documents use.

mod operation;
mod sample;
mod shape;

pub use operation::Operation;
pub use sample::Fill;

use serde_json::Value;

/// A document.
#[derive(Clone, Debug)]
pub struct Document(Value);

impl Document {
    /// From its JSON text.
    ///
    /// # Panics
    /// If that is no JSON.
    pub fn parse(json: &str) -> Self {
        Self(serde_json::from_str(json).expect("the document is JSON"))
    }

    /// Every operation, by path and method.
    pub fn operations(&self) -> Vec<Operation<'_>> {
        operation::all(&self.0)
    }

    /// The operation that answers `method` at the address `path`, which has ids where the document has names.
    pub fn operation(&self, method: &str, path: &str) -> Option<Operation<'_>> {
        self.operations()
            .into_iter()
            .filter(|operation| operation.method == method && operation.is_at(path))
            // A word of its own wins over a name: `/users/options` is not `/users/{user}`.
            .min_by_key(|operation| operation.path.matches('{').count())
    }

    /// The names of the shapes.
    pub fn shapes(&self) -> Vec<&str> {
        let shapes = self.0["components"]["schemas"].as_object();
        shapes.into_iter().flatten().map(|(name, _)| name.as_str()).collect()
    }

    /// The shape of that name.
    ///
    /// # Panics
    /// If there is none.
    pub fn shape(&self, name: &str) -> &Value {
        let shape = &self.0["components"]["schemas"][name];
        assert!(!shape.is_null(), "there is no shape {name}");
        shape
    }

    /// What of `value` is not as `schema` says, each with its place; fields that the schema does not know among it.
    pub fn mismatches(&self, schema: &Value, value: &Value) -> Vec<String> {
        shape::mismatches(self, schema, value)
    }

    /// A value that is as `schema` says.
    pub fn sample(&self, schema: &Value, fill: Fill) -> Value {
        sample::of(self, schema, fill)
    }

    /// Follows `$ref`, to the end.
    fn resolve<'s>(&'s self, mut schema: &'s Value) -> &'s Value {
        while let Some(path) = schema["$ref"].as_str() {
            schema = self.shape(path.rsplit('/').next().unwrap_or_default());
        }
        schema
    }

    /// The fields of an object's schema, also of one that is put together of others; and the names of those that must be
    /// there.
    fn fields<'s>(&'s self, schema: &'s Value) -> (Vec<(&'s String, &'s Value)>, Vec<&'s str>) {
        let schema = self.resolve(schema);
        let mut fields: Vec<_> = schema["properties"].as_object().into_iter().flatten().collect();
        let mut required: Vec<_> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for part in schema["allOf"].as_array().into_iter().flatten() {
            let (more, needed) = self.fields(part);
            fields.extend(more);
            required.extend(needed);
        }
        (fields, required)
    }
}

/// The types that a schema names; `null` is one of them where a value may be missing.
fn types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}
