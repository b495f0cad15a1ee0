//! Six digits that an authenticator app shows for thirty seconds (RFC 6238).

use chrono::{DateTime, Utc};
use totp_rs::{Builder, Secret, Totp};

/// A shared secret, as apps take it and as the database keeps it.
#[derive(Clone)]
pub struct CodeSecret(String);

impl CodeSecret {
    /// From 20 random bytes or more.
    pub fn new(random: &[u8]) -> Self {
        Self(Secret::from(random.to_vec()).to_base32())
    }

    pub fn kept(base32: String) -> Self {
        Self(base32)
    }

    /// Base32 without padding: what is typed into an app that cannot read the picture.
    pub fn as_base32(&self) -> &str {
        &self.0
    }

    /// The step of which this is the code, now or one step to either side; `None` where it is no such code, or of a step up
    /// to `used`, because no code counts twice.
    pub fn step_of(&self, code: &str, now: DateTime<Utc>, used: i64) -> Option<i64> {
        let typed: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let seconds = u64::try_from(now.timestamp()).ok()?;
        let step = self.generator("", "")?.check(&typed, seconds)?;
        i64::try_from(step).ok().filter(|step| *step > used)
    }

    /// The code that is shown at `now`.
    pub fn code(&self, now: DateTime<Utc>) -> Option<String> {
        let seconds = u64::try_from(now.timestamp()).ok()?;
        Some(self.generator("", "")?.generate(seconds).to_string())
    }

    /// `otpauth://…`, which apps read from a picture.
    pub fn uri(&self, account: &str, issuer: &str) -> Option<String> {
        self.generator(account, issuer)?.to_url().ok()
    }

    /// The picture, as SVG: black squares on white, 4 white squares around.
    pub fn picture(&self, account: &str, issuer: &str) -> Option<String> {
        let code = qrcode::QrCode::new(self.uri(account, issuer)?).ok()?;
        let drawn = code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(200, 200).build();
        // Without the XML declaration it may stand in a page.
        drawn.split_once("?>").map(|(_, svg)| svg.to_owned())
    }

    fn generator(&self, account: &str, issuer: &str) -> Option<Totp> {
        // A colon would end the issuer.
        let plain = |text: &str| text.replace(':', " ");
        let secret = Secret::try_from_base32(&self.0).ok()?;
        let issuer = Some(plain(issuer)).filter(|issuer| !issuer.is_empty());
        Builder::new().with_secret(secret).with_account_name(plain(account)).with_issuer(issuer).build().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    /// The secret of RFC 6238's own test vectors.
    fn secret() -> CodeSecret {
        CodeSecret::new(b"12345678901234567890")
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        Utc.timestamp_opt(seconds, 0).unwrap()
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")] {
            assert_eq!(secret().code(at(seconds)).as_deref(), Some(code));
        }
    }

    #[test]
    fn a_code_counts_once_and_for_a_step_to_either_side() {
        let code = secret().code(at(3000)).unwrap();
        assert_eq!(secret().step_of(&code, at(3000), 0), Some(100));
        assert_eq!(secret().step_of(&code, at(3059), 0), Some(100), "a slow typist");
        assert_eq!(secret().step_of(&code, at(3061), 0), None, "too slow");
        assert_eq!(secret().step_of(&code, at(3000), 100), None, "twice");
        assert_eq!(secret().step_of("000 000", at(3000), 0), None);
        let (first, last) = code.split_at(3);
        let spaced = format!("{first} {last}");
        assert_eq!(secret().step_of(&spaced, at(3000), 0), Some(100));
    }

    #[test]
    fn apps_are_given_the_account_and_the_issuer() {
        let uri = secret().uri("e.staff", "Evenhand: Example").unwrap();
        assert!(uri.starts_with("otpauth://totp/") && uri.contains("e.staff"), "{uri}");
        assert!(secret().picture("e.staff", "Evenhand").unwrap().starts_with("<svg"));
    }
}
