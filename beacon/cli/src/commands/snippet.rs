//! `beacon snippet`: prints the code that adds the pixel to a page, an email or a React app.

mod address;
mod mail_tool;
mod markup;

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context;
use clap::ValueEnum;

use address::{Endpoint, Page, PathOption, Site};
use mail_tool::{MailTool, Name};
use markup::{Attributes, Query};

/// Print the code that adds the pixel to a page, an email or a React app
#[derive(Debug, clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:
  beacon snippet page --site blog.example --endpoint https://b.example
  beacon snippet css --site blog.example --endpoint https://b.example --page /talks
  beacon snippet email --site blog.example --endpoint https://b.example --mail-tool mailchimp
  beacon snippet react --site app.example --endpoint https://b.example --base-path /stats"
)]
pub struct SnippetArgs {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Debug, clap::Subcommand)]
enum Kind {
    Page(PageArgs),
    Css(CssArgs),
    Email(EmailArgs),
    React(ReactArgs),
}

#[derive(Debug, clap::Args)]
struct Place {
    /// Host of the site to count, for example blog.example
    #[arg(long, value_name = "HOST", value_parser = Site::parse)]
    site: Site,

    /// Public URL of the beacon, for example https://b.example
    #[arg(long, value_name = "URL", value_parser = Endpoint::parse)]
    endpoint: Endpoint,

    /// Base path of the beacon, if it has one
    #[arg(long, value_name = "PATH", env = "BEACON_BASE_PATH", default_value = "", hide_default_value = true, value_parser = PathOption::parse)]
    base_path: PathOption,
}

/// The options of the script and of the React hook.
#[derive(Debug, clap::Args)]
struct Counting {
    /// Navigation that counts as a page view in a single-page app
    #[arg(long, value_enum, default_value_t = Spa::History)]
    spa: Spa,

    /// Do not count visitors who send Global Privacy Control or Do Not Track
    #[arg(long)]
    honour_gpc: bool,

    /// Alias of /track (see BEACON_PATHS)
    #[arg(long, value_name = "PATH", value_parser = PathOption::parse)]
    track_path: Option<PathOption>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Spa {
    /// A change of the path
    History,
    /// A change of the path or of the fragment
    Hash,
    /// Nothing
    Off,
    /// Nothing, not even the first page
    Manual,
}

/// Script for every page, with an image for visitors without JavaScript
#[derive(Debug, clap::Args)]
struct PageArgs {
    #[command(flatten)]
    place: Place,

    #[command(flatten)]
    counting: Counting,

    /// Alias of /beacon.js (see BEACON_PATHS)
    #[arg(long, value_name = "PATH", value_parser = PathOption::parse)]
    script_path: Option<PathOption>,

    /// Alias of /pixel.gif (see BEACON_PATHS)
    #[arg(long, value_name = "PATH", value_parser = PathOption::parse)]
    pixel_path: Option<PathOption>,

    /// Path or URL of the page, for the image only [default: that of the Referer header]
    #[arg(long, value_name = "PAGE", value_parser = Page::parse)]
    page: Option<Page>,
}

/// Style sheet with media="none", for pages without JavaScript
#[derive(Debug, clap::Args)]
struct CssArgs {
    #[command(flatten)]
    place: Place,

    /// Alias of /pixel.css (see BEACON_PATHS)
    #[arg(long, value_name = "PATH", value_parser = PathOption::parse)]
    css_path: Option<PathOption>,

    /// Path or URL of the page [default: that of the Referer header]
    #[arg(long, value_name = "PAGE", value_parser = Page::parse)]
    page: Option<Page>,
}

/// Image for an email, counted as the event `open`
#[derive(Debug, clap::Args)]
struct EmailArgs {
    #[command(flatten)]
    place: Place,

    /// Mailing tool; its merge tag identifies the recipient
    #[arg(long, value_enum)]
    mail_tool: Option<MailTool>,

    /// Field of the mailing tool that identifies the recipient [default: the tool's own identifier, or userid]
    #[arg(long, value_name = "FIELD", requires = "mail_tool", value_parser = Name::parse)]
    recipient: Option<Name>,

