//! `openapi.json` is about this API: every path and method of it is answered, and what is not in it is refused.

use std::collections::BTreeSet;

use beacon_catalog::Question;
use serde_json::Value;

use crate::caller::Caller;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

async fn document() -> Value {
    Caller::open().get("/api/openapi.json", &[]).await.json()
}

#[tokio::test]
async fn the_document_names_every_method_of_every_path() {
    let document = document().await;
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() >= 8);
    let caller = Caller::open();
    for (path, methods) in paths {
        let target = path.replace("{id}", "1").replace("{question}", "totals");
        for method in METHODS {
            let reply = caller.call(&method.to_uppercase(), &target, &[], "").await;
            let documented = methods.get(method);
            match documented {
                None => assert_eq!(reply.problem().0, 405, "{method} {path}"),
                Some(operation) => {
                    let status = reply.status.as_str().to_owned();
                    assert!(
                        operation["responses"].get(&status).is_some(),
                        "{method} {path} answers {status}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn every_reference_leads_somewhere_and_every_part_is_used() {
    fn collect(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) => {
                if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                    found.insert(reference.trim_start_matches('#').to_owned());
                }
                fields.values().for_each(|field| collect(field, found));
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
            _ => {}
        }
    }
    let document = document().await;
    let mut used = BTreeSet::new();
    collect(&document, &mut used);
    for reference in &used {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
    for kind in ["parameters", "responses", "schemas"] {
        for name in document["components"][kind].as_object().unwrap().keys() {
            let reference = format!("/components/{kind}/{name}");
            assert!(used.contains(&reference), "{reference} is not used");
        }
    }
    let names: Vec<&str> = Question::all().map(|question| question.name).collect();
    assert_eq!(
        document["components"]["schemas"]["QueryRequest"]["properties"]["question"]["enum"],
        serde_json::json!(names)
    );
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
}
