use clap::Parser;
use clap::ValueEnum;
use insta::assert_snapshot;

use super::mail_tool::MailTool;
use super::{Snippet, SnippetArgs};

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    args: SnippetArgs,
}

const WHERE: [&str; 4] = ["--site", "blog.example", "--endpoint", "https://b.example"];

#[track_caller]
fn snippet(arguments: &[&str]) -> Snippet {
    let all = ["snippet"].iter().chain(arguments).chain(&WHERE);
    Command::try_parse_from(all).unwrap().args.snippet()
}

#[track_caller]
fn pasted(arguments: &[&str]) -> String {
    snippet(arguments).text
}

/// The line of the refusal that says why.
#[track_caller]
fn refused(site: &str, endpoint: &str, more: &[&str]) -> String {
    let place = ["snippet", "email", "--site", site, "--endpoint", endpoint];
    let Err(error) = Command::try_parse_from(place.iter().chain(more)) else {
        panic!("{site} and {endpoint} with {more:?} are taken");
    };
    error
        .to_string()
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn a_page_gets_the_script_and_an_image_for_those_without() {
    assert_snapshot!(pasted(&["page"]), @r#"
    <script defer src="https://b.example/beacon.js" data-site="blog.example"></script>
    <noscript><img src="https://b.example/pixel.gif?site=blog.example" alt="" width="1" height="1" referrerpolicy="no-referrer-when-downgrade"></noscript>
    "#);
    assert_snapshot!(
        pasted(&["page", "--spa", "hash", "--honour-gpc", "--page", "/talks?day=1"]),
        @r#"
    <script defer src="https://b.example/beacon.js" data-site="blog.example" data-spa="hash" data-honour-gpc></script>
    <noscript><img src="https://b.example/pixel.gif?site=blog.example&amp;page=%2Ftalks%3Fday%3D1" alt="" width="1" height="1" referrerpolicy="no-referrer-when-downgrade"></noscript>
    "#
    );
}

#[test]
fn pages_of_this_machine_are_counted_where_the_beacon_or_the_site_is_here() {
    let pasted = |kind, site, endpoint| {
        let arguments = ["snippet", kind, "--site", site, "--endpoint", endpoint];
        Command::try_parse_from(arguments)
            .unwrap()
            .args
            .snippet()
            .text
    };
    for (site, endpoint, is_local) in [
        ("blog.example", "http://127.0.0.1:8080", true),
        ("blog.example", "http://localhost:8080", true),
        ("blog.example", "http://[::1]:8080", true),
        ("blog.example", "http://b.localhost", true),
        ("localhost", "https://b.example", true),
        ("printer.local", "http://192.168.1.2", true),
        ("127.0.0.1", "https://b.example", true),
        ("blog.example", "https://b.example", false),
        ("localhost.example", "https://local.example", false),
    ] {
        let page = pasted("page", site, endpoint);
        let script = page.lines().next().unwrap();
        assert_eq!(script.contains(" data-local>"), is_local, "{script}");
        let app = pasted("react", site, endpoint);
        assert_eq!(app.contains("    local: true,\n"), is_local, "{app}");
    }
}

#[test]
fn aliases_lie_below_the_base_path() {
    assert_snapshot!(
        pasted(&["page", "--base-path", "/stats/", "--script-path", "a.js", "--track-path", "/t", "--pixel-path", "/i.gif"]),
        @r#"
    <script defer src="https://b.example/stats/a.js" data-site="blog.example" data-track="/stats/t" data-pixel="/stats/i.gif"></script>
    <noscript><img src="https://b.example/stats/i.gif?site=blog.example" alt="" width="1" height="1" referrerpolicy="no-referrer-when-downgrade"></noscript>
    "#
    );
    // The script would look beside itself.
    assert_snapshot!(pasted(&["page", "--script-path", "/s/a.js"]), @r#"
    <script defer src="https://b.example/s/a.js" data-site="blog.example" data-track="/track" data-pixel="/pixel.gif"></script>
    <noscript><img src="https://b.example/pixel.gif?site=blog.example" alt="" width="1" height="1" referrerpolicy="no-referrer-when-downgrade"></noscript>
    "#);
    assert_snapshot!(pasted(&["css", "--base-path", "stats", "--css-path", "/s/x.css"]), @r#"<link rel="stylesheet" href="https://b.example/stats/s/x.css?site=blog.example" media="none" referrerpolicy="no-referrer-when-downgrade">"#);
    assert_snapshot!(pasted(&["email", "--pixel-path", "/i.gif"]), @r#"<img src="https://b.example/i.gif?site=blog.example&amp;event=open&amp;page=%2Femail&amp;utm_medium=email" alt="" width="1" height="1" border="0" style="display:block;width:1px;height:1px;border:0" referrerpolicy="no-referrer">"#);
}

#[test]
fn a_page_without_script_gets_a_style_sheet() {
    assert_snapshot!(pasted(&["css", "--page", "/talks"]), @r#"<link rel="stylesheet" href="https://b.example/pixel.css?site=blog.example&amp;page=%2Ftalks" media="none" referrerpolicy="no-referrer-when-downgrade">"#);
    assert!(snippet(&["css"]).hints.concat().contains("--page"));
}

#[test]
fn a_mail_gets_an_image_that_mail_programs_keep() {
    assert_snapshot!(pasted(&["email"]), @r#"<img src="https://b.example/pixel.gif?site=blog.example&amp;event=open&amp;page=%2Femail&amp;utm_medium=email" alt="" width="1" height="1" border="0" style="display:block;width:1px;height:1px;border:0" referrerpolicy="no-referrer">"#);
    assert_snapshot!(
        pasted(&["email", "--campaign", "a \"b\" & <c>", "--page", "https://blog.example/mail/1"]),
        @r#"<img src="https://b.example/pixel.gif?site=blog.example&amp;event=open&amp;page=https%3A%2F%2Fblog.example%2Fmail%2F1&amp;utm_medium=email&amp;utm_campaign=a+%22b%22+%26+%3Cc%3E" alt="" width="1" height="1" border="0" style="display:block;width:1px;height:1px;border:0" referrerpolicy="no-referrer">"#
    );
}

#[test]
fn recipients_are_told_apart_in_each_tools_own_syntax() {
    let mut tags = String::new();
    for tool in MailTool::value_variants() {
        let name = tool.to_possible_value().unwrap();
        let text = pasted(&["email", "--mail-tool", name.get_name()]);
        let (_, after) = text.split_once("utm_medium=email&amp;").unwrap();
        let (parameters, _) = after.split_once('"').unwrap();
        tags.push_str(&format!("{}: {parameters}\n", name.get_name()));
    }
    assert_snapshot!(tags, @"
    active-campaign: utm_campaign=%CAMPAIGNID%&amp;userid=%SUBSCRIBERID%
    brevo: userid={{contact.EXT_ID}}
    hubspot: userid={{contact.hs_object_id}}
    listmonk: utm_campaign={{.Campaign.UUID}}&amp;userid={{.Subscriber.UUID}}
    mailchimp: utm_campaign=*|CAMPAIGN_UID|*&amp;userid=*|UNIQID|*
    mailgun: userid=%recipient.userid%
    mailjet: userid=[[data:userid]]
    postmark: userid={{userid}}
    sendgrid: userid={{userid}}
    ses: userid={{userid}}
    ");
}

#[test]
fn another_field_of_the_recipient_can_be_named() {
    let own = pasted(&[
        "email",
        "--mail-tool",
        "mailchimp",
        "--recipient",
        "READER",
        "--campaign",
        "may",
    ]);
    assert!(
        own.contains("utm_campaign=may&amp;userid=*|READER|*\""),
        "{own}"
    );
    let hints = snippet(&["email", "--mail-tool", "ses"]).hints;
    assert_snapshot!(hints.join("\n"), @"
    Add it right after <body>: some programs truncate long emails, and never load their end.
    Set userid in the template data, to letters and digits: {{userid}} is put into the URL as it is.
    userid identifies who opened the email, and is recorded as it is: inform your readers.
    ");
}

#[test]
fn an_app_gets_a_component() {
    assert_snapshot!(pasted(&["react"]), @r#"
    "use client";

    import { useTracking } from "beacon-react";

    export function Tracking() {
      useTracking({
        endpoint: "https://b.example",
        site: "blog.example",
      });
      return null;
    }
    "#);
    assert_snapshot!(
        pasted(&["react", "--base-path", "/stats", "--spa", "manual", "--honour-gpc", "--track-path", "/t", "--pixel-path", "i.gif"]),
        @r#"
    "use client";

    import { useTracking } from "beacon-react";

    export function Tracking() {
      useTracking({
        endpoint: "https://b.example/stats",
        site: "blog.example",
        spa: "manual",
        honourGpc: true,
        track: "/t",
        pixel: "/i.gif",
      });
      return null;
    }
    "#
    );
}

#[test]
fn an_apps_package_is_a_file_that_npm_packs() {
    let hints = snippet(&["react"]).hints;
    let package: serde_json::Value =
        serde_json::from_str(include_str!("../../../../../clients/react/package.json")).unwrap();
    let version = package["version"].as_str().unwrap();
    let command = format!("`npm install ./beacon-react-{version}.tgz`");
    assert!(hints[0].contains(&command), "{hints:?}");
}

#[test]
fn what_no_browser_could_use_is_refused() {
    let mut refusals = String::new();
    for (site, endpoint) in [
        ("blog.example", "b.example"),
        ("blog.example", "ftp://b.example"),
        ("blog.example", "https://b.example/stats/"),
        ("blog.example", "https://b.example?a=1"),
        ("blog.example", "https://me:secret@b.example"),
        ("https://blog.example/", "https://b.example"),
        ("blog.example:8080", "https://b.example"),
        ("blog.example/talks", "https://b.example"),
        ("", "https://b.example"),
        ("a\"b", "https://b.example"),
    ] {
        refusals.push_str(&refused(site, endpoint, &[]));
        refusals.push('\n');
    }
    for more in [
        ["--page", "talks"],
        ["--base-path", "/a b"],
        ["--pixel-path", "/x?y"],
        ["--recipient", "userid"],
        ["--mail-tool", "pigeon"],
    ] {
        refusals.push_str(&refused("blog.example", "https://b.example", &more));
        refusals.push('\n');
    }
    let brackets = ["--mail-tool", "ses", "--recipient", "{{userid}}"];
    refusals.push_str(&refused("blog.example", "https://b.example", &brackets));
    assert_snapshot!(refusals, @r#"
    error: invalid value 'b.example' for '--endpoint <URL>': not the URL of a beacon: write one like https://b.example
    error: invalid value 'ftp://b.example' for '--endpoint <URL>': not the URL of a beacon: write one like https://b.example
    error: invalid value 'https://b.example/stats/' for '--endpoint <URL>': a path is not part of an endpoint: write --endpoint https://b.example --base-path /stats
    error: invalid value 'https://b.example?a=1' for '--endpoint <URL>': a query or fragment is not part of an endpoint: write https://b.example
    error: invalid value 'https://me:secret@b.example' for '--endpoint <URL>': every reader would see the user name and password: leave them out
    error: invalid value 'https://blog.example/' for '--site <HOST>': a site is a host, not a URL: write blog.example
    error: invalid value 'blog.example:8080' for '--site <HOST>': not a host: write one like blog.example, without port and path
    error: invalid value 'blog.example/talks' for '--site <HOST>': not a host: write one like blog.example, without port and path
    error: invalid value '' for '--site <HOST>': not a host: write one like blog.example, without port and path
    error: invalid value 'a"b' for '--site <HOST>': not a host: write one like blog.example, without port and path
    error: invalid value 'talks' for '--page <PAGE>': neither a path nor a URL: write one like /talks
    error: invalid value '/a b' for '--base-path <PATH>': not a path of a beacon: write one like /stats, as BEACON_BASE_PATH and BEACON_PATHS have it
    error: invalid value '/x?y' for '--pixel-path <PATH>': not a path of a beacon: write one like /stats, as BEACON_BASE_PATH and BEACON_PATHS have it
    error: the following required arguments were not provided:
    error: invalid value 'pigeon' for '--mail-tool <MAIL_TOOL>'
    error: invalid value '{{userid}}' for '--recipient <FIELD>': not the name of a field: write only the name, such as userid, without the tool's brackets
    "#);
}

#[test]
fn what_browsers_will_not_load_is_warned_of() {
    let hints = |endpoint: &str| {
        let arguments = [
            "snippet",
            "page",
            "--site",
            "blog.example",
            "--endpoint",
            endpoint,
        ];
        Command::try_parse_from(arguments)
            .unwrap()
            .args
            .snippet()
            .hints
    };
    assert_eq!(hints("https://b.example").len(), 1);
    for (endpoint, warning) in [
        (
            "http://b.example",
            "Pages and emails on https load nothing from http://b.example",
        ),
        (
            "http://127.0.0.1:8080",
            "http://127.0.0.1:8080 is reachable from this machine only.",
        ),
        (
            "http://[::1]:8080",
            "http://[::1]:8080 is reachable from this machine only.",
        ),
        (
            "https://localhost",
            "https://localhost is reachable from this machine only.",
        ),
    ] {
        let hints = hints(endpoint);
        assert!(hints[1].starts_with(warning), "{hints:?}");
    }
}