    /// Name of the mailing [default: the merge tag of the mailing tool, if it has one]
    #[arg(long, value_name = "NAME")]
    campaign: Option<String>,

    /// Page that the opens of the email count for
    #[arg(long, value_name = "PAGE", default_value = "/email", value_parser = Page::parse)]
    page: Page,

    /// Alias of /pixel.gif (see BEACON_PATHS)
    #[arg(long, value_name = "PATH", value_parser = PathOption::parse)]
    pixel_path: Option<PathOption>,
}

/// Component for a React app, with the package beacon-react
#[derive(Debug, clap::Args)]
struct ReactArgs {
    #[command(flatten)]
    place: Place,

    #[command(flatten)]
    counting: Counting,

    /// Alias of /pixel.gif (see BEACON_PATHS)
    #[arg(long, value_name = "PATH", value_parser = PathOption::parse)]
    pixel_path: Option<PathOption>,
}

/// The code, for standard output, and hints about where to put it, for standard error.
#[derive(Debug)]
struct Snippet {
    text: String,
    hints: Vec<String>,
}

impl SnippetArgs {
    /// Prints the snippet.
    ///
    /// # Errors
    /// Returns an error if the output can't be written.
    pub fn run(self) -> anyhow::Result<ExitCode> {
        let snippet = self.snippet();
        for hint in &snippet.hints {
            // With nobody to read standard error, the snippet is still right.
            writeln!(std::io::stderr(), "{hint}").ok();
        }
        writeln!(std::io::stdout(), "{}", snippet.text).context("cannot write the snippet")?;
        Ok(ExitCode::SUCCESS)
    }

    fn snippet(&self) -> Snippet {
        let (place, mut snippet) = match &self.kind {
            Kind::Page(args) => (&args.place, args.snippet()),
            Kind::Css(args) => (&args.place, args.snippet()),
            Kind::Email(args) => (&args.place, args.snippet()),
            Kind::React(args) => (&args.place, args.snippet()),
        };
        if let Some(warning) = place.endpoint.warning() {
            snippet.hints.push(warning);
        }
        snippet
    }
}

impl Place {
    /// Returns true if the script ignores pages on this host unless it has `data-local`.
    fn is_local(&self) -> bool {
        self.endpoint.is_loopback() || self.site.is_local()
    }

    /// Returns the URL of an alias, or of the built-in path if there is none.
    fn url(&self, alias: Option<&PathOption>, built_in: &str) -> String {
        format!("{}{}", self.endpoint, self.path(alias, built_in))
    }

