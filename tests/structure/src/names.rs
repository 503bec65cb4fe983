//! Looks names up as the compiler does: in the module, through its imports, then through its globs.

use crate::tree::{Import, Meaning, ModuleId, Space, Tree};

/// What a path leads to within its crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Module(ModuleId),
    /// An item, by the module that defines it. Associated items and variants are their type's.
    Item {
        module: ModuleId,
        name: String,
    },
}

/// Looks up paths in one crate.
pub(crate) struct Names<'a> {
    tree: &'a Tree,
}

/// A lookup that is under way; one that comes back to itself finds nothing.
type Seen = Vec<(ModuleId, String, Space)>;

impl<'a> Names<'a> {
    pub(crate) fn new(tree: &'a Tree) -> Self {
        Names { tree }
    }

    /// Returns what `path` leads to, seen from `module`. Empty if it leads out of the crate.
    pub(crate) fn resolve(&self, module: ModuleId, path: &[String], space: Space) -> Vec<Target> {
        self.resolve_unseen(module, path, space, &mut Vec::new())
    }

    /// Returns what `name` stands for in `module`, without a look at its parents.
    pub(crate) fn lookup(&self, module: ModuleId, name: &str, space: Space) -> Vec<Target> {
        self.lookup_unseen(module, name, space, &mut Vec::new())
    }

    fn resolve_unseen(
        &self,
        module: ModuleId,
        path: &[String],
        space: Space,
        seen: &mut Seen,
    ) -> Vec<Target> {
        let mut at = module;
        let mut rest = path;
        let mut is_rooted = false;
        while let Some((first, others)) = rest.split_first() {
            at = match first.as_str() {
                "crate" => 0,
                "self" => at,
                "super" => self.tree.modules[at].parent.unwrap_or(0),
                _ => break,
            };
            is_rooted = true;
            rest = others;
        }
        if rest.is_empty() {
            return vec![Target::Module(at)];
        }
        if !is_rooted && rest.len() == 1 && space == Space::Macro {
            return self.textual_macro(module, &rest[0], seen);
        }
        let mut found = vec![Target::Module(at)];
        for (position, segment) in rest.iter().enumerate() {
            let is_last = position + 1 == rest.len();
            let wanted = if is_last { space } else { Space::Type };
            let mut next = Vec::new();
            for target in found {
                match target {
                    Target::Module(inner) => {
                        next.extend(self.lookup_unseen(inner, segment, wanted, seen));
                    }
                    item @ Target::Item { .. } => next.push(item),
                }
            }
            found = next;
        }
        found
    }

    fn lookup_unseen(
        &self,
        module: ModuleId,
        name: &str,
        space: Space,
        seen: &mut Seen,
    ) -> Vec<Target> {
        let lookup = (module, name.to_owned(), space);
        if seen.contains(&lookup) {
            return Vec::new();
        }
        seen.push(lookup);
        let mut found = Vec::new();
        let mut is_declared = false;
        for own in self.tree.modules[module]
            .names
            .iter()
            .filter(|own| own.name == name)
        {
            match &own.meaning {
                Meaning::Module(id) if Space::Type.answers(space) => {
                    found.push(Target::Module(*id));
                }
                Meaning::Item(declared) if declared.answers(space) => {
                    found.push(Target::Item {
                        module,
                        name: name.to_owned(),
                    });
                }
                Meaning::Import(import) => {
                    found.extend(self.resolve_unseen(module, &import.path, space, seen));
                }
                _ => continue,
            }
            is_declared = true;
        }
        if !is_declared {
            for glob in &self.tree.modules[module].globs {
                found.extend(self.through_glob(module, glob, name, space, seen));
            }
        }
        seen.pop();
        found.dedup();
        found
    }

    fn through_glob(
        &self,
        module: ModuleId,
        glob: &Import,
        name: &str,
        space: Space,
        seen: &mut Seen,
    ) -> Vec<Target> {
        let mut found = Vec::new();
        for target in self.resolve_unseen(module, &glob.path, Space::Type, seen) {
            if let Target::Module(from) = target
                && from != module
            {
                found.extend(self.lookup_unseen(from, name, space, seen));
            }
        }
        found
    }

    /// `macro_rules!` is known below its definition, also in child modules, and at the root if it is exported.
    fn textual_macro(&self, module: ModuleId, name: &str, seen: &mut Seen) -> Vec<Target> {
        let mut at = Some(module);
        while let Some(id) = at {
            let found = self.lookup_unseen(id, name, Space::Macro, seen);
            if !found.is_empty() {
                return found;
            }
            at = self.tree.modules[id].parent;
        }
        Vec::new()
    }
}
