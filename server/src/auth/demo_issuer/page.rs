//! The demo issuer's pages: plain HTML forms, no script.

use super::users::USERS;
use std::fmt::Write as _;

/// The colours are those of the portal's own pages. The ground is painted too: a page that leaves it to the browser has
/// none that a contrast could be measured against.
const STYLE: &str = "
:root{color-scheme:light dark;--ground:light-dark(#f5f7f9,#0a0e14);--panel:light-dark(#ffffff,#0f141c);--line:light-dark(#868fa0,#66738a);--soft:light-dark(#5b6577,#9aa6ba);--ink:light-dark(#121826,#eef2f7);--accent:light-dark(#b45309,#f5a524)}
html{background:var(--ground);color:var(--ink)}
body{font:16px/1.5 system-ui,sans-serif;max-width:28rem;margin:12vh auto 0;padding:0 1rem}
h1{font-size:1.375rem;margin:0 0 .25rem}p{margin:0 0 1.25rem}.soft{color:var(--soft);font-size:.875rem}
strong.demo{color:var(--accent)}form{display:grid;gap:.75rem}
button{font:inherit;text-align:left;padding:.75rem 1rem;border:1px solid var(--line);border-radius:6px;background:var(--panel);color:inherit;cursor:pointer}
button:hover{border-color:currentColor}button:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
button b,button span{display:block}button.cancel{border-color:transparent;background:none;text-align:center}";

/// The page that lists the users. `fields` come back with the choice.
pub(super) fn choose(fields: &[(&str, &str)], nonce: &str) -> String {
    let mut form = String::new();
    for (name, value) in fields {
        let _ = write!(form, "<input type=\"hidden\" name=\"{}\" value=\"{}\">", escape(name), escape(value));
    }
    for user in &USERS {
        let _ = write!(
            form,
            "<button name=\"user\" value=\"{}\"><b>{}</b><span class=\"soft\">{}</span></button>",
            user.subject, user.name, user.sentence
        );
    }
    form.push_str("<button class=\"cancel\" name=\"user\" value=\"\">Cancel</button>");
    document(
        "Demo sign-in",
        &format!(
            "<p><strong class=\"demo\">This is a demo.</strong> Anybody on this machine may sign in as one of these users, without a password. A real Skyport uses your institute's sign-in.</p><form method=\"post\" action=\"/authorize\">{form}</form>"
        ),
        nonce,
    )
}

/// The page for a request that cannot be sent back.
pub(super) fn wrong(sentence: &str, nonce: &str) -> String {
    document("This sign-in cannot go on", &format!("<p>{}</p>", escape(sentence)), nonce)
}

fn document(title: &str, body: &str, nonce: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{title} · Skyport</title><style nonce=\"{nonce}\">{STYLE}</style></head><body><main><h1>{title}</h1>{body}</main></body></html>"
    )
}

/// A text inside HTML, in an attribute's quotes too.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::choose;

    #[test]
    fn what_came_in_stays_text() {
        let page = choose(&[("state", "\"><script>alert(1)</script>")], "n");
        assert!(!page.contains("<script"), "{page}");
        assert!(page.contains("value=\"&quot;&gt;&lt;script&gt;"), "{page}");
    }
}
