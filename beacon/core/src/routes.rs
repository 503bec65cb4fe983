//! Paths and their routes.

use http::Method;

use crate::settings::error::SettingsError;

/// The purpose of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Route {
    /// A pixel: a GET counts, and so does a POST.
    Pixel(PixelKind),
    /// `/track`, or an alias: a POST counts.
    Track,
    /// The client script, `/beacon.js`.
    ClientScript,
    /// `/robots.txt`.
    Robots,
    /// `/favicon.ico`.
    Favicon,
    /// `/health`.
    Health,
    /// `/count`, where the adapter counts: see [`Beacon::with_counts`](crate::Beacon::with_counts).
    Count,
}

/// The format of a pixel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PixelKind {
    /// A transparent GIF of one pixel.
    Gif,
    /// A transparent PNG of one pixel.
    Png,
    /// An empty style sheet.
    Css,
    /// An empty script.
    Js,
}

impl PixelKind {
    /// Returns the value of the column `format`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            PixelKind::Gif => "gif",
            PixelKind::Png => "png",
            PixelKind::Css => "css",
            PixelKind::Js => "js",
        }
    }
}

impl Route {
    /// Tells whether a request of this method has a body that counts: an adapter reads no other.
    pub fn wants_body(self, method: &Method) -> bool {
        *method == Method::POST && self.allows(method)
    }

    /// Returns the allowed methods, for `Allow`.
    pub(crate) fn methods(self) -> &'static str {
        match self {
            Route::Track => "OPTIONS, POST",
            Route::Pixel(_) => "GET, HEAD, OPTIONS, POST",
            _ => "GET, HEAD, OPTIONS",
        }
    }

    pub(crate) fn allows(self, method: &Method) -> bool {
        match self {
            Route::Track => *method == Method::POST,
            Route::Pixel(_) => {
                *method == Method::GET || *method == Method::HEAD || *method == Method::POST
            }
            _ => *method == Method::GET || *method == Method::HEAD,
        }
    }
}

/// The paths of an installation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Routes {
    /// Begins with `/` and does not end with it; or empty.
    base_path: String,
    exact: Vec<(String, Route)>,
    /// With the `/` at their end, the longest first.
    prefixes: Vec<(String, Route)>,
    /// True if `/count` has a route.
    has_count: bool,
}

impl Routes {
    pub(crate) fn base_path(&self) -> &str {
        &self.base_path
    }

    pub(crate) fn parse(paths: &str, base_path: &str) -> Result<Routes, SettingsError> {
        let mut routes = Routes {
            base_path: parse_base_path(base_path)?,
            ..Routes::default()
        };
        for entry in paths
            .split(',')
            .map(str::trim)
            .filter(|entry| !entry.is_empty())
        {
            let form = || SettingsError::PathForm {
                entry: entry.to_owned(),
            };
            let (path, kind) = entry.split_once('=').ok_or_else(form)?;
            let (path, route) = (path.trim(), route_of_kind(kind.trim()).ok_or_else(form)?);
            // The built-in paths come first, so a prefix hides none of them.
            let (path, list, is_built_in) = match path.strip_suffix('*') {
                Some(prefix) if prefix.ends_with('/') => (prefix, &mut routes.prefixes, false),
                Some(_) => return Err(form()),
                None => (path, &mut routes.exact, built_in(path, true).is_some()),
            };
            if !is_path(path) {
                return Err(form());
            }
            if is_built_in || list.iter().any(|(taken, _)| taken == path) {
                return Err(SettingsError::PathTaken {
                    path: path.to_owned(),
                });
            }
            list.push((path.to_owned(), route));
        }
        routes
            .prefixes
            .sort_by_key(|(prefix, _)| std::cmp::Reverse(prefix.len()));
        Ok(routes)
    }

    /// Adds the route of counts, which like the built-in ones comes before a prefix.
    pub(crate) fn add_count(&mut self) -> Result<(), SettingsError> {
        if self.exact.iter().any(|(path, _)| path == COUNT) {
            return Err(SettingsError::CountPathTaken);
        }
        self.has_count = true;
        Ok(())
    }

    pub(crate) fn find(&self, path: &str, has_query: bool) -> Option<Route> {
        // Crawlers and load balancers ask for these at the root, wherever the rest lies.
        if let Some(route @ (Route::Robots | Route::Favicon | Route::Health)) =
            built_in(path, has_query)
        {
            return Some(route);
        }
        let path = match path.strip_prefix(self.base_path.as_str())? {
            "" => "/",
            path => path,
        };
        if let Some(route) = built_in(path, has_query) {
            return Some(route);
        }
        if self.has_count && path == COUNT {
            return Some(Route::Count);
        }
        let exact = self.exact.iter().find(|(alias, _)| alias == path);
        let found = exact.or_else(|| {
            self.prefixes
                .iter()
                .find(|(prefix, _)| path.starts_with(prefix.as_str()))
        });
        found.map(|(_, route)| *route)
    }
}

/// Every path that [`built_in`] knows, and the kinds that [`route_of_kind`] does, for those who check settings
/// elsewhere.
pub(crate) const BUILT_IN: [&str; 12] = [
    "/",
    "/pixel.gif",
    "/trackingpixel",
    "/hit",
    "/pixel.png",
    "/pixel.css",
    "/pixel.js",
    "/track",
    "/beacon.js",
    "/robots.txt",
    "/favicon.ico",
    "/health",
];
pub(crate) const KINDS: [&str; 6] = ["gif", "png", "css", "js", "track", "client"];

const COUNT: &str = "/count";

fn built_in(path: &str, has_query: bool) -> Option<Route> {
    match path {
        "/pixel.gif" | "/trackingpixel" | "/hit" => Some(Route::Pixel(PixelKind::Gif)),
        "/" if has_query => Some(Route::Pixel(PixelKind::Gif)),
        "/pixel.png" => Some(Route::Pixel(PixelKind::Png)),
        "/pixel.css" => Some(Route::Pixel(PixelKind::Css)),
        "/pixel.js" => Some(Route::Pixel(PixelKind::Js)),
        "/track" => Some(Route::Track),
        "/beacon.js" => Some(Route::ClientScript),
        "/robots.txt" => Some(Route::Robots),
        "/favicon.ico" => Some(Route::Favicon),
        "/health" => Some(Route::Health),
        _ => None,
    }
}

fn route_of_kind(kind: &str) -> Option<Route> {
    match kind {
        "gif" => Some(Route::Pixel(PixelKind::Gif)),
        "png" => Some(Route::Pixel(PixelKind::Png)),
        "css" => Some(Route::Pixel(PixelKind::Css)),
        "js" => Some(Route::Pixel(PixelKind::Js)),
        "track" => Some(Route::Track),
        "client" => Some(Route::ClientScript),
        _ => None,
    }
}

fn parse_base_path(setting: &str) -> Result<String, SettingsError> {
    let base_path = setting.trim_end_matches('/');
    if !base_path.is_empty() && !is_path(base_path) {
        return Err(SettingsError::BasePath {
            value: setting.to_owned(),
        });
    }
    Ok(base_path.to_owned())
}

/// Absolute, of visible ASCII (all else arrives percent-encoded), without query, fragment and wildcard.
fn is_path(path: &str) -> bool {
    path.starts_with('/')
        && !path.contains("//")
        && path
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"?#*\"<>\\^`{|}".contains(&byte))
}
