//! Coordinates as people write them: `83.82 -5.39`, `05:35:17.3 -05:23:28`, `05h35m17.3s -05d23m28s`.

/// A number with what stood around it.
struct Part {
    value: f64,
    negative: bool,
    signed: bool,
    marker: Option<char>,
    after_comma: bool,
}

/// Right ascension and declination in degrees; none where the text is not made of coordinates; a sentence where it is,
/// but they are not on the sky.
pub(super) fn read(text: &str) -> Option<Result<(f64, f64), String>> {
    let parts = split(text)?;
    let middle = middle(&parts)?;
    let (ra, dec) = parts.split_at(middle);
    if ra.is_empty() || dec.is_empty() || ra.len() > 3 || dec.len() > 3 {
        return None;
    }
    Some(place(ra, dec))
}

fn place(ra: &[Part], dec: &[Part]) -> Result<(f64, f64), String> {
    let hours = match ra.first().and_then(|part| part.marker) {
        Some('h' | ':') => true,
        Some(_) => false,
        None => ra.len() > 1,
    };
    let (ra, dec) = (angle(ra)?, angle(dec)?);
    let ra = if hours { ra * 15.0 } else { ra };
    if !(-180.0..=360.0).contains(&ra) {
        return Err("A right ascension goes from 0 to 360 degrees, or from 0 to 24 hours. Correct it, as in 83.82 -5.39 or 05:35:17 -05:23:28.".to_owned());
    }
    if !(-90.0..=90.0).contains(&dec) {
        return Err(
            "A declination goes from -90 to 90 degrees. Right ascension comes first, as in 83.82 -5.39."
                .to_owned(),
        );
    }
    Ok((ra.rem_euclid(360.0), dec))
}

/// Degrees or hours with minutes and seconds.
fn angle(parts: &[Part]) -> Result<f64, String> {
    let mut sum = 0.0;
    let mut unit = 1.0;
    for (place, part) in parts.iter().enumerate() {
        if place > 0 && part.value >= 60.0 {
            return Err(format!(
                "Minutes and seconds are less than 60, but {} stands there. Correct it.",
                part.value
            ));
        }
        sum += part.value / unit;
        unit *= 60.0;
    }
    Ok(if parts.first().is_some_and(|part| part.negative) { -sum } else { sum })
}

/// Where the declination begins: at a comma, at a sign, or in the middle.
fn middle(parts: &[Part]) -> Option<usize> {
    let commas: Vec<usize> = places(parts, |part| part.after_comma);
    let signs: Vec<usize> = places(parts, |part| part.signed);
    match (commas.as_slice(), signs.as_slice()) {
        ([place], _) | ([], [place]) => Some(*place),
        ([], []) if parts.len().is_multiple_of(2) => Some(parts.len() / 2),
        _ => None,
    }
}

fn places(parts: &[Part], holds: impl Fn(&Part) -> bool) -> Vec<usize> {
    parts.iter().enumerate().skip(1).filter(|(_, part)| holds(part)).map(|(place, _)| place).collect()
}

/// The numbers of a text; none where there is anything else in it.
fn split(text: &str) -> Option<Vec<Part>> {
    let text = text.replace(['\u{2212}', '\u{2013}'], "-").to_lowercase().replace("deg", "d");
    let mut rest = text.trim();
    let mut parts: Vec<Part> = Vec::new();
    let mut after_comma = false;
    while let Some(first) = rest.chars().next() {
        if first.is_whitespace() || matches!(first, ',' | ';') {
            after_comma |= !first.is_whitespace();
            rest = rest.get(first.len_utf8()..)?;
            continue;
        }
        let (signed, unsigned) = match first {
            '+' | '-' => (true, rest.get(1..)?),
            _ => (false, rest),
        };
        let end = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
        let value: f64 = unsigned.get(..end)?.parse().ok()?;
        rest = unsigned.get(end..)?;
        let marker =
            rest.chars().next().filter(|c| !c.is_whitespace() && !matches!(c, ',' | ';' | '+' | '-'));
        if let Some(marker) = marker {
            if !matches!(marker, 'h' | 'm' | 's' | 'd' | ':' | '°' | '\'' | '"' | '′' | '″' | '’' | '”')
            {
                return None;
            }
            rest = rest.get(marker.len_utf8()..)?;
        }
        parts.push(Part { value, negative: first == '-', signed, marker, after_comma });
        after_comma = false;
    }
    (parts.len() >= 2).then_some(parts)
}
