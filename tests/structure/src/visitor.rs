//! Collects a module's names and paths from its parsed items.

use std::collections::HashSet;

use syn::visit::{self, Visit};
use syn::{Attribute, Fields, Ident, Item, ItemMod, UseTree, Visibility};

use crate::tokens::{TokenPath, append_paths, append_quoted_paths};
use crate::tree::{Import, Meaning, Module, Name, Reference, Space};

/// Adds the names and paths of `items` to `module`, and returns the child modules that they declare.
pub(crate) fn collect<'ast>(items: &'ast [Item], module: &mut Module) -> Vec<&'ast ItemMod> {
    let mut visitor = Visitor {
        module,
        children: Vec::new(),
        locals: Vec::new(),
    };
    for item in items {
        visitor.visit_item(item);
    }
    visitor.children
}

struct Visitor<'a, 'ast> {
    module: &'a mut Module,
    children: Vec<&'ast ItemMod>,
    /// Names bound in the functions around the place where the visitor is, the innermost last.
    locals: Vec<Locals>,
}

/// What a function binds: a path of one such segment leads to the function itself.
#[derive(Default)]
struct Locals {
    variables: HashSet<String>,
    items: HashSet<String>,
}

impl Visitor<'_, '_> {
    fn declare(&mut self, ident: &Ident, visibility: Option<&Visibility>, space: Space) {
        // An item within a function is that function's own.
        if !self.locals.is_empty() {
            return;
        }
        self.module.names.push(Name {
            name: plain(ident),
            meaning: Meaning::Item(space),
            is_public: matches!(visibility, Some(Visibility::Public(_))),
            line: line(ident),
        });
    }

    fn refer(&mut self, path: Vec<String>, space: Space, line: usize) {
        let is_local = self.locals.iter().any(|locals| {
            locals.items.contains(&path[0])
                || (path.len() == 1 && space != Space::Type && locals.variables.contains(&path[0]))
        });
        if !is_local {
            self.module.references.push(Reference { path, space, line });
        }
    }

    fn refer_to(&mut self, path: &syn::Path, space: Space) {
        let segments: Vec<String> = path
            .segments
            .iter()
            .map(|segment| plain(&segment.ident))
            .collect();
        if path.leading_colon.is_none() && !segments.is_empty() {
            self.refer(segments, space, line(&path.segments[0].ident));
        }
    }

    fn refer_to_tokens(&mut self, paths: Vec<TokenPath>) {
        for path in paths {
            let space = if path.is_macro {
                Space::Macro
            } else {
                Space::Any
            };
            self.refer(path.segments, space, path.line);
        }
    }

    fn import(&mut self, tree: &UseTree, before: &mut Vec<String>, visibility: &Visibility) {
        let import = |path: Vec<String>, ident_line: usize| Import {
            path,
            is_reexport: !matches!(visibility, Visibility::Inherited),
            is_public: matches!(visibility, Visibility::Public(_)),
            line: ident_line,
        };
        let (ident, alias) = match tree {
            UseTree::Path(path) => {
                before.push(plain(&path.ident));
                self.import(&path.tree, before, visibility);
                before.pop();
                return;
            }
            UseTree::Group(group) => {
                for leaf in &group.items {
                    self.import(leaf, before, visibility);
                }
                return;
            }
            UseTree::Glob(glob) => {
                let at = glob.star_token.spans[0].start().line;
                self.module.globs.push(import(before.clone(), at));
                return;
            }
            UseTree::Name(name) => (&name.ident, &name.ident),
            UseTree::Rename(rename) => (&rename.ident, &rename.rename),
        };
        let mut path = before.clone();
        // `use a::{self}` imports `a`.
        if ident != "self" || path.is_empty() {
            path.push(plain(ident));
        }
        let name = if alias == "self" {
            path.last().cloned().unwrap_or_default()
        } else {
            plain(alias)
        };
        let import = import(path, line(ident));
        let (is_public, line) = (import.is_public, import.line);
        self.module.names.push(Name {
            name,
            meaning: Meaning::Import(import),
            is_public,
            line,
        });
    }

    fn within_function(&mut self, locals: Locals, visit: impl FnOnce(&mut Self)) {
        self.locals.push(locals);
        visit(self);
        self.locals.pop();
    }
}

