//! Every way in which a page says no. The words are made in [`super::secure`], where the frame of a page is at hand.

use crate::app::AppError;
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use std::fmt;

#[derive(Debug)]
pub(crate) enum Fault {
    /// Nobody is signed in, or no more; afterwards they are brought to `next`.
    SignIn {
        next: String,
        over: bool,
    },
    /// They have to set up an app that shows a code first.
    SetUpCode,
    /// A form that no page of this session held.
    NotOurForm,
    Unreadable,
    TooLarge,
    App(AppError),
}

impl From<AppError> for Fault {
    fn from(error: AppError) -> Self {
        Fault::App(error)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::SignIn { .. } => f.write_str("not signed in"),
            Fault::SetUpCode => f.write_str("no code set up"),
            Fault::NotOurForm => f.write_str("not a form of ours"),
            Fault::Unreadable => f.write_str("not a form"),
            Fault::TooLarge => f.write_str("too large a form"),
            Fault::App(error) => write!(f, "{error}"),
        }
    }
}

impl ResponseError for Fault {
    fn status_code(&self) -> StatusCode {
        match self {
            Fault::SignIn { .. } | Fault::SetUpCode => StatusCode::SEE_OTHER,
            Fault::NotOurForm => StatusCode::FORBIDDEN,
            Fault::Unreadable => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Fault::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Fault::App(error) => status_of(error),
        }
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

fn status_of(error: &AppError) -> StatusCode {
    use crate::domain::case::RefusalKind;
    use crate::store::StoreError;
    match error {
        AppError::Refused(refusal) => match refusal.kind {
            RefusalKind::Forbidden => StatusCode::FORBIDDEN,
            RefusalKind::Conflict => StatusCode::CONFLICT,
            RefusalKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        },
        AppError::NotSignedIn(_) => StatusCode::SEE_OTHER,
        AppError::NotFound => StatusCode::NOT_FOUND,
        AppError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        AppError::StaleVersion { .. } | AppError::Store(StoreError::StaleVersion) => StatusCode::PRECONDITION_FAILED,
        AppError::Store(StoreError::Unavailable(_)) => StatusCode::SERVICE_UNAVAILABLE,
        AppError::Store(_) | AppError::Broken { .. } => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
