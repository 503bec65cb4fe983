//! The types of a call, as text: the last argument of each function that the rewritten statement calls, since the
//! engine knows only the Arrow type of a value.

use datafusion::common::ScalarValue;

use crate::types::Type;

/// Types of a rewritten call, and its behaviour in a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CallTypes {
    /// True if a failure gives NULL, as inside `try`.
    pub(crate) tries: bool,
    pub(crate) arguments: Vec<Type>,
    pub(crate) result: Type,
}

impl CallTypes {
    pub(crate) fn write(&self) -> String {
        let mut text = String::new();
        if self.tries {
            text.push('?');
        }
        for argument in &self.arguments {
            write(argument, &mut text);
        }
        text.push('>');
        write(&self.result, &mut text);
        text
    }

    pub(crate) fn read(text: &str) -> Option<CallTypes> {
        let mut rest = text;
        let tries = rest.starts_with('?');
        if tries {
            rest = &rest[1..];
        }
        let mut arguments = Vec::new();
        while !rest.starts_with('>') {
            arguments.push(read(&mut rest)?);
        }
        rest = &rest[1..];
        let result = read(&mut rest)?;
        rest.is_empty().then_some(CallTypes {
            tries,
            arguments,
            result,
        })
    }
}

/// Reads the last argument of a call.
pub(crate) fn read_types(text: &ScalarValue) -> Option<CallTypes> {
    match text {
        ScalarValue::Utf8(Some(text)) | ScalarValue::Utf8View(Some(text)) => CallTypes::read(text),
        _ => None,
    }
}

/// A letter a type, and its numbers, each with an end: a form that no name of a zone breaks.
fn write(ty: &Type, text: &mut String) {
    match ty {
        Type::Unknown => text.push('u'),
        Type::Boolean => text.push('b'),
        Type::Integer => text.push('i'),
        Type::Bigint => text.push('l'),
        Type::Double => text.push('d'),
        Type::Decimal(precision, scale) => text.push_str(&format!("n{precision};{scale};")),
        Type::Varchar(None) => text.push('v'),
        Type::Varchar(Some(length)) => text.push_str(&format!("w{length};")),
        Type::Char(length) => text.push_str(&format!("c{length};")),
        Type::Varbinary => text.push('x'),
        Type::Date => text.push('D'),
        Type::Time => text.push('T'),
        Type::Timestamp(precision) => text.push_str(&format!("t{precision};")),
        Type::TimestampTz(precision, zone) => text.push_str(&format!("z{precision};{zone};")),
        Type::IntervalDayTime => text.push('I'),
        Type::IntervalYearMonth => text.push('Y'),
        Type::Json => text.push('j'),
        Type::Uuid => text.push('U'),
        Type::Array(element) => {
            text.push('a');
            write(element, text);
        }
        Type::Map(key, value) => {
            text.push('m');
            write(key, text);
            write(value, text);
        }
        Type::Row(fields) => {
            text.push_str(&format!("r{};", fields.len()));
            for field in fields {
                write(field, text);
            }
        }
    }
}

fn read(rest: &mut &str) -> Option<Type> {
    let letter = rest.chars().next()?;
    *rest = &rest[letter.len_utf8()..];
    Some(match letter {
        'u' => Type::Unknown,
        'b' => Type::Boolean,
        'i' => Type::Integer,
        'l' => Type::Bigint,
        'd' => Type::Double,
        'n' => Type::Decimal(number(rest)?, number(rest)?),
        'v' => Type::Varchar(None),
        'w' => Type::Varchar(Some(number(rest)?)),
        'c' => Type::Char(number(rest)?),
        'x' => Type::Varbinary,
        'D' => Type::Date,
        'T' => Type::Time,
        't' => Type::Timestamp(number(rest)?),
        'z' => Type::TimestampTz(number(rest)?, field(rest)?.to_owned()),
        'I' => Type::IntervalDayTime,
        'Y' => Type::IntervalYearMonth,
        'j' => Type::Json,
        'U' => Type::Uuid,
        'a' => Type::Array(Box::new(read(rest)?)),
        'm' => Type::Map(Box::new(read(rest)?), Box::new(read(rest)?)),
        'r' => {
            let fields: usize = number(rest)?;
            Type::Row((0..fields).map(|_| read(rest)).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

fn number<N: std::str::FromStr>(rest: &mut &str) -> Option<N> {
    field(rest)?.parse().ok()
}

fn field<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let (field, behind) = rest.split_once(';')?;
    *rest = behind;
    Some(field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_come_back_as_they_were_written() {
        let zoned = Type::TimestampTz(3, "America/New_York".to_owned());
        let map = Type::Map(Box::new(Type::Varchar(Some(3))), Box::new(zoned));
        let types = CallTypes {
            tries: true,
            arguments: vec![Type::Decimal(38, 2), Type::Array(Box::new(map))],
            result: Type::Row(vec![Type::Unknown, Type::Char(4)]),
        };
        assert_eq!(CallTypes::read(&types.write()), Some(types));
        assert_eq!(CallTypes::read("v>"), None);
        assert_eq!(CallTypes::read("v>q"), None);
    }
}
