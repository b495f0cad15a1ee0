//! The words by which mail programs say, in the languages our correspondents' programs speak, that a mail was sent on.

use super::markers;

/// Between dashes above the head of the mail.
const SEPARATORS: [&str; 33] = [
    "forwarded message",
    "forwarded mail",
    "forwarded email",
    "weitergeleitete nachricht",
    "weitergeleitete e-mail",
    "message transféré",
    "message transmis",
    "message réexpédié",
    "mensaje reenviado",
    "mensaje remitido",
    "messaggio inoltrato",
    "doorgestuurd bericht",
    "mensagem encaminhada",
    "mensagem reencaminhada",
    "vidarebefordrat meddelande",
    "vidarebefordrat brev",
    "videresendt meddelelse",
    "videresendt besked",
    "videresendt melding",
    "videresendt e-post",
    "wiadomość przekazana dalej",
    "treść przekazanej wiadomości",
    "przekazana wiadomość",
    "välitetty viesti",
    "пересылаемое сообщение",
    "пересланное сообщение",
    "переслане повідомлення",
    "přeposlaná zpráva",
    "továbbított üzenet",
    "mesaj redirecționat",
    "yönlendirilmiş ileti",
    "转发的邮件",
    "転送メッセージ",
];

/// On a line of their own above the head, without dashes.
const BEGINNINGS: [&str; 20] = [
    "begin forwarded message:",
    "anfang der weitergeleiteten nachricht:",
    "anfang der weitergeleiteten e-mail:",
    "début du message transféré :",
    "début du message réexpédié :",
    "inicio del mensaje reenviado:",
    "inizio messaggio inoltrato:",
    "begin doorgestuurd bericht:",
    "início da mensagem encaminhada:",
    "início da mensagem reencaminhada:",
    "vidarebefordrat brev:",
    "start på videresendt besked:",
    "start på videresendt melding:",
    "początek przekazywanej wiadomości:",
    "välitetty viesti alkaa:",
    "начало переадресованного сообщения:",
    "начало пересылаемого сообщения:",
    "začátek přeposlané zprávy:",
    "以下是转发的邮件：",
    "転送されたメッセージ：",
];

/// What programs put before the subject of a mail that is sent on.
const SUBJECTS: [&str; 14] =
    ["fw", "fwd", "wg", "tr", "rv", "enc", "i", "doorst", "vb", "vl", "pd", "ynt", "转发", "転送"];

/// `---------- Forwarded message ---------`, `Begin forwarded message:` and their sisters. No blanks stand at the end of
/// `line`.
pub(super) fn is_separator(line: &str) -> bool {
    if !matches!(line.as_bytes().last(), Some(b'-' | b':' | b'*' | 0x9a)) {
        return false; // of `：` the last byte
    }
    let line = line.trim_start();
    if line.len() > 120 || !(line.ends_with(['-', ':', '：', '*'])) {
        return false;
    }
    match markers::between_dashes(line) {
        Some(inner) => SEPARATORS.contains(&inner.as_str()),
        None if !line.ends_with([':', '：']) || line.len() > 90 => false,
        None => {
            // A hard blank stands before the colon in French.
            let words = line.trim_matches('*').to_lowercase().replace('\u{a0}', " ");
            BEGINNINGS.contains(&words.as_str())
        }
    }
}

/// Whether the subject begins as that of a mail that is sent on, and not of an answer to one.
pub(super) fn subject_says_so(subject: &str) -> bool {
    let subject = subject.trim_start();
    let colon = subject.char_indices().take(12).find(|(_, character)| matches!(character, ':' | '：'));
    let prefix = colon.and_then(|(at, _)| subject.get(..at)).unwrap_or_default().to_lowercase();
    let prefix = prefix.split(['[', '(']).next().unwrap_or_default().trim();
    SUBJECTS.contains(&prefix)
}
