//! Every named query and view of `athena/` keeps to what Trino and DataFusion share: its syntax tree is walked, and what is
//! not on a list here is refused, since an engine that accepts a construct does not prove that the other does
//! the same with it.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use datafusion::sql::sqlparser::ast::{
    BinaryOperator, CastKind, DataType, DateTimeField, Expr, FunctionArguments, Ident,
    NamedWindowDefinition, NamedWindowExpr, ObjectName, OrderBy, OrderByExpr, OrderByKind, Query,
    Select, SelectItem, Statement, UnaryOperator, Value, Visit, Visitor, WindowFrame,
    WindowFrameBound, WindowFrameUnits, WindowSpec, WindowType,
};
use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::parser::Parser;
use datafusion::sql::sqlparser::tokenizer::{Token, Tokenizer};

use beacon_catalog::{Filter, FilterColumn, Question};

/// Functions that both engines have, and answer alike.
const FUNCTIONS: [&str; 27] = [
    "array_join",
    "avg",
    "bool_and",
    "bool_or",
    "cardinality",
    "chr",
    "coalesce",
    "count",
    "date_trunc",
    "dense_rank",
    "element_at",
    "grouping",
    "lag",
    "length",
    "lower",
    "lpad",
    "map_keys",
    "max",
    "min",
    "nullif",
    "regexp_like",
    "reverse",
    "row_number",
    "split_part",
    "starts_with",
    "strpos",
    "sum",
];

/// Parts of a time that both engines give as whole numbers.
const PARTS: [DateTimeField; 3] = [
    DateTimeField::Hour,
    DateTimeField::Minute,
    DateTimeField::Second,
];

/// The frame that a window may name: what comes before a row, and the row.
const FRAME: WindowFrame = WindowFrame {
    units: WindowFrameUnits::Rows,
    start_bound: WindowFrameBound::Preceding(None),
    end_bound: Some(WindowFrameBound::CurrentRow),
};

/// What is wrong with a file, or nothing.
fn faults(sql: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let tokens = Tokenizer::new(&GenericDialect {}, sql).tokenize().unwrap();
    if tokens.contains(&Token::SemiColon) {
        faults.push("a semicolon: Athena refuses it".to_owned());
    }
    let statements = match Parser::parse_sql(&GenericDialect {}, sql) {
        Ok(statements) => statements,
        Err(error) => return vec![error.to_string()],
    };
    let [Statement::Query(query)] = statements.as_slice() else {
        faults.push("not one query".to_owned());
        return faults;
    };
    let mut walk = Walk::default();
    let walked = query.visit(&mut walk);
    assert!(walked.is_continue(), "the walk never breaks off");
    faults.extend(walk.faults);
    if walk.parameters_with_type != walk.parameters {
        faults.push("a ? outside of WHERE and of expressions, which give it a type".to_owned());
    }
    faults
}

#[derive(Default)]
struct Walk {
    faults: Vec<String>,
    parameters: usize,
    parameters_with_type: usize,
}

impl Walk {
    fn fault(&mut self, fault: impl Into<String>) {
        self.faults.push(fault.into());
    }

    fn identifier(&mut self, name: &Ident) {
        let is_snake = name
            .value
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_');
        if name.quote_style.is_some() || !is_snake {
            self.fault(format!("{name} is not an unquoted snake_case name"));
        }
    }

    fn order(&mut self, by: &[OrderByExpr]) {
        for expression in by {
            if expression.options.nulls_first != Some(false) {
                self.fault(format!("ORDER BY {} without NULLS LAST", expression.expr));
            }
        }
    }

    fn function(&mut self, function: &datafusion::sql::sqlparser::ast::Function) {
        if !FUNCTIONS.contains(&function.name.to_string().as_str()) {
            self.fault(format!(
                "{} is not a function of both engines",
                function.name
            ));
        }
        if !matches!(function.args, FunctionArguments::List(_))
            || function.null_treatment.is_some()
            || !function.within_group.is_empty()
        {
            self.fault(format!("{} is called in a way of its own", function.name));
        }
        match &function.over {
            Some(WindowType::WindowSpec(window)) => self.window(window),
            Some(WindowType::NamedWindow(name)) => self.identifier(name),
            None => {}
        }
    }

    fn window(&mut self, window: &WindowSpec) {
        self.order(&window.order_by);
        let frame = window.window_frame.as_ref();
        if frame.is_some_and(|frame| *frame != FRAME) {
            self.fault("a window's frame");
        }
    }
}

impl Visitor for Walk {
    type Break = ();

