//! Names of files in `/data`: of letters that every shell and program takes, each there once.

use std::collections::HashSet;

/// Longest name without its ending, in letters.
const LONGEST: usize = 60;

/// The names that are given.
#[derive(Debug, Default)]
pub(super) struct Names(HashSet<String>);

impl Names {
    /// A name for something called so; another where that one is given, the same in every run.
    pub(super) fn file(&mut self, called: &str) -> String {
        self.take(&plain(called, false), "")
    }

    /// A name with an ending, for the last part of an address.
    pub(super) fn product(&mut self, called: &str) -> String {
        let called = plain(called, true);
        // `.fits.gz` stays together.
        match called.find('.').filter(|at| *at > 0 && called.len() - at <= 12) {
            Some(at) => self.take(&called[..at], &called[at..]),
            None => self.take(&called, ""),
        }
    }

    fn take(&mut self, name: &str, ending: &str) -> String {
        let numbered = (2..).map(|number| format!("{name}-{number}{ending}"));
        let mut all = std::iter::once(format!("{name}{ending}")).chain(numbered);
        let free = all.find(|name| !self.0.contains(name)).unwrap_or_default();
        self.0.insert(free.clone());
        free
    }
}

fn plain(called: &str, dots: bool) -> String {
    let mut name = String::new();
    for letter in called.chars().take(400) {
        match letter {
            'a'..='z' | '0'..='9' | '_' => name.push(letter),
            'A'..='Z' if dots => name.push(letter),
            'A'..='Z' => name.push(letter.to_ascii_lowercase()),
            '.' if dots && !name.is_empty() && !name.ends_with('.') => name.push('.'),
            _ if !name.is_empty() && !name.ends_with('-') => name.push('-'),
            _ => {}
        }
        if name.len() >= LONGEST {
            break;
        }
    }
    let name = name.trim_end_matches(['-', '.']);
    if name.is_empty() { "data".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn names_are_plain_and_there_once() {
        let mut names = Names::default();
        assert_eq!(names.file("Bright stars, near M 31!"), "bright-stars-near-m-31");
        assert_eq!(names.file("bright stars near m 31"), "bright-stars-near-m-31-2");
        assert_eq!(names.file("../../etc/passwd"), "etc-passwd");
        assert_eq!(names.file("\u{661f}"), "data");
        assert_eq!(names.file(&"x".repeat(1000)).len(), 60);
        assert_eq!(names.product("M31_cube.v2.fits.gz"), "M31_cube.v2.fits.gz");
        assert_eq!(names.product("image.fits"), "image.fits");
        assert_eq!(names.product("image.fits"), "image-2.fits");
        assert_eq!(names.product(".hidden"), "hidden");
        assert_eq!(names.product("..%2F..%2Fa"), "2F.-2Fa");
    }
}
