use super::begins_at;

#[test]
fn tokens_are_found_and_routes_are_not() {
    for (address, expected) in [
        ("/talks", None),
        ("/talks?state=x", None),
        ("/year=2026/month=11", None),
        ("https://a.example/b=c#intro", None),
        ("#/talks?a=b", None),
        ("access_token=x&state=y", Some(0)),
        ("#access_token=x", Some(0)),
        ("#!/access_token=x/y", Some(0)),
        ("/app/ID_TOKEN=x", Some(0)),
        ("/callback&access_token=x", Some(0)),
        ("anything=x", Some(0)),
        ("/app#access_token=x", Some(4)),
        ("https://a.example/b?c=d#state=x", Some(23)),
        ("https://a.example/b#/route?token=x", Some(19)),
    ] {
        assert_eq!(begins_at(address), expected, "{address}");
    }
}
