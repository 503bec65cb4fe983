use axum::Json;
use axum::body::Body;
use axum::extract::{FromRequest, Query};
use http::{Request, Uri};

use super::*;

#[derive(Debug, Deserialize)]
struct Wait {
    #[serde(default)]
    wait_ms: WholeNumber<5_000>,
}

#[test]
fn a_number_of_a_query_string_is_whole_and_within_its_limit() {
    #[track_caller]
    fn check(query: &str, expected: Result<u64, &str>) {
        let uri: Uri = format!("/?{query}").parse().unwrap();
        let read = Query::<Wait>::try_from_uri(&uri);
        let read = read
            .map(|Query(wait)| wait.wait_ms.0)
            .map_err(|rejection| Problem::from(rejection).detail);
        assert_eq!(read, expected.map_err(str::to_owned), "{query}");
    }
    check("", Ok(0));
    check("wait_ms=5000&other=x", Ok(5_000));
    check(
        "wait_ms=5001",
        Err("the query string is invalid: wait_ms: \"5001\" is not a whole number from 0 to 5000"),
    );
    check(
        "wait_ms=-1",
        Err("the query string is invalid: wait_ms: \"-1\" is not a whole number from 0 to 5000"),
    );
    check(
        "wait_ms=",
        Err("the query string is invalid: wait_ms: \"\" is not a whole number from 0 to 5000"),
    );
    check(
        "wait_ms=1&wait_ms=2",
        Err("the query string is invalid: duplicate field `wait_ms`"),
    );
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Until {
    #[serde(deserialize_with = "milliseconds")]
    until_ms: u64,
}

#[tokio::test]
async fn a_body_that_can_not_be_read_says_where_and_why() {
    async fn read(body: &str) -> Result<u64, (u16, String)> {
        let request = Request::builder()
            .header("content-type", "application/json")
            .body(Body::from(body.to_owned()))
            .unwrap();
        match Json::<Until>::from_request(request, &()).await {
            Ok(Json(until)) => Ok(until.until_ms),
            Err(rejection) => {
                let problem = Problem::from(rejection);
                // Where in the text it is, serde_json counts.
                let (detail, _) = problem.detail.split_once(" at line ").unwrap();
                Err((problem.status.as_u16(), detail.to_owned()))
            }
        }
    }
    let invalid = |status, detail: &str| Err((status, detail.to_owned()));
    assert_eq!(read("{\"until_ms\": 7}").await, Ok(7));
    assert_eq!(read("{\"until_ms\": 7.0}").await, Ok(7));
    assert_eq!(
        read("{\"until_ms\": 7.5}").await,
        invalid(
            422,
            "the body is invalid: until_ms: 7.5 is not a Unix time in whole milliseconds"
        )
    );
    assert_eq!(
        read("{\"until\": 7}").await,
        invalid(
            422,
            "the body is invalid: until: unknown field `until`, expected `until_ms`"
        )
    );
    assert_eq!(
        read("{\"until_ms\": 7").await,
        invalid(400, "the body is not JSON: EOF while parsing an object")
    );
}
