//! The questions each use case asks before it does anything: is this a named person, a holder of a role, a system
//! with the scope.

use crate::app::AppError;
use crate::domain::access::{Actor, Officer, Role, Scope};
use crate::domain::case::Refusal;

/// The named officer who acts.
///
/// # Errors
/// `named-person-required` for a system, a clock or the software itself: only a person decides;
/// `not-through-a-system` for an officer whose system reaches no further than consultations and look-ups.
pub fn named_person(actor: &Actor) -> Result<&Officer, AppError> {
    not_confined(actor)?;
    liaison(actor)
}

/// The named officer who acts, also through a system that only liaises.
///
/// # Errors
/// `named-person-required`.
pub fn liaison(actor: &Actor) -> Result<&Officer, AppError> {
    actor.officer().ok_or_else(|| AppError::Refused(Refusal::named_person_required()))
}

/// # Errors
/// `not-through-a-system`.
pub fn not_confined(actor: &Actor) -> Result<(), AppError> {
    if actor.officer().is_some_and(Officer::is_confined_to_liaison) {
        return Err(only_liaison());
    }
    Ok(())
}

/// The refusal of an officer whose system reaches no further than consultations and look-ups.
pub fn only_liaison() -> AppError {
    let message = "Through this system you may answer consultations and look callers up; sign in yourself for this.";
    AppError::Refused(Refusal::forbidden("not-through-a-system", message))
}

/// The named officer who acts, if they hold one of `roles`.
///
/// # Errors
/// `named-person-required`; `wrong-role`.
pub fn officer_with<'a>(actor: &'a Actor, roles: &[Role]) -> Result<&'a Officer, AppError> {
    let officer = named_person(actor)?;
    if officer.has_any(roles) {
        return Ok(officer);
    }
    Err(wrong_role(roles))
}

/// For what the command line shows too: our own software, or an officer with one of `roles`.
///
/// # Errors
/// `named-person-required`; `wrong-role`.
pub fn software_or_officer(actor: &Actor, roles: &[Role]) -> Result<(), AppError> {
    if *actor == Actor::Software {
        return Ok(());
    }
    officer_with(actor, roles).map(drop)
}

/// For facts that systems bring too: a system with `scope`, an officer with one of `roles`, or our own software.
///
/// # Errors
/// `missing-scope` for a system; `wrong-role` for an officer.
pub fn system_or_officer(actor: &Actor, scope: Scope, roles: &[Role]) -> Result<(), AppError> {
    if scope != Scope::CallersLookUp {
        not_confined(actor)?;
    }
    match actor {
        Actor::System(system) if system.may(scope) => Ok(()),
        Actor::System(_) => Err(missing_scope(scope)),
        Actor::Officer(officer) if officer.has_any(roles) => Ok(()),
        Actor::Officer(_) => Err(wrong_role(roles)),
        Actor::Clock | Actor::Software => Ok(()),
    }
}

/// The refusal of an officer who holds none of `roles`.
pub fn wrong_role(roles: &[Role]) -> AppError {
    let needed: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
    let message = format!("This needs one of the roles: {}.", needed.join(", "));
    AppError::Refused(Refusal::forbidden("wrong-role", message))
}

fn missing_scope(scope: Scope) -> AppError {
    AppError::Refused(Refusal::forbidden("missing-scope", format!("This needs the scope {scope}.")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::System;
    use crate::domain::ids::Id;
    use std::collections::BTreeSet;
    use uuid::Uuid;

    fn code(result: Result<impl Sized, AppError>) -> String {
        match result {
            Err(AppError::Refused(refusal)) => refusal.code.to_string(),
            Err(other) => format!("{other}"),
            Ok(_) => "allowed".into(),
        }
    }

    fn officer(roles: &[Role]) -> Actor {
        Actor::Officer(Officer {
            id: Id::from_uuid(Uuid::nil()),
            username: "officer".into(),
            display_name: "Example Officer".into(),
            areas: BTreeSet::new(),
            through: None,
            roles: roles.iter().copied().collect(),
        })
    }

    fn system(scopes: &[Scope]) -> Actor {
        let scopes: BTreeSet<String> = scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
        Actor::System(System { id: Id::from_uuid(Uuid::nil()), name: "feed".into(), scopes, areas: BTreeSet::new() })
    }

    #[test]
    fn only_an_officer_is_a_named_person() {
        assert_eq!(code(named_person(&officer(&[]))), "allowed");
        for actor in [system(&Scope::ALL), Actor::Clock, Actor::Software] {
            assert_eq!(code(named_person(&actor)), "named-person-required");
        }
    }

    #[test]
    fn a_role_not_held_is_refused() {
        assert_eq!(code(officer_with(&officer(&[Role::Chair]), &[Role::Chair, Role::Admin])), "allowed");
        assert_eq!(code(officer_with(&officer(&[Role::Ccr]), &[Role::Chair])), "wrong-role");
    }

    #[test]
    fn a_system_needs_the_scope_itself() {
        assert_eq!(code(system_or_officer(&system(&[Scope::MailWrite]), Scope::MailWrite, &[])), "allowed");
        assert_eq!(code(system_or_officer(&system(&[Scope::ContactsWrite]), Scope::MailWrite, &[])), "missing-scope");
    }
}
