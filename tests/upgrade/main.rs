//! Opens with today's program what older ones wrote.
//!
//! Each directory beside this file is a lake with undelivered hits, the dashboard's key, a share link and the settings, as
//! `write` left them. Every test opens a copy of each.
#![expect(
    clippy::unwrap_used,
    reason = "a suite of tests: what goes wrong in its helpers fails the test"
)]

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use beacon_testing::machine;
use beacon_testing::serving::Serving;
use serde_json::{Value, json};
use tempfile::TempDir;

#[path = "../serve/http.rs"]
#[expect(dead_code, reason = "the server's own suite uses the rest")]
mod http;

const BEACON: &str = env!("CARGO_BIN_EXE_beacon");

/// From before all hits of a fixture to behind them.
const ALL_TIME_MS: (u64, u64) = (1_700_000_000_000, 4_000_000_000_000);

/// A copy of what an older program wrote.
struct Older {
    folder: TempDir,
    settings: Vec<(String, String)>,
    /// The hits that it acknowledged: site, page, event, custom column, and how they were stored.
    acknowledged: Vec<Value>,
}

impl Older {
    /// Copies each fixture.
    fn all() -> Vec<Older> {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/upgrade");
        let mut versions: Vec<PathBuf> = fs::read_dir(fixtures)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_dir())
            .collect();
        versions.sort();
        assert!(!versions.is_empty());
        versions
            .iter()
            .map(|version| Older::copy(version))
            .collect()
    }

    fn copy(version: &Path) -> Older {
        let folder = tempfile::tempdir().unwrap();
        copy_private(version, folder.path());
        let settings: serde_json::Map<String, Value> = read_json(&version.join("settings.json"));
        let lines = fs::read_to_string(version.join("acknowledged.jsonl")).unwrap();
        Older {
            folder,
            settings: settings
                .into_iter()
                .map(|(name, value)| (name, value.as_str().unwrap().to_owned()))
                .collect(),
            acknowledged: lines
                .lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect(),
        }
    }

    fn lake(&self) -> PathBuf {
        self.folder.path().join("lake")
    }

    /// Starts today's server over the lake, with the older program's settings.
    #[track_caller]
    fn serve(&self) -> Serving {
        let mut command = self.command();
        command
            .args(["serve", "--log-format", "json", "--lake"])
            .arg(self.lake())
            .args(["--listen", "127.0.0.1:0"])
            .args(["--metrics-listen", "127.0.0.1:0"])
            .args(["--dashboard-listen", "127.0.0.1:0"])
            .stdout(std::process::Stdio::null());
        Serving::start(&mut command)
    }

    /// Returns the rows of a query, as JSON.
    #[track_caller]
    fn query(&self, arguments: &[&str]) -> Value {
        let output = self
            .command()
            .args(["query", "--output", "json", "--lake"])
            .arg(self.lake())
            .args(arguments)
            .output()
            .unwrap();
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{errors}");
        assert_eq!(errors, "", "a file of the lake was left out");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn command(&self) -> Command {
        let mut command = machine::command(BEACON);
        command
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder.path());
        command
    }

    /// Returns the files below the lake whose names end like this.
    fn files(&self, ending: &str) -> usize {
        count_files(&self.lake(), ending)
    }

    /// Checks that the lake has each acknowledged hit once, with all its values.
    #[track_caller]
    fn check_hits(&self) {
        let rows = self.query(&["SELECT site, page, event, userid FROM unique_hits"]);
        let acknowledged = self.acknowledged.iter().map(|hit| {
            json!({"site": hit["site"], "page": hit["page"], "event": hit["event"], "userid": hit["userid"]})
        });
        assert_eq!(
            sorted(rows.as_array().unwrap().clone()),
            sorted(acknowledged.collect())
        );
    }
}

#[test]
fn every_hit_is_counted_once_before_and_after_its_delivery() {
    for older in Older::all() {
        let is_spooled = |hit: &&Value| hit["stored"] == "spool";
        assert_eq!(older.files(".hits"), 1, "the fixture has undelivered hits");
        let spooled = older.acknowledged.iter().filter(is_spooled).count();
        assert!(spooled > 0 && spooled < older.acknowledged.len());
        let objects = older.files(".parquet") + older.files(".json.gz");
        older.check_hits();

        let serving = older.serve();
        older.check_hits();
        serving.stop();
        assert_eq!(older.files(".hits"), 0, "all hits are delivered");
        assert_eq!(
            older.files(".parquet") + older.files(".json.gz"),
            objects + 1
        );
        older.check_hits();

        // Opened once more, it delivers nothing twice.
        older.serve().stop();
        assert_eq!(
            older.files(".parquet") + older.files(".json.gz"),
            objects + 1
        );
        older.check_hits();
    }
}

