//! Says who asks for a pixel: a person, a bot, a mail proxy, a prefetch or a scanner, and by which rule.
//!
//! A [`Request`] holds the headers that matter. [`classify`] returns a [`Verdict`]: a class, the rule that decided with the
//! version of the rules, and the browser, system and device. Nothing is left out on account of a verdict: it is stored
//! with the hit, and questions choose.
//!
//! [`classify_cached`] returns the same, and remembers the verdicts on a thread's last requests.
//!
//! [`Ranges`] holds a list of address ranges, each with its class and rule. It applies to requests on which
//! [`Verdict::yields_to_ranges`] is true.
//!
//! The rules are data in `rules/`, each with its source. Their search needs no work at start, because `build.rs` turns them
//! into tables.
//!
//! ```
//! use beacon_agents::{Class, Request, classify};
//!
//! let verdict = classify(&Request {
//!     user_agent: Some("Mozilla/5.0 (compatible; GPTBot/1.3; +https://openai.com/gptbot)"),
//!     ..Request::default()
//! });
//! assert_eq!(verdict.class, Class::Bot);
//! assert!(verdict.rule.ends_with("/ai.training.gptbot"));
//! ```

mod cache;
mod class;
mod client;
mod contradictions;
mod folded;
mod mail;
mod prefetch;
mod ranges;
mod request;
mod shapes;
mod texts;
mod tokens;
mod verdict;

pub use cache::classify_cached;
pub use class::Class;
pub use client::Client;
pub use folded::MOST_BYTES;
pub use ranges::{RangeListError, RangeListErrorKind, RangeRule, Ranges};
pub use request::Request;
pub use texts::VERSION;
pub use verdict::{Verdict, classify};
