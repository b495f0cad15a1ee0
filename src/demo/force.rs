//! Who is in the demonstration: officers, one or two a role, and sixty members of the public.

use crate::app::people::{NewAdjustment, PersonRow, import_people, record_adjustment};
use crate::app::signing_in::{self, SetPassword};
use crate::app::{App, AppError, Loan, NewOfficer, add_officer, grant_delegation, issue_officer_token, list_officers};
use crate::domain::access::{Actor, Officer, Role};
use crate::domain::ids::PersonId;
use crate::store::people;
use chrono::{Days, Duration};

pub(super) const PEOPLE: usize = 60;
/// Minutes that a printed sign-in lives: a working day.
const SIGN_IN_MINUTES: u32 = 480;

/// The password of every made-up officer.
pub const PASSWORD: &str = "made up officers only";

/// A way to sign in that is printed for the reader.
#[derive(Clone, Debug)]
pub struct SignIn {
    pub username: String,
    pub role: Role,
    pub token: String,
}

pub(super) struct Force {
    pub(super) staff: Actor,
    pub(super) chair: Actor,
    pub(super) spocs: [Officer; 2],
    pub(super) authority: Actor,
    /// Another authority, who took no part.
    pub(super) other_authority: Actor,
    pub(super) units: [(&'static str, Actor); 3],
    pub(super) people: Vec<Somebody>,
    pub(super) coordinator: Actor,
    pub(super) csu: Actor,
}

/// A made-up member of the public.
#[derive(Clone, Debug)]
pub(super) struct Somebody {
    pub(super) id: PersonId,
    pub(super) address: String,
    pub(super) telephone: String,
}

impl Force {
    pub(super) async fn gather(app: &App) -> Result<Self, AppError> {
        let admin = officer(app, "demo.admin", Role::Admin).await?;
        for role in [Role::Ccr, Role::PsdSupervisor, Role::Records, Role::Auditor] {
            officer(app, &username(role), role).await?;
        }
        let authority = officer(app, &username(Role::AppropriateAuthority), Role::AppropriateAuthority).await?;
        let other = officer(app, "demo.appropriate_authority.2", Role::AppropriateAuthority).await?;
        for officer in [&authority, &other] {
            delegate(app, &admin, officer).await?;
        }
        let staff = Actor::Officer(officer(app, &username(Role::PsdStaff), Role::PsdStaff).await?);
        let people = people_on_file(app, &staff).await?;
        Ok(Self {
            chair: Actor::Officer(officer(app, &username(Role::Chair), Role::Chair).await?),
            spocs: [
                officer(app, &username(Role::Spoc), Role::Spoc).await?,
                officer(app, "demo.spoc.2", Role::Spoc).await?,
            ],
            authority: Actor::Officer(authority),
            other_authority: Actor::Officer(other),
            units: [
                ("snt", Actor::Officer(officer(app, &username(Role::Snt), Role::Snt).await?)),
                ("opt", Actor::Officer(officer(app, &username(Role::Opt), Role::Opt).await?)),
                ("mash", Actor::Officer(officer(app, &username(Role::Mash), Role::Mash).await?)),
            ],
            people,
            coordinator: Actor::Officer(officer(app, &username(Role::Coordinator), Role::Coordinator).await?),
            csu: Actor::Officer(officer(app, &username(Role::Csu), Role::Csu).await?),
            staff,
        })
    }
}

fn username(role: Role) -> String {
    format!("demo.{role}")
}

async fn officer(app: &App, username: &str, role: Role) -> Result<Officer, AppError> {
    let display_name = format!("Example Officer ({username})");
    let new = NewOfficer { username: username.to_owned(), display_name, roles: [role].into() };
    Ok(add_officer(app, new).await?.officer)
}

async fn delegate(app: &App, admin: &Officer, to: &Officer) -> Result<(), AppError> {
    let today = app.now().date_naive();
    for workflow in ["communications-strategy", "appeal", "offence-consideration", "enforcement-order"] {
        let loan = Loan {
            officer: to.id,
            workflow: workflow.to_owned(),
            from: today,
            to: today.checked_add_days(Days::new(730)).unwrap_or(today),
        };
        grant_delegation(app, &Actor::Officer(admin.clone()), loan).await?;
    }
    Ok(())
}

async fn people_on_file(app: &App, staff: &Actor) -> Result<Vec<Somebody>, AppError> {
    let rows = (1..=PEOPLE).map(row).collect();
    import_people(app, staff, rows).await?;
    let references: Vec<String> = (1..=PEOPLE).map(reference).collect();
    let on_file = people::with_references(app.store.reader(), &references).await?;
    let mut somebodies = Vec::with_capacity(PEOPLE);
    for (n, reference) in (1..).zip(&references) {
        let found = on_file.iter().find(|person| person.reference == *reference).ok_or(AppError::NotFound)?;
        somebodies.push(Somebody { id: found.id, address: address(n), telephone: telephone(n) });
        if n % 9 == 0 {
            adjust(app, staff, found.id).await?;
        }
    }
    Ok(somebodies)
}

async fn adjust(app: &App, staff: &Actor, person: PersonId) -> Result<(), AppError> {
    let today = app.now().date_naive();
    let adjustment = NewAdjustment {
        kind: "large_print".to_owned(),
        detail: "Letters in large print.".to_owned(),
        since: Some(today),
        review_on: Some((app.now() + Duration::days(180)).date_naive()),
    };
    record_adjustment(app, staff, person, adjustment).await?;
    Ok(())
}

fn reference(n: usize) -> String {
    format!("DEMO-{n:04}")
}

fn address(n: usize) -> String {
    format!("example.person.{n:02}@post.demo.example")
}

/// In the range that Ofcom keeps for drama.
fn telephone(n: usize) -> String {
    format!("01632 9601{n:02}")
}

fn row(n: usize) -> PersonRow {
    PersonRow {
        reference: reference(n),
        full_name: format!("Example Person {n}"),
        date_of_birth: format!("{}-0{}-1{}", 1950 + n % 50, 1 + n % 9, n % 9),
        email: address(n),
        telephone: telephone(n),
        postcode: String::new(),
    }
}

/// Sets the password by which every demonstration officer signs in to the pages.
pub(super) async fn give_passwords(app: &App) -> Result<(), AppError> {
    for role in Role::ALL {
        let link = signing_in::make_sign_in_link(app, &username(role)).await?;
        let token = link.rsplit('/').next().unwrap_or_default().to_owned();
        signing_in::set_password(app, SetPassword { token, password: PASSWORD.to_owned() }).await?;
    }
    Ok(())
}

/// A token for each demonstration officer there is, by role.
pub(super) async fn sign_ins(app: &App) -> Result<Vec<SignIn>, AppError> {
    let mut found = Vec::new();
    let officers = list_officers(app).await?;
    for role in Role::ALL {
        let named = officers.iter().find(|officer| officer.active && officer.officer.username == username(role));
        if let Some(officer) = named {
            let username = officer.officer.username.clone();
            let token = issue_officer_token(app, &username, SIGN_IN_MINUTES).await?;
            found.push(SignIn { username, role, token });
        }
    }
    Ok(found)
}
