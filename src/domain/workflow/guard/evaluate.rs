//! Answering a guard for one case, one actor, one input.
//!
//! Nothing is converted up front: CEL asks for names as it needs them, and the answers borrow from the scope. A field
//! that holds `null` is absent, so `has()` is the one way to ask whether something is there.

use crate::domain::workflow::function::{self, Datum};
use crate::domain::workflow::model::Expression;
use crate::domain::workflow::scope::{ActorScope, CaseScope, ChildFacts, ParentFacts, PersonFacts, PolicyFacts, Scope};
use cel::common::traits::{Container, Indexer, Sizer};
use cel::common::types::{
    CelBool, CelDouble, CelInt, CelList, CelNull, CelString, CelTimestamp, CelUInt, MAP_TYPE, Type,
};
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use cel::{Context, ExecutionError, FunctionContext};
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use std::sync::LazyLock;

/// An expression that gave no answer: neither true nor false. The action is refused and the reason recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{expression}` could not be answered: {reason}")]
pub struct EvaluationFailed {
    pub expression: String,
    pub reason: String,
}

impl Expression {
    /// # Errors
    /// A missing field, a domain function that cannot answer, or an answer that is not true or false.
    pub fn evaluate(&self, scope: &Scope<'_>) -> Result<bool, EvaluationFailed> {
        let failed = |reason: String| EvaluationFailed { expression: self.source.clone(), reason };
        let names = Names(scope);
        let mut context = ROOT.new_inner_scope();
        context.set_variable_resolver(&names);
        let answer = cel::Value::resolve_val(self.program.expression(), &context);
        let answer = answer.map_err(|error| failed(in_words(&error)))?;
        let truth = answer.downcast_ref::<CelBool>().map(|truth| *truth.inner());
        truth.ok_or_else(|| failed(format!("it is {}, not true or false", answer.get_type().name())))
    }
}

/// The standard library and our functions; building it costs more than an evaluation, so it is built once.
static ROOT: LazyLock<Context<'static, 'static>> = LazyLock::new(|| {
    let mut root = Context::default();
    for known in function::ALL {
        // Fails only for a name of the standard library; a test calls every function.
        let _ = root.add_function(known.name, move |call: &FunctionContext<'_, '_>| run(known, call));
    }
    root
});

/// The name under which the functions find the scope; no expression can spell it.
const SCOPE: &str = "@scope";

/// A function has the evaluation's names at hand, but CEL can give back only a borrowed value, not our scope; so the
/// scope is a value, and a call travels to it as an index: `@scope[[name, argument, …]]`.
fn run(known: &function::Function, call: &FunctionContext<'_, '_>) -> cel::ResolveResult {
    let scope = call.ptx.get_variable(SCOPE).ok_or_else(|| call.error("there is no case to ask"))?;
    let indexer = scope.as_indexer().ok_or_else(|| call.error("there is no case to ask"))?;
    let mut asked: Vec<Box<dyn Val>> = vec![Box::new(CelString::from(known.name))];
    for argument in call.this.iter().chain(&call.args) {
        asked.push(cel::Value::try_from(argument.as_ref())?.try_into()?);
    }
    cel::Value::try_from(indexer.get(&CelList::from(asked))?.as_ref())
}

/// The top-level names of the declared table (`table.rs`), answered from a scope.
struct Names<'a>(&'a Scope<'a>);

impl VariableResolver for Names<'_> {
    fn resolve<'b>(&'b self, name: &str) -> Option<CowVal<'b, 'b>> {
        let scope: &'b Scope<'b> = self.0;
        let value: Box<dyn Val + 'b> = match name {
            "case" => Box::new(Object::Case(&scope.case)),
            "input" => json(scope.input),
            "actor" => Box::new(Object::Actor(&scope.actor)),
            "person" => Box::new(Object::Person(&scope.person)),
            "children" => list(scope.children.iter().map(|child| Box::new(Object::Child(child)) as Box<dyn Val + 'b>)),
            "parent" => Box::new(Object::Parent(scope.parent?)),
            "policy" => Box::new(Object::Policy(&scope.policy)),
            "now" => instant(scope.now),
            SCOPE => Box::new(Object::Functions(scope)),
            _ => return None,
        };
        Some(CowVal::Owned(value))
    }
}