impl<'ast> Visit<'ast> for Visitor<'_, 'ast> {
    fn visit_item(&mut self, item: &'ast Item) {
        match item {
            Item::Const(item) => self.declare(&item.ident, Some(&item.vis), Space::Value),
            Item::Enum(item) => self.declare(&item.ident, Some(&item.vis), Space::Type),
            Item::Fn(item) => self.declare(&item.sig.ident, Some(&item.vis), Space::Value),
            Item::Static(item) => self.declare(&item.ident, Some(&item.vis), Space::Value),
            Item::Struct(item) => {
                let space = if matches!(item.fields, Fields::Named(_)) {
                    Space::Type
                } else {
                    Space::TypeAndValue
                };
                self.declare(&item.ident, Some(&item.vis), space);
            }
            Item::Trait(item) => self.declare(&item.ident, Some(&item.vis), Space::Type),
            Item::TraitAlias(item) => self.declare(&item.ident, Some(&item.vis), Space::Type),
            Item::Type(item) => self.declare(&item.ident, Some(&item.vis), Space::Type),
            Item::Union(item) => self.declare(&item.ident, Some(&item.vis), Space::Type),
            Item::Macro(item) => {
                if let Some(ident) = &item.ident {
                    self.declare(ident, None, Space::Macro);
                }
            }
            Item::Mod(item) if self.locals.is_empty() => {
                self.children.push(item);
                return;
            }
            Item::Use(item) => {
                if item.leading_colon.is_none() {
                    self.import(&item.tree, &mut Vec::new(), &item.vis);
                }
                return;
            }
            _ => {}
        }
        visit::visit_item(self, item);
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        let locals = Locals::of(|found| visit::visit_item_fn(found, function));
        self.within_function(locals, |visitor| visit::visit_item_fn(visitor, function));
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        let locals = Locals::of(|found| visit::visit_impl_item_fn(found, function));
        self.within_function(locals, |visitor| {
            visit::visit_impl_item_fn(visitor, function);
        });
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        let locals = Locals::of(|found| visit::visit_trait_item_fn(found, function));
        self.within_function(locals, |visitor| {
            visit::visit_trait_item_fn(visitor, function);
        });
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        if path.qself.is_none() {
            self.refer_to(&path.path, Space::Value);
        }
        if let Some(qself) = &path.qself {
            self.visit_qself(qself);
            self.visit_path(&path.path);
        }
        for segment in &path.path.segments {
            self.visit_path_arguments(&segment.arguments);
        }
    }

    /// Types, bounds and patterns. Expressions and macros have their own.
    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.refer_to(path, Space::Type);
        visit::visit_path(self, path);
    }

    /// `match x { LIMIT => … }` looks like a binding and is a constant.
    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        if is_capitalized(&pattern.ident) {
            self.refer(
                vec![plain(&pattern.ident)],
                Space::Value,
                line(&pattern.ident),
            );
        }
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.refer_to(&call.path, Space::Macro);
        let mut paths = Vec::new();
        append_paths(call.tokens.clone(), &mut paths);
        self.refer_to_tokens(paths);
    }

    /// Only paths of two segments or more: `flatten` and `skip` are an attribute's own words.
    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        let syn::Meta::List(list) = &attribute.meta else {
            return;
        };
        let mut paths = Vec::new();
        append_paths(list.tokens.clone(), &mut paths);
        if attribute.path().is_ident("serde") {
            append_quoted_paths(list.tokens.clone(), &mut paths);
        }
        paths.retain(|path| path.segments.len() > 1);
        self.refer_to_tokens(paths);
    }

    /// `pub(in crate::a)` uses nothing.
    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}
}

impl Locals {
    fn of(visit: impl FnOnce(&mut Locals)) -> Locals {
        let mut locals = Locals::default();
        visit(&mut locals);
        locals
    }
}

impl<'ast> Visit<'ast> for Locals {
    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        if !is_capitalized(&pattern.ident) {
            self.variables.insert(plain(&pattern.ident));
        }
        visit::visit_pat_ident(self, pattern);
    }

    fn visit_item(&mut self, item: &'ast Item) {
        let ident = match item {
            Item::Const(item) => Some(&item.ident),
            Item::Enum(item) => Some(&item.ident),
            Item::Fn(item) => Some(&item.sig.ident),
            Item::Static(item) => Some(&item.ident),
            Item::Struct(item) => Some(&item.ident),
            Item::Trait(item) => Some(&item.ident),
            Item::Type(item) => Some(&item.ident),
            _ => None,
        };
        if let Some(ident) = ident {
            self.items.insert(plain(ident));
        }
        visit::visit_item(self, item);
    }
}

fn is_capitalized(ident: &Ident) -> bool {
    ident.to_string().starts_with(char::is_uppercase)
}

fn line(ident: &Ident) -> usize {
    ident.span().start().line
}

fn plain(ident: &Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map_or(text.clone(), str::to_owned)
}
