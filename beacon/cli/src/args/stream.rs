//! Firehose streams as arguments name them.

use beacon_firehose::{Stream, is_stream_name};
use beacon_server::firehose_sink;

use crate::environment;

/// Connects to a stream of AWS, with the environment's endpoint and certificates.
///
/// # Errors
/// Returns an error if there is no region or no credentials, or if the certificates can't be read.
pub(crate) async fn connect(name: &str) -> anyhow::Result<Stream> {
    let ca_file = environment::ca_file();
    firehose_sink::connect(name, ca_file.as_deref(), environment::firehose_endpoint()).await
}

/// Reads the name of a stream of AWS.
///
/// # Errors
/// Returns the rules of such names.
pub(crate) fn parse_stream(text: &str) -> Result<String, String> {
    if is_stream_name(text) {
        return Ok(text.to_owned());
    }
    Err("a stream's name is 1 to 64 of letters, digits, '_', '.' and '-'".to_owned())
}

/// Reads the name of a stream. File names begin with it, and readers of a lake skip some beginnings.
pub(crate) fn parse_own_stream(text: &str) -> Result<String, String> {
    if text.starts_with(['.', '_']) {
        return Err(
            "it begins the names of the lake's files, and readers skip those that begin with '.' or '_'; \
             begin it with a letter or a digit"
                .to_owned(),
        );
    }
    parse_stream(text)
}