    /// Returns the path of an alias, or the built-in one, after the base path.
    fn path(&self, alias: Option<&PathOption>, built_in: &str) -> String {
        match alias {
            Some(alias) => format!("{}{alias}", self.base_path),
            None => format!("{}{built_in}", self.base_path),
        }
    }
}

impl PageArgs {
    fn snippet(&self) -> Snippet {
        let place = &self.place;
        let mut script = Attributes::of("script");
        script.flag("defer");
        script.add("src", &place.url(self.script_path.as_ref(), "/beacon.js"));
        script.add("data-site", place.site.as_str());
        // The script's requests are relative to the script, so an alias in a directory moves all three.
        let moved = self.script_path.as_ref().is_some_and(PathOption::is_deep);
        if let Some(track) = or_moved(self.counting.track_path.as_ref(), "/track", moved, place) {
            script.add("data-track", &track);
        }
        if let Some(pixel) = or_moved(self.pixel_path.as_ref(), "/pixel.gif", moved, place) {
            script.add("data-pixel", &pixel);
        }
        if self.counting.spa != Spa::History {
            script.add("data-spa", self.counting.spa.word());
        }
        if self.counting.honour_gpc {
            script.flag("data-honour-gpc");
        }
        if place.is_local() {
            script.flag("data-local");
        }

        let mut query = Query::default();
        query.add("site", place.site.as_str());
        if let Some(page) = &self.page {
            query.add("page", page.as_str());
        }
        let image = markup::image(&query.url(&place.url(self.pixel_path.as_ref(), "/pixel.gif")));
        let mut hints = vec!["Add it to every page, before </body>.".to_owned()];
        if self.counting.honour_gpc {
            hints.push(
                "The <noscript> image can't honour Global Privacy Control: leave it out to be strict."
                    .to_owned(),
            );
        }
        Snippet {
            text: format!("{}</script>\n<noscript>{image}</noscript>", script.tag()),
            hints,
        }
    }
}

/// Returns the value of a `data-` attribute; `None` if the script finds the path by itself.
fn or_moved(
    alias: Option<&PathOption>,
    built_in: &str,
    moved: bool,
    place: &Place,
) -> Option<String> {
    (alias.is_some() || moved).then(|| place.path(alias, built_in))
}

impl CssArgs {
    fn snippet(&self) -> Snippet {
        let mut query = Query::default();
        query.add("site", self.place.site.as_str());
        if let Some(page) = &self.page {
            query.add("page", page.as_str());
        }
        let mut link = Attributes::of("link");
        link.add("rel", "stylesheet");
        link.add(
            "href",
            &query.url(&self.place.url(self.css_path.as_ref(), "/pixel.css")),
        );
        link.add("media", "none");
        link.add("referrerpolicy", markup::WHOLE_REFERRER);
        let mut hints = vec!["Add it to the <head> of every page.".to_owned()];
        if self.page.is_none() {
            hints.push(
                "Without --page, views of a page that hides its Referer count for the site only."
                    .to_owned(),
            );
        }
        Snippet {
            text: link.tag(),
            hints,
        }
    }
}

impl EmailArgs {
    fn snippet(&self) -> Snippet {
        let mut query = Query::default();
        query.add("site", self.place.site.as_str());
        query.add("event", "open");
        // An email has no URL, and email programs send no Referer.
        query.add("page", self.page.as_str());
        query.add("utm_medium", "email");
        let tag_of_campaign = self.mail_tool.and_then(MailTool::campaign);
        match (&self.campaign, tag_of_campaign) {
            (Some(name), _) => query.add("utm_campaign", name),
            (None, Some(tag)) => query.add_raw("utm_campaign", tag),
            (None, None) => {}
        }
        let mut hints = vec![
            "Add it right after <body>: some programs truncate long emails, and never load their end."
                .to_owned(),
        ];
        if let Some(tool) = self.mail_tool {
            query.add_raw("userid", &tool.recipient(self.recipient.as_ref()));
            hints.push(tool.hint(self.recipient.as_ref()));
            hints.push(
                "userid identifies who opened the email, and is recorded as it is: inform your readers."
                    .to_owned(),
            );
        }
        Snippet {
            text: markup::email_image(
                &query.url(&self.place.url(self.pixel_path.as_ref(), "/pixel.gif")),
            ),
            hints,
        }
    }
}

impl ReactArgs {
    fn snippet(&self) -> Snippet {
        let place = &self.place;
        let mut options = vec![
            (
                "endpoint",
                json(&format!("{}{}", place.endpoint, place.base_path)),
            ),
            ("site", json(place.site.as_str())),
        ];
        if self.counting.spa != Spa::History {
            options.push(("spa", json(self.counting.spa.word())));
        }
        if self.counting.honour_gpc {
            options.push(("honourGpc", "true".to_owned()));
        }
        if place.is_local() {
            options.push(("local", "true".to_owned()));
        }
        for (name, alias) in [
            ("track", &self.counting.track_path),
            ("pixel", &self.pixel_path),
        ] {
            if let Some(alias) = alias {
                options.push((name, json(&alias.to_string())));
            }
        }
        Snippet {
            text: markup::react(&options),
            hints: vec![
                concat!(
                    "Render <Tracking /> once, in the root of the app, after `npm install ./beacon-react-",
                    env!("CARGO_PKG_VERSION"),
                    ".tgz`. Each release has that file; `npm ci && npm pack --workspace clients/react` in a checkout makes it.",
                )
                .to_owned(),
            ],
        }
    }
}

impl Spa {
    fn word(self) -> &'static str {
        match self {
            Spa::History => "history",
            Spa::Hash => "hash",
            Spa::Off => "off",
            Spa::Manual => "manual",
        }
    }
}

/// Quotes a string for JavaScript.
fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests;
