//! Settings that are wrong stop the start, and say how to put them right.

use beacon_core::settings::{Settings, SettingsError};

use crate::visit::settings_of;

#[track_caller]
pub(crate) fn check(variables: &[(&str, &str)], expected: &str) {
    let error = settings_of(variables).expect_err("these settings are wrong");
    assert_eq!(error.to_string(), expected);
}

#[track_caller]
pub(crate) fn check_good(variables: &[(&str, &str)]) {
    if let Err(error) = settings_of(variables) {
        panic!("{variables:?}: {error}");
    }
}

#[test]
fn nothing_set_is_fine() {
    check_good(&[]);
    let blank: Vec<_> = Settings::VARIABLES
        .iter()
        .map(|variable| (variable.name, "  "))
        .collect();
    check_good(&blank);
}

#[test]
fn defaults_are_what_they_are_said_to_be() {
    let said: Vec<_> = Settings::VARIABLES
        .iter()
        .map(|variable| (variable.name, variable.default))
        .collect();
    let set = settings_of(&said).unwrap();
    assert_eq!(
        format!("{set:?}"),
        format!("{:?}", settings_of(&[]).unwrap())
    );
}

#[test]
fn every_variable_asked_for_is_documented() {
    let asked = std::cell::RefCell::new(Vec::new());
    Settings::from_lookup(|name| {
        asked.borrow_mut().push(name.to_owned());
        None
    })
    .unwrap();
    let mut asked = asked.into_inner();
    let mut documented: Vec<_> = Settings::VARIABLES
        .iter()
        .map(|variable| variable.name.to_owned())
        .collect();
    asked.sort();
    documented.sort();
    assert_eq!(asked, documented);
}

#[test]
fn privacy_and_headers() {
    check_good(&[("BEACON_PRIVACY", "full")]);
    check(
        &[("BEACON_PRIVACY", "Full")],
        "BEACON_PRIVACY is `Full`: set `anonymous` or `full`",
    );
    check(
        &[("BEACON_KEEP_HEADERS", "x-a,b c")],
        "BEACON_KEEP_HEADERS has `b c`, which is not a header name: separate names by commas",
    );
    for header in [
        "Cookie",
        "authorization",
        "proxy-authorization",
        "if-none-match",
        "if-modified-since",
        "X-Forwarded-For",
        "x-forwarded-anything",
        "forwarded",
        "x-real-ip",
        "true-client-ip",
        "cloudfront-viewer-address",
        "x-beacon-origin-secret",
    ] {
        check(
            &[("BEACON_KEEP_HEADERS", header)],
            &format!(
                "BEACON_KEEP_HEADERS has `{header}`, which identifies visitors: leave it out, or set BEACON_PRIVACY=full"
            ),
        );
    }
}

#[test]
fn trust() {
    check_good(&[("BEACON_TRUST", "proxies=2")]);
    check_good(&[
        ("BEACON_TRUST", "cloudfront"),
        ("BEACON_ORIGIN_SECRET", "s3cret"),
    ]);
    for value in [
        "cloudflare",
        "proxies",
        "proxies=",
        "proxies=0",
        "proxies=17",
        "proxies=-1",
        "proxies=x",
    ] {
        check(
            &[("BEACON_TRUST", value)],
            &format!(
                "BEACON_TRUST is `{value}`: set `none`, `cloudfront` or `proxies=N` with N from 1 to 16"
            ),
        );
    }
    check(
        &[("BEACON_TRUST", "cloudfront")],
        "BEACON_TRUST is `cloudfront`, but BEACON_ORIGIN_SECRET is not set: set it to what the edge sends as x-beacon-origin-secret",
    );
    let error = settings_of(&[
        ("BEACON_TRUST", "cloudfront"),
        ("BEACON_ORIGIN_SECRET", "s3 cret"),
    ])
    .unwrap_err();
    assert_eq!(error, SettingsError::OriginSecretForm);
    assert!(!error.to_string().contains("cret"));
}

#[test]
fn the_required_secret_must_be_there() {
    check_good(&[
        ("BEACON_REQUIRE_ORIGIN_SECRET", "on"),
        ("BEACON_ORIGIN_SECRET", "s3cret"),
    ]);
    check_good(&[("BEACON_REQUIRE_ORIGIN_SECRET", "off")]);
    check(
        &[("BEACON_REQUIRE_ORIGIN_SECRET", "on")],
        "BEACON_REQUIRE_ORIGIN_SECRET is on, but BEACON_ORIGIN_SECRET is not set: set it to what the edge sends as x-beacon-origin-secret",
    );
    check(
        &[("BEACON_REQUIRE_ORIGIN_SECRET", "yes")],
        "BEACON_REQUIRE_ORIGIN_SECRET is `yes`: set `on` or `off`",
    );
    let set = settings_of(&[
        ("BEACON_REQUIRE_ORIGIN_SECRET", "on"),
        ("BEACON_ORIGIN_SECRET", "s3cret"),
    ])
    .unwrap();
    assert!(!format!("{set:?}").contains("s3cret"));
}

