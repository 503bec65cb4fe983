//! Settings that show each rule from both sides, alone and together.

type Set = Vec<(&'static str, String)>;

const TOKENS: &str = "!#$%&'*+-.^_`|~0aZ";

/// Values of one variable each, those that are refused and their nearest neighbours that are not.
const VALUES: &[(&str, &[&str])] = &[
    (
        "BEACON_PRIVACY",
        &[
            "anonymous",
            "full",
            " full ",
            "",
            "Full",
            "none",
            "anonymous,full",
            "\u{a0}full\u{2003}",
            "\u{feff}full",
        ],
    ),
    (
        "BEACON_KEEP_HEADERS",
        &[
            "",
            ",",
            "x-ab",
            " x-ab , X-CD,,",
            TOKENS,
            "x ab",
            "x:ab",
            "é",
            "(x)",
            "x-ab,x/y",
            "cookie",
            "Cookie",
            "set-cookie",
            "x-ab,Authorization",
            "proxy-authorization",
            "x-api-key",
            "via",
            "from",
            "forwarded",
            "x-forwarded-for",
            "X-Forwarded-Proto",
            "x-forwarded",
            "x-amz-cf-id",
            "x-amzn",
            "if-none-match",
            "if-match",
            "if-range",
            "if-modified-since",
            "if-unmodified-since",
            "x-beacon-origin-secret",
            "x-beacon-host",
            "cloudfront-viewer-address",
            "cloudfront-viewer-country",
            "true-client-ip",
            "cf-connecting-ip",
            "fastly-client-ip",
            "x-real-ip",
            "x-client-ip",
            "client-ip",
            "client-ip2",
            "user-agent",
        ],
    ),
    (
        "BEACON_COLUMNS",
        &[
            "",
            "a=params.b",
            " a = params.b ,, c=params.d=e ",
            "_=params.x",
            "a",
            "=params.b",
            "a=",
            "a=params.",
            "a=params. ",
            "a=b",
            "a=headers.",
            "a=Params.b",
            "A=params.b",
            "1a=params.b",
            "a-b=params.b",
            "é=params.b",
            "a=params.é \u{1f600}",
            "a=params.b,a=params.c",
            "a=params.b,b",
            "a=headers.user-agent",
            "a=headers.User-Agent",
            "a=headers.x-ab",
            "a=headers.x ab",
            "a=headers.sec-ch-ua",
            "a=headers.sec-fetch-site",
            "a=headers.sec-session-id",
            "a=headers.cookie",
            "a=headers.x-beacon-origin-secret",
            "page=params.x",
            "hit_id=params.x",
            "version=params.x",
            "year=params.x",
            "hour=params.x",
            "visitor=params.x",
            "device=params.x",
            "occurrence=params.x",
            "source=params.x",
            "select=params.x",
            "user=params.x",
            "with=params.x",
            "selected=params.x",
        ],
    ),
    (
        "BEACON_TRUST",
        &[
            "",
            "none",
            "None",
            "proxies=1",
            "proxies=16",
            "proxies=17",
            "proxies=0",
            "proxies=",
            "proxies=-1",
            "proxies=+2",
            "proxies=007",
            "proxies=1.5",
            "proxies= 1",
            "cloudfront",
        ],
    ),
    ("BEACON_ORIGIN_SECRET", &["", "a b", "é"]),
    (
        "BEACON_SITES",
        &[
            "",
            "blog.example",
            " blog.example , *.shop.example,",
            "BLOG.example",
            "*",
            "*.",
            "*.*",
            "a*.example",
            "https://blog.example",
            "blog.example/",
            "blog.example:443",
            "b\u{fc}cher.example",
            "*.b\u{fc}cher.example",
            "xn--bcher-kva.example",
            "a_b-c.example",
            "blog example",
            "blog.example,a/b",
            "@",
            "[::1]",
            "localhost",
            ".",
            "\u{1f600}.example",
        ],
    ),
    (
        "BEACON_PATHS",
        &[
            "",
            "/i.gif=gif",
            " /i.gif = gif , /s/*=css,",
            "/a=png,/b=js,/c=track,/d=client",
            "/a",
            "/a=",
            "=gif",
            "/a=jpg",
            "/a=GIF",
            "a=gif",
            "/a*=gif",
            "/a/*=gif",
            "/*=gif",
            "*=gif",
            "/=gif",
            "//a=gif",
            "/a//b=gif",
            "/a/=gif",
            "/a b=gif",
            "/a *=gif",
            "/a?b=gif",
            "/a#=gif",
            "/a%20b=gif",
            "/é=gif",
            "/a|b=gif",
            "/a\\b=gif",
            "/a,b=gif",
            "/a=gif,/a=png",
            "/a/*=gif,/a/*=png",
            "/a/=gif,/a/*=png",
            "/pixel.gif=png",
            "/pixelxgif=png",
            "/track=track",
            "/hit=css",
            "/hit/*=css",
            "/health=gif",
            "/robots.txt=gif",
            "/favicon.ico=gif",
            "/beacon.js=client",
            "/pixel.png=gif",
            "/pixel.css=gif",
            "/pixel.js=gif",
            "/trackingpixel=gif",
            "/a=gif=b",
            "/!$%&'()+.:;@[]_~-=gif",
            "/a/*/b=gif",
            "/..=gif",
        ],
    ),
    (
        "BEACON_BASE_PATH",
        &[
            "",
            "/stats",
            "stats",
            "/stats/",
            "/stats//",
            "//stats",
            "/a//b",
            "/",
            "//",
            "/a?b",
            "/a#b",
            "/a*",
            "/a b",
            "/é",
            "/a%20b",
            "/stats/of.mine",
        ],
    ),
    (
        "BEACON_REQUIRE_ORIGIN_SECRET",
        &["", "on", "off", "1", "0", "true", "false", "yes"],
    ),
    ("BEACON_VISITORS", &["", "on", "off", "1", "0", "no"]),
    (
        "BEACON_HONOUR_GPC",
        &["", "on", "off", "true", "false", "yes"],
    ),
    (
        "BEACON_ROBOTS",
        &["", "allow", "disallow", " allow ", "Allow", "on", "none"],
    ),
    (
        "BEACON_DEBUG",
        &["", "on", "off", "1", "0", "true", "false", "On", "yes", "2"],
    ),
];

/// All of them.
pub(crate) fn all() -> Vec<Set> {
    let mut cases = vec![Vec::new()];
    for (variable, values) in VALUES {
        cases.extend(
            values
                .iter()
                .map(|value| vec![(*variable, (*value).to_owned())]),
        );
    }
    cases.extend(together());
    cases.extend(limits());
    cases
}

/// Where one variable decides about another, and which of two mistakes is named.
fn together() -> Vec<Set> {
    let sets: &[&[(&str, &str)]] = &[
        &[
            ("BEACON_REQUIRE_ORIGIN_SECRET", "on"),
            ("BEACON_ORIGIN_SECRET", "s3cret"),
        ],
        &[
            ("BEACON_REQUIRE_ORIGIN_SECRET", "on"),
            ("BEACON_ORIGIN_SECRET", "a b"),
        ],
        &[
            ("BEACON_REQUIRE_ORIGIN_SECRET", "on"),
            ("BEACON_TRUST", "cloudfront"),
        ],
        &[
            ("BEACON_REQUIRE_ORIGIN_SECRET", "yes"),
            ("BEACON_TRUST", "cloudfront"),
            ("BEACON_ORIGIN_SECRET", "s3cret"),
        ],
        &[
            ("BEACON_PRIVACY", "full"),
            ("BEACON_KEEP_HEADERS", "cookie,authorization"),
        ],
        &[
            ("BEACON_PRIVACY", "full"),
            ("BEACON_KEEP_HEADERS", "X-Beacon-Origin-Secret"),
        ],
        &[
            ("BEACON_PRIVACY", "full"),
            ("BEACON_COLUMNS", "a=headers.cookie"),
        ],
        &[
            ("BEACON_PRIVACY", "full"),
            ("BEACON_COLUMNS", "a=headers.X-Csrf-Token"),
        ],
        &[
            ("BEACON_PRIVACY", "full"),
            ("BEACON_COLUMNS", "a=headers.x-real-ip"),
        ],
        &[
            ("BEACON_PRIVACY", "full"),
            ("BEACON_COLUMNS", "a=headers.sec-fetch-session"),
        ],
        &[
            ("BEACON_PRIVACY", "full"),
            ("BEACON_COLUMNS", "a=headers.cookie"),
            ("BEACON_KEEP_HEADERS", "Cookie"),
        ],
        &[
            ("BEACON_PRIVACY", "full"),
            ("BEACON_COLUMNS", "a=headers.x-beacon-origin-secret"),
        ],
        &[
            ("BEACON_TRUST", "cloudfront"),
            ("BEACON_ORIGIN_SECRET", "s3cret"),
        ],
        &[
            ("BEACON_TRUST", "cloudfront"),
            ("BEACON_ORIGIN_SECRET", "a b"),
        ],
        &[
            ("BEACON_TRUST", "cloudfront"),
            ("BEACON_ORIGIN_SECRET", "  "),
        ],
        &[
            ("BEACON_TRUST", " cloudfront "),
            ("BEACON_ORIGIN_SECRET", "\u{e9}"),
        ],
        &[("BEACON_TRUST", "none"), ("BEACON_ORIGIN_SECRET", "a b")],
        &[
            ("BEACON_COLUMNS", "a=headers.x-ab"),
            ("BEACON_KEEP_HEADERS", "x-cd, X-Ab"),
        ],
        &[
            ("BEACON_COLUMNS", "a=headers.X-AB"),
            ("BEACON_KEEP_HEADERS", "x-ab"),
        ],
        &[
            ("BEACON_COLUMNS", "a=headers.x-ab"),
            ("BEACON_PRIVACY", "full"),
        ],
        &[
            ("BEACON_COLUMNS", "a=headers.cookie"),
            ("BEACON_PRIVACY", "full"),
            ("BEACON_KEEP_HEADERS", "x-ab"),
        ],
        &[
            ("BEACON_COLUMNS", "a=headers.x-ab"),
            ("BEACON_PRIVACY", "anonymous"),
        ],
        &[
            ("BEACON_KEEP_HEADERS", "cookie"),
            ("BEACON_PRIVACY", "anonymous"),
        ],
        &[("BEACON_KEEP_HEADERS", "x ab"), ("BEACON_PRIVACY", "full")],
        &[("BEACON_KEEP_HEADERS", "x ab"), ("BEACON_PRIVACY", "none")],
        &[
            ("BEACON_DEBUG", "maybe"),
            ("BEACON_SITES", "a/b"),
            ("BEACON_PATHS", "x"),
            ("BEACON_BASE_PATH", "x"),
        ],
        &[("BEACON_BASE_PATH", "x"), ("BEACON_PATHS", "x")],
        &[
            ("BEACON_TRUST", "x"),
            ("BEACON_COLUMNS", "x"),
            ("BEACON_SITES", "a/b"),
        ],
        &[
            ("BEACON_PATHS", "/t=track"),
            ("BEACON_BASE_PATH", "/stats"),
            ("BEACON_SITES", "a.example"),
            ("BEACON_DEBUG", "on"),
        ],
    ];
    let owned = |set: &&[(&'static str, &str)]| {
        set.iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect()
    };
    sets.iter().map(owned).collect()
}

/// Lengths and counts, at the limit and one above.
fn limits() -> Vec<Set> {
    let name = |length: usize| vec![("BEACON_COLUMNS", format!("{}=params.x", "a".repeat(length)))];
    let count = |count: usize| {
        let entries: Vec<_> = (0..count)
            .map(|number| format!("c{number}=params.x"))
            .collect();
        vec![("BEACON_COLUMNS", entries.join(","))]
    };
    vec![name(64), name(65), count(50), count(51)]
}
