//! Signatures of functions as they stand in the allow-list, and which of them a call fits.

use std::collections::HashMap;

use crate::types::{Type, UTC};

/// A parameter's type in a signature, such as `array(T)`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Pattern {
    Exactly(Type),
    /// A type variable: the same letter is the same type.
    Any(char),
    /// A type variable whose values have an order.
    Orderable(char),
    Decimal,
    Timestamp,
    TimestampTz,
    Array(Box<Pattern>),
    Map(Box<Pattern>, Box<Pattern>),
    /// A lambda, with the types of its parameters and of its body.
    Lambda(Vec<Pattern>, Box<Pattern>),
}

/// A signature: `date_diff(varchar, date, date) -> bigint`; the last parameter may repeat (`T...`).
#[derive(Debug, Clone)]
pub(crate) struct Signature {
    pub(crate) parameters: Vec<Pattern>,
    pub(crate) repeats: bool,
    pub(crate) result: Pattern,
}

/// Types that the variables of a signature stand for in one call.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bindings {
    types: HashMap<char, Type>,
    decimal: Option<Type>,
    timestamp: Option<Type>,
    timestamp_tz: Option<Type>,
    /// Number of arguments that become another type.
    pub(crate) changes: usize,
}

impl Signature {
    /// Reads what stands behind the name.
    pub(crate) fn read(text: &str) -> Option<Signature> {
        let mut reader = Reader { rest: text };
        let (parameters, repeats) = reader.parameters()?;
        reader.skip("->")?;
        let result = reader.pattern()?;
        reader.rest.trim().is_empty().then_some(Signature {
            parameters,
            repeats,
            result,
        })
    }

    /// The pattern of the argument with this index.
    pub(crate) fn parameter(&self, index: usize) -> Option<&Pattern> {
        match self.parameters.get(index) {
            Some(pattern) => Some(pattern),
            None if self.repeats => self.parameters.last(),
            None => None,
        }
    }

    pub(crate) fn takes(&self, arguments: usize) -> bool {
        let fixed = self.parameters.len();
        arguments == fixed || (self.repeats && arguments + 1 >= fixed)
    }
}

impl Pattern {
    /// Finds out whether an argument of type `actual` fits, and binds the variables.
    pub(crate) fn bind(&self, actual: &Type, bindings: &mut Bindings) -> bool {
        match self {
            Pattern::Exactly(expected) => {
                if !matches!(actual, Type::Varchar(_)) || *expected != Type::Varchar(None) {
                    bindings.changes += usize::from(actual != expected);
                }
                actual.becomes(expected)
            }
            Pattern::Any(variable) => bindings.bind(*variable, actual),
            Pattern::Orderable(variable) => {
                actual.is_orderable() && bindings.bind(*variable, actual)
            }
            Pattern::Decimal => {
                bindings.decimal = Some(actual.clone());
                matches!(actual, Type::Decimal(_, _))
            }
            Pattern::Timestamp => {
                let timestamp = match actual {
                    Type::Date => Type::Timestamp(3),
                    Type::Timestamp(_) => actual.clone(),
                    _ => return false,
                };
                bindings.changes += usize::from(timestamp != *actual);
                bind_common(&mut bindings.timestamp, timestamp)
            }
            Pattern::TimestampTz => {
                let timestamp = match actual {
                    Type::Date => Type::TimestampTz(3, UTC.to_owned()),
                    Type::Timestamp(digits) => Type::TimestampTz(*digits, UTC.to_owned()),
                    Type::TimestampTz(_, _) => actual.clone(),
                    _ => return false,
                };
                bindings.changes += 2 * usize::from(timestamp != *actual);
                bind_common(&mut bindings.timestamp_tz, timestamp)
            }
            Pattern::Array(element) => match actual {
                Type::Array(actual) => element.bind(actual, bindings),
                Type::Unknown => {
                    bindings.changes += 1;
                    element.bind(actual, bindings)
                }
                _ => false,
            },
            Pattern::Map(key, value) => match actual {
                Type::Map(actual_key, actual_value) => {
                    key.bind(actual_key, bindings) && value.bind(actual_value, bindings)
                }
                _ => false,
            },
            Pattern::Lambda(_, _) => false,
        }
    }

