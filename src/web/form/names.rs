//! Names of fields, ids of the elements that hold them, and JSON pointers.

/// An id of an element: letters, digits, `-` and `_`.
pub(crate) fn field_id(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect()
}

/// `/limits/0/max` → `limits.0.max`.
pub(crate) fn pointer_to_name(pointer: &str) -> String {
    pointer.trim_start_matches('/').replace('/', ".").replace("~1", "/").replace("~0", "~")
}

/// `limits` and `0` → `limits.0`.
pub(super) fn below(name: &str, step: &str) -> String {
    if name.is_empty() { step.to_owned() } else { format!("{name}.{step}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_a_name_and_an_id_say_the_same_place() {
        assert_eq!(pointer_to_name("/limits/0/max"), "limits.0.max");
        assert_eq!(pointer_to_name(""), "");
        assert_eq!(field_id("limits.0.max"), "limits-0-max");
        assert_eq!((below("", "a"), below("a", "0")), ("a".to_owned(), "a.0".to_owned()));
    }
}
