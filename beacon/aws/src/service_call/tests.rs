use super::*;
use crate::trust_store::TrustStore;

fn caller(region: &str, endpoint_url: Option<&str>) -> ServiceCaller {
    ServiceCaller::new(Connection {
        region: region.to_owned(),
        credentials: Credentials::fixed("AKIDEXAMPLE", "secret", None),
        endpoint_url: endpoint_url.map(str::to_owned),
        trust_store: TrustStore::amazon(),
        attempt_timeout: Duration::from_secs(5),
    })
}

#[test]
fn the_endpoint_is_the_regions_unless_another_is_given() {
    assert_eq!(
        caller("eu-west-1", None).endpoint("glue"),
        "https://glue.eu-west-1.amazonaws.com/"
    );
    assert_eq!(
        caller("cn-north-1", None).endpoint("glue"),
        "https://glue.cn-north-1.amazonaws.com.cn/"
    );
    assert_eq!(
        caller("eu-west-1", Some("http://127.0.0.1:4566/")).endpoint("glue"),
        "http://127.0.0.1:4566/"
    );
}

#[test]
fn a_refusal_has_the_services_code_and_message() {
    let text = |body: &str| refused("GetTable", 400, body).to_string();
    assert_eq!(
        text(
            r#"{"__type":"com.amazonaws.glue#EntityNotFoundException","Message":"Table hits not found."}"#
        ),
        "AWS refuses GetTable: EntityNotFoundException: Table hits not found."
    );
    assert_eq!(
        text(r#"{"__type":"AccessDeniedException","message":"not authorized"}"#),
        "AWS refuses GetTable: AccessDeniedException: not authorized"
    );
    assert_eq!(
        text("<html>"),
        "AWS refuses GetTable: status 400: no reason given"
    );
}

#[cfg(feature = "service-call")]
#[test]
fn a_refusal_of_the_query_protocol_has_them_too() {
    let text = |body: &str| refused("GetTable", 400, body).to_string();
    assert_eq!(
        text(
            "<ErrorResponse xmlns=\"http://cloudformation.amazonaws.com/doc/2010-05-15/\"><Error><Type>Sender</Type>\
             <Code>ValidationError</Code><Message>Stack with id x does not exist</Message></Error>\
             <RequestId>1</RequestId></ErrorResponse>"
        ),
        "AWS refuses GetTable: ValidationError: Stack with id x does not exist"
    );
}
