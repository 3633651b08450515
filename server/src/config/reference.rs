//! The reference page of all keys, written from the documentation of the types themselves.

use super::Config;
use serde_json::Value;

/// docs/CONFIGURATION.md.
pub fn page() -> String {
    let schema = schemars::schema_for!(Config).to_value();
    let defaults = serde_json::to_value(Config::default()).unwrap_or_default();
    let mut page = String::from(
        "# Configuration\n\nWritten by `skyport config --reference`; do not edit. Skyport reads `skyport.toml` (or the file of\n`--config`), then the environment: `SKYPORT_` and the key with `__` for each dot, such as\n`SKYPORT_SERVER__LISTEN`. An unknown key, a wrong type or a contradiction stops the start.\n",
    );
    section(&schema, &schema, &defaults, "", &mut page);
    page
}

fn section(root: &Value, schema: &Value, defaults: &Value, prefix: &str, page: &mut String) {
    let schema = resolved(root, schema);
    let Some(properties) = schema["properties"].as_object() else { return };
    let mut tables = Vec::new();
    let mut rows = String::new();
    for (name, property) in properties {
        let target = resolved(root, property);
        let map = resolved(root, &target["additionalProperties"]);
        let description = text(property).or_else(|| text(target)).unwrap_or_default();
        if target["properties"].is_object() {
            tables.push((format!("{prefix}{name}"), description, target, &defaults[name]));
        } else if map["properties"].is_object() {
            tables.push((format!("{prefix}{name}.<id>"), description, map, &Value::Null));
        } else {
            let required =
                schema["required"].as_array().is_some_and(|keys| keys.iter().any(|key| key == name.as_str()));
            let default = match (&defaults[name], &property["default"]) {
                (Value::Null, Value::Null) if required => "required".to_owned(),
                (Value::Null, Value::Null) => "left out".to_owned(),
                (Value::Null, value) | (value, _) => format!("`{value}`"),
            };
            rows.extend([
                "| `",
                name,
                "` | ",
                &kind(root, target),
                " | ",
                &default,
                " | ",
                &description,
                " |\n",
            ]);
        }
    }
    if !rows.is_empty() {
        page.push_str("\n| key | type | default | meaning |\n|---|---|---|---|\n");
        page.push_str(&rows);
    }
    for (name, description, table, table_defaults) in tables {
        page.extend(["\n## [", &name, "]\n\n", &description, "\n"]);
        section(root, table, table_defaults, &format!("{name}."), page);
    }
}

fn resolved<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(path) => root.pointer(path.trim_start_matches('#')).unwrap_or(schema),
        None => schema,
    }
}

fn text(schema: &Value) -> Option<String> {
    schema["description"].as_str().map(|t| t.replace('\n', " ").replace('|', "\\|"))
}

/// The type in a word, or the words to choose from.
fn kind(root: &Value, schema: &Value) -> String {
    let constants = schema["oneOf"].as_array().into_iter().flatten().map(|one| &resolved(root, one)["const"]);
    let words: Vec<String> = constants
        .chain(schema["enum"].as_array().into_iter().flatten())
        .filter_map(|word| word.as_str().map(|word| format!("`{word}`")))
        .collect();
    if let [most @ .., last] = words.as_slice()
        && !most.is_empty()
    {
        return format!("{} or {last}", most.join(", "));
    }
    match &schema["type"] {
        Value::String(kind) if kind == "array" => "list".to_owned(),
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) => {
            kinds.iter().filter_map(Value::as_str).filter(|k| *k != "null").collect::<Vec<_>>().join(" or ")
        }
        _ => "value".to_owned(),
    }
}