/// Something with named fields.
#[derive(Clone, Copy, Debug)]
enum Object<'a> {
    Case(&'a CaseScope<'a>),
    Actor(&'a ActorScope),
    Person(&'a PersonFacts),
    Child(&'a ChildFacts),
    Parent(&'a ParentFacts),
    Policy(&'a PolicyFacts),
    Json(&'a Map<String, Value>),
    Functions(&'a Scope<'a>),
}

impl<'a> Object<'a> {
    fn field(&self, name: &str) -> Option<Box<dyn Val + 'a>> {
        match self {
            Object::Case(case) => match name {
                "id" => Some(text(case.id.to_string())),
                "state" => Some(borrowed(case.state)),
                "openedAt" => Some(instant(case.opened_at)),
                "stateSince" => Some(instant(case.state_since)),
                "spoc" => Some(borrowed(&case.spoc)),
                "data" => Some(json(case.data)),
                _ => None,
            },
            Object::Actor(actor) => match name {
                "id" => Some(borrowed(&actor.id)),
                "roles" => Some(list(actor.roles.iter().map(|role| borrowed(role.as_str())))),
                _ => None,
            },
            Object::Person(person) => person_field(person, name),
            Object::Child(child) => match name {
                "id" => Some(text(child.id.to_string())),
                "workflow" => Some(borrowed(&child.workflow)),
                "state" => Some(borrowed(&child.state)),
                "final" => Some(Box::new(CelBool::from(child.is_final))),
                "openBelow" => Some(Box::new(CelBool::from(child.open_below))),
                "data" => Some(json(&child.data)),
                _ => None,
            },
            Object::Parent(parent) => match name {
                "id" => Some(text(parent.id.to_string())),
                "workflow" => Some(borrowed(&parent.workflow)),
                "state" => Some(borrowed(&parent.state)),
                "final" => Some(Box::new(CelBool::from(parent.is_final))),
                "data" => Some(json(&parent.data)),
                _ => None,
            },
            Object::Policy(policy) => match name {
                "version" => Some(borrowed(&policy.version)),
                "reviewDue" => policy.review_due.map(|date| text(date.to_string())),
                _ => None,
            },
            Object::Json(map) => map.get(name).filter(|value| !value.is_null()).map(json),
            Object::Functions(_) => None,
        }
    }
}

fn person_field<'a>(person: &'a PersonFacts, name: &str) -> Option<Box<dyn Val + 'a>> {
    match name {
        "known" => Some(Box::new(CelBool::from(person.known))),
        "dateOfBirth" => person.date_of_birth.map(|date| text(date.to_string())),
        "complainedAbout" => Some(list(person.complained_about.iter().map(|officer| text(officer.to_string())))),
        "targetedVictim" => Some(Box::new(CelBool::from(person.targeted_victim))),
        "adjustmentsInForce" => Some(Box::new(CelInt::from(person.adjustments_in_force))),
        "strategiesInForce" => Some(Box::new(CelInt::from(person.strategies_in_force))),
        "confirmedAddresses" => Some(list(person.confirmed_addresses.iter().map(|address| borrowed(address)))),
        _ => None,
    }
}

impl Val for Object<'_> {
    fn get_type(&self) -> &Type {
        <Self as Val>::cel_type()
    }

    fn cel_type() -> &'static Type {
        static MAP: Type = MAP_TYPE;
        &MAP
    }

    fn as_container(&self) -> Option<&dyn Container> {
        Some(self)
    }

    fn as_indexer<'b, 'v>(&'b self) -> Option<&'b (dyn Indexer + 'v)>
    where
        Self: 'v,
    {
        Some(self)
    }

    fn as_sizer(&self) -> Option<&dyn Sizer> {
        Some(self)
    }

    fn clone_as_boxed<'v>(&self) -> Box<dyn Val + 'v>
    where
        Self: 'v,
    {
        Box::new(*self)
    }
}

impl Indexer for Object<'_> {
    fn get<'b, 'v>(&'b self, index: &dyn Val) -> Result<CowVal<'b, 'v>, ExecutionError>
    where
        Self: 'v,
    {
        if let Object::Functions(scope) = self {
            return answer(scope, index).map(CowVal::Owned);
        }
        let name = index.downcast_ref::<CelString<'_>>().map(|name| name.inner()).unwrap_or_default();
        self.field(name).map(CowVal::Owned).ok_or_else(|| ExecutionError::no_such_key(name))
    }

    fn steal<'v>(self: Box<Self>, index: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError>
    where
        Self: 'v,
    {
        self.get(index).map(CowVal::into_owned)
    }
}

impl Container for Object<'_> {
    fn contains(&self, key: &dyn Val) -> Result<bool, ExecutionError> {
        let name = key.downcast_ref::<CelString<'_>>().map(|name| name.inner()).unwrap_or_default();
        Ok(self.field(name).is_some())
    }
}

impl Sizer for Object<'_> {
    fn size(&self) -> CelInt {
        let size = if let Object::Json(map) = self { map.values().filter(|value| !value.is_null()).count() } else { 0 };
        CelInt::from(i64::try_from(size).unwrap_or(i64::MAX))
    }
}

