//! The modules of one crate, and the names in each.

use std::path::PathBuf;

/// Modules of a crate. The first is its root.
#[derive(Debug)]
pub struct Tree {
    /// Name of the crate, as cargo prints it.
    pub name: String,
    /// Every module after its parent.
    pub modules: Vec<Module>,
}

/// Position of a module in [`Tree::modules`].
pub type ModuleId = usize;

/// One module: what it declares, and the paths in its code.
#[derive(Debug)]
pub struct Module {
    /// Names from the root to the module, such as `["spool", "writer"]`. Empty for the root.
    pub path: Vec<String>,
    /// None for the root.
    pub parent: Option<ModuleId>,
    /// Source file that holds the module's body.
    pub file: PathBuf,
    /// Names that the module declares or imports.
    pub names: Vec<Name>,
    /// Imports by `*`.
    pub globs: Vec<Import>,
    /// Paths in the module's code.
    pub references: Vec<Reference>,
}

/// A name that a module declares or imports.
#[derive(Debug)]
pub struct Name {
    /// The name as it is written after its declaration.
    pub name: String,
    /// What the name stands for.
    pub meaning: Meaning,
    /// Whether the item is `pub`, without a restriction.
    pub is_public: bool,
    /// Line of the declaration.
    pub line: usize,
}

/// What a name stands for.
#[derive(Debug)]
pub enum Meaning {
    /// A child module.
    Module(ModuleId),
    /// An item that the module defines.
    Item(Space),
    /// An item or module of another place.
    Import(Import),
}

/// One leaf of a `use`.
#[derive(Debug, Clone)]
pub struct Import {
    /// Segments of the path, beginning with `crate`, `self` or `super` where it is written so.
    pub path: Vec<String>,
    /// Whether the `use` has a visibility of its own.
    pub is_reexport: bool,
    /// Whether the `use` is `pub`, without a restriction.
    pub is_public: bool,
    /// Line of the leaf.
    pub line: usize,
}

/// A path in code.
#[derive(Debug)]
pub struct Reference {
    /// Segments of the path.
    pub path: Vec<String>,
    /// Where the last segment is looked up.
    pub space: Space,
    /// Line of the first segment.
    pub line: usize,
}

/// Namespaces in which Rust looks a name up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Space {
    /// Modules, structs with named fields, enums, traits, type aliases.
    Type,
    /// Functions, constants, statics.
    Value,
    /// Unit and tuple structs, which are types and values. For a lookup: any.
    TypeAndValue,
    /// Macros.
    Macro,
    /// A lookup that takes whatever it finds.
    Any,
}

impl Space {
    /// Tells whether a name declared in this space answers a lookup in the `wanted` one.
    #[must_use]
    pub fn answers(self, wanted: Space) -> bool {
        match (self, wanted) {
            (Space::Any, _) | (_, Space::Any) => true,
            (Space::TypeAndValue, other) | (other, Space::TypeAndValue) => other != Space::Macro,
            (own, wanted) => own == wanted,
        }
    }
}

impl Tree {
    /// Returns the module's path for messages, such as `spool::writer`; the root is `crate`.
    #[must_use]
    pub fn module_name(&self, module: ModuleId) -> String {
        let path = &self.modules[module].path;
        if path.is_empty() {
            "crate".to_owned()
        } else {
            path.join("::")
        }
    }

    /// Tells whether `module` lies in `ancestor`, at any depth.
    #[must_use]
    pub fn is_within(&self, module: ModuleId, ancestor: ModuleId) -> bool {
        let mut parent = self.modules[module].parent;
        while let Some(id) = parent {
            if id == ancestor {
                return true;
            }
            parent = self.modules[id].parent;
        }
        false
    }
}
