//! Measures what a verdict costs: `cargo bench -p beacon-agents --bench verdict_cost`. The environment variable USER_AGENTS
//! names a file of user agents, one a line, in place of the built-in ones.
//!
//! `read` only reads the bytes, so that a busy machine shows.

use beacon_agents::{Request, classify, classify_cached};
use divan::{Bencher, black_box};

/// The user agents of most requests, and those of a bot, a mail proxy and an app.
const USER_AGENTS: &str = "\
Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36
Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36 Edg/153.0.0.0
Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0
Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15
Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1
Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Mobile Safari/537.36
Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22F76 Instagram 390.0.0.28.85 (iPhone15,3; iOS 18_5; de_CH; de; scale=3.00; 1290x2796; 751130473)
Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)
Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)
ExampleShop/312 CFNetwork/3826.500.111 Darwin/24.4.0";

fn main() {
    divan::main();
}

#[divan::bench(sample_size = 1_000)]
fn read(bencher: Bencher<'_, '_>) {
    each(bencher, |user_agent| {
        user_agent.bytes().fold(0_u8, |sum, byte| sum ^ byte)
    });
}

#[divan::bench(sample_size = 1_000)]
fn classified(bencher: Bencher<'_, '_>) {
    each(bencher, |user_agent| classify(&request(user_agent)));
}

#[divan::bench(sample_size = 1_000)]
fn remembered(bencher: Bencher<'_, '_>) {
    each(bencher, |user_agent| classify_cached(&request(user_agent)));
}

/// Measures `work` on one user agent after another.
fn each<T>(bencher: Bencher<'_, '_>, work: impl Fn(&str) -> T) {
    let text = user_agents();
    let mut user_agents = text.lines().cycle();
    bencher.bench_local(|| {
        let user_agent = user_agents.next().expect("there is a user agent");
        work(black_box(user_agent))
    });
}

#[expect(
    clippy::disallowed_methods,
    reason = "the argument of a measurement: divan has the command line"
)]
fn user_agents() -> String {
    match std::env::var("USER_AGENTS") {
        Ok(file) => std::fs::read_to_string(file).expect("USER_AGENTS is a file of user agents"),
        Err(_) => USER_AGENTS.to_owned(),
    }
}

fn request(user_agent: &str) -> Request<'_> {
    Request {
        user_agent: Some(user_agent),
        ..Request::default()
    }
}
