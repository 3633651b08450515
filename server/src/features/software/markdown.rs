//! Descriptions from Markdown to HTML that is safe wherever it came from.
//!
//! Nothing is cleaned afterwards: only plain structure is let through in the first place. HTML becomes the text that it
//! is, pictures their words, and links stay where they lead to the web, to mail or to a DOI. Headings begin below the
//! page's own, and nothing carries a style or a class.

use pulldown_cmark::{Alignment, CodeBlockKind, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

/// HTML of a description.
pub(crate) fn to_html(markdown: &str) -> String {
    let mut open_links = Vec::new();
    let parser = Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    let events = parser.filter_map(|event| keep(event, &mut open_links));
    let mut html = String::with_capacity(markdown.len() * 5 / 4);
    pulldown_cmark::html::push_html(&mut html, events);
    html
}

/// The event as it is let through. `open_links` says for each link that is open whether it stays one.
fn keep<'a>(event: Event<'a>, open_links: &mut Vec<bool>) -> Option<Event<'a>> {
    Some(match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(tag) => Event::Start(match tag {
            Tag::Link { link_type, dest_url, .. } => {
                let address = address(link_type, &dest_url);
                open_links.push(address.is_some());
                Tag::Link {
                    link_type: LinkType::Inline,
                    dest_url: address?.into(),
                    title: "".into(),
                    id: "".into(),
                }
            }
            Tag::Heading { level, .. } => {
                Tag::Heading { level: lower(level), id: None, classes: Vec::new(), attrs: Vec::new() }
            }
            // Alignment would be an attribute `style`, and a language a class.
            Tag::Table(columns) => Tag::Table(vec![Alignment::None; columns.len()]),
            Tag::CodeBlock(_) => Tag::CodeBlock(CodeBlockKind::Indented),
            Tag::BlockQuote(_) => Tag::BlockQuote(None),
            plain @ (Tag::Paragraph
            | Tag::List(_)
            | Tag::Item
            | Tag::TableHead
            | Tag::TableRow
            | Tag::TableCell
            | Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough) => plain,
            _ => return None,
        }),
        Event::End(end) => Event::End(match end {
            TagEnd::Link if !open_links.pop().unwrap_or(false) => return None,
            TagEnd::Heading(level) => TagEnd::Heading(lower(level)),
            TagEnd::BlockQuote(_) => TagEnd::BlockQuote(None),
            plain @ (TagEnd::Link
            | TagEnd::Paragraph
            | TagEnd::CodeBlock
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::Table
            | TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::TableCell
            | TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough) => plain,
            _ => return None,
        }),
        Event::Text(_) | Event::Code(_) | Event::SoftBreak | Event::HardBreak | Event::Rule => event,
        _ => return None,
    })
}

/// Where a link may lead; none where it may not.
fn address(kind: LinkType, to: &str) -> Option<String> {
    if kind == LinkType::Email {
        return Some(format!("mailto:{to}"));
    }
    let (scheme, rest) = to.split_once(':')?;
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "https" if rest.starts_with("//") => Some(to.to_owned()),
        "mailto" => Some(to.to_owned()),
        "doi" => Some(format!("https://doi.org/{rest}")),
        _ => None,
    }
}

/// The page has its `<h1>` and the card its `<h2>`.
fn lower(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 | HeadingLevel::H2 => HeadingLevel::H3,
        HeadingLevel::H3 => HeadingLevel::H4,
        HeadingLevel::H4 => HeadingLevel::H5,
        HeadingLevel::H5 | HeadingLevel::H6 => HeadingLevel::H6,
    }
}

#[cfg(test)]
mod tests {
    use super::to_html;

    #[test]
    fn structure_stays() {
        assert_eq!(
            to_html("# One\n\nSome *words*, `code` and [a link](https://x.example/a?b=c&d).\n\n- a\n- b\n"),
            "<h3>One</h3>\n<p>Some <em>words</em>, <code>code</code> and \
             <a href=\"https://x.example/a?b=c&amp;d\">a link</a>.</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"
        );
        let table = to_html("| a | b |\n|--:|:-:|\n| 1 | ~~2~~ |\n");
        assert!(
            table.contains("<td>1</td>") && table.contains("<del>2</del>") && !table.contains("style"),
            "{table}"
        );
        assert_eq!(to_html("```python\nx < 1\n```"), "<pre><code>x &lt; 1\n</code></pre>\n");
        assert_eq!(to_html("<me@x.example>"), "<p><a href=\"mailto:me@x.example\">me@x.example</a></p>\n");
        assert_eq!(to_html("[paper](doi:10.1/x)"), "<p><a href=\"https://doi.org/10.1/x\">paper</a></p>\n");
    }

    #[test]
    fn nothing_else_gets_through() {
        for hostile in [
            "<script>alert(1)</script>",
            "text <b onclick=alert(1)>bold</b>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](data:text/html,<script>)",
            "[x](vbscript:x)",
            "[x](//evil.example)",
            "[x](/api/keys/remove)",
            "[x](https:evil.example)",
            "[x][y]\n\n[y]: javascript:alert(1) \"title\"",
            "<javascript:alert(1)>",
            "![x](https://evil.example/pixel.png)",
            "[![x](https://evil.example/pixel.png)](javascript:x)",
            "<div style=\"position:fixed\">\n\n# x\n\n</div>",
            "<!-- comment -->",
            "<style>body{}</style>",
            "# x {#id .class onclick=alert(1)}",
            "```\"><script>\nx\n```",
            "[x](https://x.example/\"><script>)",
            "[x](<https://x.example/\"onmouseover=\"alert(1)> \"ti\"><script>tle\")",
        ] {
            let html = to_html(hostile);
            let tags: Vec<&str> = html.split('<').skip(1).collect();
            for tag in tags {
                let name = tag.split(['>', ' ', '/']).find(|part| !part.is_empty()).unwrap_or_default();
                assert!(["p", "h3", "pre", "code", "a"].contains(&name), "{hostile}: {html}");
                let inside = tag.split('>').next().unwrap_or_default();
                let attributes = inside.matches('=').count();
                assert!(attributes == 0 || inside.starts_with("a href=\"https://"), "{hostile}: {html}");
                assert!(!inside.contains("onmouseover=\""), "{hostile}: {html}");
            }
        }
    }

    /// Deep nesting is a small text.
    #[test]
    fn nesting_has_an_end() {
        assert!(to_html(&"> ".repeat(5000)).len() < 1_000_000);
        assert!(to_html(&"[".repeat(20_000)).len() < 1_000_000);
        assert!(to_html(&"*a _b ".repeat(3000)).len() < 1_000_000);
    }
}