    /// Returns the type that the pattern stands for, once its variables are bound.
    pub(crate) fn filled(&self, bindings: &Bindings) -> Option<Type> {
        Some(match self {
            Pattern::Exactly(ty) => ty.clone(),
            Pattern::Any(variable) | Pattern::Orderable(variable) => {
                bindings.types.get(variable)?.clone()
            }
            Pattern::Decimal => bindings.decimal.clone()?,
            Pattern::Timestamp => bindings.timestamp.clone()?,
            Pattern::TimestampTz => bindings.timestamp_tz.clone()?,
            Pattern::Array(element) => Type::Array(Box::new(element.filled(bindings)?)),
            Pattern::Map(key, value) => Type::Map(
                Box::new(key.filled(bindings)?),
                Box::new(value.filled(bindings)?),
            ),
            Pattern::Lambda(_, _) => return None,
        })
    }
}

impl Bindings {
    pub(crate) fn bind(&mut self, variable: char, actual: &Type) -> bool {
        let bound = match self.types.get(&variable) {
            None => actual.clone(),
            Some(before) => match Type::common(before, actual) {
                Some(common) => common,
                None => return false,
            },
        };
        self.types.insert(variable, bound);
        true
    }
}

fn bind_common(bound: &mut Option<Type>, actual: Type) -> bool {
    let common = match bound {
        None => Some(actual),
        Some(before) => Type::common(before, &actual),
    };
    *bound = common;
    bound.is_some()
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn skip(&mut self, token: &str) -> Option<()> {
        self.rest = self.rest.trim_start().strip_prefix(token)?;
        Some(())
    }

    fn parameters(&mut self) -> Option<(Vec<Pattern>, bool)> {
        self.skip("(")?;
        let mut parameters = Vec::new();
        let mut repeats = false;
        while self.skip(")").is_none() {
            if !parameters.is_empty() {
                self.skip(",")?;
            }
            parameters.push(self.pattern()?);
            repeats |= self.skip("...").is_some();
        }
        Some((parameters, repeats))
    }

    fn pattern(&mut self) -> Option<Pattern> {
        self.rest = self.rest.trim_start();
        if self.rest.starts_with('(') {
            let (parameters, _) = self.parameters()?;
            self.skip("=>")?;
            return Some(Pattern::Lambda(parameters, Box::new(self.pattern()?)));
        }
        if self.skip("timestamp(3) with time zone").is_some() {
            return Some(Pattern::Exactly(Type::TimestampTz(
                3,
                crate::types::UTC.to_owned(),
            )));
        }
        for (text, ty) in EXACT {
            if self.skip(text).is_some() {
                return Some(Pattern::Exactly(ty.clone()));
            }
        }
        if self.skip("timestamp with time zone").is_some() {
            return Some(Pattern::TimestampTz);
        }
        if self.skip("timestamp").is_some() {
            return Some(Pattern::Timestamp);
        }
        if self.skip("decimal").is_some() {
            return Some(Pattern::Decimal);
        }
        if self.skip("array(").is_some() {
            let element = self.pattern()?;
            self.skip(")")?;
            return Some(Pattern::Array(Box::new(element)));
        }
        if self.skip("map(").is_some() {
            let key = self.pattern()?;
            self.skip(",")?;
            let value = self.pattern()?;
            self.skip(")")?;
            return Some(Pattern::Map(Box::new(key), Box::new(value)));
        }
        let is_orderable = self.skip("orderable ").is_some();
        let variable = self.rest.chars().next().filter(char::is_ascii_uppercase)?;
        self.rest = &self.rest[1..];
        Some(if is_orderable {
            Pattern::Orderable(variable)
        } else {
            Pattern::Any(variable)
        })
    }
}

const EXACT: [(&str, Type); 17] = [
    ("boolean", Type::Boolean),
    ("integer", Type::Integer),
    ("bigint", Type::Bigint),
    ("double", Type::Double),
    ("varchar", Type::Varchar(None)),
    ("varbinary", Type::Varbinary),
    ("date", Type::Date),
    ("timestamp(3)", Type::Timestamp(3)),
    ("timestamp(6)", Type::Timestamp(6)),
    ("time(3)", Type::Time),
    ("interval day to second", Type::IntervalDayTime),
    ("interval year to month", Type::IntervalYearMonth),
    ("json", Type::Json),
    ("uuid", Type::Uuid),
    ("decimal(38,0)", Type::Decimal(38, 0)),
    ("unknown", Type::Unknown),
    ("decimal(1,0)", Type::Decimal(1, 0)),
];
