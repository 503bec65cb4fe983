//! The Lambda function under test: its real binary between a Runtime API and a TLS front of a stream.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use crate::program::Program;
use crate::runtime_api::{Invocation, RuntimeApi};
use crate::tls::TlsFront;

/// The function's own timeout, unless a test says otherwise. Long enough for the slowest machine.
pub const TIMEOUT: Duration = Duration::from_secs(40);

/// How long one attempt of a put may take in milliseconds, unless a test says otherwise: a stall of the machine must not
/// add a call.
const PUT_TIMEOUT_MS: &str = "30000";

/// The 43 bytes of the image, as an answer carries them.
pub const GIF: &str = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==";

/// A started function and what is around it.
pub struct Function {
    /// Invokes it.
    pub runtime_api: RuntimeApi,
    /// What its stream's endpoint is reached through.
    pub front: TlsFront,
    /// The running binary.
    pub program: Program,
}

impl Function {
    /// Starts the binary `bootstrap`, whose stream is behind `firehose`, with these variables beside those
    /// that it needs, and waits until it asks for its first event.
    pub async fn start<'a>(
        bootstrap: &Path,
        firehose: SocketAddr,
        variables: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Function {
        let runtime_api = RuntimeApi::start().await;
        let front = TlsFront::start(firehose).await;
        let mut all = environment(&runtime_api, &front);
        all.push(("BEACON_PUT_TIMEOUT_MS", PUT_TIMEOUT_MS.to_owned()));
        all.extend(
            variables
                .into_iter()
                .map(|(name, value)| (name, value.to_owned())),
        );
        let program = Program::start(bootstrap, [], all);
        runtime_api.ready().await;
        Function {
            runtime_api,
            front,
            program,
        }
    }

    /// Invokes it with [`TIMEOUT`] and waits for its answer.
    pub async fn invoke(&self, event: &[u8]) -> Invocation {
        self.runtime_api.invoke(event.to_vec(), TIMEOUT).await
    }

    /// Ends it; returns what it wrote to standard output.
    pub async fn end(self) -> Vec<String> {
        self.program.kill().await
    }
}

/// The variables of a function that starts: those that Lambda sets, and the stream `hits` behind the front.
pub fn environment<'a>(runtime_api: &RuntimeApi, front: &TlsFront) -> Vec<(&'a str, String)> {
    vec![
        ("AWS_LAMBDA_RUNTIME_API", runtime_api.address().to_string()),
        ("AWS_LAMBDA_FUNCTION_NAME", "beacon".to_owned()),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128".to_owned()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
        ("AWS_REGION", "eu-west-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE".to_owned()),
        (
            "AWS_SECRET_ACCESS_KEY",
            "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned(),
        ),
        ("AWS_SESSION_TOKEN", "token".to_owned()),
        ("AWS_ENDPOINT_URL_FIREHOSE", front.url()),
        ("BEACON_CA_FILE", front.authority().display().to_string()),
        ("BEACON_STREAM", "hits".to_owned()),
    ]
}

/// The payload of that name under `tests/fixtures/events`.
///
/// # Panics
/// When there is none.
pub fn fixture(name: &str) -> Vec<u8> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../fixtures/events/{name}.json"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}
