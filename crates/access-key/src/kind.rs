//! The types that are accepted.

/// The type of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Ed25519 (RFC 8709).
    Ed25519,
    /// Ed25519 in a security key (OpenSSH PROTOCOL.u2f).
    SkEd25519,
    /// ECDSA on NIST P-256 (RFC 5656).
    EcdsaP256,
    /// ECDSA on NIST P-384.
    EcdsaP384,
    /// ECDSA on NIST P-521.
    EcdsaP521,
    /// ECDSA on NIST P-256 in a security key.
    SkEcdsaP256,
    /// RSA (RFC 4253).
    Rsa,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Ed25519,
        Self::SkEd25519,
        Self::EcdsaP256,
        Self::EcdsaP384,
        Self::EcdsaP521,
        Self::SkEcdsaP256,
        Self::Rsa,
    ];

    /// For people: `ed25519`, `ecdsa nistp256`, `rsa`, `sk-ed25519`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::SkEd25519 => "sk-ed25519",
            Self::EcdsaP256 => "ecdsa nistp256",
            Self::EcdsaP384 => "ecdsa nistp384",
            Self::EcdsaP521 => "ecdsa nistp521",
            Self::SkEcdsaP256 => "sk-ecdsa nistp256",
            Self::Rsa => "rsa",
        }
    }

    /// The algorithm's name, as the line begins (IANA's registry of SSH parameters, and OpenSSH's own names).
    pub fn algorithm(self) -> &'static str {
        match self {
            Self::Ed25519 => "ssh-ed25519",
            Self::SkEd25519 => "sk-ssh-ed25519@openssh.com",
            Self::EcdsaP256 => "ecdsa-sha2-nistp256",
            Self::EcdsaP384 => "ecdsa-sha2-nistp384",
            Self::EcdsaP521 => "ecdsa-sha2-nistp521",
            Self::SkEcdsaP256 => "sk-ecdsa-sha2-nistp256@openssh.com",
            Self::Rsa => "ssh-rsa",
        }
    }

    /// The kind with this algorithm.
    pub fn of_algorithm(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.algorithm() == name)
    }
}
