//! Measures what a verdict costs, in nanoseconds: `cargo bench -p beacon-agents`. A file of user agents, one a line,
//! replaces the built-in ones: `cargo bench -p beacon-agents -- FILE`.
//!
//! Each round is paired with a baseline that only reads the same bytes, so a busy machine shows in both.

use std::hint::black_box;
use std::io::Write as _;
use std::time::Instant;

use beacon_agents::{Request, classify, classify_cached};

const ROUNDS: u32 = 200;

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

fn main() -> std::io::Result<()> {
    let file = std::env::args().skip(1).find(|name| !name.starts_with('-'));
    let user_agents = match file {
        Some(file) => std::fs::read_to_string(file)?,
        None => USER_AGENTS.to_owned(),
    };
    let user_agents: Vec<&str> = user_agents.lines().collect();
    let mut fastest = [u128::MAX; 3];
    for _ in 0..ROUNDS {
        let costs = [read, judge, remember].map(|work| round(&user_agents, work));
        for (fastest, cost) in fastest.iter_mut().zip(costs) {
            *fastest = (*fastest).min(cost);
        }
    }
    let bytes = user_agents.iter().map(|text| text.len()).sum::<usize>() / user_agents.len();
    writeln!(
        std::io::stdout(),
        "{} user agents of {bytes} bytes on average: {} ns a verdict, {} ns one that is remembered, {} ns to read \
         the bytes",
        user_agents.len(),
        fastest[1],
        fastest[2],
        fastest[0],
    )
}

/// Returns the nanoseconds that `work` takes for one user agent.
fn round(user_agents: &[&str], work: fn(&str)) -> u128 {
    let begun = Instant::now();
    for user_agent in user_agents {
        work(black_box(user_agent));
    }
    begun.elapsed().as_nanos() / user_agents.len() as u128
}

fn read(user_agent: &str) {
    black_box(user_agent.bytes().fold(0_u8, |sum, byte| sum ^ byte));
}

fn judge(user_agent: &str) {
    black_box(classify(&Request {
        user_agent: Some(user_agent),
        ..Request::default()
    }));
}

fn remember(user_agent: &str) {
    black_box(classify_cached(&Request {
        user_agent: Some(user_agent),
        ..Request::default()
    }));
}
