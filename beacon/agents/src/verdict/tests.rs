use super::*;

const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36";
const SAFARI: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15";

fn of(user_agent: &str) -> Request<'_> {
    Request {
        user_agent: Some(user_agent),
        ..Request::default()
    }
}

/// Checks the class and the rule without its version.
#[track_caller]
fn check_request(request: &Request<'_>, class: Class, rule: &str) {
    let verdict = classify(request);
    let (version, name) = verdict.rule.split_once('/').unwrap();
    assert_eq!(version, crate::VERSION);
    assert_eq!(
        (verdict.class, name),
        (class, rule),
        "{:?}",
        request.user_agent
    );
}

#[track_caller]
fn check(user_agent: &str, class: Class, rule: &str) {
    check_request(&of(user_agent), class, rule);
}

#[test]
fn requests_without_a_user_agent_are_bots() {
    check_request(&Request::default(), Class::Bot, "generic.bare");
    check("", Class::Bot, "generic.bare");
    check(" \t ", Class::Bot, "generic.bare");
}

#[test]
fn browsers_are_people() {
    check(CHROME, Class::Human, "browser");
    check(SAFARI, Class::Human, "browser");
    check(
        "Mozilla/5.0 (Linux; Android 15; CPH2649 Build/AP3A.240617.008) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.6778.200 Mobile Safari/537.36",
        Class::Human,
        "browser",
    );
    check(
        "Mozilla/5.0 (Linux; Android 10; CUBOT) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/83.0.4103.106 Mobile Safari/537.36",
        Class::Human,
        "browser",
    );
    check(
        "Mozilla/5.0 (Linux; Android 5.0.2; HTC Butterfly s Build/LRX22G) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/44.0.2403.133 Mobile Safari/537.36",
        Class::Human,
        "browser",
    );
}

#[test]
fn agents_of_language_models_differ_by_purpose() {
    let between = |name: &str| {
        format!(
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; {name}; +https://bots.example/)"
        )
    };
    for (name, rule) in [
        ("GPTBot/1.3", "ai.training.gptbot"),
        ("OAI-SearchBot/1.0", "ai.index.oai-searchbot"),
        ("ChatGPT-User/1.0", "ai.agent.chatgpt-user"),
        ("ClaudeBot/1.0", "ai.training.claudebot"),
        ("Claude-SearchBot/1.0", "ai.index.claude-searchbot"),
        ("Claude-User/1.0", "ai.agent.claude-user"),
        ("PerplexityBot/1.0", "ai.index.perplexitybot"),
        ("Perplexity-User/1.0", "ai.agent.perplexity-user"),
        ("GoogleOther", "ai.training.googleother"),
    ] {
        check(&between(name), Class::Bot, rule);
    }
}

#[test]
fn scanners_have_a_class_of_their_own() {
    check(
        "sqlmap/1.8.4#stable (https://sqlmap.org)",
        Class::Scanner,
        "scanner.sqlmap",
    );
    check("Mozilla/5.0 zgrab/0.x", Class::Scanner, "scanner.zgrab");
}

#[test]
fn mail_comes_before_bots() {
    check(
        "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
        Class::MailProxy,
        "mail.gmail",
    );
    check(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0",
        Class::MailProxy,
        "mail.gmail",
    );
    check(
        "Mozilla/5.0 (compatible; YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html)",
        Class::MailProxy,
        "mail.yahoo",
    );
    check("Mozilla/5.0", Class::MailProxy, "mail.apple-privacy");
    check("hey.com/imageproxy", Class::MailProxy, "mail.hey");
    check(
        "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17531; Pro)",
        Class::Human,
        "mail.outlook",
    );
}

#[test]
fn what_apple_mail_and_the_new_outlook_share_is_unknown() {
    check(
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)",
        Class::Unknown,
        "mail.bare-webkit",
    );
}

#[test]
fn apps_are_unknown() {
    check(
        "MyShop/312 CFNetwork/1494.0.7 Darwin/23.4.0",
        Class::Unknown,
        "app.cfnetwork",
    );
    check(
        "Dalvik/2.1.0 (Linux; U; Android 14; SM-G998B Build/UP1A.231005.007)",
        Class::Unknown,
        "app.dalvik",
    );
}

#[test]
fn libraries_are_bots_until_they_report_an_event() {
    for (user_agent, name) in [
        ("curl/8.5.0", "curl"),
        ("python-requests/2.32.3", "python-requests"),
        ("Go-http-client/2.0", "go-http-client"),
        ("okhttp/4.12.0", "okhttp"),
        ("Java/17.0.9", "java"),
    ] {
        check(user_agent, Class::Bot, &format!("library.{name}"));
        let event = Request {
            is_custom_event: true,
            ..of(user_agent)
        };
        check_request(&event, Class::Unknown, &format!("server.{name}"));
    }
    let own = Request {
        is_custom_event: true,
        ..of("shop-backend/2.1")
    };
    check_request(&own, Class::Unknown, "server.product");
    check("shop-backend/2.1", Class::Bot, "generic.product");
}