    fn pre_visit_expr(&mut self, expression: &Expr) -> ControlFlow<()> {
        match expression {
            Expr::Identifier(name) => self.identifier(name),
            Expr::CompoundIdentifier(names) => names.iter().for_each(|name| self.identifier(name)),
            Expr::Function(function) => self.function(function),
            Expr::Value(value) => match &value.value {
                Value::Placeholder(name) if name == "?" => self.parameters += 1,
                Value::SingleQuotedString(_) | Value::Boolean(_) | Value::Null => {}
                Value::Number(number, _) if !number.contains('.') || number.contains('e') => {}
                other => self.fault(format!("the literal {other}")),
            },
            Expr::BinaryOp { op, .. } => match op {
                BinaryOperator::And
                | BinaryOperator::Or
                | BinaryOperator::Eq
                | BinaryOperator::NotEq
                | BinaryOperator::Lt
                | BinaryOperator::LtEq
                | BinaryOperator::Gt
                | BinaryOperator::GtEq
                | BinaryOperator::Plus
                | BinaryOperator::Minus
                | BinaryOperator::Multiply
                | BinaryOperator::StringConcat => {}
                other => self.fault(format!("the operator {other}")),
            },
            Expr::UnaryOp {
                op: UnaryOperator::Not | UnaryOperator::Minus,
                ..
            } => {}
            Expr::Cast {
                kind: CastKind::Cast | CastKind::TryCast,
                data_type,
                ..
            } => match data_type {
                DataType::Integer(None)
                | DataType::BigInt(None)
                | DataType::Double(_)
                | DataType::Date
                | DataType::Varchar(None) => {}
                DataType::Timestamp(Some(3), zone) if zone.to_string().is_empty() => {}
                other => self.fault(format!("a cast to {other}")),
            },
            Expr::Interval(interval) => {
                let text = interval.to_string();
                let is_whole = |number: &str| number.bytes().all(|byte| byte.is_ascii_digit());
                let plain = ["MINUTE", "HOUR", "DAY"].iter().any(|unit| {
                    text.strip_prefix("INTERVAL '")
                        .and_then(|rest| rest.strip_suffix(&format!("' {unit}")))
                        .is_some_and(is_whole)
                });
                if !plain {
                    self.fault(format!("the literal {text}"));
                }
            }
            Expr::Extract { field, .. } if PARTS.contains(field) => {}
            // substr(text, start): DataFusion's parser has a construct of its own for it.
            Expr::Substring {
                special: true,
                shorthand: true,
                ..
            }
            | Expr::Like {
                any: false,
                escape_char: None,
                ..
            }
            | Expr::Nested(_)
            | Expr::Between { .. }
            | Expr::Case { .. }
            | Expr::GroupingSets(_)
            | Expr::InList { .. }
            | Expr::IsNull(_)
            | Expr::IsNotNull(_)
            | Expr::IsDistinctFrom(_, _)
            | Expr::IsNotDistinctFrom(_, _)
            | Expr::Wildcard(_) => {}
            other => self.fault(format!("the construct {other}")),
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_relation(&mut self, relation: &ObjectName) -> ControlFlow<()> {
        for part in &relation.0 {
            match part.as_ident() {
                Some(name) => self.identifier(name),
                None => self.fault(format!("the table function {relation}")),
            }
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        match &query.order_by {
            Some(OrderBy {
                kind: OrderByKind::Expressions(by),
                ..
            }) => self.order(by),
            Some(_) => self.fault("ORDER BY ALL"),
            None => {}
        }
        ControlFlow::Continue(())
    }

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
        if select.distinct.is_some() || select.qualify.is_some() {
            self.fault(
                "a clause of SELECT that no file needed yet: list it, once Trino has answered it",
            );
        }
        for NamedWindowDefinition(name, window) in &select.named_window {
            self.identifier(name);
            match window {
                NamedWindowExpr::WindowSpec(window) => self.window(window),
                NamedWindowExpr::NamedWindow(_) => {
                    self.fault(format!("the window {name} by another name"));
                }
            }
        }
        let columns = select.projection.iter().filter_map(|item| match item {
            SelectItem::UnnamedExpr(column) | SelectItem::ExprWithAlias { expr: column, .. } => {
                Some(column)
            }
            _ => None,
        });
        // A column that is a `?` and nothing else is text to the one engine, and of no type to the other.
        let expressions = columns.filter(|column| !matches!(column, Expr::Value(_)));
        for expression in expressions.chain(&select.selection) {
            let mut inner = Walk::default();
            if expression.visit(&mut inner).is_continue() {
                self.parameters_with_type += inner.parameters;
            }
        }
        ControlFlow::Continue(())
    }
}

#[track_caller]
fn check_file(name: &str, sql: &str) {
    assert_eq!(faults(sql), Vec::<String>::new(), "{name}");
}

#[test]
fn every_file_keeps_to_what_both_engines_have() {
    let views = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../athena/views");
    let files: Vec<PathBuf> = fs::read_dir(views)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 2, "{files:?}");
    for file in files {
        check_file(
            &file.display().to_string(),
            &fs::read_to_string(&file).unwrap(),
        );
    }
    for question in Question::all() {
        check_file(question.name, &question.sql);
        // With the block of visits before it.
        let source = Filter::is(FilterColumn::Source, "Google");
        let limited = question.limited_to(vec![source]);
        check_file(limited.name, &limited.text());
    }
}

#[test]
fn a_header_names_a_parameter_for_each_mark() {
    for question in Question::all() {
        let tokens = Tokenizer::new(&GenericDialect {}, &question.sql)
            .tokenize()
            .unwrap();
        let marks = tokens
            .iter()
            .filter(|token| **token == Token::Placeholder("?".to_owned()))
            .count();
        assert_eq!(question.parameters.len(), marks, "{}", question.name);
        assert!(
            question.sql.starts_with("-- question: "),
            "{}",
            question.name
        );
        assert!(question.question.ends_with('?'), "{}", question.name);
    }
}

#[track_caller]
fn check_refused(sql: &str, expected: &str) {
    assert_eq!(faults(sql), [expected], "{sql}");
}

#[test]
fn what_only_one_engine_has_is_refused() {
    check_refused("SELECT page FROM hits;", "a semicolon: Athena refuses it");
    check_refused("SELECT params['k'] FROM hits", "the construct params['k']");
    check_refused(
        "SELECT approx_distinct(page) FROM hits",
        "approx_distinct is not a function of both engines",
    );
    check_refused(
        "SELECT date_format(received_at, 'x') FROM hits",
        "date_format is not a function of both engines",
    );
    check_refused(
        "SELECT page FROM hits ORDER BY page DESC",
        "ORDER BY page without NULLS LAST",
    );
    check_refused(
        "SELECT row_number() OVER (ORDER BY page) FROM hits",
        "ORDER BY page without NULLS LAST",
    );
    check_refused(
        "SELECT \"page\" FROM hits",
        "\"page\" is not an unquoted snake_case name",
    );
    check_refused(
        "SELECT Page FROM hits",
        "Page is not an unquoted snake_case name",
    );
    check_refused(
        "SELECT page FROM \"hits\"",
        "\"hits\" is not an unquoted snake_case name",
    );
    let untyped = "a ? outside of WHERE and of expressions, which give it a type";
    check_refused("SELECT ? FROM hits", untyped);
    check_refused("SELECT ? AS page FROM hits", untyped);
    check_refused("SELECT page FROM hits LIMIT ?", untyped);
    check_refused("SELECT page FROM hits WHERE page = $1", "the literal $1");
    check_refused("SELECT 1.0 FROM hits", "the literal 1.0");
    check_refused("SELECT count(*) / 2 FROM hits", "the operator /");
    check_refused(
        "SELECT CAST(page AS timestamp) FROM hits",
        "a cast to TIMESTAMP",
    );
    check_refused("SELECT CAST(page AS text) FROM hits", "a cast to TEXT");
    check_refused(
        "SELECT page::integer FROM hits",
        "the construct page::INTEGER",
    );
    check_refused(
        "SELECT received_at + INTERVAL '1 day' FROM hits",
        "the literal INTERVAL '1 day'",
    );
    check_refused(
        "SELECT extract(dow FROM received_at) FROM hits",
        "the construct EXTRACT(DOW FROM received_at)",
    );
    check_refused(
        "SELECT page FROM hits WHERE received_at > TIMESTAMP '2026-11-01 00:00:00 UTC'",
        "the construct TIMESTAMP '2026-11-01 00:00:00 UTC'",
    );
    check_refused(
        "SELECT DISTINCT page FROM hits",
        "a clause of SELECT that no file needed yet: list it, once Trino has answered it",
    );
    check_refused(
        "SELECT lag(page) IGNORE NULLS OVER () FROM hits",
        "lag is called in a way of its own",
    );
    check_refused(
        "SELECT sum(hits) OVER (ORDER BY page NULLS LAST ROWS 2 PRECEDING) FROM hits",
        "a window's frame",
    );
    check_refused("INSERT INTO hits SELECT 1", "not one query");
}
