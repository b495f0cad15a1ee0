//! The words mail programs put around what they quote, in the languages our correspondents' programs speak.

use regex::Regex;
use std::collections::HashMap;
use std::sync::LazyLock;

/// How sure it is that a line names the author of what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attribution {
    /// A verb of writing, an address, and a colon: no letter has that by chance.
    Sure,
    /// Enough only when quoted lines follow.
    Likely,
    None,
}

const LONGEST: usize = 400;

const WROTE: [&str; 28] = [
    "wrote",
    "writes",
    "schrieb",
    "a écrit",
    "écrit",
    "escribió",
    "escribio",
    "escreveu",
    "ha scritto",
    "scritto",
    "schreef",
    "geschreven",
    "skrev",
    "napisał",
    "napisala",
    "napsal",
    "написал",
    "пишет",
    "写道",
    "寫道",
    "kirjoitti",
    "yazdı",
    "írta",
    "a scris",
    "έγραψε",
    "さんは書きました",
    "のメッセージ",
    "작성",
];

/// Cheap first look: is it worth joining lines from here?
pub(super) fn may_begin_attribution(line: &str) -> bool {
    let line = line.trim();
    line.len() <= LONGEST
        && (line.ends_with([':', '：', '-', '>', '<']) || line.bytes().any(|byte| byte.is_ascii_digit()))
}

const BEGINNINGS: [&str; 41] = [
    "on",
    "at",
    "am",
    "le",
    "el",
    "op",
    "em",
    "den",
    "il",
    "dnia",
    "pe",
    "på",
    "dne",
    "в",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mo",
    "di",
    "mi",
    "do",
    "fr",
    "sa",
    "so",
    "пн",
    "вт",
    "ср",
    "чт",
    "пт",
    "сб",
];

/// Whether a line looks as if such a sentence began with it: `On …`, a day of the week, a number, a rule.
pub(super) fn begins_attribution(line: &str) -> bool {
    let line = line.trim_start();
    let word = line.split([' ', ',', '.']).next().unwrap_or_default().to_lowercase();
    let number = line.starts_with(|first: char| first.is_ascii_digit() || first == '在');
    number || line.starts_with("--") || BEGINNINGS.contains(&word.as_str())
}

/// Second cheap look: every attribution ends in one of these. No blanks stand at the end of `line`.
pub(super) fn may_end_attribution(line: &str) -> bool {
    line.ends_with('：') || matches!(line.as_bytes().last(), Some(b':' | b'-' | b'>'))
}

pub(super) fn attribution(joined: &str) -> Attribution {
    let text = joined.trim();
    let ends = text.ends_with([':', '：']) || (text.starts_with("--") && text.ends_with("--"));
    if joined.len() > LONGEST || !(ends || text.ends_with('>')) {
        return Attribution::None;
    }
    let address = memchr::memchr(b'@', text.as_bytes()).is_some();
    let digits = || text.bytes().filter(u8::is_ascii_digit).count();
    match (ends && says_wrote(&text.to_lowercase()), address) {
        (true, true) => Attribution::Sure,
        (true, false) => Attribution::Likely,
        // `2013/7/20 a name <a@example.org>`: some programs end there.
        (false, true) if digits() >= 4 => Attribution::Likely,
        (false, _) => Attribution::None,
    }
}

/// All verbs at once.
#[expect(clippy::expect_used, reason = "constant words, compiled in every test")]
static ANY_VERB: LazyLock<Regex> = LazyLock::new(|| Regex::new(&WROTE.join("|")).expect("constant words"));

