//! Single signed calls to services whose SDK isn't worth its size.

use std::time::{Duration, UNIX_EPOCH};

use aws_credential_types::provider::ProvideCredentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningError,
    SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::http::HttpError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::connection::Connection;
use crate::credentials::Credentials;
use crate::https_client::connector;

/// Calls services in one region, with one attempt each.
#[derive(Debug, Clone)]
pub struct ServiceCaller {
    region: String,
    credentials: Credentials,
    endpoint_url: Option<String>,
    connector: SharedHttpConnector,
}

/// A response that is no AWS service's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainResponse {
    /// The status code.
    pub status: u16,
    /// The value of the header that was asked for, if there is one.
    pub header: Option<String>,
}

/// A request of a service with a REST protocol, which is S3's.
#[derive(Debug, Clone, Copy)]
pub struct RestRequest<'a> {
    /// The operation, for messages.
    pub operation: &'static str,
    /// The method of HTTP.
    pub method: &'static str,
    /// The path, without a slash at its beginning and with nothing that a URL encodes.
    pub path: &'a str,
    /// The headers, in lower case.
    pub headers: &'a [(&'static str, &'a str)],
    /// The body.
    pub body: &'a [u8],
}

/// The response to a [`RestRequest`], also one that refuses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestResponse {
    /// The status code.
    pub status: u16,
    /// The tag of the object's version, if there is one.
    pub etag: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// The reason why a call has no result.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The service refuses the call.
    #[error("AWS refuses {operation}: {code}: {message}")]
    Refused {
        /// The operation, such as `DescribeStacks`.
        operation: String,
        /// The service's code, or the status where it has none.
        code: String,
        /// The service's message.
        message: String,
    },
    /// There was no response.
    #[error("{operation} got no response: {source}")]
    NoResponse {
        /// The operation.
        operation: String,
        /// The error of the connection.
        source: Box<ConnectorError>,
    },
    /// The response has another form than the operation's.
    #[error("the response to {operation} can't be read: {reason}")]
    Unreadable {
        /// The operation.
        operation: String,
        /// The parser's error.
        reason: String,
    },
    /// The credentials can't be refreshed.
    #[error("there are no AWS credentials: {0}")]
    NoCredentials(#[from] CredentialsError),
    /// The request can't be signed.
    #[error("the request can't be signed: {0}")]
    Unsigned(#[from] SigningError),
    /// The endpoint or the credentials can't be part of a request.
    #[error("the request can't be built: {0}")]
    Unbuilt(#[from] HttpError),
}

impl ServiceCaller {
    /// Returns a caller over this connection. Nothing is called yet.
    pub fn new(connection: Connection) -> ServiceCaller {
        ServiceCaller {
            region: connection.region,
            credentials: connection.credentials,
            endpoint_url: connection.endpoint_url,
            connector: connector(connection.trust_store, connection.attempt_timeout),
        }
    }

    /// Returns the region of the calls.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// Calls an operation of AWS's JSON protocol at `now_ms`, and reads its output. `target` is the value of
    /// `X-Amz-Target`, such as `AWSGlue.GetTable`.
    ///
    /// # Errors
    /// Returns a [`CallError`] where the service refuses or doesn't respond.
    pub async fn json<T: DeserializeOwned>(
        &self,
        service: &str,
        target: &str,
        input: String,
        now_ms: u64,
    ) -> Result<T, CallError> {
        let operation = target.rsplit('.').next().unwrap_or(target);
        let headers = [
            ("content-type", json_content_type(service)),
            ("x-amz-target", target),
        ];
        let body = self
            .post(operation, service, &headers, input, now_ms)
            .await?;
        serde_json::from_str(&body).map_err(|error| unreadable(operation, &error))
    }

    /// Calls an operation of AWS's query protocol at `now_ms`, and reads its output. `form` is the encoded body, which
    /// names the operation once more.
    ///
    /// # Errors
    /// Returns a [`CallError`] where the service refuses or doesn't respond.
    #[cfg(feature = "service-call")]
    pub async fn query<T: DeserializeOwned>(
        &self,
        service: &str,
        operation: &str,
        form: String,
        now_ms: u64,
    ) -> Result<T, CallError> {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let body = self
            .post(operation, service, &headers, form, now_ms)
            .await?;
        quick_xml::de::from_str(&body).map_err(|error| unreadable(operation, &error))
    }

    /// Requests any URL without a signature, and returns the status and the value of one header.
    ///
    /// # Errors
    /// Returns a [`CallError`] where there is no response.
    pub async fn get(&self, url: &str, header: &str) -> Result<PlainResponse, CallError> {
        let request = HttpRequest::get(url)?;
        let response = self.send("GET", request).await?;
        Ok(PlainResponse {
            status: response.status().as_u16(),
            header: response.headers().get(header).map(str::to_owned),
        })
    }

    /// Calls an operation of a REST protocol at `now_ms`, and returns the response whatever its status is.
    ///
    /// # Errors
    /// Returns a [`CallError`] where the service doesn't respond.
    pub async fn rest(
        &self,
        service: &str,
        request: RestRequest<'_>,
        now_ms: u64,
    ) -> Result<RestResponse, CallError> {
        let RestRequest {
            operation,
            method,
            path,
            headers,
            body,
        } = request;
        let url = format!("{}{path}", self.endpoint(service));
        let mut settings = SigningSettings::default();
        // S3 takes the path as it is, and wants the digest of the body in a header.
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        let scope = SigningScope {
            service,
            settings,
            now_ms,
        };
        let request = self
            .signed(method, url, headers, body.to_vec(), scope)
            .await?;
        let response = self.send(operation, request).await?;
        let status = response.status().as_u16();
        let etag = response.headers().get("etag").map(str::to_owned);
        Ok(RestResponse {
            status,
            etag,
            body: body_of(operation, response).await?,
        })
    }

    async fn post(
        &self,
        operation: &str,
        service: &str,
        headers: &[(&'static str, &str)],
        body: String,
        now_ms: u64,
    ) -> Result<String, CallError> {
        let url = self.endpoint(service);
        let scope = SigningScope {
            service,
            settings: SigningSettings::default(),
            now_ms,
        };
        let request = self
            .signed("POST", url, headers, body.into_bytes(), scope)
            .await?;
        let response = self.send(operation, request).await?;
        let status = response.status().as_u16();
        let is_success = response.status().is_success();
        let body = body_of(operation, response).await?;
        let body = String::from_utf8_lossy(&body).into_owned();
        match is_success {
            true => Ok(body),
            false => Err(refused(operation, status, &body)),
        }
    }

    async fn signed(
        &self,
        method: &'static str,
        url: String,
        headers: &[(&'static str, &str)],
        body: Vec<u8>,
        scope: SigningScope<'_>,
    ) -> Result<HttpRequest, CallError> {
        let credentials = match &self.credentials {
            Credentials::Fixed(credentials) => credentials.clone(),
            Credentials::Chain(provider) => provider.provide_credentials().await?,
        };
        let identity = credentials.into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(scope.service)
            .time(UNIX_EPOCH + Duration::from_millis(scope.now_ms))
            .settings(scope.settings)
            .build()
            .expect("all of its parts are set above")
            .into();
        let signable = SignableRequest::new(
            method,
            url.as_str(),
            headers.iter().map(|(name, value)| (*name, *value)),
            SignableBody::Bytes(&body),
        )?;
        let (signature, _) = sign(signable, &parameters)?.into_parts();
        let mut request = HttpRequest::new(SdkBody::from(body));
        request.set_method(method)?;
        request.set_uri(url)?;
        for (name, value) in headers {
            request
                .headers_mut()
                .try_insert(*name, (*value).to_owned())?;
        }
        for (name, value) in signature.headers() {
            request
                .headers_mut()
                .try_insert(name.to_owned(), value.to_owned())?;
        }
        Ok(request)
    }

    async fn send(&self, operation: &str, request: HttpRequest) -> Result<HttpResponse, CallError> {
        let sent = self.connector.call(request).await;
        sent.map_err(|source| CallError::NoResponse {
            operation: operation.to_owned(),
            source: Box::new(source),
        })
    }

    /// The region's endpoint of a service, unless another was given.
    fn endpoint(&self, service: &str) -> String {
        let domain = match self.region.starts_with("cn-") {
            true => "amazonaws.com.cn",
            false => "amazonaws.com",
        };
        match &self.endpoint_url {
            Some(url) => format!("{}/", url.trim_end_matches('/')),
            None => format!("https://{service}.{}.{domain}/", self.region),
        }
    }
}

/// The service and the time that a request is signed for, and how.
struct SigningScope<'a> {
    service: &'a str,
    settings: SigningSettings,
    now_ms: u64,
}

async fn body_of(operation: &str, response: HttpResponse) -> Result<Vec<u8>, CallError> {
    let collected = ByteStream::new(response.into_body()).collect().await;
    let body = collected.map_err(|error| unreadable(operation, &error))?;
    Ok(body.to_vec())
}

/// Returns the media type of a request, which names the version of the JSON protocol that the service has.
fn json_content_type(service: &str) -> &'static str {
    match service {
        "dynamodb" => "application/x-amz-json-1.0",
        _ => "application/x-amz-json-1.1",
    }
}

fn unreadable(operation: &str, error: &impl std::error::Error) -> CallError {
    CallError::Unreadable {
        operation: operation.to_owned(),
        reason: error.to_string(),
    }
}

/// An error of the JSON protocol: `{"__type":"…#EntityNotFoundException","Message":"…"}`.
#[derive(Deserialize)]
struct JsonRefusal {
    #[serde(rename = "__type")]
    kind: String,
    #[serde(default, alias = "Message")]
    message: String,
}

/// An error of the query protocol.
#[cfg(feature = "service-call")]
#[derive(Deserialize)]
struct XmlRefusal {
    #[serde(rename = "Error")]
    error: XmlReason,
}

#[cfg(feature = "service-call")]
#[derive(Deserialize)]
struct XmlReason {
    #[serde(rename = "Code")]
    code: String,
    #[serde(rename = "Message", default)]
    message: String,
}

fn refused(operation: &str, status: u16, body: &str) -> CallError {
    let (code, message) = json_refusal(body)
        .or_else(|| xml_refusal(body))
        .unwrap_or_else(|| (format!("status {status}"), "no reason given".to_owned()));
    CallError::Refused {
        operation: operation.to_owned(),
        code,
        message,
    }
}

/// Returns code and message of an error of the JSON protocol.
fn json_refusal(body: &str) -> Option<(String, String)> {
    let refusal: JsonRefusal = serde_json::from_str(body).ok()?;
    let code = refusal.kind.rsplit('#').next().unwrap_or_default();
    Some((code.to_owned(), refusal.message))
}

/// Returns code and message of an error of the query protocol.
#[cfg(feature = "service-call")]
fn xml_refusal(body: &str) -> Option<(String, String)> {
    let refusal: XmlRefusal = quick_xml::de::from_str(body).ok()?;
    Some((refusal.error.code, refusal.error.message))
}

#[cfg(not(feature = "service-call"))]
fn xml_refusal(_body: &str) -> Option<(String, String)> {
    None
}

#[cfg(test)]
mod tests;
