//! Writes HTML and JavaScript, with all values escaped.

use url::form_urlencoded;

/// Makes a browser send the page's URL to another host, instead of its origin, except from https to http.
pub(super) const WHOLE_REFERRER: &str = "no-referrer-when-downgrade";

/// Hides the page of a webmail service, which has nothing to do with the email.
const NO_REFERRER: &str = "no-referrer";

/// The parameters of a pixel's URL.
#[derive(Default)]
pub(super) struct Query(String);

impl Query {
    pub(super) fn add(&mut self, name: &str, value: &str) {
        let encoded: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
        self.add_raw(name, &encoded);
    }

    /// Adds a merge tag unencoded, because the tool replaces only its exact text.
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

/// An HTML tag under construction.
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

/// Returns the image of a page.
pub(super) fn image(url: &str) -> String {
    let mut image = Attributes::of("img");
    image.add("src", url);
    image.add("alt", "");
    image.add("width", "1");
    image.add("height", "1");
    image.add("referrerpolicy", WHOLE_REFERRER);
    image.tag()
}

/// Returns the image of an email.
///
/// The attributes are for programs that drop styles, and the style for those that would put the image on a line of text
/// or draw a frame. An image that is hidden in another way isn't loaded, or looks like spam.
pub(super) fn email_image(url: &str) -> String {
    let mut image = Attributes::of("img");
    image.add("src", url);
    image.add("alt", "");
    image.add("width", "1");
    image.add("height", "1");
    image.add("border", "0");
    image.add("style", "display:block;width:1px;height:1px;border:0");
    // A webmail service's address isn't a page of the site, and is private.
    image.add("referrerpolicy", NO_REFERRER);
    image.tag()
}

/// Returns a component around the hook. The values are JavaScript.
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

/// Escapes text for an attribute in double quotes.
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
