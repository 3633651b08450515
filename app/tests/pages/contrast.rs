//! The colours of `style/tokens.css` against what WCAG 2.2 asks of them (1.4.3 for text, 1.4.11 for borders of fields).

use std::collections::HashMap;

type Rgb = [f64; 3];

/// Light and dark of each token that is written as `light-dark(#.., #..)`.
fn tokens() -> HashMap<String, [Rgb; 2]> {
    let css = include_str!("../../../style/tokens.css");
    let mut found = HashMap::new();
    for line in css.lines() {
        let Some((name, rest)) = line.trim().split_once(": light-dark(") else { continue };
        let colours: Vec<Rgb> = rest.split('#').skip(1).filter_map(|text| rgb(text.get(..6)?)).collect();
        found.insert(name.to_owned(), [colours[0], colours[1]]);
    }
    found
}

fn rgb(hex: &str) -> Option<Rgb> {
    let part = |from: usize| u8::from_str_radix(hex.get(from..from + 2)?, 16).ok().map(f64::from);
    Some([part(0)?, part(2)?, part(4)?])
}

/// Relative luminance, WCAG 2.2 "relative luminance".
fn luminance(colour: Rgb) -> f64 {
    let linear = colour.map(|part| {
        let part = part / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn black_on_white_is_21() {
    assert!((contrast([0.0; 3], [255.0; 3]) - 21.0).abs() < 1e-9);
}

#[test]
fn text_and_fields_can_be_read() {
    let tokens = tokens();
    let text = ["--n5", "--n6", "--n7", "--accent", "--run", "--wait", "--warn", "--fail"];
    let grounds = ["--n0", "--n1"];
    let mut pairs: Vec<(&str, &str, f64)> =
        text.iter().flat_map(|t| grounds.iter().map(move |g| (*t, *g, 4.5))).collect();
    pairs.extend([
        ("--on-accent", "--accent", 4.5),
        ("--on-accent", "--accent-strong", 4.5),
        ("--n5", "--n2", 4.5),
        ("--n7", "--n3", 4.5),
        ("--n4", "--n0", 3.0),
        ("--n4", "--n1", 3.0),
    ]);
    for (front, ground, least) in pairs {
        for (scheme, name) in ["light", "dark"].into_iter().enumerate() {
            let found = contrast(tokens[front][scheme], tokens[ground][scheme]);
            assert!(found >= least, "{front} on {ground} in {name}: {found:.2}, at least {least}");
        }
    }
}