/// In alphabets with blanks between words, a verb counts only as a word of its own.
fn says_wrote(text: &str) -> bool {
    ANY_VERB.find_iter(text).any(|verb| {
        let letter_before = text.get(..verb.start()).and_then(|before| before.chars().next_back());
        let letter_after = text.get(verb.end()..).and_then(|after| after.chars().next());
        let alone = !letter_before.is_some_and(char::is_alphabetic) && !letter_after.is_some_and(char::is_alphabetic);
        alone || !verb.as_str().is_ascii()
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    From,
    Date,
    To,
    Subject,
    Other,
}

const LABELS: [(Field, &[&str]); 5] = [
    (
        Field::From,
        &[
            "from",
            "von",
            "de",
            "van",
            "da",
            "fra",
            "från",
            "od",
            "от",
            "发件人",
            "寄件者",
            "差出人",
            "kimden",
            "lähettäjä",
            "feladó",
        ],
    ),
    (
        Field::Date,
        &[
            "sent",
            "date",
            "gesendet",
            "datum",
            "envoyé",
            "enviado",
            "enviado el",
            "fecha",
            "data",
            "inviato",
            "verzonden",
            "sendt",
            "dato",
            "skickat",
            "wysłano",
            "отправлено",
            "дата",
            "发送时间",
            "日期",
            "送信日時",
            "tarih",
            "päiväys",
            "lähetetty",
            "odesláno",
            "elküldve",
            "gesendet am",
            "enviada",
            "enviada em",
        ],
    ),
    (
        Field::To,
        &[
            "to",
            "an",
            "à",
            "para",
            "a",
            "aan",
            "til",
            "till",
            "do",
            "кому",
            "收件人",
            "宛先",
            "kime",
            "komu",
            "vastaanottaja",
            "címzett",
        ],
    ),
    (
        Field::Subject,
        &[
            "subject",
            "betreff",
            "objet",
            "asunto",
            "oggetto",
            "onderwerp",
            "emne",
            "ämne",
            "temat",
            "тема",
            "主题",
            "主旨",
            "件名",
            "assunto",
            "konu",
            "předmět",
            "aihe",
            "tárgy",
        ],
    ),
    (
        Field::Other,
        &[
            "cc",
            "kopie",
            "copie",
            "kopia",
            "copia",
            "bcc",
            "reply-to",
            "importance",
            "attachments",
            "priority",
            "in-reply-to",
            "message-id",
            "organization",
            "kopi",
            "копия",
        ],
    ),
];

/// Twenty-four characters, in bytes.
const LONGEST_BEGINNING: usize = 24 * 4;
/// The first byte of `：`.
const WIDE_COLON: u8 = 0xef;

/// The longest label, in bytes.
const LONGEST_LABEL: usize = 32;

static FIELDS: LazyLock<HashMap<&str, Field>> =
    LazyLock::new(|| LABELS.iter().flat_map(|(field, labels)| labels.iter().map(|label| (*label, *field))).collect());

/// `From: …`, also `*From:* …`, in any of the languages.
pub(super) fn header_field(line: &str) -> Option<Field> {
    let marks = line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t' | b'*' | b'_' | b'|')).count();
    let line = line.get(marks..)?;
    // Seldom is there one so early: looked for as a byte first, the wide one by the first of its three.
    let beginning = line.as_bytes();
    memchr::memchr2(b':', WIDE_COLON, beginning.get(..LONGEST_BEGINNING).unwrap_or(beginning))?;
    let colon = line.char_indices().take(24).find(|(_, character)| matches!(character, ':' | '：'))?.0;
    let label = line.get(..colon)?.trim_matches(['*', '_', ' ', '\u{a0}']);
    if label.is_empty() || label.len() > LONGEST_LABEL {
        return None;
    }
    FIELDS.get(label.to_lowercase().as_str()).copied()
}

/// Which fields a run of header lines has shown.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Fields {
    from: bool,
    date: bool,
    to: bool,
    subject: bool,
    count: usize,
    last: Option<Field>,
}

impl Fields {
    pub(super) fn add(&mut self, field: Field) {
        match field {
            Field::From => self.from = true,
            Field::Date => self.date = true,
            Field::To => self.to = true,
            Field::Subject => self.subject = true,
            Field::Other => {}
        }
        self.count += 1;
        self.last = Some(field);
    }

    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// An author and two more of the four: a letter does not write three such lines together by chance.
    pub(super) fn is_head(&self) -> bool {
        let others = usize::from(self.date) + usize::from(self.to) + usize::from(self.subject);
        self.from && others >= 2
    }

    pub(super) fn is_complete(&self) -> bool {
        self.from && self.date && self.to && self.subject
    }

    pub(super) fn ended_with_subject(&self) -> bool {
        matches!(self.last, Some(Field::Subject | Field::To | Field::Other))
    }
}

const SEPARATORS: [&str; 16] = [
    "original message",
    "original-nachricht",
    "ursprüngliche nachricht",
    "ursprungliche nachricht",
    "mensaje original",
    "message d'origine",
    "message d’origine",
    "message original",
    "messaggio originale",
    "mensagem original",
    "oorspronkelijk bericht",
    "oprindelig meddelelse",
    "ursprungligt meddelande",
    "oryginalna wiadomość",
    "исходное сообщение",
    "原始邮件",
];

/// `-----Original Message-----` and its sisters; a mail that was sent on has its own, in `forwards`.
pub(super) fn is_separator(line: &str) -> bool {
    between_dashes(line).is_some_and(|inner| SEPARATORS.contains(&inner.as_str()))
}

/// The words of a line that begins and ends in dashes, lower case.
pub(super) fn between_dashes(line: &str) -> Option<String> {
    let line = line.trim_start();
    if !matches!(line.as_bytes().first(), Some(b'-' | b'*')) {
        return None;
    }
    let line = line.trim_end();
    let line = line.trim_matches('*');
    let dashed = line.len() <= 100 && line.starts_with("--") && line.ends_with('-');
    dashed.then(|| line.trim_matches(['-', ' ', '*']).to_lowercase())
}

/// A line drawn across the page.
pub(super) fn is_rule(line: &str) -> bool {
    let line = line.trim_start();
    if line.starts_with(|first: char| first.is_alphanumeric()) {
        return false;
    }
    let line = line.trim_end();
    line.len() >= 3 && line.bytes().all(|byte| matches!(byte, b'-' | b'_' | b'=' | b'*' | b'~' | b' '))
}

/// RFC 3676 §4.3, and the same without its blank.
pub(super) fn is_signature_delimiter(line: &str) -> bool {
    line.trim_end() == "--"
}

const DEVICE_LINES: [&str; 24] = [
    "sent from my ",
    "sent from mail for",
    "sent from outlook",
    "sent from yahoo mail",
    "sent via ",
    "sent with ",
    "sent from samsung",
    "sent using ",
    "get outlook for",
    "von meinem ",
    "gesendet von ",
    "gesendet mit ",
    "envoyé de mon ",
    "envoyé depuis ",
    "enviado desde mi ",
    "enviado do meu ",
    "enviado desde ",
    "inviato da ",
    "verzonden vanaf ",
    "verstuurd vanaf ",
    "sendt fra min ",
    "skickat från min ",
    "отправлено с ",
    "发自我的",
];

/// A line a telephone or a mail program adds by itself.
pub(super) fn is_device_line(line: &str) -> bool {
    let line = line.trim();
    if line.len() > 120 || line.is_empty() {
        return false;
    }
    let lower = line.to_lowercase();
    DEVICE_LINES.iter().any(|beginning| lower.starts_with(beginning))
}
