//! JSON as programs send it, read without a tree: strings that are not quite Unicode, and objects in their own order.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

/// A JSON string, borrowed from the input wherever it has no escapes.
///
/// JavaScript writes half of a cut emoji as `\ud83d`, which is not Unicode. Read as bytes it becomes U+FFFD; read as a
/// `String` it would be an error.
///
/// ```
/// # use beacon_core::json::LossyStr;
/// let LossyStr(text) = serde_json::from_str(r#""cut \ud83d""#)?;
/// assert!(text.starts_with("cut \u{fffd}"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LossyStr<'a>(
    /// The text.
    pub Cow<'a, str>,
);

impl<'de: 'a, 'a> Deserialize<'de> for LossyStr<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<LossyStr<'a>, D::Error> {
        deserializer.deserialize_bytes(LossyStrVisitor)
    }
}

struct LossyStrVisitor;

impl<'de> Visitor<'de> for LossyStrVisitor {
    type Value = LossyStr<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_borrowed_bytes<E>(self, bytes: &'de [u8]) -> Result<LossyStr<'de>, E> {
        Ok(LossyStr(String::from_utf8_lossy(bytes)))
    }

    fn visit_bytes<E>(self, bytes: &[u8]) -> Result<LossyStr<'de>, E> {
        let text = String::from_utf8_lossy(bytes).into_owned();
        Ok(LossyStr(Cow::Owned(text)))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<LossyStr<'de>, E> {
        Ok(LossyStr(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<LossyStr<'de>, E> {
        Ok(LossyStr(Cow::Owned(text.to_owned())))
    }
}

/// The members of a JSON object in their order, repeated names included.
///
/// ```
/// # use beacon_core::json::Members;
/// # use serde_json::value::RawValue;
/// let Members(members): Members<String, &RawValue> = serde_json::from_str(r#"{"b":1.0,"a":2,"b":3}"#)?;
/// let members: Vec<_> = members.iter().map(|(name, value)| (&**name, value.get())).collect();
/// assert_eq!(members, [("b", "1.0"), ("a", "2"), ("b", "3")]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Members<N, V>(
    /// Names and values.
    pub Vec<(N, V)>,
);

impl<'de, N: Deserialize<'de>, V: Deserialize<'de>> Deserialize<'de> for Members<N, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members<N, V>, D::Error> {
        deserializer.deserialize_map(MembersVisitor(PhantomData))
    }
}

struct MembersVisitor<N, V>(PhantomData<(N, V)>);

impl<'de, N: Deserialize<'de>, V: Deserialize<'de>> Visitor<'de> for MembersVisitor<N, V> {
    type Value = Members<N, V>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<N, V>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}
