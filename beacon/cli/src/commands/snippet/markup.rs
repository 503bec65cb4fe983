//! HTML and JavaScript, with everything in them escaped.

use url::form_urlencoded;

/// By default a browser tells another host only the site; this lets it say the page, except from https to http.
pub(super) const WHOLE_REFERRER: &str = "no-referrer-when-downgrade";

/// A mail is read on the pages of others, whose addresses tell nothing about it.
const NO_REFERRER: &str = "no-referrer";

/// The parameters of a pixel's URL.
#[derive(Default)]
pub(super) struct Query(String);

impl Query {
    pub(super) fn add(&mut self, name: &str, value: &str) {
        let encoded: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
        self.add_raw(name, &encoded);
    }

    /// A merge tag: encoded it would be none.
    pub(super) fn add_raw(&mut self, name: &str, value: &str) {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.0.push_str(name);
        self.0.push('=');
        self.0.push_str(value);
    }

    pub(super) fn url(&self, without_query: &str) -> String {
        format!("{without_query}?{}", self.0)
    }
}

/// A tag that is being written.
pub(super) struct Attributes(String);

impl Attributes {
    pub(super) fn of(element: &str) -> Attributes {
        Attributes(format!("<{element}"))
    }

    pub(super) fn add(&mut self, name: &str, value: &str) {
        self.0.push_str(&format!(" {name}=\"{}\"", escape(value)));
    }

    pub(super) fn flag(&mut self, name: &str) {
        self.0.push(' ');
        self.0.push_str(name);
    }

    pub(super) fn tag(self) -> String {
        self.0 + ">"
    }
}

/// The image of a page.
pub(super) fn image(url: &str) -> String {
    let mut image = Attributes::of("img");
    image.add("src", url);
    image.add("alt", "");
    image.add("width", "1");
    image.add("height", "1");
    image.add("referrerpolicy", WHOLE_REFERRER);
    image.tag()
}

/// The image of a mail. The attributes are for programs that drop styles, and the style for those that would put the
/// image on a line of text or draw a frame. Hidden in any other way it would not be loaded, or taken for spam.
pub(super) fn mail_image(url: &str) -> String {
    let mut image = Attributes::of("img");
    image.add("src", url);
    image.add("alt", "");
    image.add("width", "1");
    image.add("height", "1");
    image.add("border", "0");
    image.add("style", "display:block;width:1px;height:1px;border:0");
    // A webmail's address is no page of the site, and nobody's business.
    image.add("referrerpolicy", NO_REFERRER);
    image.tag()
}

/// A component around the hook; the values are JavaScript.
pub(super) fn react(options: &[(&str, String)]) -> String {
    let mut lines = String::new();
    for (name, value) in options {
        lines.push_str(&format!("    {name}: {value},\n"));
    }
    format!(
        // Frameworks with server components run a hook in the browser only if the file says so.
        "\"use client\";\n\n\
         import {{ useTracking }} from \"beacon-react\";\n\n\
         export function Tracking() {{\n  useTracking({{\n{lines}  }});\n  return null;\n}}"
    )
}

/// Text as the value of an attribute in double quotes.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}
