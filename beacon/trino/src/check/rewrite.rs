//! Builds expressions of the rewritten statement.

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, CaseWhen, CastKind, DataType, ExactNumberInfo, Expr, Function, FunctionArg,
    FunctionArgExpr, FunctionArgumentList, FunctionArguments, Ident, ObjectName, Value,
    helpers::attached_token::AttachedToken,
};

/// The prefix of this crate's functions in a session, so that they are in no one's way.
pub(crate) const PREFIX: &str = "trino_";

pub(crate) fn text(value: impl Into<String>) -> Expr {
    Expr::value(Value::SingleQuotedString(value.into()))
}

pub(crate) fn number(value: impl ToString) -> Expr {
    Expr::value(Value::Number(value.to_string(), false))
}

pub(crate) fn null() -> Expr {
    Expr::value(Value::Null)
}

pub(crate) fn boolean(value: bool) -> Expr {
    Expr::value(Value::Boolean(value))
}

/// A call of the engine's own function.
pub(crate) fn native(name: &str, arguments: Vec<Expr>) -> Function {
    let args = arguments
        .into_iter()
        .map(|argument| FunctionArg::Unnamed(FunctionArgExpr::Expr(argument)))
        .collect();
    Function {
        name: ObjectName::from(vec![Ident::new(name)]),
        uses_odbc_syntax: false,
        parameters: FunctionArguments::None,
        args: FunctionArguments::List(FunctionArgumentList {
            duplicate_treatment: None,
            args,
            clauses: Vec::new(),
        }),
        filter: None,
        null_treatment: None,
        over: None,
        within_group: Vec::new(),
    }
}

pub(crate) fn native_call(name: &str, arguments: Vec<Expr>) -> Expr {
    Expr::Function(native(name, arguments))
}

/// The engine's own cast, where it can't fail and means the same.
pub(crate) fn cast(expr: Expr, data_type: DataType) -> Expr {
    Expr::Cast {
        kind: CastKind::Cast,
        expr: Box::new(expr),
        data_type,
        array: false,
        format: None,
    }
}

pub(crate) fn integer(value: &str) -> Expr {
    cast(number(value), DataType::Int(None))
}

pub(crate) fn decimal_type(precision: u8, scale: u8) -> DataType {
    DataType::Decimal(ExactNumberInfo::PrecisionAndScale(
        u64::from(precision),
        i64::from(scale),
    ))
}

pub(crate) fn binary(left: Expr, op: BinaryOperator, right: Expr) -> Expr {
    Expr::Nested(Box::new(Expr::BinaryOp {
        left: Box::new(left),
        op,
        right: Box::new(right),
    }))
}

pub(crate) fn is_not_null(expr: Expr) -> Expr {
    Expr::Nested(Box::new(Expr::IsNotNull(Box::new(expr))))
}

pub(crate) fn not(expr: Expr) -> Expr {
    Expr::Nested(Box::new(Expr::UnaryOp {
        op: datafusion::sql::sqlparser::ast::UnaryOperator::Not,
        expr: Box::new(expr),
    }))
}

pub(crate) fn case(branches: Vec<(Expr, Expr)>, otherwise: Option<Expr>) -> Expr {
    let conditions = branches
        .into_iter()
        .map(|(condition, result)| CaseWhen { condition, result })
        .collect();
    Expr::Case {
        case_token: AttachedToken::empty(),
        end_token: AttachedToken::empty(),
        operand: None,
        conditions,
        else_result: otherwise.map(Box::new),
    }
}
