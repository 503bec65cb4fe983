use super::*;

#[track_caller]
fn check(status: u16, code: Option<&str>, expected: StreamErrorKind) {
    assert_eq!(from_status(status, code, None).kind, expected);
}

#[test]
fn only_what_may_pass_later_is_tried_again() {
    check(
        503,
        Some("ServiceUnavailableException"),
        StreamErrorKind::Busy,
    );
    check(500, None, StreamErrorKind::Busy);
    check(429, None, StreamErrorKind::Busy);
    check(400, Some("ThrottlingException"), StreamErrorKind::Busy);
    check(
        400,
        Some("ResourceNotFoundException"),
        StreamErrorKind::Refused,
    );
    check(
        400,
        Some("InvalidArgumentException"),
        StreamErrorKind::Refused,
    );
    check(400, Some("AccessDeniedException"), StreamErrorKind::Refused);
    check(
        403,
        Some("UnrecognizedClientException"),
        StreamErrorKind::Refused,
    );
    check(413, None, StreamErrorKind::Refused);
}

#[test]
fn an_error_reads_as_one_line() {
    let error = from_status(
        400,
        Some("ResourceNotFoundException"),
        Some("no stream hits"),
    );
    assert_eq!(
        error.to_string(),
        "stream refused: ResourceNotFoundException: no stream hits"
    );
    assert_eq!(
        from_status(502, None, None).to_string(),
        "stream busy: status 502"
    );
}
