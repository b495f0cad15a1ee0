//! The colours of `static/charts.css` can be told from their ground (WCAG 2.2, 1.4.3 and 1.4.11).

const STYLESHEET: &str = include_str!("../../../static/charts.css");

/// The first value given for a custom property, as red, green and blue.
fn colour(name: &str) -> [u8; 3] {
    let rest = STYLESHEET.split(&format!("--app-chart-{name}: #")).nth(1).expect(name);
    let digits = rest.split(';').next().expect("an end");
    let whole = u32::from_str_radix(digits, 16).expect("hexadecimal digits");
    let [_, red, green, blue] = whole.to_be_bytes();
    [red, green, blue]
}

fn luminance(colour: [u8; 3]) -> f64 {
    let [red, green, blue] = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

const WHITE: [u8; 3] = [255; 3];

#[test]
fn black_on_white_is_twenty_one_to_one() {
    assert!((contrast([0; 3], WHITE) - 21.0).abs() < 0.001);
}

#[test]
fn every_mark_has_three_to_one_on_white() {
    for name in ["bar", "outline", "total", "threshold", "limit", "event", "axis", "hatch"] {
        let contrast = contrast(colour(name), WHITE);
        assert!(contrast >= 3.0, "{name}: {contrast:.2}");
    }
}

#[test]
fn all_words_have_four_and_a_half_to_one_on_white() {
    for name in ["text", "text-quiet", "text-threshold"] {
        let contrast = contrast(colour(name), WHITE);
        assert!(contrast >= 4.5, "{name}: {contrast:.2}");
    }
}

#[test]
fn the_outline_of_a_bar_can_be_told_from_the_bar() {
    assert!(contrast(colour("outline"), colour("bar")) >= 3.0);
}

#[test]
fn the_number_in_each_shade_has_four_and_a_half_to_one() {
    let light = colour("heat-text-light");
    let dark = colour("text");
    for (shade, text) in [(1, dark), (2, dark), (3, dark), (4, light), (5, light)] {
        let contrast = contrast(colour(&format!("heat-{shade}")), text);
        assert!(contrast >= 4.5, "shade {shade}: {contrast:.2}");
    }
    assert!(contrast(colour("text-quiet"), WHITE) >= 4.5);
}

#[test]
fn shades_grow_darker_in_grey_too() {
    let shades: Vec<f64> = (1..=5).map(|shade| luminance(colour(&format!("heat-{shade}")))).collect();
    assert!(shades.windows(2).all(|pair| pair[0] > pair[1] * 1.3), "{shades:?}");
}