#[test]
fn events_leave_bots_and_people_what_they_are() {
    let bot = Request {
        is_custom_event: true,
        ..of("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)")
    };
    check_request(&bot, Class::Bot, "search.googlebot");
    let bare = Request {
        is_custom_event: true,
        ..Request::default()
    };
    check_request(&bare, Class::Bot, "generic.bare");
    let person = Request {
        is_custom_event: true,
        ..of(CHROME)
    };
    check_request(&person, Class::Human, "browser");
}

#[test]
fn prefetches_are_told_by_their_headers() {
    let with = |value| Request {
        sec_purpose: Some(value),
        ..of(CHROME)
    };
    check_request(&with("prefetch"), Class::Prefetch, "prefetch.sec-purpose");
    check_request(
        &with("prefetch;anonymous-client-ip"),
        Class::Prefetch,
        "prefetch.sec-purpose",
    );
    check_request(
        &with("Prefetch; Prerender"),
        Class::Prefetch,
        "prefetch.prerender",
    );
    check_request(&with("other"), Class::Human, "browser");
    check_request(
        &Request {
            purpose: Some("prefetch"),
            ..of(CHROME)
        },
        Class::Prefetch,
        "prefetch.purpose",
    );
    check_request(
        &Request {
            x_moz: Some("prefetch"),
            ..of(CHROME)
        },
        Class::Prefetch,
        "prefetch.x-moz",
    );
    check_request(
        &Request {
            x_purpose: Some("preview"),
            ..of(SAFARI)
        },
        Class::Prefetch,
        "prefetch.x-purpose",
    );
}

#[test]
fn automated_browsers_are_bots() {
    check_request(
        &Request {
            webdriver: true,
            ..of(CHROME)
        },
        Class::Bot,
        "automation.webdriver",
    );
    check_request(
        &Request {
            sec_ch_ua: Some("\"HeadlessChrome\";v=\"153\", \"Chromium\";v=\"153\""),
            ..of(CHROME)
        },
        Class::Bot,
        "automation.headless-hint",
    );
}

#[test]
fn headers_that_contradict_the_user_agent_are_a_bots() {
    check_request(
        &Request {
            sec_ch_ua_platform: Some("\"Linux\""),
            ..of(CHROME)
        },
        Class::Bot,
        "contradiction.platform",
    );
    check_request(
        &Request {
            sec_ch_ua_platform: Some("\"Windows\""),
            sec_ch_ua: Some("\"Chromium\";v=\"153\", \"Google Chrome\";v=\"153\""),
            ..of(CHROME)
        },
        Class::Human,
        "browser",
    );
    check_request(
        &Request {
            sec_ch_ua: Some("\"Chromium\";v=\"153\""),
            ..of(SAFARI)
        },
        Class::Bot,
        "contradiction.safari-hint",
    );
}

#[test]
fn hints_that_only_look_like_contradictions_are_none() {
    let xbox = of(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox Series X) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0",
    );
    check_request(
        &Request {
            sec_ch_ua_platform: Some("\"Windows\""),
            ..xbox
        },
        Class::Human,
        "browser",
    );
    check_request(
        &Request {
            sec_ch_ua_platform: Some("\"macOS\""),
            touch: true,
            ..of(
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36",
            )
        },
        Class::Human,
        "browser",
    );
}

#[test]
fn old_chromium_in_televisions_sends_no_hints() {
    let television = Request {
        is_whole: true,
        ..of(
            "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/79.0.3945.79 Safari/537.36 WebAppManager",
        )
    };
    check_request(&television, Class::Human, "browser");
}

#[test]
fn absent_headers_count_only_where_all_are_here() {
    check(CHROME, Class::Human, "browser");
    let whole = Request {
        is_whole: true,
        ..of(CHROME)
    };
    check_request(&whole, Class::Bot, "contradiction.no-fetch-metadata");
    check_request(
        &Request {
            sec_fetch_site: Some("cross-site"),
            ..whole
        },
        Class::Human,
        "browser",
    );
    check_request(
        &Request {
            is_whole: true,
            ..of(SAFARI)
        },
        Class::Human,
        "browser",
    );
}

#[test]
fn a_user_agent_is_read_up_to_its_limit() {
    let long = format!("{CHROME}{}Googlebot/2.1", " ".repeat(crate::MOST_BYTES));
    check(&long, Class::Human, "browser");
    check(
        &"é".repeat(crate::MOST_BYTES),
        Class::Bot,
        "generic.long-word",
    );
}
