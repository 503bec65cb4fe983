use crate::{Request, classify};

/// Checks browser, system and device; `-` is unknown.
#[track_caller]
fn check_request(request: &Request<'_>, expected: [&str; 3]) {
    let client = classify(request).client;
    let names = [client.browser, client.os, client.device].map(|name| name.unwrap_or("-"));
    assert_eq!(names, expected, "{:?}", request.user_agent);
}

#[track_caller]
fn check(user_agent: &str, expected: [&str; 3]) {
    let request = Request {
        user_agent: Some(user_agent),
        ..Request::default()
    };
    check_request(&request, expected);
}

#[test]
fn desktops() {
    check(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36 Edg/153.0.0.0",
        ["Edge", "Windows", "desktop"],
    );
    check(
        "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0",
        ["Firefox", "Linux", "desktop"],
    );
    check(
        "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36",
        ["Chrome", "ChromeOS", "desktop"],
    );
    check(
        "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
        ["Internet Explorer", "Windows", "desktop"],
    );
}

#[test]
fn phones_and_tablets() {
    check(
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Mobile Safari/537.36",
        ["Chrome", "Android", "phone"],
    );
    check(
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/30.0 Chrome/153.0.0.0 Safari/537.36",
        ["Samsung Internet", "Android", "tablet"],
    );
    check(
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/153.0.0.0 Mobile/15E148 Safari/604.1",
        ["Chrome", "iOS", "phone"],
    );
    check(
        "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
        ["Safari", "iPadOS", "tablet"],
    );
}

#[test]
fn a_mac_with_a_touch_screen_is_an_ipad() {
    let request = Request {
        user_agent: Some(
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
        ),
        ..Request::default()
    };
    check_request(&request, ["Safari", "macOS", "desktop"]);
    let touch = Request {
        touch: true,
        ..request
    };
    check_request(&touch, ["Safari", "iPadOS", "tablet"]);
}

#[test]
fn apps_that_show_pages() {
    let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22F76";
    for (app, name) in [
        (
            "Instagram 390.0.0.28.85 (iPhone15,3; iOS 18_5)",
            "Instagram",
        ),
        ("[FBAN/FBIOS;FBAV/465.0.0.41.102;FBBV/600]", "Facebook"),
        ("[LinkedInApp]/9.29.8962", "LinkedIn"),
        ("MicroMessenger/8.0.49(0x18003137) NetType/WIFI", "WeChat"),
        ("Safari Line/14.7.0", "Line"),
        ("[Pinterest/iOS]", "Pinterest"),
        ("", "iOS WebView"),
    ] {
        check(&format!("{iphone} {app}"), [name, "iOS", "phone"]);
    }
}

#[test]
fn televisions_consoles_and_cars() {
    check(
        "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/94.0.4606.128 Safari/537.36 WebAppManager",
        ["Chrome", "webOS", "tv"],
    );
    check(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; Xbox; Xbox Series X) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 Edg/120.0",
        ["Edge", "Xbox", "console"],
    );
    check(
        "Mozilla/5.0 (PlayStation; PlayStation 5/8.20) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/15.4 Safari/605.1.15",
        ["Safari", "PlayStation", "console"],
    );
    check(
        "Mozilla/5.0 (X11; GNU/Linux) AppleWebKit/537.36 (KHTML, like Gecko) Chromium/79.0.3945.130 Chrome/79.0.3945.130 Safari/537.36 Tesla/2022.44.30.5",
        ["Chromium", "Linux", "car"],
    );
}

#[test]
fn hints_name_browsers_that_hide_in_their_user_agent() {
    let request = Request {
        user_agent: Some(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36",
        ),
        sec_ch_ua: Some("\"Brave\";v=\"153\", \"Chromium\";v=\"153\""),
        ..Request::default()
    };
    check_request(&request, ["Brave", "Windows", "desktop"]);
}
