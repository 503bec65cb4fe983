//! Paths among tokens, which is all that a parser sees of a macro's arguments.

use proc_macro2::{Spacing, TokenStream, TokenTree};

/// A path found among tokens.
pub(crate) struct TokenPath {
    pub(crate) segments: Vec<String>,
    pub(crate) line: usize,
    /// Whether `!` follows, as after a macro's name.
    pub(crate) is_macro: bool,
}

/// Appends the paths in `tokens`, also those in nested groups.
///
/// A field (`.name`), a lifetime, a macro's variable (`$name`) and the name of an argument (`name: …`, `name = …`) are
/// no paths. `$crate` is the crate in which the macro stands.
pub(crate) fn append_paths(tokens: TokenStream, paths: &mut Vec<TokenPath>) {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while at < trees.len() {
        if let TokenTree::Group(group) = &trees[at] {
            append_paths(group.stream(), paths);
        }
        let TokenTree::Ident(first) = &trees[at] else {
            at += 1;
            continue;
        };
        let mut segments = vec![plain(first)];
        let mut next = at + 1;
        while is_path_separator(&trees, next)
            && let Some(TokenTree::Ident(segment)) = trees.get(next + 2)
        {
            segments.push(plain(segment));
            next += 3;
        }
        let names_an_argument =
            segments.len() == 1 && (is_single(&trees, next, ':') || is_single(&trees, next, '='));
        if starts_path(&trees, at, &segments) && !names_an_argument {
            let is_macro = is_single(&trees, next, '!')
                && matches!(trees.get(next + 1), Some(TokenTree::Group(_)));
            paths.push(TokenPath {
                segments,
                line: first.span().start().line,
                is_macro,
            });
        }
        at = next;
    }
}

/// Appends the paths that serde's attributes hold as texts: a function (`default = "a::b"`) or, with `with = "a::b"`,
/// a module whose `serialize` and `deserialize` are meant.
pub(crate) fn append_quoted_paths(tokens: TokenStream, paths: &mut Vec<TokenPath>) {
    for tree in tokens {
        let TokenTree::Literal(literal) = tree else {
            continue;
        };
        let text = literal.to_string();
        let Ok(path) = syn::parse_str::<syn::Path>(text.trim_matches('"')) else {
            continue;
        };
        let segments: Vec<String> = path
            .segments
            .iter()
            .map(|segment| plain(&segment.ident))
            .collect();
        let line = literal.span().start().line;
        for function in ["serialize", "deserialize"] {
            let mut segments = segments.clone();
            segments.push(function.to_owned());
            paths.push(TokenPath {
                segments,
                line,
                is_macro: false,
            });
        }
        paths.push(TokenPath {
            segments,
            line,
            is_macro: false,
        });
    }
}

fn starts_path(trees: &[TokenTree], at: usize, segments: &[String]) -> bool {
    let before = |distance: usize| at.checked_sub(distance).and_then(|index| trees.get(index));
    let Some(TokenTree::Punct(previous)) = before(1) else {
        return true;
    };
    match previous.as_char() {
        // `..limit` is a range, `hit.page` a field.
        '.' => {
            matches!(before(2), Some(TokenTree::Punct(dot)) if dot.as_char() == '.' && dot.spacing() == Spacing::Joint)
        }
        '\'' => false,
        '$' => segments[0] == "crate",
        // `::std::…` begins outside of the crate; `<T as Trait>::name` belongs to the type.
        ':' => {
            !matches!(before(2), Some(TokenTree::Punct(colon)) if colon.as_char() == ':' && colon.spacing() == Spacing::Joint)
        }
        _ => true,
    }
}

fn is_path_separator(trees: &[TokenTree], at: usize) -> bool {
    let is_colon = |index: usize| matches!(trees.get(index), Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
    is_colon(at) && is_colon(at + 1)
}

fn is_single(trees: &[TokenTree], at: usize, sign: char) -> bool {
    matches!(trees.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == sign && punct.spacing() == Spacing::Alone)
}

fn plain(ident: &proc_macro2::Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map_or(text.clone(), str::to_owned)
}
