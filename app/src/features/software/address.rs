//! The address of the catalogue page: everything that is looked for is in it.

use super::model::{Kind, Only, PER_PAGE, Question};
use crate::frame::query_string::{read_pairs, write_address};

/// The page.
pub const SOFTWARE: &str = "/software";
/// Most tags that are read of an address.
const MOST_TAGS: usize = 20;

/// Reads the page's raw query string. What is not understood is left out.
pub fn read(search: &str) -> Question {
    let mut question = Question::default();
    for (name, value) in read_pairs(search) {
        match name.as_str() {
            "q" => value.trim().clone_into(&mut question.words),
            "kind" => question.kind = Kind::of_key(&value),
            "tag"
                if !question.tags.contains(&value)
                    && question.tags.len() < MOST_TAGS
                    && !value.is_empty() =>
            {
                question.tags.push(value);
            }
            "domain" => question.domain = value,
            "fits" => question.fits = value == "1",
            "show" if value == "favourites" => question.only = Only::Favourites,
            "show" if value == "recent" => question.only = Only::Recent,
            "show" if value == "mine" => question.only = Only::Mine,
            "offset" => question.offset = value.parse().unwrap_or(0) / PER_PAGE * PER_PAGE,
            _ => {}
        }
    }
    question
}

/// Names and values of the address, also the hidden fields of its form.
pub fn pairs(question: &Question) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut put = |name: &str, value: &str| {
        if !value.is_empty() {
            pairs.push((name.to_owned(), value.to_owned()));
        }
    };
    put("q", &question.words);
    put("kind", question.kind.map_or("", Kind::key));
    for tag in &question.tags {
        put("tag", tag);
    }
    put("domain", &question.domain);
    put(
        "show",
        match question.only {
            Only::All => "",
            Only::Favourites => "favourites",
            Only::Recent => "recent",
            Only::Mine => "mine",
        },
    );
    put("fits", if question.fits { "1" } else { "" });
    if question.offset > 0 {
        put("offset", &question.offset.to_string());
    }
    pairs
}

/// The address that [`read`] reads.
pub fn write(question: &Question) -> String {
    write_address(SOFTWARE, &pairs(question))
}

/// The same search changed, from its first page.
pub fn with(question: &Question, change: impl FnOnce(&mut Question)) -> String {
    let mut question = Question { offset: 0, ..question.clone() };
    change(&mut question);
    write(&question)
}

/// Whether anything narrows the search, its words aside.
pub fn is_narrowed(question: &Question) -> bool {
    question.kind.is_some()
        || !question.tags.is_empty()
        || !question.domain.is_empty()
        || question.only != Only::All
        || question.fits
}

#[cfg(test)]
mod tests {
    use super::{read, with, write};
    use crate::features::software::model::{Kind, Only, Question};

    #[test]
    fn survives_its_address() {
        let text = "q=casa%206&kind=web-app&tag=radio&tag=C%2B%2B&domain=radio%20astronomy&show=mine&fits=1&offset=96";
        let question = read(text);
        assert_eq!(question.kind, Some(Kind::WebApp));
        assert_eq!(question.only, Only::Mine);
        assert!(question.fits);
        assert_eq!(write(&question), format!("/software?{text}"));
        assert_eq!(write(&Question::default()), "/software");
        assert_eq!(with(&question, |q| q.tags.clear()).matches("offset").count(), 0, "from the first page");
    }

    #[test]
    fn leaves_out_what_it_does_not_know() {
        let question = read("?kind=robot&tag=&tag=a&tag=a&show=all&fits=maybe&offset=77&other=1&q=%20");
        assert_eq!(question, Question { tags: vec!["a".into()], offset: 48, ..Question::default() });
    }
}
