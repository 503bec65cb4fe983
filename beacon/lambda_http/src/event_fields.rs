//! The members of an event that are used here, whatever its format, read in one pass over the JSON.
//!
//! `aws_lambda_events` has a type for each format, which would be tried one after the other, copies members
//! that nothing reads, and refuses an event for one header value that is not quite right. Here strings are
//! read as bytes: neither invalid UTF-8 nor half a surrogate pair, both of which a client can send, makes an
//! event unreadable.
//!
//! The visitors are written by hand, and not by `#[derive(Deserialize)]`, because a derived struct can't skip the query
//! parameters where the raw query is there: it takes 15% more instructions for an HTTP API's GET (59,900 instead of
//! 52,000), 13% more for a function URL's and 2 to 3% more for a POST and a load balancer's event, and makes the reader
//! 7% larger (`benches/event_cost.rs`).

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The members of an event. A JSON `null` is an absent member.
#[derive(Debug, Default)]
pub(crate) struct EventFields {
    pub(crate) raw_path: Option<String>,
    pub(crate) raw_query_string: Option<String>,
    pub(crate) http_method: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) query: Option<Pairs>,
    pub(crate) multi_value_query: Option<Pairs>,
    pub(crate) headers: Option<HeaderMap>,
    pub(crate) multi_value_headers: Option<HeaderMap>,
    pub(crate) cookies: Option<Vec<String>>,
    pub(crate) body: Option<String>,
    pub(crate) is_base64_encoded: bool,
    pub(crate) context: RequestContext,
}

/// Names and values in the order of the event.
pub(crate) type Pairs = Vec<(String, String)>;

/// The members of `requestContext`.
#[derive(Debug, Default)]
pub(crate) struct RequestContext {
    pub(crate) stage: Option<String>,
    /// True if the member `elb` is there.
    pub(crate) is_load_balancer: bool,
    /// True if the member `http` is there.
    pub(crate) is_http: bool,
    /// `http.method`.
    pub(crate) method: Option<String>,
    /// `http.sourceIp` or `identity.sourceIp`.
    pub(crate) source_ip: Option<String>,
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum Member {
    RawPath,
    RawQueryString,
    HttpMethod,
    Path,
    Version,
    QueryStringParameters,
    MultiValueQueryStringParameters,
    Headers,
    MultiValueHeaders,
    Cookies,
    Body,
    IsBase64Encoded,
    RequestContext,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum ContextMember {
    Stage,
    Elb,
    Http,
    Identity,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "camelCase")]
enum ConnectionMember {
    Method,
    SourceIp,
    #[serde(other)]
    Other,
}

impl<'de> Deserialize<'de> for EventFields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<EventFields, D::Error> {
        deserializer.deserialize_map(EventFieldsVisitor)
    }
}

struct EventFieldsVisitor;

impl<'de> Visitor<'de> for EventFieldsVisitor {
    type Value = EventFields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<EventFields, A::Error> {
        let mut fields = EventFields::default();
        while let Some(member) = map.next_key()? {
            match member {
                Member::RawPath => fields.raw_path = string(&mut map)?,
                Member::RawQueryString => fields.raw_query_string = string(&mut map)?,
                Member::HttpMethod => fields.http_method = string(&mut map)?,
                Member::Path => fields.path = string(&mut map)?,
                Member::Version => fields.version = string(&mut map)?,
                // Redundant when `rawQueryString` is present.
                Member::QueryStringParameters if fields.raw_query_string.is_some() => {
                    skip(&mut map)?;
                }
                Member::QueryStringParameters => fields.query = collect(&mut map)?,
                Member::MultiValueQueryStringParameters => {
                    fields.multi_value_query = collect(&mut map)?;
                }
                Member::Headers => fields.headers = collect(&mut map)?,
                Member::MultiValueHeaders => fields.multi_value_headers = collect(&mut map)?,
                Member::Cookies => fields.cookies = list(&mut map)?,
                Member::Body => fields.body = string(&mut map)?,
                Member::IsBase64Encoded => {
                    fields.is_base64_encoded = map.next_value::<Option<bool>>()? == Some(true);
                }
                Member::RequestContext => {
                    fields.context = map
                        .next_value::<Option<RequestContext>>()?
                        .unwrap_or_default();
                }
                Member::Other => skip(&mut map)?,
            }
        }
        Ok(fields)
    }
}

impl<'de> Deserialize<'de> for RequestContext {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RequestContext, D::Error> {
        deserializer.deserialize_map(RequestContextVisitor)
    }
}

struct RequestContextVisitor;

impl<'de> Visitor<'de> for RequestContextVisitor {
    type Value = RequestContext;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a request context")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RequestContext, A::Error> {
        let mut context = RequestContext::default();
        while let Some(member) = map.next_key()? {
            match member {
                ContextMember::Stage => context.stage = string(&mut map)?,
                ContextMember::Elb => {
                    skip(&mut map)?;
                    context.is_load_balancer = true;
                }
                ContextMember::Http => {
                    map.next_value_seed(ConnectionSeed(&mut context))?;
                    context.is_http = true;
                }
                ContextMember::Identity => map.next_value_seed(ConnectionSeed(&mut context))?,
                ContextMember::Other => skip(&mut map)?,
            }
        }
        Ok(context)
    }
}

