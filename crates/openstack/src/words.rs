//! What a site wrote, made fit to be quoted: one line, no markup, no control characters, not too long.

/// The longest quotation, in characters.
const LONGEST: usize = 500;

/// One line of text without tags, entities and invisible characters; `…` marks a cut.
pub(crate) fn clean(text: &str) -> String {
    // Nobody reads beyond this, and markup may be long before the first word.
    let start: String = text.chars().take(64 * 1024).collect();
    let text = without_tags(&start);
    let mut out = String::new();
    let mut chars = 0;
    let mut gap = false;
    for c in text.chars() {
        if c.is_whitespace() || c.is_control() {
            gap = true;
            continue;
        }
        if is_invisible(c) {
            continue;
        }
        if gap && chars > 0 {
            out.push(' ');
            chars += 1;
        }
        gap = false;
        if chars >= LONGEST {
            out.truncate(out.trim_end().len());
            out.push('…');
            return out;
        }
        out.push(c);
        chars += 1;
    }
    out
}

/// As [`clean`], for names and ids: no markup expected, and short.
pub(crate) fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !is_invisible(*c)).take(100).collect()
}

/// Marks that reorder or hide the text around them.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
        | '\u{061C}' | '\u{E0000}'..='\u{E007F}' | '\u{FFF9}'..='\u{FFFB}')
}

/// The text between the tags; what a `<` begins that is no tag stays as it is.
fn without_tags(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        out.push_str(&rest[..open]);
        let tag = &rest[open..];
        if tag.len() == 1 {
            return out;
        }
        let begins = tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        if !begins {
            out.push('<');
            rest = &tag[1..];
            continue;
        }
        out.push(' ');
        let end = if starts(tag, "<script") {
            ends(tag, "</script>")
        } else if starts(tag, "<style") {
            ends(tag, "</style>")
        } else if starts(tag, "<head") && !starts(tag, "<header") {
            // The title says what the heading says.
            ends(tag, "</head>").or_else(|| tag.find('>').map(|i| i + 1))
        } else if tag.starts_with("<!--") {
            tag.find("-->").map(|i| i + 3)
        } else {
            tag.find('>').map(|i| i + 1)
        };
        match end {
            Some(end) => rest = &tag[end..],
            None => return out,
        }
    }
    out.push_str(rest);
    out.replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&amp;", "&")
}

fn starts(tag: &str, name: &str) -> bool {
    tag.as_bytes().get(..name.len()).is_some_and(|t| t.eq_ignore_ascii_case(name.as_bytes()))
}

fn ends(tag: &str, close: &str) -> Option<usize> {
    let found = tag.as_bytes().windows(close.len()).position(|w| w.eq_ignore_ascii_case(close.as_bytes()));
    found.map(|i| i + close.len())
}

#[cfg(test)]
mod tests;
