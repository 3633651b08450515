//! What people paste instead: public keys in other programs' forms, and other things with keys in them.

/// A form that is recognised and not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Foreign {
    /// RFC 4716, which `PuTTY` and commercial SSH write.
    Rfc4716,
    /// PEM with `BEGIN PUBLIC KEY` (RFC 5280).
    Pkcs8Pem,
    /// PEM with `BEGIN RSA PUBLIC KEY` (RFC 8017).
    Pkcs1Pem,
    /// A certificate or request of X.509.
    X509,
    /// `OpenPGP`.
    Pgp,
    /// The fingerprint of a key.
    Fingerprint,
    /// A JSON Web Key.
    Jwk,
}

impl Foreign {
    /// What a text is, if it is one of these. Private keys are looked for before.
    pub(crate) fn of(text: &str) -> Option<Self> {
        if text.contains("---- BEGIN SSH2 PUBLIC KEY") {
            return Some(Self::Rfc4716);
        }
        if text.contains("-----BEGIN PUBLIC KEY") {
            return Some(Self::Pkcs8Pem);
        }
        if text.contains("-----BEGIN RSA PUBLIC KEY") {
            return Some(Self::Pkcs1Pem);
        }
        if text.contains("-----BEGIN CERTIFICATE") || text.contains("-----BEGIN TRUSTED CERTIFICATE") {
            return Some(Self::X509);
        }
        if text.contains("-----BEGIN PGP") {
            return Some(Self::Pgp);
        }
        if text.starts_with('{') && text.contains("\"kty\"") {
            return Some(Self::Jwk);
        }
        is_fingerprint(text).then_some(Self::Fingerprint)
    }

    pub(crate) fn sentence(self) -> &'static str {
        match self {
            Self::Rfc4716 => {
                "This is a public key as PuTTY writes it. Copy the line that PuTTYgen shows on top (it begins with its type), or convert the file with ssh-keygen -i -f FILE."
            }
            Self::Pkcs8Pem => {
                "This is a public key in PEM form. Convert it with ssh-keygen -i -m PKCS8 -f FILE, and paste the line that this writes."
            }
            Self::Pkcs1Pem => {
                "This is a public key in PEM form. Convert it with ssh-keygen -i -m PEM -f FILE, and paste the line that this writes."
            }
            Self::X509 => "This is a certificate of the web, not a key for SSH. Paste your .pub file.",
            Self::Pgp => {
                "This is a key of OpenPGP, not one for SSH. Paste your .pub file, or what gpg --export-ssh-key writes."
            }
            Self::Fingerprint => {
                "This is the fingerprint of a key, from which the key cannot be known. Paste the .pub file."
            }
            Self::Jwk => "This is a key in JSON form, which SSH does not read. Paste your .pub file.",
        }
    }
}

/// As `ssh-keygen -l` shows it, with or without the bits before.
fn is_fingerprint(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or_default();
    let word =
        if first.bytes().all(|b| b.is_ascii_digit()) { words.next().unwrap_or_default() } else { first };
    let pairs = word.strip_prefix("MD5:").unwrap_or(word);
    word.starts_with("SHA256:")
        || (pairs.len() == 47
            && pairs.split(':').count() == 16
            && pairs.split(':').all(|pair| pair.len() == 2 && pair.bytes().all(|b| b.is_ascii_hexdigit())))
}