/// Reads `http` or `identity` into the context around it.
struct ConnectionSeed<'a>(&'a mut RequestContext);

impl<'de> DeserializeSeed<'de> for ConnectionSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ConnectionSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a description of the connection")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(member) = map.next_key()? {
            match member {
                ConnectionMember::Method => self.0.method = string(&mut map)?,
                ConnectionMember::SourceIp => self.0.source_ip = string(&mut map)?,
                ConnectionMember::Other => skip(&mut map)?,
            }
        }
        Ok(())
    }
}

fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>()?;
    Ok(())
}

fn string<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<String>, A::Error> {
    Ok(map
        .next_value::<Option<StringBytes<'de>>>()?
        .map(StringBytes::into_string))
}

fn list<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<Vec<String>>, A::Error> {
    let strings = map.next_value::<Option<Vec<StringBytes<'de>>>>()?;
    Ok(strings.map(|strings| strings.into_iter().map(StringBytes::into_string).collect()))
}

/// Reads a map of strings or lists of strings, as events have it for queries and headers.
fn collect<'de, A: MapAccess<'de>, T: Collection>(map: &mut A) -> Result<Option<T>, A::Error> {
    Ok(map
        .next_value::<Option<Collected<T>>>()?
        .map(|collected| collected.0))
}

trait Collection {
    fn empty() -> Self;
    fn add(&mut self, name: &StringBytes<'_>, value: StringBytes<'_>);
}

impl Collection for Pairs {
    fn empty() -> Pairs {
        Pairs::new()
    }

    fn add(&mut self, name: &StringBytes<'_>, value: StringBytes<'_>) {
        self.push((
            String::from_utf8_lossy(&name.0).into_owned(),
            value.into_string(),
        ));
    }
}

impl Collection for HeaderMap {
    /// Creates a map with room for a browser's and the services' headers, so that it doesn't grow.
    fn empty() -> HeaderMap {
        HeaderMap::with_capacity(32)
    }

    /// Leaves out an invalid name, and replaces control characters in a value by spaces.
    fn add(&mut self, name: &StringBytes<'_>, value: StringBytes<'_>) {
        let Ok(name) = HeaderName::from_bytes(&name.0) else {
            return;
        };
        let value = HeaderValue::from_bytes(&value.0).or_else(|_| {
            let visible: Vec<u8> = value
                .0
                .iter()
                .map(|&byte| if byte.is_ascii_control() { b' ' } else { byte })
                .collect();
            HeaderValue::from_bytes(&visible)
        });
        if let Ok(value) = value {
            self.append(name, value);
        }
    }
}

struct Collected<T>(T);

impl<'de, T: Collection> Deserialize<'de> for Collected<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Collected<T>, D::Error> {
        deserializer.deserialize_map(CollectedVisitor(PhantomData))
    }
}

struct CollectedVisitor<T>(PhantomData<T>);

impl<'de, T: Collection> Visitor<'de> for CollectedVisitor<T> {
    type Value = Collected<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of strings or lists of strings")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Collected<T>, A::Error> {
        let mut collection = T::empty();
        while let Some(name) = map.next_key::<StringBytes<'de>>()? {
            map.next_value_seed(ValueSeed {
                collection: &mut collection,
                name,
            })?;
        }
        Ok(Collected(collection))
    }
}

/// Reads one string, or each of a list, into the collection under the name.
struct ValueSeed<'a, 'n, T> {
    collection: &'a mut T,
    name: StringBytes<'n>,
}

impl<'de, T: Collection> DeserializeSeed<'de> for ValueSeed<'_, '_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_option(self)
    }
}

impl<'de, T: Collection> Visitor<'de> for ValueSeed<'_, '_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a list of strings")
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        // serde_json accepts a string as well as a list for this.
        deserializer.deserialize_bytes(self)
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<(), E> {
        self.collection
            .add(&self.name, StringBytes(Cow::Borrowed(bytes)));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<(), A::Error> {
        while let Some(value) = values.next_element::<Option<StringBytes<'de>>>()? {
            if let Some(value) = value {
                self.collection.add(&self.name, value);
            }
        }
        Ok(())
    }
}

/// A JSON string as its bytes, which may be invalid UTF-8: a header keeps them as they are.
struct StringBytes<'de>(Cow<'de, [u8]>);

impl StringBytes<'_> {
    fn into_string(self) -> String {
        match String::from_utf8(self.0.into_owned()) {
            Ok(text) => text,
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        }
    }
}

impl<'de> Deserialize<'de> for StringBytes<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<StringBytes<'de>, D::Error> {
        deserializer.deserialize_bytes(StringBytesVisitor)
    }
}

struct StringBytesVisitor;

impl<'de> Visitor<'de> for StringBytesVisitor {
    type Value = StringBytes<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_bytes<E: Error>(self, bytes: &'de [u8]) -> Result<StringBytes<'de>, E> {
        Ok(StringBytes(Cow::Borrowed(bytes)))
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<StringBytes<'de>, E> {
        Ok(StringBytes(Cow::Owned(bytes.to_vec())))
    }
}
