//! What an archive wrote, made fit to be quoted to a person: one line, no control characters, not too long.

use url::Url;

/// One line of at most `max` characters: runs of white space and control characters become one space,
/// invisible direction marks vanish, and `…` marks a cut.
pub(crate) fn clean(text: &str, max: usize) -> String {
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
        if gap && !out.is_empty() {
            out.push(' ');
            chars += 1;
        }
        gap = false;
        if chars >= max {
            out.truncate(out.trim_end().len());
            out.push('…');
            return out;
        }
        out.push(c);
        chars += 1;
    }
    out
}

/// Marks that reorder or hide the text around them (Unicode bidi controls, zero-width characters, BOM, tags).
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
        | '\u{061C}' | '\u{E0000}'..='\u{E007F}' | '\u{FFF9}'..='\u{FFFB}')
}

/// A web page's title, or else its first words, cleaned.
pub(crate) fn page_words(html: &str, max: usize) -> String {
    let lower = html.to_ascii_lowercase();
    if let Some(start) = lower.find("<title") {
        let rest = &lower[start..];
        if let (Some(open), Some(close)) = (rest.find('>'), rest.find("</title"))
            && open < close
        {
            let title = clean(&unescape(&html[start + open + 1..start + close]), max);
            if !title.is_empty() {
                return title;
            }
        }
    }
    let body = lower.find("<body").unwrap_or(0);
    clean(&unescape(&without_tags(&html[body..])), max)
}

/// The text between the tags, scripts and styles left out.
fn without_tags(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        out.push_str(&rest[..open]);
        out.push(' ');
        let tag = &rest[open..];
        let lower = tag.get(..8).unwrap_or(tag).to_ascii_lowercase();
        let end = if lower.starts_with("<script") {
            tag.to_ascii_lowercase().find("</script>").map(|i| i + 9)
        } else if lower.starts_with("<style") {
            tag.to_ascii_lowercase().find("</style>").map(|i| i + 8)
        } else if lower.starts_with("<!--") {
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
    out
}

fn unescape(text: &str) -> String {
    text.replace("&nbsp;", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&apos;", "'")
        .replace("&amp;", "&")
}

/// An address fit for a message or a log: no user, password, query or fragment, which may carry secrets.
pub(crate) fn place(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    // Both fail only for addresses that cannot carry them.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    clean(url.as_str(), 300)
}

#[cfg(test)]
mod tests;
