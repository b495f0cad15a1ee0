//! Passwords as they are kept: Argon2id with the parameters OWASP asks for (19 MiB, two passes), never the words themselves.
//!
//! Both functions take tens of milliseconds on purpose: call them where nothing else waits.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

/// Characters; longer is always allowed, up to [`MOST_CHARACTERS`] (NIST SP 800-63B §5.1.1.2).
pub const FEWEST_CHARACTERS: usize = 12;
pub const MOST_CHARACTERS: usize = 200;

/// What is compared with where there is no such officer, so that the answer takes as long.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZWJvZHlzc2FsdDE2$ZOn7Hq7oZJ2QWkqyC4r9vhFtxTEhYw4yBVM4qVb7bxE";

/// In PHC form, with a salt of its own.
///
/// # Errors
/// When the machine has no randomness to give.
pub fn hash(password: &str) -> Result<String, argon2::password_hash::Error> {
    Ok(Argon2::default().hash_password(password.as_bytes())?.to_string())
}

/// Whether the password is the one that was hashed. Without a hash it is not, and takes as long to say so.
pub fn is_right(password: &str, kept: Option<&str>) -> bool {
    let Ok(known) = PasswordHash::new(kept.unwrap_or(NOBODYS)) else { return false };
    let right = Argon2::default().verify_password(password.as_bytes(), &known).is_ok();
    right && kept.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_right_only_against_its_own_hash() {
        let kept = hash("twelve plain words").unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(is_right("twelve plain words", Some(&kept)));
        assert!(!is_right("twelve plain word", Some(&kept)));
        assert!(!is_right("twelve plain words", None) && !is_right("", Some("no hash")));
        assert!(PasswordHash::new(NOBODYS).is_ok(), "nobody's takes as long as anybody's");
    }
}
