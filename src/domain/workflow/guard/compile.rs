//! From text to a parsed expression, within bounds that no stack can break.
//!
//! The CEL parser recurses deeply on short input (cel-rust issues 212 and 213), so length and nesting are checked
//! before it sees a guard, it runs on a large stack of its own, and a parsed tree that would be deep to evaluate is
//! refused.

use crate::domain::workflow::model::Expression;
use cel::Program;
use cel::common::ast::{EntryExpr, Expr, IdedExpr};
use std::sync::Arc;
use std::thread;

const MAX_SOURCE_BYTES: usize = 2048;
const MAX_NESTING: usize = 32;
const MAX_TREE_DEPTH: usize = 64;
const STACK_BYTES: usize = 32 << 20;

/// Why a text is not an expression we evaluate; line and column count from 1 within the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct NotAnExpression {
    pub code: &'static str,
    pub message: String,
    pub line: u32,
    pub column: u32,
}

impl NotAnExpression {
    fn new(code: &'static str, message: impl Into<String>) -> Self {
        NotAnExpression { code, message: message.into(), line: 1, column: 1 }
    }
}

impl Expression {
    /// Parses; names and types are checked separately, against the workflow that uses it.
    ///
    /// # Errors
    /// Not CEL, longer than 2,048 bytes, or nested deeper than 32 brackets or 64 operations.
    pub fn compile(source: &str) -> Result<Self, NotAnExpression> {
        if source.len() > MAX_SOURCE_BYTES {
            let message =
                format!("an expression has at most {MAX_SOURCE_BYTES} bytes; give the thought a name instead");
            return Err(NotAnExpression::new("guard-too-long", message));
        }
        if nesting(source) > MAX_NESTING {
            let message = format!("an expression nests at most {MAX_NESTING} brackets deep");
            return Err(NotAnExpression::new("guard-too-deep", message));
        }
        let text = source.to_owned();
        let parsing = thread::Builder::new().stack_size(STACK_BYTES).spawn(move || parse(&text));
        let program = parsing.ok().and_then(|parser| parser.join().ok());
        let program = program.unwrap_or_else(|| Err(NotAnExpression::new("guard-syntax", "this cannot be parsed")));
        Ok(Expression { source: source.to_owned(), program: Arc::new(program?) })
    }
}

fn parse(source: &str) -> Result<Program, NotAnExpression> {
    let program = Program::compile(source).map_err(|refused| {
        let first = refused.errors.first();
        let (line, column) = first.map_or((1, 1), |error| error.pos);
        let message = first.map_or_else(String::new, |error| error.msg.trim().to_owned());
        let message = format!("this is not an expression: {message}");
        NotAnExpression { code: "guard-syntax", message, line: position(line), column: position(column) }
    })?;
    if depth(program.expression()) > MAX_TREE_DEPTH {
        let message = format!("an expression chains at most {MAX_TREE_DEPTH} operations");
        return Err(NotAnExpression::new("guard-too-deep", message));
    }
    Ok(program)
}

fn position(value: isize) -> u32 {
    u32::try_from(value).unwrap_or(1).max(1)
}

/// The deepest nesting of brackets outside quoted text.
fn nesting(source: &str) -> usize {
    let (mut deepest, mut open) = (0_usize, 0_usize);
    let (mut quote, mut escaped) = (None, false);
    for c in source.chars() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some(end) if c == end => quote = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => quote = Some(c),
            None if matches!(c, '(' | '[' | '{') => {
                open += 1;
                deepest = deepest.max(open);
            }
            None if matches!(c, ')' | ']' | '}') => open = open.saturating_sub(1),
            None => {}
        }
    }
    deepest
}

fn depth(expression: &IdedExpr) -> usize {
    let children: Vec<&IdedExpr> = match &expression.expr {
        Expr::Call(call) => call.target.as_deref().into_iter().chain(&call.args).collect(),
        Expr::Select(select) => vec![&select.operand],
        Expr::List(list) => list.elements.iter().collect(),
        Expr::Map(map) => map.entries.iter().flat_map(|entry| parts(&entry.expr)).collect(),
        Expr::Struct(made) => made.entries.iter().flat_map(|entry| parts(&entry.expr)).collect(),
        Expr::Comprehension(fold) => {
            vec![&fold.iter_range, &fold.accu_init, &fold.loop_cond, &fold.loop_step, &fold.result]
        }
        Expr::Ident(_) | Expr::Literal(_) | Expr::Unspecified => Vec::new(),
    };
    1 + children.into_iter().map(depth).max().unwrap_or_default()
}

fn parts(entry: &EntryExpr) -> Vec<&IdedExpr> {
    match entry {
        EntryExpr::StructField(field) => vec![&field.value],
        EntryExpr::MapEntry(entry) => vec![&entry.key, &entry.value],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(source: &str) -> &'static str {
        Expression::compile(source).unwrap_err().code
    }

    #[test]
    fn an_expression_keeps_its_words() {
        assert_eq!(Expression::compile("open_channels() >= 1").unwrap().source, "open_channels() >= 1");
    }

    #[test]
    fn what_is_not_cel_says_where() {
        let refused = Expression::compile("1 +").unwrap_err();
        assert_eq!((refused.code, refused.line), ("guard-syntax", 1));
        assert!(refused.column >= 3, "{refused:?}");
        assert_eq!(code(""), "guard-syntax");
        assert_eq!(code("\u{0}\u{feff}❄"), "guard-syntax");
    }

    #[test]
    fn long_and_deep_expressions_are_refused_before_they_can_hurt() {
        assert_eq!(code(&"1".repeat(3000)), "guard-too-long");
        assert_eq!(code(&format!("{}1{}", "(".repeat(500), ")".repeat(500))), "guard-too-deep");
        assert_eq!(code(&format!("{}1", "(".repeat(40))), "guard-too-deep");
        assert_eq!(code(&vec!["1"; 900].join("+")), "guard-too-deep");
        assert_eq!(code(&format!("a{}", ".b".repeat(900))), "guard-too-deep");
        assert!(Expression::compile(&format!("{}1{} == 1", "(".repeat(30), ")".repeat(30))).is_ok());
    }

    #[test]
    fn brackets_inside_quoted_text_do_not_nest() {
        assert_eq!(nesting(r#""(((" == '[[' && ("\"(" == "")"#), 1);
    }
}