#[test]
fn credentials_are_kept_by_name_in_full_mode_alone() {
    let full = ("BEACON_PRIVACY", "full");
    check_good(&[full, ("BEACON_KEEP_HEADERS", "cookie,Authorization")]);
    check(
        &[full, ("BEACON_KEEP_HEADERS", "x-beacon-origin-secret")],
        "BEACON_KEEP_HEADERS has `x-beacon-origin-secret`, which no record keeps: leave it out",
    );
    check(
        &[full, ("BEACON_COLUMNS", "visit=headers.cookie")],
        "BEACON_COLUMNS has `visit=headers.cookie`, but BEACON_PRIVACY=full leaves credentials out: add `cookie` to \
         BEACON_KEEP_HEADERS",
    );
}

#[test]
fn a_misspelt_variable_is_refused_with_the_one_that_was_meant() {
    #[track_caller]
    fn check(set: &[&str], expected: Option<&str>) {
        let others = ["BEACON_STREAM", "BEACON_LISTEN"];
        let set = set
            .iter()
            .map(|name| name.split_once('=').unwrap_or((name, "x")));
        let refused = Settings::check_names(set, &others);
        assert_eq!(
            refused.err().map(|error| error.to_string()).as_deref(),
            expected
        );
    }
    check(&["PATH", "BEACON", "BEACON_SITES", "BEACON_LISTEN"], None);
    check(&["BEACON_SITE=", "BEACON_PRIVACI= "], None);
    // What Kubernetes sets beside a service that is called `beacon`.
    check(
        &[
            "BEACON_SERVICE_HOST=10.0.0.7",
            "BEACON_SERVICE_PORT_HTTP=8080",
            "BEACON_PORT=tcp://10.0.0.7:8080",
            "BEACON_PORT_8080_TCP=tcp://10.0.0.7:8080",
            "BEACON_DASHBOARD_PORT_8081_TCP_ADDR=10.0.0.7",
        ],
        None,
    );
    check(
        &["BEACON_PORT=8080"],
        Some(
            "BEACON_PORT is set, which nothing reads: remove it, or see docs/settings.md for the names there are",
        ),
    );
    check(
        &["BEACON_SITE"],
        Some("BEACON_SITE is set, which nothing reads: did you mean BEACON_SITES?"),
    );
    check(
        &["BEACON_PRIVACI"],
        Some("BEACON_PRIVACI is set, which nothing reads: did you mean BEACON_PRIVACY?"),
    );
    check(
        &["BEACON_PIRVACY"],
        Some("BEACON_PIRVACY is set, which nothing reads: did you mean BEACON_PRIVACY?"),
    );
    check(
        &["BEACON_SECRET"],
        Some("BEACON_SECRET is set, which nothing reads: did you mean BEACON_ORIGIN_SECRET?"),
    );
    check(
        &["BEACON_LISTENER", "BEACON_ZZZ"],
        Some("BEACON_LISTENER is set, which nothing reads: did you mean BEACON_LISTEN?"),
    );
    check(
        &["BEACON_ZZZZ"],
        Some(
            "BEACON_ZZZZ is set, which nothing reads: remove it, or see docs/settings.md for the names there are",
        ),
    );
}

#[test]
fn sites() {
    check_good(&[(
        "BEACON_SITES",
        "blog.example, *.shop.example,,localhost,münchen.example",
    )]);
    for value in [
        "https://blog.example",
        "blog.example:80",
        "blog.example/a",
        "*",
        "*.",
        "a*.example",
        "a b",
    ] {
        check(
            &[("BEACON_SITES", value)],
            &format!(
                "BEACON_SITES has `{value}`: write hosts without scheme, port or path, like `blog.example` or `*.shop.example`"
            ),
        );
    }
}

#[test]
fn paths() {
    check_good(&[(
        "BEACON_PATHS",
        "/i.gif=gif, /s/*=css,/a.js=client,/t=track,/*=js,",
    )]);
    for entry in [
        "/i.gif",
        "/i.gif=jpeg",
        "i.gif=gif",
        "/s*=css",
        "/a?b=gif",
        "/a b=gif",
        "//a=gif",
        "=gif",
        "/ü=gif",
    ] {
        check(
            &[("BEACON_PATHS", entry)],
            &format!(
                "BEACON_PATHS has `{entry}`: write `/path=kind` or `/folder/*=kind`, kind one of gif, png, css, js, track, client"
            ),
        );
    }
    for (entry, path) in [
        ("/track=gif", "/track"),
        ("/=gif", "/"),
        ("/a=gif,/a=png", "/a"),
        ("/a/*=gif,/a/*=js", "/a/"),
    ] {
        check(
            &[("BEACON_PATHS", entry)],
            &format!(
                "BEACON_PATHS has `{path}`, which leads somewhere already: choose another path"
            ),
        );
    }
}

#[test]
fn base_path() {
    for value in ["/", "/stats", "/stats/", "/a/b"] {
        check_good(&[("BEACON_BASE_PATH", value)]);
    }
    for value in ["stats", "/a?b", "/a b", "//a"] {
        check(
            &[("BEACON_BASE_PATH", value)],
            &format!("BEACON_BASE_PATH is `{value}`: write a path like `/stats`, without query"),
        );
    }
}

#[test]
fn debug() {
    for value in ["on", "off", "1", "0", "true", "false"] {
        check_good(&[("BEACON_DEBUG", value)]);
    }
    check(
        &[("BEACON_DEBUG", "yes")],
        "BEACON_DEBUG is `yes`: set `on` or `off`",
    );
}
