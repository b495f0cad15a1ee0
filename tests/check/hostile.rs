//! Files that are not policy at all: one clear fault each, no panic, no long wait.

use super::{faults_of, file, shipped};
use std::time::{Duration, Instant};

fn codes(text: &str) -> Vec<&'static str> {
    let mut sources = shipped();
    sources.workflows.retain(|source| source.name == "consultation");
    file(&mut sources, "consultation.yaml").text = text.to_owned();
    let began = Instant::now();
    let faults = faults_of(&sources);
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    let of_file = faults.iter().filter(|fault| fault.file.ends_with("consultation.yaml"));
    of_file.map(|fault| fault.code).collect()
}

#[test]
fn a_file_that_is_no_yaml_is_one_fault() {
    let mut laughs = "a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]\n".to_owned();
    for level in 1..60 {
        laughs.push_str(&format!("a{level}: &a{level} [{}]\n", format!("*a{}, ", level - 1).repeat(9)));
    }
    let cases: [(&str, String, &str); 12] = [
        ("empty", String::new(), "empty-file"),
        ("blank", " \n\n".to_owned(), "empty-file"),
        ("prose", "Dear Sir, this is not YAML: at all: really".to_owned(), "yaml-syntax"),
        ("text", "just text".to_owned(), "wrong-shape"),
        ("list", "- a\n- b".to_owned(), "wrong-shape"),
        ("control", "\u{0}\u{1}\u{2}\u{7f}".to_owned(), "yaml-syntax"),
        ("unclosed", "states: {a: [".to_owned(), "yaml-syntax"),
        ("ten megabytes", "a: b\n".repeat(2 << 20), "file-too-large"),
        ("deep", format!("a: {}{}", "[".repeat(200), "]".repeat(200)), "nested-too-deep"),
        ("very deep", "[".repeat(500_000), "yaml-syntax"),
        ("laughs", laughs, "file-too-large"),
        ("tagged", "a: !!python/object:os.system x".to_owned(), "yaml-tag"),
    ];
    for (name, text, code) in cases {
        assert_eq!(codes(&text), [code], "{name}");
    }
}

#[test]
fn an_expression_that_would_break_a_stack_is_one_fault() {
    let guard = |that: &str| {
        let that = serde_json::Value::String(that.to_owned());
        format!(
            "workflow: consultation\nversion: 1\ntitle: T\ninitial: a\nseed: {{ unit: string, replyBy: date }}\nstates:\n  \
             a: {{ on: {{ go: {{ by: [spoc], to: b, guard: [{{ that: {that}, else: No. }}] }} }} }}\n  b: {{ kind: final }}\n"
        )
    };
    assert_eq!(codes(&guard("true")), Vec::<&str>::new());
    for (that, code) in [
        (format!("{}true{}", "(".repeat(400), ")".repeat(400)), "guard-too-deep"),
        (vec!["1"; 1000].join("+") + " > 0", "guard-too-deep"),
        ("true ? ".repeat(120) + "true" + &" : false".repeat(120), "guard-syntax"),
        ("x".repeat(5000), "guard-too-long"),
        ("1 +".to_owned(), "guard-syntax"),
        ("\"unclosed".to_owned(), "guard-syntax"),
        ("a b c".to_owned(), "guard-syntax"),
    ] {
        assert_eq!(codes(&guard(&that)), [code], "{that}");
    }
}

#[test]
fn random_damage_never_panics() {
    let original = file(&mut shipped(), "consultation.yaml").text.clone();
    // A small generator with a fixed seed; every damage is the same on every run.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % u64::try_from(below).unwrap()).unwrap()
    };
    for _ in 0..60 {
        let mut chars: Vec<char> = original.chars().collect();
        for _ in 0..=next(4) {
            let at = next(chars.len());
            match next(3) {
                0 => drop(chars.remove(at)),
                1 => chars.insert(at, ['{', '}', '[', '"', ':', '\n', '&', '*', '-', 'é'][next(10)]),
                _ => chars.truncate(at.max(1)),
            }
        }
        codes(&chars.into_iter().collect::<String>());
    }
}
