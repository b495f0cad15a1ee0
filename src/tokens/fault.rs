//! Why a token is not believed. The words are safe to send back: they name the claim, never its value.

use jsonwebtoken::errors::{Error, ErrorKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    #[error("the token is malformed")]
    Malformed,
    #[error("the token comes from an issuer this server does not trust")]
    UnknownIssuer,
    #[error("the token is signed with a key this server does not know")]
    UnknownKey,
    #[error("the token is signed with an algorithm its issuer does not use")]
    WrongAlgorithm,
    #[error("the signature of the token is wrong")]
    WrongSignature,
    #[error("the token is made out to another audience")]
    WrongAudience,
    #[error("the token lacks a claim it must have")]
    MissingClaim,
    #[error("the token has expired")]
    Expired,
    #[error("the token is not valid yet")]
    NotYetValid,
}

impl From<Error> for TokenFault {
    #[expect(clippy::wildcard_enum_match_arm, reason = "not our enum, and it may grow")]
    fn from(error: Error) -> Self {
        match error.kind() {
            ErrorKind::InvalidSignature => TokenFault::WrongSignature,
            ErrorKind::InvalidIssuer => TokenFault::UnknownIssuer,
            ErrorKind::InvalidAudience => TokenFault::WrongAudience,
            ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName => TokenFault::WrongAlgorithm,
            ErrorKind::MissingRequiredClaim(_) => TokenFault::MissingClaim,
            _ => TokenFault::Malformed,
        }
    }
}
