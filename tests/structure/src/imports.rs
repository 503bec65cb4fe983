//! The graph of imports between the modules of a crate.

use std::collections::BTreeMap;

use crate::names::{Names, Target};
use crate::tree::{Import, Meaning, Module, ModuleId, Tree};

/// Where one module imports another, by the first line that does.
pub type Imports = BTreeMap<(ModuleId, ModuleId), Evidence>;

/// A place in code that imports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Line in the importing module's file.
    pub line: usize,
    /// The path as it is written.
    pub path: String,
}

/// Returns every import between two modules of `tree`. A module's own items are no imports.
#[must_use]
pub fn imports(tree: &Tree) -> Imports {
    let names = Names::new(tree);
    let mut found = Imports::new();
    for (id, module) in tree.modules.iter().enumerate() {
        for reference in &module.references {
            for target in names.resolve(id, &reference.path, reference.space) {
                if let Target::Item {
                    module: definition, ..
                } = target
                {
                    add(
                        &mut found,
                        (id, definition),
                        reference.line,
                        &reference.path,
                    );
                }
            }
        }
        for name in &module.names {
            if let Meaning::Import(import) = &name.meaning {
                add_use(&mut found, tree, &names, id, &name.name, import);
            }
        }
        for glob in &module.globs {
            add_glob(&mut found, tree, &names, id, glob);
        }
    }
    found
}

fn add(imports: &mut Imports, edge: (ModuleId, ModuleId), line: usize, path: &[String]) {
    if edge.0 == edge.1 {
        return;
    }
    let evidence = Evidence {
        line,
        path: path.join("::"),
    };
    let first = imports.entry(edge).or_insert_with(|| evidence.clone());
    if evidence.line < first.line {
        *first = evidence;
    }
}

/// An imported item is an import of the module that defines it. An imported module is only a shorter name for what the
/// code then uses; where no path goes through it (a trait's methods, say), the `use` counts by itself.
fn add_use(
    imports: &mut Imports,
    tree: &Tree,
    names: &Names,
    from: ModuleId,
    name: &str,
    import: &Import,
) {
    for target in names.resolve(from, &import.path, crate::tree::Space::Any) {
        let to = match target {
            Target::Item { module, .. } => module,
            Target::Module(module) if !import.is_reexport && !mentions(tree, from, name) => module,
            Target::Module(_) => continue,
        };
        if !(import.is_reexport && tree.is_within(to, from)) {
            add(imports, (from, to), import.line, &import.path);
        }
    }
}

/// A glob stands for the names that the code takes from it; where there is none, it counts by itself.
fn add_glob(imports: &mut Imports, tree: &Tree, names: &Names, from: ModuleId, glob: &Import) {
    for target in names.resolve(from, &glob.path, crate::tree::Space::Type) {
        let to = match target {
            Target::Item { module, .. } => module,
            Target::Module(module) if takes_from(&tree.modules[from], names, module) => continue,
            Target::Module(module) => module,
        };
        if !(glob.is_reexport && tree.is_within(to, from)) {
            let mut path = glob.path.clone();
            path.push("*".to_owned());
            add(imports, (from, to), glob.line, &path);
        }
    }
}

/// Tells whether a path in `module`, or in a module within it, has `name` as a segment.
fn mentions(tree: &Tree, module: ModuleId, name: &str) -> bool {
    let has = |candidate: &Module| {
        candidate
            .references
            .iter()
            .any(|reference| reference.path.iter().any(|segment| segment == name))
    };
    tree.modules
        .iter()
        .enumerate()
        .any(|(id, candidate)| (id == module || tree.is_within(id, module)) && has(candidate))
}

fn takes_from(module: &Module, names: &Names, source: ModuleId) -> bool {
    module.references.iter().any(|reference| {
        let is_own = module
            .names
            .iter()
            .any(|name| name.name == reference.path[0]);
        !is_own
            && !names
                .lookup(source, &reference.path[0], crate::tree::Space::Any)
                .is_empty()
    })
}
