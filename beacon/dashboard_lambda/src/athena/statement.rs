//! Writes a statement as Athena accepts it: parameters as literals, and SQL that is different for other parameters.

use beacon_catalog::string_literal;
use beacon_dashboard::engine::EngineError;
use ring::digest;

/// The maximum length of one parameter in characters, quotes included.
/// <https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html>
const MAX_PARAMETER_CHARACTERS: usize = 1024;

/// Returns the SQL with a hash of its parameters appended as a comment.
///
/// Athena's documentation of result reuse compares the SQL and does not mention parameters: if it ignored them, one site's
/// numbers would be returned for another's.
pub(crate) fn with_parameters_hash(sql: &str, parameters: &[String]) -> String {
    let mut hash = digest::Context::new(&digest::SHA256);
    for parameter in parameters {
        // With its length, so that two different lists never hash the same bytes.
        hash.update(&(parameter.len() as u64).to_be_bytes());
        hash.update(parameter.as_bytes());
    }
    let mut marked = format!("{sql}\n-- parameters: ");
    for byte in hash.finish().as_ref() {
        marked.push_str(&format!("{byte:02x}"));
    }
    marked
}

/// Returns each parameter as a SQL string literal, which is the form that Athena accepts. Named queries cast where they
/// need another type.
///
/// # Errors
/// Returns [`EngineError::Refused`] if a literal is longer than Athena accepts.
pub(crate) fn literals(values: &[String]) -> Result<Vec<String>, EngineError> {
    let mut literals = Vec::with_capacity(values.len());
    for value in values {
        let literal = string_literal(value);
        let characters = literal.chars().count();
        if characters > MAX_PARAMETER_CHARACTERS {
            return Err(EngineError::Refused {
                reason: format!(
                    "a filter has {characters} characters with its quotes, and Athena takes {MAX_PARAMETER_CHARACTERS}: \
                     filter by something shorter"
                ),
            });
        }
        literals.push(literal);
    }
    Ok(literals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_literals_of_sql() {
        #[track_caller]
        fn check(value: &str, expected: &str) {
            assert_eq!(literals(&[value.to_owned()]).unwrap(), [expected]);
        }
        check("2026112100", "'2026112100'");
        check("o'brien.example", "'o''brien.example'");
        check("' OR 1=1 --", "''' OR 1=1 --'");
        check("\\'", "'\\'''");
        check(&"é".repeat(1022), &format!("'{}'", "é".repeat(1022)));
    }

    #[test]
    fn other_parameters_are_another_text() {
        let text = |parameters: &[&str]| {
            let parameters: Vec<String> = parameters.iter().map(|text| (*text).into()).collect();
            with_parameters_hash("SELECT 1 WHERE 'a' = ? OR 'b' = ?", &parameters)
        };
        let one = text(&["'a'", "'b'"]);
        assert_eq!(one, text(&["'a'", "'b'"]));
        for other in [["'b'", "'a'"], ["'a''b", "'"], ["'a'", "'c'"]] {
            assert_ne!(one, text(&other), "{other:?}");
        }
        let (sql, comment) = one.rsplit_once('\n').unwrap();
        assert_eq!(sql, "SELECT 1 WHERE 'a' = ? OR 'b' = ?");
        let hash = comment.strip_prefix("-- parameters: ").unwrap();
        assert!(hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }

    #[test]
    fn what_athena_would_refuse_is_not_sent() {
        #[track_caller]
        fn check(value: &str, expected: &str) {
            let error = literals(&[value.to_owned()]).unwrap_err();
            assert!(matches!(error, EngineError::Refused { .. }), "{error:?}");
            assert!(error.to_string().starts_with(expected), "{error}");
        }
        check(&"a".repeat(1023), "a filter has 1025 characters");
        check(&"'".repeat(512), "a filter has 1026 characters");
    }
}
