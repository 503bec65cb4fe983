//! Reads the source files of a crate into its tree of modules.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use syn::{Attribute, Expr, Item, ItemMod, Lit, Meta};

use crate::tree::{Meaning, Module, ModuleId, Name, Tree};
use crate::visitor::collect;

/// Reads the crate whose root file is `root`, and every file that its modules declare.
///
/// # Errors
///
/// A file that cannot be read or parsed, or a `mod` without a file.
pub fn read(name: &str, root: &Path) -> Result<Tree> {
    let mut tree = Tree {
        name: name.to_owned(),
        modules: Vec::new(),
    };
    let folder = root.parent().unwrap_or(Path::new("")).to_owned();
    read_file(
        &mut tree,
        root,
        Place {
            parent: None,
            path: Vec::new(),
            folder,
        },
    )?;
    Ok(tree)
}

/// Where a module stands among the others.
struct Place {
    parent: Option<ModuleId>,
    path: Vec<String>,
    /// Folder in which the files of its children are.
    folder: PathBuf,
}

fn read_file(tree: &mut Tree, file: &Path, place: Place) -> Result<ModuleId> {
    let text =
        fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let source =
        syn::parse_file(&text).with_context(|| format!("{} cannot be parsed", file.display()))?;
    read_items(tree, file, &source.items, place)
}

fn read_items(tree: &mut Tree, file: &Path, items: &[Item], place: Place) -> Result<ModuleId> {
    let id = tree.modules.len();
    let Place {
        parent,
        path,
        folder,
    } = place;
    tree.modules.push(Module {
        path,
        parent,
        file: file.to_owned(),
        names: Vec::new(),
        globs: Vec::new(),
        references: Vec::new(),
    });
    for child in collect(items, &mut tree.modules[id]) {
        read_child(tree, id, child, &folder)?;
    }
    Ok(id)
}

fn read_child(tree: &mut Tree, parent: ModuleId, child: &ItemMod, folder: &Path) -> Result<()> {
    let file = tree.modules[parent].file.clone();
    let name = child.ident.to_string().trim_start_matches("r#").to_owned();
    let mut path = tree.modules[parent].path.clone();
    path.push(name.clone());
    let place = |folder: PathBuf| Place {
        parent: Some(parent),
        path,
        folder,
    };
    let attribute = path_attribute(&child.attrs);
    let id = if let Some((_, items)) = &child.content {
        read_items(tree, &file, items, place(folder.join(&name)))?
    } else if let Some(relative) = attribute {
        // Relative to the file for a module of the file itself, else to the folder of the inline module around it.
        let is_inline = tree.modules[parent]
            .parent
            .is_some_and(|above| tree.modules[above].file == file);
        let from = if is_inline {
            folder
        } else {
            file.parent().unwrap_or(folder)
        };
        let target = plain(&from.join(relative));
        let own_folder = target.parent().unwrap_or(folder).to_owned();
        read_file(tree, &target, place(own_folder))?
    } else {
        let flat = folder.join(format!("{name}.rs"));
        let nested = folder.join(&name).join("mod.rs");
        let Some(target) = [flat, nested]
            .into_iter()
            .find(|candidate| candidate.exists())
        else {
            bail!(
                "{}:{}: no file for mod {name}",
                file.display(),
                child.ident.span().start().line
            );
        };
        read_file(tree, &target, place(folder.join(&name)))?
    };
    tree.modules[parent].names.push(Name {
        name,
        meaning: Meaning::Module(id),
        is_public: matches!(child.vis, syn::Visibility::Public(_)),
        line: child.ident.span().start().line,
    });
    Ok(())
}

fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    for attribute in attributes {
        if let Meta::NameValue(pair) = &attribute.meta
            && pair.path.is_ident("path")
            && let Expr::Lit(literal) = &pair.value
            && let Lit::Str(text) = &literal.lit
        {
            return Some(text.value());
        }
    }
    None
}

/// Takes `..` out of a path by its text, so that messages name the file as git does.
fn plain(path: &Path) -> PathBuf {
    let mut found = PathBuf::new();
    for part in path.components() {
        if part.as_os_str() != ".." || !found.pop() {
            found.push(part);
        }
    }
    found
}
