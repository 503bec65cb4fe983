//! Calls with lambdas: the body is checked with its parameters' types.

use datafusion::sql::sqlparser::ast::{
    Expr, Ident, LambdaFunction, LambdaFunctionParameter, OneOrManyWithParens,
};
use datafusion::sql::sqlparser::tokenizer::Span;

use super::scope::{Scope, quoted};
use super::{Checked, Checker, Typed, place};
use crate::allow_list;
use crate::refusal::Refusal;
use crate::signature::{Bindings, Pattern, Signature};
use crate::types::Type;

impl Checker<'_> {
    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of one call, each of another kind"
    )]
    pub(crate) fn lambda_call(
        &mut self,
        name: &str,
        span: Span,
        signature: &Signature,
        mut bindings: Bindings,
        values: Vec<Option<Typed>>,
        arguments: &[&Expr],
        scope: &Scope,
    ) -> Checked<Typed> {
        if self.tries {
            return Err(
                Refusal::new(span, "try around a call with a lambda is not answered")
                    .instead("try inside the lambda"),
            );
        }
        let no_type = || Refusal::new(span, format!("the types of {name} can't be told here"));
        let mut sent = Vec::new();
        let mut types = Vec::new();
        for (index, value) in values.into_iter().enumerate() {
            let pattern = signature.parameter(index).ok_or_else(no_type)?;
            match (pattern, value) {
                (Pattern::Lambda(parameters, body), None) => {
                    let Some(Expr::Lambda(lambda)) = arguments.get(index) else {
                        return Err(no_type());
                    };
                    let (lambda, _) =
                        self.lambda(lambda, parameters, body, &mut bindings, scope)?;
                    sent.push(lambda);
                }
                (pattern, Some(value)) => {
                    let target = pattern.filled(&bindings).ok_or_else(no_type)?;
                    let is_nested = matches!(target, Type::Array(_) | Type::Map(_, _));
                    let sql = self.coerce(value, &target);
                    let sql = match is_nested {
                        // A column's own form may differ from the one that the lambda's parameter has.
                        true => {
                            self.infallible("same", vec![(sql, target.clone())], target.clone())
                        }
                        false => sql,
                    };
                    types.push(target);
                    sent.push(sql);
                }
                _ => return Err(no_type()),
            }
        }
        let result = signature.result.filled(&bindings).ok_or_else(no_type)?;
        let call = crate::signature_text::CallTypes {
            tries: false,
            arguments: types,
            result: result.clone(),
        };
        sent.push(super::rewrite::text(call.write()));
        self.fallible += 1;
        let kernel = match (name, arguments.len()) {
            ("array_sort", _) => "array_sort_by",
            ("regexp_replace", _) => "regexp_replace_by",
            _ => allow_list::kernel_name(name),
        };
        let function = format!("{}{kernel}", super::rewrite::PREFIX);
        Ok(Typed::new(
            super::rewrite::native_call(&function, sent),
            result,
        ))
    }

    fn lambda(
        &mut self,
        lambda: &LambdaFunction,
        parameters: &[Pattern],
        body: &Pattern,
        bindings: &mut Bindings,
        scope: &Scope,
    ) -> Checked<(Expr, Type)> {
        let names: Vec<&LambdaFunctionParameter> = match &lambda.params {
            OneOrManyWithParens::One(one) => vec![one],
            OneOrManyWithParens::Many(many) => many.iter().collect(),
        };
        let span = place(lambda.body.as_ref());
        if names.len() != parameters.len() {
            return Err(Refusal::new(
                span,
                format!(
                    "the lambda has {} parameters, and {} are given to it",
                    names.len(),
                    parameters.len()
                ),
            ));
        }
        let mut inner = scope.clone();
        for (name, pattern) in names.iter().zip(parameters) {
            let ty = pattern.filled(bindings).ok_or_else(|| {
                Refusal::new(name.name.span, "the type of this parameter can't be told")
            })?;
            inner.variables.push((name.name.value.to_lowercase(), ty));
        }
        let value = self.expression(&lambda.body, &inner)?;
        let expected = match body.filled(bindings) {
            Some(expected) => expected,
            None => {
                let _ = body.bind(&value.ty, bindings);
                body.filled(bindings).unwrap_or_else(|| value.ty.clone())
            }
        };
        if !value.ty.becomes(&expected) {
            return Err(Refusal::new(
                span,
                format!("the lambda gives {}, and {expected} is expected", value.ty),
            ));
        }
        let sql = self.coerce(value, &expected);
        let sql = self.infallible("same", vec![(sql, expected.clone())], expected.clone());
        let parameter = |name: &Ident| LambdaFunctionParameter {
            name: quoted(&name.value.to_lowercase()),
            data_type: None,
        };
        let rewritten = LambdaFunction {
            params: OneOrManyWithParens::Many(
                names.iter().map(|name| parameter(&name.name)).collect(),
            ),
            body: Box::new(sql),
            syntax: lambda.syntax,
        };
        Ok((Expr::Lambda(rewritten), expected))
    }
}
