//! An Authentication-Results field, read (RFC 8601 §2.2). Whether it is to be believed is decided elsewhere.

/// What one server says it found.
#[derive(Debug)]
pub(super) struct Results {
    pub(super) authserv_id: String,
    pub(super) methods: Vec<MethodResult>,
}

#[derive(Debug)]
pub(super) struct MethodResult {
    /// Lower case, without a version.
    pub(super) method: String,
    /// Lower case.
    pub(super) result: String,
    /// `header.from` → value. Names lower case.
    pub(super) properties: Vec<(String, String)>,
}

impl Results {
    /// `authserv-id [version]; method[/version]=result [reason=…] ptype.property=value …; …` (RFC 8601 §2.2).
    pub(super) fn parse(value: &str) -> Option<Self> {
        let statements = statements(value)?;
        let mut statements = statements.iter();
        let mut head = statements.next()?.iter();
        let Some(Piece::Word(authserv_id)) = head.next() else { return None };
        // After the id there may be a version number and nothing else.
        let version_only =
            head.all(|piece| matches!(piece, Piece::Word(word) if word.bytes().all(|byte| byte.is_ascii_digit())));
        let methods = statements.filter_map(|pieces| method_result(pieces)).collect();
        version_only.then(|| Self { authserv_id: authserv_id.clone(), methods })
    }

    /// The results of one method, in order.
    pub(super) fn of<'a>(&'a self, method: &'a str) -> impl Iterator<Item = &'a MethodResult> {
        self.methods.iter().filter(move |result| result.method == method)
    }
}

impl MethodResult {
    pub(super) fn is_pass(&self) -> bool {
        self.result == "pass"
    }

    /// The values of a property, such as `header.from`.
    pub(super) fn values<'a>(&'a self, property: &'a str) -> impl Iterator<Item = &'a str> {
        self.properties.iter().filter(move |(name, _)| name == property).map(|(_, value)| value.as_str())
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Word(String),
    Equals,
}

/// Splits into statements at `;`, drops comments, unquotes. `None` where a quote or a comment never ends: then nobody
/// can say what belongs to what.
fn statements(value: &str) -> Option<Vec<Vec<Piece>>> {
    let mut statements = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut rest = value.chars();
    while let Some(character) = rest.next() {
        let ends_word = character.is_whitespace() || matches!(character, '(' | '=' | ';');
        if ends_word && let Some(word) = word.take() {
            statements.last_mut()?.push(Piece::Word(word));
        }
        match character {
            '(' => skip_comment(&mut rest)?,
            ';' => statements.push(Vec::new()),
            '=' => statements.last_mut()?.push(Piece::Equals),
            '"' => word.get_or_insert_default().push_str(&quoted(&mut rest)?),
            _ if character.is_whitespace() => {}
            _ => word.get_or_insert_default().push(character),
        }
    }
    if let Some(word) = word {
        statements.last_mut()?.push(Piece::Word(word));
    }
    Some(statements)
}

fn skip_comment(rest: &mut impl Iterator<Item = char>) -> Option<()> {
    let mut depth = 1;
    while depth > 0 {
        match rest.next()? {
            '\\' => drop(rest.next()?),
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
    }
    Some(())
}

fn quoted(rest: &mut impl Iterator<Item = char>) -> Option<String> {
    let mut text = String::new();
    loop {
        match rest.next()? {
            '"' => return Some(text),
            '\\' => text.push(rest.next()?),
            character => text.push(character),
        }
    }
}

/// One statement: the method and its result first, then properties. Anything out of this order is not believed.
/// A statement about DMARC or ARC that cannot be read in full is kept as one that is no pass.
fn method_result(pieces: &[Piece]) -> Option<MethodResult> {
    read_method(pieces).or_else(|| {
        let Some(Piece::Word(word)) = pieces.first() else { return None };
        let word = word.to_ascii_lowercase();
        let about = ["dmarc", "arc"].into_iter().find(|method| word.starts_with(method))?;
        Some(MethodResult { method: about.into(), result: "unreadable".into(), properties: Vec::new() })
    })
}

fn read_method(pieces: &[Piece]) -> Option<MethodResult> {
    let (Piece::Word(method), [Piece::Equals, Piece::Word(result), rest @ ..]) = pieces.split_first()? else {
        return None;
    };
    let method = method.split('/').next().unwrap_or_default().to_ascii_lowercase();
    let mut properties = Vec::new();
    for property in rest.chunks(3) {
        let [Piece::Word(name), Piece::Equals, Piece::Word(value)] = property else { return None };
        properties.push((name.to_ascii_lowercase(), value.clone()));
    }
    Some(MethodResult { method, result: result.to_ascii_lowercase(), properties })
}
