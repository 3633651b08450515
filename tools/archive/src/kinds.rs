//! The codes for kinds of object, in words. Source: the package's data/readme.md, "Object type".

/// Code and words, in the order of the description.
const KINDS: [(&str, &str); 17] = [
    ("gg", "galaxy cluster"),
    ("g", "galaxy"),
    ("s", "spiral galaxy"),
    ("s0", "lenticular galaxy"),
    ("sd", "dwarf spheroidal galaxy"),
    ("i", "irregular galaxy"),
    ("e", "elliptical galaxy"),
    ("oc", "open cluster"),
    ("gc", "globular cluster"),
    ("dn", "dark nebula"),
    ("bn", "bright nebula"),
    ("sfr", "star-forming region"),
    ("rn", "reflection nebula"),
    ("en", "emission nebula"),
    ("pn", "planetary nebula"),
    ("snr", "supernova remnant"),
    // Used for M 24, M 40 and M 73 alone, and explained nowhere: a star cloud, a double star, an asterism.
    ("pos", "star cloud, double star or asterism"),
];

/// The words for a code.
pub(crate) fn words(code: &str) -> Option<String> {
    KINDS.iter().find(|(known, _)| *known == code).map(|(_, words)| (*words).to_owned())
}
