//! What a form must be before anything is made of it.

use app::error::FieldError;
use app::features::servers::model::CreateServer;

/// Most servers from one form.
pub(super) const MOST_AT_ONCE: u64 = 10;
const LONGEST_USER_DATA: usize = 32 * 1024;
const NAME_RULE: &str =
    "Use 2 to 63 small letters, digits and hyphens; begin with a letter and do not end with a hyphen.";

/// Whether this can be a server's name and its machine's host name.
pub(super) fn is_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    let fits = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-';
    (2..=63).contains(&bytes.len())
        && bytes[0].is_ascii_lowercase()
        && bytes.iter().all(fits)
        && !name.ends_with('-')
        && !is_uuid(name)
}

/// Names that are ids are refused: tools take a name or an id in one place.
fn is_uuid(name: &str) -> bool {
    let parts: Vec<&str> = name.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// What is wrong with a name, if anything.
pub(super) fn name_fault(name: &str) -> Option<&'static str> {
    match name {
        "" => Some("Give the server a name."),
        name if is_name(name) => None,
        name if is_uuid(name) => {
            Some("A name that looks like an id would be mistaken for one. Choose another.")
        }
        _ => Some(NAME_RULE),
    }
}

/// The names of all servers of a form.
pub(super) fn names(wish: &CreateServer) -> Vec<String> {
    match wish.count {
        0 | 1 => vec![wish.name.clone()],
        count => (1..=count.min(MOST_AT_ONCE)).map(|n| format!("{}-{n}", wish.name)).collect(),
    }
}

/// Everything that is wrong with a form, without asking anybody.
pub(super) fn form_faults(wish: &CreateServer) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let mut say = |field: &str, sentence: String| {
        faults.push(FieldError { field: field.to_owned(), sentence });
    };
    if let Some(sentence) = names(wish).iter().find_map(|name| name_fault(name)) {
        say("name", sentence.to_owned());
    }
    if wish.count > MOST_AT_ONCE {
        say("count", format!("At most {MOST_AT_ONCE} servers can be made at once."));
    }
    if wish.image.is_empty() {
        say("image", "Choose an image.".to_owned());
    }
    if wish.size.is_empty() {
        say("size", "Choose a size.".to_owned());
    }
    if wish.key.is_empty() {
        say("key", "Choose an access key; without one nobody could sign in.".to_owned());
    }
    if let Some(sentence) = user_data_fault(&wish.user_data) {
        say("user_data", sentence);
    }
    faults
}

/// What is wrong with user data, if anything: cloud-init's YAML (`#cloud-config`) or a script (`#!`).
pub(super) fn user_data_fault(text: &str) -> Option<String> {
    if text.trim().is_empty() {
        return None;
    }
    if text.len() > LONGEST_USER_DATA {
        return Some(format!(
            "The user data has {} bytes; at most {LONGEST_USER_DATA} are taken. Let it fetch the rest itself.",
            text.len()
        ));
    }
    if text.contains('\0') {
        return Some("The user data holds a NUL character. Paste it as plain text.".to_owned());
    }
    let first = text.lines().next().unwrap_or_default().trim_end();
    if first.starts_with("#!") {
        return None;
    }
    if first != "#cloud-config" {
        return Some(
            "Begin the user data with a line `#cloud-config` and write YAML, or with `#!` for a script."
                .to_owned(),
        );
    }
    match serde_saphyr::from_str::<serde_json::Value>(text) {
        Ok(serde_json::Value::Object(_) | serde_json::Value::Null) => None,
        Ok(_) => Some(
            "The user data is YAML, but not of the form `key: value`. See cloud-init's examples.".to_owned(),
        ),
        Err(error) => {
            // The first line says what and where; a picture of the place follows, and may hold a secret.
            let why = error.to_string();
            Some(format!("The user data is not YAML: {}.", why.lines().next().unwrap_or_default()))
        }
    }
}
