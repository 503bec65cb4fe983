//! Turns `rules/*.tsv` into tables that need no work at start.
//!
//! Each text has one window of three bytes that browsers' user agents seldom have. A search looks each window of a user
//! agent up, and compares whole texts only where a window is known.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::{env, fs, path::Path};

/// Bits of the filter that says whether a window can be known.
const FILTER_BITS: u32 = 16;

/// User agents like those of most requests. A window that they have is a bad choice.
const COMMON: [&str; 10] = [
    "mozilla/5.0 (windows nt 10.0; win64; x64) applewebkit/537.36 (khtml, like gecko) chrome/153.0.0.0 safari/537.36 edg/153.0.0.0",
    "mozilla/5.0 (macintosh; intel mac os x 10_15_7) applewebkit/605.1.15 (khtml, like gecko) version/26.6 safari/605.1.15",
    "mozilla/5.0 (linux; android 10; k) applewebkit/537.36 (khtml, like gecko) samsungbrowser/30.0 chrome/153.0.0.0 mobile safari/537.36",
    "mozilla/5.0 (iphone; cpu iphone os 18_7 like mac os x) applewebkit/605.1.15 (khtml, like gecko) crios/153.0.0.0 mobile/15e148 safari/604.1",
    "mozilla/5.0 (x11; ubuntu; linux x86_64; rv:150.0) gecko/20100101 firefox/150.0 opr/120.0.0.0",
    "mozilla/5.0 (linux; android 14; sm-a546b build/up1a.231005.007; wv) applewebkit/537.36 version/4.0 chrome/120.0.6099.144",
    "mozilla/5.0 (iphone; cpu iphone os 17_5 like mac os x) applewebkit/605.1.15 mobile/21f90 [fban/fbios;fbav/460.0.0.31.103;fbbv/590]",
    "mozilla/5.0 (ipad; cpu os 15_8 like mac os x) gsa/300.0 duckduckgo/7 edgios/120 fxios/130 instagram 300.0 (iphone14,5; ios 17_0)",
    "mozilla/5.0 (x11; cros x86_64 14541.0.0) mozilla/4.0 (compatible; msie 8.0; windows nt 6.1; trident/4.0; .net clr 2.0.50727)",
    "mozilla/5.0 (linux; u; android 11; en-us; redmi note 8 pro build/rp1a) xiaomi/miuibrowser/12.13.2-gn huaweibrowser yabrowser/24 silk/100 ucbrowser/13 tv",
];

struct Text {
    text: String,
    unless: Vec<String>,
    rule: String,
    kind: &'static str,
    exact: bool,
    starts: bool,
    ends: bool,
    word_start: bool,
    word_end: bool,
}

fn main() {
    println!("cargo::rerun-if-changed=rules");
    println!("cargo::rerun-if-changed=build.rs");
    let version = read("rules/version");
    let mut texts = Vec::new();
    for line in rows(&read("rules/named.tsv")) {
        let [text, rule] = line[..] else {
            panic!("rules/named.tsv has a row without two columns: {line:?}")
        };
        texts.push(Text::new(text, "", rule, "Name"));
    }
    for line in rows(&read("rules/added.tsv")) {
        let [text, rule, _source] = line[..] else {
            panic!("rules/added.tsv has a row without three columns: {line:?}")
        };
        texts.push(Text::new(text, "", rule, "Name"));
    }
    for line in rows(&read("rules/mail.tsv")) {
        let [text, rule, class] = line[..] else {
            panic!("rules/mail.tsv has a row without three columns: {line:?}")
        };
        let kind = match class {
            "mail_proxy" => "MailProxy",
            "human" => "MailProgram",
            _ => panic!("rules/mail.tsv has the class {class:?}: write mail_proxy or human"),
        };
        texts.push(Text::new(text, "", rule, kind));
    }
    for line in rows(&read("rules/generic.tsv")) {
        let [text, unless, rule] = line[..] else {
            panic!("rules/generic.tsv has a row without three columns: {line:?}")
        };
        texts.push(Text::new(text, unless, rule, "Word"));
    }
    let tables = tables(&texts, version.trim());
    #[expect(
        clippy::disallowed_methods,
        reason = "cargo says here where a build script writes"
    )]
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join("tables.rs"), tables).expect("OUT_DIR can be written");
}

fn read(file: &str) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn rows(table: &str) -> Vec<Vec<&str>> {
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split('\t').collect()).collect()
}

