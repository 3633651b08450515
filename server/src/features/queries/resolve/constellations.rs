//! How star designations are written: Greek letters and constellations.

/// Letter, English name, abbreviation as catalogues write it (SIMBAD's, without its dot).
const GREEK: [(char, &str, &str); 24] = [
    ('α', "alpha", "alf"),
    ('β', "beta", "bet"),
    ('γ', "gamma", "gam"),
    ('δ', "delta", "del"),
    ('ε', "epsilon", "eps"),
    ('ζ', "zeta", "zet"),
    ('η', "eta", "eta"),
    ('θ', "theta", "tet"),
    ('ι', "iota", "iot"),
    ('κ', "kappa", "kap"),
    ('λ', "lambda", "lam"),
    ('μ', "mu", "mu"),
    ('ν', "nu", "nu"),
    ('ξ', "xi", "ksi"),
    ('ο', "omicron", "omi"),
    ('π', "pi", "pi"),
    ('ρ', "rho", "rho"),
    ('σ', "sigma", "sig"),
    ('τ', "tau", "tau"),
    ('υ', "upsilon", "ups"),
    ('φ', "phi", "phi"),
    ('χ', "chi", "chi"),
    ('ψ', "psi", "psi"),
    ('ω', "omega", "ome"),
];

/// The IAU's abbreviations with the genitives that follow a letter or number.
const CONSTELLATIONS: [(&str, &str); 88] = [
    ("and", "andromedae"),
    ("ant", "antliae"),
    ("aps", "apodis"),
    ("aqr", "aquarii"),
    ("aql", "aquilae"),
    ("ara", "arae"),
    ("ari", "arietis"),
    ("aur", "aurigae"),
    ("boo", "bootis"),
    ("cae", "caeli"),
    ("cam", "camelopardalis"),
    ("cnc", "cancri"),
    ("cvn", "canumvenaticorum"),
    ("cma", "canismajoris"),
    ("cmi", "canisminoris"),
    ("cap", "capricorni"),
    ("car", "carinae"),
    ("cas", "cassiopeiae"),
    ("cen", "centauri"),
    ("cep", "cephei"),
    ("cet", "ceti"),
    ("cha", "chamaeleontis"),
    ("cir", "circini"),
    ("col", "columbae"),
    ("com", "comaeberenices"),
    ("cra", "coronaeaustralis"),
    ("crb", "coronaeborealis"),
    ("crv", "corvi"),
    ("crt", "crateris"),
    ("cru", "crucis"),
    ("cyg", "cygni"),
    ("del", "delphini"),
    ("dor", "doradus"),
    ("dra", "draconis"),
    ("equ", "equulei"),
    ("eri", "eridani"),
    ("for", "fornacis"),
    ("gem", "geminorum"),
    ("gru", "gruis"),
    ("her", "herculis"),
    ("hor", "horologii"),
    ("hya", "hydrae"),
    ("hyi", "hydri"),
    ("ind", "indi"),
    ("lac", "lacertae"),
    ("leo", "leonis"),
    ("lmi", "leonisminoris"),
    ("lep", "leporis"),
    ("lib", "librae"),
    ("lup", "lupi"),
    ("lyn", "lyncis"),
    ("lyr", "lyrae"),
    ("men", "mensae"),
    ("mic", "microscopii"),
    ("mon", "monocerotis"),
    ("mus", "muscae"),
    ("nor", "normae"),
    ("oct", "octantis"),
    ("oph", "ophiuchi"),
    ("ori", "orionis"),
    ("pav", "pavonis"),
    ("peg", "pegasi"),
    ("per", "persei"),
    ("phe", "phoenicis"),
    ("pic", "pictoris"),
    ("psc", "piscium"),
    ("psa", "piscisaustrini"),
    ("pup", "puppis"),
    ("pyx", "pyxidis"),
    ("ret", "reticuli"),
    ("sge", "sagittae"),
    ("sgr", "sagittarii"),
    ("sco", "scorpii"),
    ("scl", "sculptoris"),
    ("sct", "scuti"),
    ("ser", "serpentis"),
    ("sex", "sextantis"),
    ("tau", "tauri"),
    ("tel", "telescopii"),
    ("tri", "trianguli"),
    ("tra", "trianguliaustralis"),
    ("tuc", "tucanae"),
    ("uma", "ursaemajoris"),
    ("umi", "ursaeminoris"),
    ("vel", "velorum"),
    ("vir", "virginis"),
    ("vol", "volantis"),
    ("vul", "vulpeculae"),
];

/// A Greek letter in any spelling, with the number after it, by its English name: `ψ1`, `psi1` and `Psi 1` are `psi1`.
pub(super) fn greek(word: &str) -> Option<String> {
    let end = word.find(|c: char| c.is_ascii_digit()).unwrap_or(word.len());
    let (letter, number) = word.split_at(end);
    let letter = letter.trim_end_matches(['.', '_', '-']);
    let mut characters = letter.chars();
    let single = characters.next().filter(|_| characters.as_str().is_empty());
    let (_, name, _) = GREEK
        .iter()
        .find(|(sign, name, short)| single == Some(*sign) || letter == *name || letter == *short)?;
    Some(format!("{name}{}", number.trim_start_matches('0')))
}

/// A constellation's abbreviation for its genitive; both in small letters.
pub(super) fn constellation(word: &str) -> Option<&'static str> {
    CONSTELLATIONS.iter().find(|(_, genitive)| *genitive == word).map(|(short, _)| *short)
}