#[test]
fn settings_of_an_older_program_still_apply_to_new_hits() {
    for older in Older::all() {
        let serving = older.serve();
        let pixel = serving.address("pixel").unwrap();
        for (target, outcome) in [
            ("/i.gif?site=blog.example&page=/new&userid=u-9", "recorded"),
            ("/pixel.gif?site=elsewhere.example&page=/new", "ignored"),
        ] {
            let reply = http::get(pixel, target);
            assert_eq!(reply.status, 200, "{target}");
            let reason = reply.header("x-beacon");
            assert!(reason.starts_with(outcome), "{target}: {reason}");
        }
        serving.stop();
        let new = "SELECT site, userid, ip FROM unique_hits WHERE page = '/new'";
        assert_eq!(
            older.query(&[new]),
            json!([{"site": "blog.example", "userid": "u-9", "ip": null}])
        );
    }
}

#[test]
fn rows_with_an_older_spelling_are_found_by_both_spellings() {
    for older in Older::all() {
        for site in ["münchen.example", "xn--mnchen-3ya.example"] {
            for page in ["/über", "/%C3%BCber"] {
                let arguments = [
                    "totals",
                    "--from",
                    "2020-01-01",
                    "--to",
                    "2099-12-31",
                    "--site",
                    site,
                    "--page",
                    page,
                ];
                let rows = older.query(&arguments);
                assert_eq!(rows[0]["views"], 1, "{site}{page}: {rows}");
            }
        }
    }
}

#[test]
fn share_link_still_opens_its_site_and_no_other() {
    for older in Older::all() {
        let share: Value = read_json(&older.folder.path().join("share.json"));
        let site = share["site"].as_str().unwrap();
        let token = share["token"].as_str().unwrap();
        let serving = older.serve();
        let dashboard = serving.address("dashboard").unwrap();

        let ask = |site: &str, token: &str| {
            let question = json!({"question": "totals", "from_ms": ALL_TIME_MS.0, "to_ms": ALL_TIME_MS.1, "site": site});
            let headers = format!("content-type: application/json\r\nx-beacon-share: {token}\r\n");
            http::post(
                dashboard,
                "/api/queries",
                &headers,
                question.to_string().as_bytes(),
            )
        };
        let submitted = ask(site, token);
        assert_eq!(submitted.status, 202, "{}", submitted.text());
        let answer = wait_for_answer(dashboard, submitted.header("location"), token);
        let views = older
            .acknowledged
            .iter()
            .filter(|hit| hit["site"] == site && hit["event"] == "view");
        let position = answer["columns"]
            .as_array()
            .unwrap()
            .iter()
            .position(|column| column["name"] == "views")
            .unwrap();
        assert_eq!(answer["rows"][0][position], views.count(), "{answer}");

        assert_eq!(ask("en.shop.example", token).status, 403);
        assert_eq!(ask(site, &token.replace('.', ".A")).status, 401);
        serving.stop();
    }
}

#[test]
fn older_names_of_flags_are_refused_with_the_new_ones() {
    for (arguments, old, new) in [
        (
            &["query", "--format", "csv", "totals"][..],
            "--format",
            "--output",
        ),
        (&["report", "--output", "report.html"], "--output", "--file"),
        (
            &["cost", "--hits-per-day", "1", "--endpoint", "function-url"],
            "--endpoint",
            "--entry-point",
        ),
    ] {
        let output = machine::command(BEACON).args(arguments).output().unwrap();
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {message}");
        assert!(
            message.contains(&format!("{old} is now {new}")),
            "{arguments:?}: {message}"
        );
    }
}

/// Waits for the result of a query that was submitted with a share link.
#[track_caller]
fn wait_for_answer(dashboard: SocketAddr, path: &str, token: &str) -> Value {
    loop {
        let mut client = http::Client::connect(dashboard);
        let request = format!(
            "GET {path}?wait_ms=5000 HTTP/1.1\r\nhost: localhost\r\nx-beacon-share: {token}\r\n\r\n"
        );
        client.send(request.as_bytes());
        let reply = client.reply();
        assert_eq!(reply.status, 200, "{}", reply.text());
        let answer = reply.json();
        if answer["state"] != "queued" && answer["state"] != "running" {
            assert_eq!(answer["state"], "succeeded", "{answer}");
            return answer;
        }
    }
}

/// Copies a directory for its owner alone, as beacon writes it: a repository keeps no modes.
fn copy_private(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    fs::set_permissions(to, fs::Permissions::from_mode(0o700)).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let copy = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_private(&path, &copy);
        } else {
            fs::copy(&path, &copy).unwrap();
            fs::set_permissions(&copy, fs::Permissions::from_mode(0o600)).unwrap();
        }
    }
}

fn count_files(folder: &Path, ending: &str) -> usize {
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            count += count_files(&path, ending);
        } else if path.to_str().unwrap().ends_with(ending) {
            count += 1;
        }
    }
    count
}

fn sorted(mut rows: Vec<Value>) -> Vec<String> {
    let mut lines: Vec<String> = rows.drain(..).map(|row| row.to_string()).collect();
    lines.sort();
    lines
}

fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> T {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}
