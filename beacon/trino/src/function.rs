//! What the allow-list says about a function.

/// The kind of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Scalar,
    Aggregate,
    Window,
}

/// A function of Trino.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// Each form: its parameters and its result. Those of aggregates, windows and of what is special syntax are for
    /// readers; the others decide.
    pub(crate) forms: &'static [&'static str],
}

pub(crate) const fn scalar(name: &'static str, forms: &'static [&'static str]) -> Function {
    Function {
        name,
        kind: Kind::Scalar,
        forms,
    }
}

pub(crate) const fn aggregate(name: &'static str, forms: &'static [&'static str]) -> Function {
    Function {
        name,
        kind: Kind::Aggregate,
        forms,
    }
}

pub(crate) const fn window(name: &'static str, forms: &'static [&'static str]) -> Function {
    Function {
        name,
        kind: Kind::Window,
        forms,
    }
}
