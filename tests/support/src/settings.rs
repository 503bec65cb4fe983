//! Settings as a function reads them, one of them changed, and what it says of a wrong one.

use std::fmt::Display;

/// The environment of `complete` with these changes; an empty value stands for a variable that a template leaves so.
pub fn lookup<'a>(
    changes: &'a [(&str, &str)],
    complete: &'a [(&str, &str)],
) -> impl Fn(&str) -> Option<String> {
    move |variable| {
        let all = changes.iter().chain(complete);
        all.into_iter()
            .find(|(name, _)| *name == variable)
            .map(|(_, value)| (*value).to_owned())
    }
}

/// That the message names the variable first and says what is expected of it.
///
/// # Panics
/// When the setting was accepted, or the message lacks either.
#[track_caller]
pub fn check_refused<C, E: Display>(read: Result<C, E>, variable: &str, expected: &str) {
    let Err(error) = read else {
        panic!("{variable} was accepted");
    };
    let error = error.to_string();
    assert!(
        error.starts_with(variable),
        "{error:?} does not begin with {variable}"
    );
    assert!(
        error.contains(expected),
        "{error:?} does not say {expected:?}"
    );
}
