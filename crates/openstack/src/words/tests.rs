//! Quotations that could hurt a page or a reader.

use super::*;

#[test]
fn markup_is_stripped_and_text_kept() {
    let apache = "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\n<html><head>\n<title>401 Unauthorized</title>\n</head>\
                  <body>\n<h1>Unauthorized</h1>\n<p>This server could not verify&nbsp;you.<br />\n</p></body></html>";
    assert_eq!(clean(apache), "Unauthorized This server could not verify you.");
    assert_eq!(clean("<script>alert(1)</script>a <STYLE>b{}</style> c <!-- d --> e"), "a c e");
    assert_eq!(clean("disk < 5 GiB, ram &lt; 3 & <3"), "disk < 5 GiB, ram < 3 & <3");
    assert_eq!(clean("cut <a href='"), "cut");
}

#[test]
fn control_and_invisible_characters_go() {
    assert_eq!(clean("a\u{202e}b\u{0}c\r\n\td"), "ab c d");
    assert_eq!(short("x\u{7}y\u{200b}z"), "xyz");
}

#[test]
fn a_long_text_is_cut() {
    let said = clean(&"long ".repeat(1_000_000));
    assert!(said.ends_with('…') && said.chars().count() <= LONGEST + 1, "{}", said.len());
    assert_eq!(clean(&format!("{}x", "<b>".repeat(1_000_000))), "");
}
