//! Refuses calls of unknown functions, also in code that no input reaches: a rule that cannot be evaluated must not pass.

use regorus::unstable::{Expr, Literal, LiteralStmt, Module, Query, Ref, Rule, RuleHead, Span};

use crate::declarations::{Declarations, imports, place, reference};
use crate::engine::Engine;
use crate::functions;
use crate::reply::Failure;
use crate::{number, unsupported};

/// Checks every call of every policy.
pub(crate) fn check(engine: &mut Engine, declarations: &Declarations) -> Result<(), Failure> {
    for module in engine.modules() {
        let calls = Calls { declarations, module, imports: imports(module) };
        module.policy.iter().try_for_each(|rule| calls.rule(rule))?;
    }
    Ok(())
}

/// The context to resolve the names in a module.
struct Calls<'a> {
    declarations: &'a Declarations,
    module: &'a Module,
    imports: std::collections::BTreeMap<String, Vec<String>>,
}

type Checked = Result<(), Failure>;

impl Calls<'_> {
    fn rule(&self, rule: &Rule) -> Checked {
        match rule {
            Rule::Default { refr, args, value, .. } => {
                self.expression(refr)?;
                self.expressions(args)?;
                self.expression(value)
            }
            Rule::Spec { head, bodies, .. } => {
                match head {
                    RuleHead::Compr { refr, assign, .. } => {
                        self.expression(refr)?;
                        self.expressions(assign.iter().map(|assign| &assign.value))?;
                    }
                    RuleHead::Set { refr, key, .. } => {
                        self.expression(refr)?;
                        self.expressions(key)?;
                    }
                    RuleHead::Func { args, assign, .. } => {
                        self.expressions(args)?;
                        self.expressions(assign.iter().map(|assign| &assign.value))?;
                    }
                }
                bodies.iter().try_for_each(|body| {
                    self.expressions(body.assign.iter().map(|assign| &assign.value))?;
                    self.query(&body.query)
                })
            }
        }
    }

    fn query(&self, query: &Query) -> Checked {
        query.stmts.iter().try_for_each(|statement| self.statement(statement))
    }

    fn statement(&self, statement: &LiteralStmt) -> Checked {
        statement.with_mods.iter().try_for_each(|with| self.expression(&with.r#as))?;
        match &statement.literal {
            Literal::SomeVars { .. } => Ok(()),
            Literal::SomeIn { key, value, collection, .. } => {
                self.expressions(key.iter().chain([value, collection]))
            }
            Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => self.expression(expr),
            Literal::Every { domain, query, .. } => {
                self.expression(domain)?;
                self.query(query)
            }
        }
    }

    fn expressions<'a>(&self, expressions: impl IntoIterator<Item = &'a Ref<Expr>>) -> Checked {
        expressions.into_iter().try_for_each(|expression| self.expression(expression))
    }

    fn expression(&self, expression: &Expr) -> Checked {
        match expression {
            Expr::String { .. }
            | Expr::RawString { .. }
            | Expr::Bool { .. }
            | Expr::Null { .. }
            | Expr::Var { .. } => Ok(()),
            Expr::Number { span, .. } => self.number(span),
            Expr::Array { items, .. } | Expr::Set { items, .. } => self.expressions(items),
            Expr::Object { fields, .. } => {
                fields.iter().try_for_each(|(_, key, value)| self.expressions([key, value]))
            }
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
                self.expression(term)?;
                self.query(query)
            }
            Expr::ObjectCompr { key, value, query, .. } => {
                self.expressions([key, value])?;
                self.query(query)
            }
            Expr::Call { fcn, params, .. } => {
                self.call(fcn)?;
                self.expressions(params)
            }
            Expr::UnaryExpr { expr, .. } => self.expression(expr),
            Expr::RefDot { refr, .. } => self.expression(refr),
            Expr::RefBrack { refr, index, .. } => self.expressions([refr, index]),
            Expr::BinExpr { lhs, rhs, .. }
            | Expr::BoolExpr { lhs, rhs, .. }
            | Expr::ArithExpr { lhs, rhs, .. }
            | Expr::AssignExpr { lhs, rhs, .. } => self.expressions([lhs, rhs]),
            Expr::Membership { key, value, collection, .. } => {
                self.expressions(key.iter().chain([value, collection]))
            }
        }
    }

    /// Refuses a number that the engine would round: it would equal another one.
    fn number(&self, span: &Span) -> Checked {
        let text = span.text();
        if number::is_exact(text) {
            return Ok(());
        }
        Err(Failure::rules(format!("the number {text} cannot be compared exactly")).at(place(span)))
    }

    fn call(&self, function: &Expr) -> Checked {
        let place = place(function.span());
        let Some(name) = reference(function) else {
            return Err(Failure::rules("the called function is not known before the evaluation").at(place));
        };
        let written = name.join(".");
        if functions::is_known(&written) || self.is_declared(&name) {
            return Ok(());
        }
        Err(Failure::rules(unsupported::explain(&written)).at(place))
    }

    /// Returns whether a policy defines a function: by its full name, in the same package, or through an import.
    fn is_declared(&self, name: &[String]) -> bool {
        let functions = &self.declarations.functions;
        let Some((first, rest)) = name.split_first() else { return false };
        if first == "data" {
            return functions.contains(rest);
        }
        let imported = self.imports.get(first).map(|target| [target, rest].concat());
        let package = reference(&self.module.package.refr).unwrap_or_default();
        imported.is_some_and(|path| functions.contains(&path))
            || functions.contains(&[&package, name].concat())
    }
}
