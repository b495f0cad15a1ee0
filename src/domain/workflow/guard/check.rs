//! The static check of a guard: every name declared, every type right, true or false in the end.

use super::stdlib;
use super::table::{Missing, Table};
use super::types::{Record, Type};
use crate::domain::workflow::fault::did_you_mean;
use crate::domain::workflow::function;
use crate::domain::workflow::model::Expression;
use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue, SelectExpr, SourceInfo, operators};

mod calls;
mod literals;

/// Going through lists within lists multiplies the work; the policy needs two levels.
const MAX_COMPREHENSIONS: usize = 3;

/// One fault in an expression, placed within its text; line and column count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GuardFault {
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) code: &'static str,
    pub(crate) message: String,
}

/// Everything wrong with an expression that has to be true or false.
pub(crate) fn check(expression: &Expression, table: &Table) -> Vec<GuardFault> {
    let program = &expression.program;
    let mut checker = Checker { source: program.source_info(), table, locals: Vec::new(), faults: Vec::new() };
    let root = program.expression();
    let given = checker.infer(root);
    if given != Type::Bool && !given.is_open() {
        checker.fault(root, "not-true-or-false", format!("this is {given}, not true or false"));
    }
    checker.faults.sort_by_key(|fault| (fault.line, fault.column));
    checker.faults
}

struct Checker<'c> {
    source: &'c SourceInfo,
    table: &'c Table,
    /// Variables of the comprehensions around, innermost last.
    locals: Vec<(String, Type)>,
    faults: Vec<GuardFault>,
}

impl Checker<'_> {
    /// The type of a part. A part with a fault is `Any`, so that one fault is not reported again around it.
    fn infer(&mut self, part: &IdedExpr) -> Type {
        match &part.expr {
            Expr::Literal(literal) => self.literal(part, literal),
            Expr::Ident(name) => self.name(part, name),
            Expr::Select(select) => self.select(part, select),
            Expr::Call(call) => self.call(part, call),
            Expr::Comprehension(fold) => self.comprehension(fold),
            Expr::List(list) => {
                let mut of = Type::Never;
                for element in &list.elements {
                    let given = self.infer(element);
                    of = of.join(&given).unwrap_or(Type::Any);
                }
                Type::list(of)
            }
            Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => {
                self.fault(part, "not-supported", "a guard does not build objects".to_owned())
            }
        }
    }

    fn literal(&mut self, part: &IdedExpr, literal: &LiteralValue) -> Type {
        match literal {
            LiteralValue::Boolean(_) => Type::Bool,
            LiteralValue::Int(_) | LiteralValue::UInt(_) => Type::Int,
            LiteralValue::Double(_) => Type::Number,
            LiteralValue::String(_) => Type::Text,
            LiteralValue::Null => {
                let message = "what is empty is absent here; ask `has(…)` instead of comparing with `null`";
                self.fault(part, "not-supported", message.to_owned())
            }
            LiteralValue::Bytes(_) => self.fault(part, "not-supported", "a guard has no use for bytes".to_owned()),
        }
    }

    fn name(&mut self, part: &IdedExpr, name: &str) -> Type {
        if let Some((_, of)) = self.locals.iter().rev().find(|(local, _)| local == name) {
            return of.clone();
        }
        if let Some(of) = self.table.get(name) {
            return of.clone();
        }
        if name == "input" {
            return self.fault(part, "unknown-name", "there is no `input`: this has no form".to_owned());
        }
        let known: Vec<&str> = self.locals.iter().map(|(local, _)| local.as_str()).chain(self.table.names()).collect();
        let hint = did_you_mean(name, known);
        self.fault(part, "unknown-name", format!("`{name}` is not known here{hint}"))
    }

    /// `a.b`, and `has(a.b)`.
    fn select(&mut self, part: &IdedExpr, select: &SelectExpr) -> Type {
        let whole = self.infer(&select.operand);
        let of = if let Type::Object(record) = &whole {
            self.field(part, record, &select.field)
        } else if whole.is_open() {
            Type::Any
        } else {
            let message = format!("`.{}` asks for a field, but this is {whole}", select.field);
            return self.fault(part, "not-an-object", message);
        };
        if select.test { Type::Bool } else { of }
    }

    fn field(&mut self, part: &IdedExpr, record: &Record, field: &str) -> Type {
        if let Some(of) = record.fields.get(field) {
            return of.clone();
        }
        let hint = did_you_mean(field, record.fields.keys().map(String::as_str));
        self.fault(part, "unknown-field", format!("`{}` has no `{field}`{hint}", record.name))
    }

    /// What the macros `all`, `exists`, `exists_one`, `filter` and `map` become.
    fn comprehension(&mut self, fold: &ComprehensionExpr) -> Type {
        let range = self.infer(&fold.iter_range);
        let of = range.elements().unwrap_or_else(|| {
            let message = format!("only a list can be gone through, this is {range}");
            self.fault(&fold.iter_range, "not-a-list", message)
        });
        if self.table.get(&fold.iter_var).is_some() {
            let message = format!("`{}` already means something else; choose another name", fold.iter_var);
            self.fault(&fold.iter_range, "shadowed-name", message);
        }
        // Each comprehension around this one has put two variables in place.
        if self.locals.len() >= 2 * MAX_COMPREHENSIONS {
            let message =
                format!("at most {MAX_COMPREHENSIONS} of `all`, `exists`, `filter`, `map` stand inside each other");
            self.fault(&fold.iter_range, "guard-too-deep", message);
        }
        let start = self.infer(&fold.accu_init);
        self.locals.push((fold.accu_var.clone(), start.clone()));
        self.locals.push((fold.iter_var.clone(), of));
        self.infer(&fold.loop_cond);
        let step = self.infer(&fold.loop_step);
        self.locals.pop();
        self.locals.pop();
        self.locals.push((fold.accu_var.clone(), start.join(&step).unwrap_or(Type::Any)));
        let result = self.infer(&fold.result);
        self.locals.pop();
        result
    }

    fn fault(&mut self, part: &IdedExpr, code: &'static str, message: String) -> Type {
        let offset = self.source.offset_for(part.id).map_or(0, |(start, _)| start);
        let (line, column) = place(&self.source.source, offset);
        let fault = GuardFault { line, column, code, message };
        if !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
        Type::Any
    }
}

/// Line and column, from 1, of a character offset.
fn place(source: &str, offset: u32) -> (u32, u32) {
    let (mut line, mut column) = (1, 1);
    for c in source.chars().take(usize::try_from(offset).unwrap_or_default()) {
        if c == '\n' {
            (line, column) = (line + 1, 1);
        } else {
            column += 1;
        }
    }
    (line, column)
}

#[cfg(test)]
mod tests;
