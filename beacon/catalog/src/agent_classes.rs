//! Chooses the classes of agents whose hits a named query counts.

use beacon_agents::Class;

/// Every class, in the order in which messages and help name them.
const ALL: [Class; 6] = [
    Class::Human,
    Class::Unknown,
    Class::Bot,
    Class::Scanner,
    Class::Prefetch,
    Class::MailProxy,
];

/// The classes that count unless a caller names others: people, and what can't be told from them.
const DEFAULT: [Class; 2] = [Class::Human, Class::Unknown];

/// The classes behind whose opens a person may be, at most.
const DEFAULT_OPENS: [Class; 4] = [
    Class::Human,
    Class::Unknown,
    Class::MailProxy,
    Class::Prefetch,
];

/// The classes of agents whose hits count. By default these are human and unknown.
///
/// ```
/// use beacon_catalog::AgentClasses;
///
/// let bots = AgentClasses::named(&["bot", "scanner"])?;
/// assert_eq!(bots.names().collect::<Vec<_>>(), ["bot", "scanner"]);
/// assert_eq!(AgentClasses::default().names().collect::<Vec<_>>(), ["human", "unknown"]);
/// # Ok::<(), beacon_catalog::AgentClassError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentClasses {
    counted: Vec<Class>,
    /// The classes of `opens_at_most`.
    opens: Vec<Class>,
}

/// Errors in the names of classes. Each message lists the classes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AgentClassError {
    /// There is no such class.
    #[error("unknown agent class {0:?}; the classes are {names}", names = AgentClasses::NAMES.join(", "))]
    Unknown(String),
    /// No class is named, so that nothing could count.
    #[error(
        "agents is empty; name at least one of {names}, or omit it to count human and unknown",
        names = AgentClasses::NAMES.join(", ")
    )]
    Empty,
}

impl Default for AgentClasses {
    fn default() -> AgentClasses {
        AgentClasses {
            counted: DEFAULT.to_vec(),
            opens: DEFAULT_OPENS.to_vec(),
        }
    }
}

impl AgentClasses {
    /// The names of all classes, as the column `agent` has them.
    pub const NAMES: [&'static str; 6] = {
        let mut names = [""; ALL.len()];
        let mut index = 0;
        while index < names.len() {
            names[index] = ALL[index].name();
            index += 1;
        }
        names
    };

    /// Returns the classes with these names. The opens of other classes don't count, not even at most.
    ///
    /// # Errors
    /// Returns an [`AgentClassError`] if there is no such class, or if there is no name.
    pub fn named<T: AsRef<str>>(names: &[T]) -> Result<AgentClasses, AgentClassError> {
        let mut counted = Vec::with_capacity(names.len());
        for name in names {
            let name = name.as_ref();
            let class = ALL
                .into_iter()
                .find(|class| class.name() == name)
                .ok_or_else(|| AgentClassError::Unknown(name.to_owned()))?;
            if !counted.contains(&class) {
                counted.push(class);
            }
        }
        if counted.is_empty() {
            return Err(AgentClassError::Empty);
        }
        Ok(AgentClasses {
            opens: counted.clone(),
            counted,
        })
    }

    /// Returns the names of the classes that count.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.counted.iter().map(|class| class.name())
    }

    /// Returns the classes that count as the SQL takes them: `human,unknown`.
    pub(crate) fn counted(&self) -> String {
        list(&self.counted)
    }

    /// Returns the classes whose opens count at most, likewise.
    pub(crate) fn opens(&self) -> String {
        list(&self.opens)
    }
}

/// Joins names. The SQL looks for a class in the text, so none may be a part of another.
fn list(classes: &[Class]) -> String {
    let names: Vec<&str> = classes.iter().map(|class| class.name()).collect();
    names.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_and_the_unclear_count_by_default() {
        let default = AgentClasses::default();
        assert_eq!(default.counted(), "human,unknown");
        assert_eq!(default.opens(), "human,unknown,mail_proxy,prefetch");
    }

    #[test]
    fn named_classes_count_alone_and_once() {
        let named = AgentClasses::named(&["mail_proxy", "bot", "mail_proxy"]).unwrap();
        assert_eq!(named.counted(), "mail_proxy,bot");
        assert_eq!(named.opens(), "mail_proxy,bot");
        let all = AgentClasses::named(&AgentClasses::NAMES).unwrap();
        assert_eq!(all.counted(), AgentClasses::NAMES.join(","));
    }

    #[test]
    fn wrong_names_are_refused_with_the_right_ones() {
        assert_eq!(
            AgentClasses::named(&["human", "robot"])
                .unwrap_err()
                .to_string(),
            "unknown agent class \"robot\"; the classes are human, unknown, bot, scanner, prefetch, mail_proxy"
        );
        assert_eq!(
            AgentClasses::named::<&str>(&[]).unwrap_err().to_string(),
            "agents is empty; name at least one of human, unknown, bot, scanner, prefetch, mail_proxy, or omit it to \
             count human and unknown"
        );
    }

    #[test]
    fn no_name_is_a_part_of_another() {
        for name in AgentClasses::NAMES {
            let with_it = AgentClasses::NAMES
                .iter()
                .filter(|other| other.contains(name));
            assert_eq!(with_it.count(), 1, "{name}");
            assert!(!name.contains(','), "{name}");
        }
    }
}
