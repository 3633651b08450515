//! Cleaning of foreign text.

use super::*;

#[test]
fn control_characters_and_direction_marks_do_not_survive() {
    assert_eq!(clean("a\u{1b}[31mb\r\n\tc\u{202e}d\u{0}", 100), "a [31mb cd");
}

#[test]
fn long_text_is_cut_by_characters_and_marked() {
    assert_eq!(clean("ééééé", 3), "ééé…");
    assert_eq!(clean("abc", 3), "abc");
    assert_eq!(clean("ab cd", 2), "ab…");
}

#[test]
fn a_page_is_known_by_its_title_or_its_first_words() {
    assert_eq!(page_words("<html><head><TITLE lang='en'>503 &amp; more</TITLE>", 50), "503 & more");
    let page =
        "<html><head><title> </title></head><body><script>var x='<b>';</script><h1>Down</h1><p>for repair";
    assert_eq!(page_words(page, 50), "Down for repair");
}

#[test]
fn hostile_markup_is_no_panic() {
    for page in ["<title", "<title>", "</title><title>", "<", "<!--", "<script", "<sty", "<é<é<é", "<body"]
    {
        page_words(page, 10);
    }
}

#[test]
fn an_address_loses_what_may_be_secret() {
    let url = Url::parse("https://me:pw@tap.example/a/sync?key=s3cret#x").unwrap();
    assert_eq!(place(&url), "https://tap.example/a/sync");
}