impl Text {
    fn new(text: &str, unless: &str, rule: &str, kind: &'static str) -> Self {
        let exact = kind == "Name";
        let (starts, text) = strip_start(text, '^');
        let (word_start, text) = if exact {
            (false, text)
        } else {
            strip_start(text, '<')
        };
        let (ends, text) = strip_end(text, '$');
        let (word_end, text) = if exact {
            (false, text)
        } else {
            strip_end(text, '>')
        };
        assert!(
            text.len() >= 3,
            "{text:?} is shorter than a window of three bytes"
        );
        let unless: Vec<String> = unless
            .split(',')
            .filter(|one| !one.is_empty())
            .map(str::to_owned)
            .collect();
        for one in &unless {
            assert!(one.contains(text), "{one:?} does not hold {text:?}");
        }
        Self {
            text: text.to_owned(),
            unless,
            rule: rule.to_owned(),
            kind,
            exact,
            starts,
            ends,
            word_start,
            word_end,
        }
    }

    /// Returns the place of the window that the fewest common user agents have.
    fn anchor(&self) -> usize {
        let folded = self.text.to_ascii_lowercase();
        (0..=folded.len() - 3)
            .min_by_key(|at| {
                let window = &folded.as_bytes()[*at..at + 3];
                COMMON
                    .iter()
                    .map(|common| {
                        common
                            .as_bytes()
                            .windows(3)
                            .filter(|other| *other == window)
                            .count()
                    })
                    .sum::<usize>()
            })
            .unwrap_or(0)
    }
}

fn strip_start(text: &str, mark: char) -> (bool, &str) {
    text.strip_prefix(mark)
        .map_or((false, text), |rest| (true, rest))
}

fn strip_end(text: &str, mark: char) -> (bool, &str) {
    text.strip_suffix(mark)
        .map_or((false, text), |rest| (true, rest))
}

fn tables(texts: &[Text], version: &str) -> String {
    let mut windows: BTreeMap<u32, Vec<(usize, usize)>> = BTreeMap::new();
    for (index, text) in texts.iter().enumerate() {
        let at = text.anchor();
        let folded = text.text.to_ascii_lowercase();
        let bytes = &folded.as_bytes()[at..at + 3];
        let window = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0]);
        windows.entry(window).or_default().push((index, at));
    }
    let mut filter = vec![0_u64; 1 << (FILTER_BITS - 6)];
    for window in windows.keys() {
        let bit = window.wrapping_mul(0x9E37_79B1) >> (32 - FILTER_BITS);
        filter[(bit >> 6) as usize] |= 1 << (bit & 63);
    }

    let mut out = String::new();
    let line = &mut out;
    writeln!(
        line,
        "/// Version of the rules: year and month.\npub const VERSION: &str = {version:?};"
    )
    .expect("a string grows");
    writeln!(line, "macro_rules! rule {{ ($name:literal) => {{ concat!({:?}, $name) }}; }}\npub(crate) use rule;", format!("{version}/")).expect("a string grows");
    writeln!(line, "const FILTER_BITS: u32 = {FILTER_BITS};").expect("a string grows");
    writeln!(line, "static FILTER: [u64; {}] = {filter:?};", filter.len()).expect("a string grows");
    writeln!(line, "static TEXTS: [Text; {}] = [", texts.len()).expect("a string grows");
    for text in texts {
        let folded = if text.exact {
            text.text.clone()
        } else {
            text.text.to_ascii_lowercase()
        };
        let unless: Vec<String> = text
            .unless
            .iter()
            .map(|one| format!("({}, {one:?})", one.find(&text.text).unwrap_or(0)))
            .collect();
        writeln!(
            line,
            "Text {{ text: {folded:?}, unless: &[{}], rule: {:?}, server: {:?}, kind: Kind::{}, exact: {}, starts: {}, ends: {}, word_start: {}, word_end: {} }},",
            unless.join(", "),
            format!("{version}/{}", text.rule),
            text.rule
                .strip_prefix("library.")
                .map(|name| format!("{version}/server.{name}")),
            text.kind,
            text.exact,
            text.starts,
            text.ends,
            text.word_start,
            text.word_end,
        )
        .expect("a string grows");
    }
    writeln!(line, "];").expect("a string grows");
    let candidates: Vec<(usize, usize)> = windows.values().flatten().copied().collect();
    writeln!(
        line,
        "static CANDIDATES: [(u16, u8); {}] = {candidates:?};",
        candidates.len()
    )
    .expect("a string grows");
    let mut first = 0;
    let heads: Vec<(u32, usize, usize)> = windows
        .iter()
        .map(|(window, texts)| {
            let head = (*window, first, texts.len());
            first += texts.len();
            head
        })
        .collect();
    writeln!(
        line,
        "static WINDOWS: [(u32, u16, u8); {}] = {heads:?};",
        heads.len()
    )
    .expect("a string grows");
    out
}
