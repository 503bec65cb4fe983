//! Paths into JSON: names of fields and places of arrays.

use super::json_document::Json;
use super::kernel::Outcome;

/// A step of a path.
#[derive(Debug, PartialEq)]
enum Step {
    Field(String),
    Index(usize),
}

/// Reads `$.name`, `$['name']` and `$[0]`, one behind the other.
fn read_path(path: &str) -> Outcome<Vec<Step>> {
    let wrong =
        || format!("the JSON path '{path}' is not answered: $.name, $[\"name\"] and $[0] are");
    let mut rest = path.strip_prefix('$').ok_or_else(wrong)?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        if let Some(behind) = rest.strip_prefix('.') {
            let end = behind.find(['.', '[']).unwrap_or(behind.len());
            let name = &behind[..end];
            let is_name =
                !name.is_empty() && name.chars().all(|one| one.is_alphanumeric() || one == '_');
            if !is_name {
                return Err(wrong());
            }
            steps.push(Step::Field(name.to_owned()));
            rest = &behind[end..];
        } else {
            let inner = rest.strip_prefix('[').ok_or_else(wrong)?;
            let (inner, behind) = inner.split_once(']').ok_or_else(wrong)?;
            let quoted = inner
                .strip_prefix('"')
                .and_then(|inner| inner.strip_suffix('"'));
            let quoted = quoted.filter(|name| !name.contains(['\\', '"']));
            steps.push(match (quoted, inner.parse()) {
                (Some(name), _) => Step::Field(name.to_owned()),
                (None, Ok(index)) => Step::Index(index),
                _ => return Err(wrong()),
            });
            rest = behind;
        }
    }
    Ok(steps)
}

/// Returns the value at a path. Of a broken document Trino reads as far as it needs, which is not done here.
pub(crate) fn at_path(text: &str, path: &str) -> Outcome<Option<Json>> {
    let steps = read_path(path)?;
    let Some(mut json) = Json::read(text) else {
        let text = text.trim_start();
        let begins = text.starts_with(['{', '[', '"', '-'])
            || text.starts_with(|one: char| one.is_ascii_digit());
        let is_word = ["true", "false", "null"]
            .iter()
            .any(|word| text.starts_with(word));
        if begins || is_word {
            return Err(format!(
                "broken JSON is not answered: {}",
                text.chars().take(60).collect::<String>()
            ));
        }
        return Ok(None);
    };
    for step in steps {
        let next = match (step, json) {
            (Step::Field(name), Json::Object(fields)) => {
                let mut found = fields.into_iter().filter(|(key, _)| *key == name);
                let first = found.next();
                if found.next().is_some() {
                    return Err(format!("JSON with the key {name} twice is not answered"));
                }
                first.map(|(_, value)| value)
            }
            (Step::Index(index), Json::Array(mut items)) if index < items.len() => {
                Some(items.swap_remove(index))
            }
            _ => None,
        };
        match next {
            Some(next) => json = next,
            None => return Ok(None),
        }
    }
    Ok(Some(json))
}