/// Answers `[name, argument, …]` with the domain function of that name.
fn answer<'v>(scope: &Scope<'_>, asked: &dyn Val) -> Result<Box<dyn Val + 'v>, ExecutionError> {
    let parts = asked.downcast_ref::<CelList<'_>>().map(|list| list.inner()).unwrap_or_default();
    let mut parts = parts.iter().map(AsRef::as_ref);
    let name = parts.next().and_then(|name| name.downcast_ref::<CelString<'_>>()).map(|name| name.inner());
    let name = name.unwrap_or_default();
    let known = function::named(name).ok_or_else(|| ExecutionError::undeclared_reference(name))?;
    let arguments: Option<Vec<Datum>> = parts.map(datum).collect();
    let arguments = arguments.ok_or_else(|| ExecutionError::function_error(name, "an argument has the wrong type"))?;
    let given = known.answer(scope, &arguments).map_err(|reason| ExecutionError::function_error(name, reason))?;
    Ok(match given {
        Datum::Bool(truth) => Box::new(CelBool::from(truth)),
        Datum::Int(number) => Box::new(CelInt::from(number)),
        Datum::Text(words) => text(words),
        Datum::Texts(items) => list(items.into_iter().map(text)),
        Datum::Instant(at) => instant(at),
    })
}

fn datum(value: &dyn Val) -> Option<Datum> {
    if let Some(truth) = value.downcast_ref::<CelBool>() {
        return Some(Datum::Bool(*truth.inner()));
    }
    if let Some(number) = value.downcast_ref::<CelInt>() {
        return Some(Datum::Int(*number.inner()));
    }
    if let Some(words) = value.downcast_ref::<CelString<'_>>() {
        return Some(Datum::Text(words.inner().to_owned()));
    }
    if let Some(at) = value.downcast_ref::<CelTimestamp>() {
        return Some(Datum::Instant(at.inner().with_timezone(&Utc)));
    }
    let items = value.downcast_ref::<CelList<'_>>()?;
    let texts =
        items.inner().iter().map(|item| item.downcast_ref::<CelString<'_>>().map(|text| text.inner().to_owned()));
    texts.collect::<Option<Vec<String>>>().map(Datum::Texts)
}

fn json<'a>(value: &'a Value) -> Box<dyn Val + 'a> {
    match value {
        Value::Null => Box::new(CelNull),
        Value::Bool(truth) => Box::new(CelBool::from(*truth)),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(whole), _) => Box::new(CelInt::from(whole)),
            (None, Some(whole)) => Box::new(CelUInt::from(whole)),
            (None, None) => Box::new(CelDouble::from(number.as_f64().unwrap_or(f64::NAN))),
        },
        Value::String(words) => borrowed(words),
        Value::Array(items) => list(items.iter().map(json)),
        Value::Object(map) => Box::new(Object::Json(map)),
    }
}

fn list<'a>(items: impl Iterator<Item = Box<dyn Val + 'a>>) -> Box<dyn Val + 'a> {
    Box::new(CelList::from(items.collect::<Vec<_>>()))
}

fn borrowed<'a>(words: &'a str) -> Box<dyn Val + 'a> {
    Box::new(CelString::from(words))
}

