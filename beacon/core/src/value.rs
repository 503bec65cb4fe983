//! Values of a record's columns, still borrowed from the request.

use std::borrow::Cow;
use std::net::IpAddr;

use http::{HeaderMap, HeaderName};
use uuid::Uuid;

use crate::json_writer;
use crate::privacy::Privacy;
use crate::query_params::Parameters;
use crate::text::lossy_text;
use crate::visitor::Visitor;

/// The value of a column.
pub(crate) enum Value<'h> {
    Null,
    Id(Uuid),
    Timestamp(u64),
    Text(&'h str),
    Address(Option<IpAddr>),
    Visitor(Option<Visitor>),
    /// True if the record was cut, which is known only when it is written.
    Truncated,
    /// Cut first when a record is too long.
    Truncatable(Truncatable<'h>),
}

#[derive(Clone, Copy)]
pub(crate) enum Truncatable<'h> {
    QueryString(&'h QueryString<'h>),
    Parameters(&'h KeptParameters<'h>),
    Headers(&'h KeptHeaders<'h>),
}

impl<'h> Value<'h> {
    pub(crate) fn text(text: &'h Option<Cow<'_, str>>) -> Value<'h> {
        match text {
            Some(text) => Value::Text(text),
            None => Value::Null,
        }
    }

    pub(crate) fn name(name: Option<&'static str>) -> Value<'h> {
        name.map_or(Value::Null, Value::Text)
    }
}

pub(crate) enum QueryString<'a> {
    AsReceived(&'a str),
    /// To be built from these.
    Cleaned(KeptParameters<'a>),
}

/// The parameters as the privacy setting lets them be seen.
#[derive(Clone, Copy)]
pub(crate) struct KeptParameters<'a> {
    pub(crate) all: &'a Parameters<'a>,
    pub(crate) privacy: &'a Privacy,
}

impl<'a> KeptParameters<'a> {
    /// Returns the value of the first parameter of this name, unless it is empty.
    pub(crate) fn get(&self, name: &str) -> Option<Cow<'a, str>> {
        self.all
            .get(name)
            .map(|value| self.privacy.clean_value(name, value))
            .filter(|value| !value.is_empty())
    }
}

/// The headers as the privacy setting lets them be seen.
#[derive(Clone, Copy)]
pub(crate) struct KeptHeaders<'a> {
    pub(crate) all: &'a HeaderMap,
    pub(crate) privacy: &'a Privacy,
}

impl<'a> KeptHeaders<'a> {
    /// `None` where the header is absent or not kept. Repeated ones are joined by `, `.
    pub(crate) fn get(&self, name: &HeaderName) -> Option<Cow<'a, str>> {
        if !self.privacy.keeps_header(name) {
            return None;
        }
        let mut values = self.all.get_all(name).iter();
        let mut text = lossy_text(values.next()?.as_bytes());
        for value in values {
            let joined = text.to_mut();
            joined.push_str(", ");
            joined.push_str(&lossy_text(value.as_bytes()));
        }
        Some(self.privacy.clean_owned(text))
    }

    /// Shows every kept header once.
    pub(crate) fn for_each(&self, mut show: impl FnMut(&'a HeaderName, HeaderText<'a>)) {
        if self.all.len() > self.all.keys_len() {
            for name in self.all.keys() {
                if let Some(value) = self.get(name) {
                    show(name, HeaderText::Any(value));
                }
            }
            return;
        }
        // No header is repeated, as nearly always: nothing to look up.
        for (name, value) in self.all {
            if !self.privacy.keeps_header(name) {
                continue;
            }
            let bytes = value.as_bytes();
            let text = if self.privacy.keeps_whole(bytes) && json_writer::is_plain(bytes) {
                HeaderText::Plain(bytes)
            } else {
                HeaderText::Any(self.privacy.clean_owned(lossy_text(bytes)))
            };
            show(name, text);
        }
    }
}

/// The value of a header. Most are plain, and cost neither a look whether they are UTF-8 nor one for escapes.
pub(crate) enum HeaderText<'a> {
    /// ASCII without escapes, as [`json_writer::is_plain`] knows it.
    Plain(&'a [u8]),
    Any(Cow<'a, str>),
}

impl HeaderText<'_> {
    pub(crate) fn len(&self) -> usize {
        match self {
            HeaderText::Plain(bytes) => bytes.len(),
            HeaderText::Any(text) => text.len(),
        }
    }
}
