//! What the page of access keys says: what a key is good for, what deleting one means, how a made one is kept.

use super::model::KeyView;
use crate::text::counted;

/// Under the page's heading.
pub const LEAD: &str =
    "Your public keys. A server that you create lets in whoever has the private half, which stays with you.";
/// What the empty list is for.
pub const EMPTY: &str =
    "A server knows you by a key. Add the public half of the one you have, or have a new one made here.";
/// For somebody who is not signed in.
pub const VISITOR: &str = "Access keys are how your servers know you. They belong to an account, so that each new server can be given one.";
/// Under the field.
pub const PASTE_HINT: &str = "One line that begins with its type, from the file that ends in .pub. Never the file beside it without .pub: that is the private key.";
/// Under the name.
pub const NAME_HINT: &str =
    "What you call it, such as laptop. Left empty, it is named after the key's comment.";
/// What making does.
pub const MAKE: &str = "An ed25519 pair is made in this browser. Only the public half is sent; the private half is yours to download, once.";
/// Where there is no script.
pub const MAKE_NEEDS_SCRIPT: &str = "This needs JavaScript, since the key is made in the browser and not on the server. Without it, make one on your own machine, then paste the line of its .pub file:";
/// A made key that was not saved yet.
pub const SAVE_NOW: &str =
    "The private half is in this window alone and is offered this once: download it before you leave.";
/// A made key that was saved.
pub const SAVED: &str = "Keep the file to yourself. It has no passphrase; ssh-keygen -p gives it one.";
/// Asked before the page is left.
pub const LEAVE: &str = "The private key is not downloaded yet. If you leave this page it is lost, and the key is of no use. Leave?";
/// The browser gave no random numbers, or the key could not be written.
pub const NOT_MADE: &str =
    "This browser could not make a key. Make one with ssh-keygen -t ed25519 and paste its .pub file.";
/// The browser could not save.
pub const NOT_SAVED: &str = "The browser did not save the file. Try again.";
/// The chosen file could not be read.
pub const NOT_READ: &str = "The browser could not read this file. Open it in an editor and paste its line.";

/// The question before a key is deleted: its servers, and that they keep it.
pub fn delete_question(key: &KeyView) -> String {
    let named: Vec<&str> = key.servers.iter().map(|server| server.name.as_str()).collect();
    let more = key.server_count.saturating_sub(named.len() as u64);
    let rest = if more == 0 { String::new() } else { format!(" and {more} more") };
    match key.server_count {
        0 => format!("The key {} is removed from this list. No server carries it.", key.name),
        1 => format!(
            "The key {} is removed from this list. The server {} carries it and keeps it: whoever has the private half still gets in.",
            key.name,
            named.join(", ")
        ),
        count => format!(
            "The key {} is removed from this list. {} carry it, and they keep it: {}{rest}. Whoever has the private half still gets in.",
            key.name,
            counted(count, "server"),
            named.join(", ")
        ),
    }
}

/// The file that a made key is saved as: `id_ed25519_` and what of the name fits into a file's name on any system.
pub fn file_name(name: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    let words: String = name.chars().map(safe).collect();
    let words: Vec<&str> = words.split('-').filter(|word| !word.is_empty()).collect();
    let joined: String = words.join("-").chars().take(40).collect();
    format!("id_ed25519_{}", if joined.is_empty() { "skyport" } else { joined.trim_end_matches('-') })
}

/// Puts the file where `ssh` looks, readable for its owner alone.
pub fn keep_command(file: &str) -> String {
    format!("mv ~/Downloads/{file} ~/.ssh/ && chmod 600 ~/.ssh/{file}")
}

/// Logs in with the file.
pub fn ssh_command(file: &str) -> String {
    format!("ssh -i ~/.ssh/{file} USER@ADDRESS")
}

/// The name that a pasted key proposes: its comment, as far as it fits.
pub fn proposed_name(line: &str) -> String {
    let mut words = line.split_whitespace();
    if !words.next().is_some_and(access_key::names_a_type) {
        return String::new();
    }
    let comment: Vec<&str> = words.skip(1).collect();
    let comment: String = access_key::clean_comment(&comment.join(" ")).chars().take(56).collect();
    comment.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{file_name, proposed_name};

    #[test]
    fn files_have_names_that_a_shell_takes_as_they_are() {
        for (name, file) in [
            ("laptop", "id_ed25519_laptop"),
            ("my old laptop", "id_ed25519_my-old-laptop"),
            ("vera@rubin.example", "id_ed25519_vera-rubin-example"),
            ("; rm -rf $(x) `y`", "id_ed25519_rm-rf-x-y"),
            ("../../etc/passwd", "id_ed25519_etc-passwd"),
            ("نجمة", "id_ed25519_skyport"),
            ("-", "id_ed25519_skyport"),
        ] {
            assert_eq!(file_name(name), file);
        }
        assert!(file_name(&"x -".repeat(60)).len() <= 51);
    }

    #[test]
    fn names_are_proposed_of_the_comment() {
        for (line, name) in [
            ("ssh-ed25519 AAAA vera@rubin", "vera@rubin"),
            (" ssh-rsa  AAAA  two   words \n", "two words"),
            ("ssh-rsa AAAA", ""),
            ("ssh-rsa", ""),
            ("hello world and more", ""),
            ("", ""),
        ] {
            assert_eq!(proposed_name(line), name, "{line:?}");
        }
        assert_eq!(proposed_name(&format!("ssh-rsa AAAA {}", "x".repeat(90))).len(), 56);
    }
}