fn text<'a>(words: String) -> Box<dyn Val + 'a> {
    Box::new(CelString::from(words))
}

fn instant<'a>(at: DateTime<Utc>) -> Box<dyn Val + 'a> {
    Box::new(CelTimestamp::from(at.fixed_offset()))
}

/// The reason in words for the record; never a value of the case, which may be personal.
#[expect(clippy::wildcard_enum_match_arm, reason = "the library's other errors all say one thing; it may add more")]
fn in_words(error: &ExecutionError) -> String {
    match error {
        ExecutionError::NoSuchKey(name) => format!("`{name}` is not filled in"),
        ExecutionError::FunctionError { function, message } => format!("`{function}`: {message}"),
        ExecutionError::UndeclaredReference(name) => format!("`{name}` is not known"),
        ExecutionError::NoSuchOverload(overload) => {
            format!("`{}` does not work on {}", overload.function(), overload.argument_types().join(", "))
        }
        _ => "a value has the wrong type".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::workflow::function::fixture::Fixture;
    use serde_json::json;

    fn ask(expression: &str, fixture: &Fixture) -> Result<bool, String> {
        let compiled = Expression::compile(expression).unwrap();
        compiled.evaluate(&fixture.scope()).map_err(|failed| failed.reason)
    }

    fn fixture() -> Fixture {
        Fixture::with(json!({
            "endsOn": "2026-08-01",
            "count": 3,
            "share": 0.5,
            "limits": [{"channel": "email", "allowed": true}, {"channel": "letter", "allowed": false}],
            "tags": ["a", "b"],
            "nothing": null,
        }))
    }

    #[test]
    fn names_of_the_table_are_answered_from_the_scope() {
        let fixture = fixture();
        for holds in [
            r#"case.state == "draft""#,
            "case.data.count == 3 && case.data.share < 1",
            r#"case.data.limits.exists(l, l.channel == "letter" && !l.allowed)"#,
            r#"case.data.limits.filter(l, l.allowed).map(l, l.channel) == ["email"]"#,
            r#""spoc" in actor.roles && !("chair" in actor.roles)"#,
            r#""a" in case.data.tags && size(case.data.tags) == 2"#,
            "person.known && size(person.complainedAbout) == 0",
            r#"children.all(c, c.workflow == "consultation") && size(children) == 1"#,
            r#"children.exists_one(c, c.final && c.data.unit == "snt")"#,
            "case.openedAt < now && now - case.openedAt > duration(\"24h\")",
            r#"input.outcome.startsWith("with") ? true : false"#,
            r#"now > timestamp("2026-01-01T00:00:00Z")"#,
            r#"policy.version == "2" && case.id.size() == 36"#,
        ] {
            assert_eq!(ask(holds, &fixture), Ok(true), "{holds}");
        }
    }

    #[test]
    fn a_field_holding_null_is_absent() {
        let fixture = fixture();
        assert_eq!(ask("has(case.data.nothing)", &fixture), Ok(false));
        assert_eq!(ask("has(case.data.endsOn) && !has(case.data.unheardOf)", &fixture), Ok(true));
        assert_eq!(ask("has(policy.reviewDue)", &fixture), Ok(false));
    }

    #[test]
    fn a_guard_that_cannot_be_answered_is_neither_true_nor_false() {
        let fixture = fixture();
        assert_eq!(ask("case.data.unheardOf == 1", &fixture), Err("`unheardOf` is not filled in".to_owned()));
        assert_eq!(ask("!(case.data.unheardOf == 1)", &fixture), Err("`unheardOf` is not filled in".to_owned()));
        assert_eq!(ask("case.data.count", &fixture), Err("it is int, not true or false".to_owned()));
        assert!(ask("case.data.count < case.data.endsOn", &fixture).is_err());
    }

    #[test]
    fn a_domain_function_sees_the_whole_scope() {
        let fixture = fixture();
        assert_eq!(ask("open_channels() == 5", &fixture), Ok(true));
        assert_eq!(ask(r#"[1].all(x, filled(["endsOn", "tags"]))"#, &fixture), Ok(true));
        assert_eq!(ask("working_days(1) > now", &fixture), Ok(true));
    }
}
