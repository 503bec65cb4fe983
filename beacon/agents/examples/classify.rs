//! Classifies user agents, one a line.

fn main() {
    for line in std::io::stdin().lines() {
        let line = line.expect("standard input can be read");
        let verdict = beacon_agents::classify(&beacon_agents::Request {
            user_agent: Some(&line),
            ..Default::default()
        });
        let client = verdict.client;
        println!(
            "{}\t{}\t{}\t{}\t{}",
            verdict.class.name(),
            verdict.rule,
            client.browser.unwrap_or("-"),
            client.os.unwrap_or("-"),
            client.device.unwrap_or("-")
        );
    }
}
