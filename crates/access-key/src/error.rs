//! Why a text is no access key: a sentence for each reason, none with a part of the text in it.

use crate::foreign::Foreign;

/// Why a text was refused, in words for whoever pasted it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Nothing but white space.
    #[error("There is no key here. Paste the one line of your .pub file, or choose the file.")]
    Empty,
    /// More than [`crate::LARGEST_BYTES`].
    #[error(
        "This is more than 16 kB, and a public key is one line of at most some thousand characters. Paste the one line of your .pub file."
    )]
    TooLarge,
    /// The secret half of a pair, in any form.
    #[error("This is your private key; it has not been sent on; paste the .pub file.")]
    PrivateKey,
    /// A control character, such as a NUL.
    #[error(
        "There is a control character in this text, so it is not what ssh-keygen wrote. Copy the line of your .pub file again."
    )]
    Control,
    /// More than one key.
    #[error("There are several keys here. Add them one by one, each under a name of its own.")]
    SeveralKeys,
    /// One key with line breaks in it, or lines around it.
    #[error("The key is spread over several lines. It must be one line: copy it again without line breaks.")]
    SeveralLines,
    /// Options as in `authorized_keys`, or a host's name as in `known_hosts`.
    #[error(
        "Something stands before the key, perhaps options or a host's name. Paste the line from its type (such as ssh-ed25519) on."
    )]
    Options,
    /// A certificate of OpenSSH.
    #[error(
        "This is a certificate, which a server does not accept as a key. Paste the public key that it was made for (the .pub file without -cert)."
    )]
    Certificate,
    /// The Digital Signature Algorithm.
    #[error("This is a DSA key. Servers accept none any more: make a new key with ssh-keygen -t ed25519.")]
    Dsa,
    /// RSA that is too short.
    #[error(
        "This RSA key has {bits} bits, and 3072 are the least that are safe. Make a new key with ssh-keygen -t ed25519."
    )]
    ShortRsa {
        /// Its length.
        bits: u32,
    },
    /// RSA that is longer than any server reads.
    #[error(
        "This RSA key has {bits} bits, and servers read at most 16384. Make a new key with ssh-keygen -t ed25519."
    )]
    LongRsa {
        /// Its length.
        bits: u32,
    },
    /// A type that nobody here knows; with its name where the word has the form of one.
    #[error("{}", unknown_type(.0.as_deref()))]
    UnknownType(Option<String>),
    /// The data without the type before it.
    #[error(
        "The type is missing before the key (such as ssh-ed25519). Copy the whole line of your .pub file, from its first letter on."
    )]
    NoType,
    /// The type and the data are of different keys.
    #[error(
        "The type at the beginning does not belong to this key. Copy the whole line of your .pub file again."
    )]
    Mismatch,
    /// Letters are missing or changed.
    #[error(
        "The key is cut off or damaged. Copy the whole line of your .pub file again, up to its last letter."
    )]
    Damaged,
    /// Another form of a public key, or something else that belongs to one.
    #[error("{}", .0.sentence())]
    Foreign(Foreign),
}

fn unknown_type(word: Option<&str>) -> String {
    match word {
        Some(word) => format!(
            "Keys of the type {word} are not accepted. Make one that is with ssh-keygen -t ed25519, and paste its .pub file."
        ),
        None => "This does not look like a public key. It is one line that begins with its type, such as ssh-ed25519: paste the .pub file.".to_owned(),
    }
}
