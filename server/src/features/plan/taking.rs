//! Taking an offer: the form is read, and what it says is held.

use super::question::Asked;
use super::sentences;
use crate::clock::Micros;
use crate::features::bookings::{Hold, Start, Wish};
use crate::features::software::service::Seen;
use app::asking::Caller;
use app::error::{Error, FieldError, Result};
use app::features::plan::model::{Take, When};
use app::features::software::model::Kind;

/// Longest name of a session, in characters.
const LONGEST_TITLE: usize = 100;
/// Most arguments, and most variables.
const MOST_LINES: usize = 200;
/// Longest command or environment, in bytes.
const LONGEST_TEXT: usize = 32 << 10;
/// Longest name of a request or a site.
const LONGEST_KEY: usize = 64;

/// What is to be held.
///
/// # Errors
/// [`Error::Invalid`] with each field that cannot be.
pub(super) fn read(caller: &Caller, offer: &Take, asked: Asked) -> Result<Hold> {
    let owner = caller.user()?.to_owned();
    let key = |text: &str| {
        !text.is_empty() && text.len() <= LONGEST_KEY && text.bytes().all(|b| b.is_ascii_graphic())
    };
    if !key(&offer.request) || !key(&offer.site) || offer.start_us < 0 {
        return Err(Error::StaleForm);
    }
    let Asked { mut question, seen, faults } = asked;
    // A session runs on one node, and that was among what was asked for.
    question.nodes = 1;
    let mut wrong: Vec<FieldError> = faults
        .into_iter()
        .map(|fault| FieldError { field: fault.field.to_owned(), sentence: fault.sentence })
        .collect();
    let mut fault = |field: &str, sentence: String| {
        wrong.push(FieldError { field: field.to_owned(), sentence });
    };
    let Some(seen) = seen else {
        let none =
            if question.software.is_empty() { sentences::NO_SOFTWARE } else { sentences::GONE_SOFTWARE };
        return Err(Error::field("software", none));
    };
    let title = title(&offer.title, &seen).unwrap_or_else(|sentence| {
        fault("title", sentence);
        String::new()
    });
    let command = command(&offer.command, seen.entry.kind).unwrap_or_else(|sentence| {
        fault("command", sentence);
        Vec::new()
    });
    let environment = environment(&offer.environment).unwrap_or_else(|sentence| {
        fault("environment", sentence);
        Vec::new()
    });
    if !wrong.is_empty() {
        return Err(Error::Invalid(wrong));
    }
    Ok(Hold {
        owner,
        groups: caller.groups.clone(),
        request: offer.request.clone(),
        site: offer.site.clone(),
        start: if offer.start_us == 0 { Start::Soonest } else { Start::At(offer.start_us) },
        wish: Wish {
            software: seen.entry.name.clone(),
            software_title: seen.entry.title.clone(),
            version: question.version.clone(),
            kind: seen.entry.kind,
            architectures: seen.entry.architectures.clone(),
            title,
            data: question.data,
            command,
            environment,
            question,
        },
    })
}

/// Whether it still fits the window that was asked for; `notice_us` is how far ahead its site wants it.
pub(super) fn fits_window(hold: &Hold, now: Micros, notice_us: Micros) -> bool {
    let length = i64::from(hold.wish.question.minutes) * 60_000_000;
    match (hold.wish.question.when, hold.start) {
        (When::Within { to_us, .. }, Start::At(start)) => {
            start.max(now + notice_us).saturating_add(length) <= to_us
        }
        (When::Within { to_us, .. }, Start::Soonest) => (now + notice_us).saturating_add(length) <= to_us,
        (When::Now, _) => true,
    }
}

fn title(text: &str, seen: &Seen) -> std::result::Result<String, String> {
    let text = text.trim();
    if text.chars().count() > LONGEST_TITLE || text.chars().any(char::is_control) {
        return Err(format!("A name has at most {LONGEST_TITLE} characters, on one line. Shorten it."));
    }
    Ok(if text.is_empty() { seen.entry.title.clone() } else { text.to_owned() })
}

fn lines(text: &str) -> std::result::Result<Vec<String>, String> {
    if text.len() > LONGEST_TEXT {
        return Err("This is too long: 32 kB at most. Put it into a file in your home instead.".to_owned());
    }
    let lines: Vec<String> = text.lines().map(|line| line.trim_end_matches('\r').to_owned()).collect();
    if lines.iter().any(|line| line.chars().any(|c| c.is_control() && c != '\t')) {
        return Err(
            "There is a character in it that cannot be passed on. Type it again without it.".to_owned()
        );
    }
    let used = lines.iter().rposition(|line| !line.trim().is_empty()).map_or(0, |last| last + 1);
    if used > MOST_LINES {
        return Err(format!("These are {used} lines; at most {MOST_LINES} are passed on. Use fewer."));
    }
    Ok(lines.into_iter().take(used).collect())
}

fn command(text: &str, kind: Kind) -> std::result::Result<Vec<String>, String> {
    let lines = lines(text)?;
    if !lines.is_empty() && kind != Kind::Batch {
        return Err("Only batch software takes a command. Leave it empty.".to_owned());
    }
    match lines.first() {
        Some(first) if first.trim().is_empty() => {
            Err("The first line is the command itself, so it must not be empty.".to_owned())
        }
        _ => Ok(lines),
    }
}

fn environment(text: &str) -> std::result::Result<Vec<(String, String)>, String> {
    let mut variables: Vec<(String, String)> = Vec::new();
    for line in lines(text)?.iter().filter(|line| !line.trim().is_empty()) {
        let wrong = || format!("{line:?} is not NAME=value, with a name of letters, digits and `_`.");
        let (name, value) = line.split_once('=').ok_or_else(wrong)?;
        let name = name.trim();
        let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if !starts || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            return Err(wrong());
        }
        if variables.iter().any(|(known, _)| known == name) {
            return Err(format!("{name} is there twice. Keep one of them."));
        }
        variables.push((name.to_owned(), value.to_owned()));
    }
    Ok(variables)
}
