//! What the words of a UCD mean, for people who do not read UCDs.
//!
//! The commonest words of the IVOA list "UCD1+ controlled vocabulary" (version 1.5, section 3), in short; a word that
//! is not here is left as it is.

/// `pos.eq.ra;meta.main` as `right ascension, main`. Nothing where the first word is not known.
pub fn meaning(ucd: &str) -> Option<String> {
    let mut words = ucd.split(';').map(|word| word.trim().to_ascii_lowercase());
    let mut text = of_word(&words.next()?)?.to_owned();
    for word in words {
        if let Some(more) = of_word(&word) {
            text.push_str(", ");
            text.push_str(more);
        }
    }
    Some(text)
}

/// The meaning of a word, or else of the nearest word above it: `phot.flux.density` falls back on `phot.flux`.
fn of_word(word: &str) -> Option<&'static str> {
    let mut word = word;
    loop {
        if let Ok(found) = WORDS.binary_search_by(|(known, _)| (*known).cmp(word)) {
            return Some(WORDS[found].1);
        }
        word = word.rsplit_once('.')?.0;
    }
}

/// Sorted by word.
const WORDS: &[(&str, &str)] = &[
    ("arith.ratio", "ratio"),
    ("em.gamma", "gamma rays"),
    ("em.ir", "infrared"),
    ("em.ir.h", "infrared H band"),
    ("em.ir.j", "infrared J band"),
    ("em.ir.k", "infrared K band"),
    ("em.opt", "visible light"),
    ("em.opt.b", "blue, B band"),
    ("em.opt.i", "near infrared, I band"),
    ("em.opt.r", "red, R band"),
    ("em.opt.u", "near ultraviolet, U band"),
    ("em.opt.v", "V band"),
    ("em.radio", "radio"),
    ("em.uv", "ultraviolet"),
    ("em.wl", "wavelength"),
    ("em.x-ray", "X-rays"),
    ("instr", "instrument"),
    ("instr.bandpass", "filter"),
    ("instr.fov", "field of view"),
    ("instr.tel", "telescope"),
    ("meta.bib", "reference"),
    ("meta.code", "code"),
    ("meta.code.class", "class"),
    ("meta.code.qual", "quality"),
    ("meta.dataset", "data set"),
    ("meta.id", "identifier"),
    ("meta.id.cross", "identifier elsewhere"),
    ("meta.main", "main"),
    ("meta.note", "note"),
    ("meta.number", "number of things"),
    ("meta.record", "record"),
    ("meta.ref.url", "web address"),
    ("meta.table", "table"),
    ("meta.title", "title"),
    ("obs.airmass", "airmass"),
    ("obs.exposure", "exposure"),
    ("obs.field", "field observed"),
    ("obs.id", "observation"),
    ("phot.color", "colour"),
    ("phot.count", "count"),
    ("phot.flux", "flux"),
    ("phot.flux.density", "flux density"),
    ("phot.mag", "magnitude"),
    ("phys.absorption", "absorption"),
    ("phys.abund.fe", "metallicity"),
    ("phys.angsize", "angular size"),
    ("phys.gravity", "gravity at the surface"),
    ("phys.luminosity", "luminosity"),
    ("phys.mass", "mass"),
    ("phys.size.radius", "radius"),
    ("phys.temperature", "temperature"),
    ("phys.veloc", "velocity"),
    ("pos", "position"),
    ("pos.angdistance", "angular distance"),
    ("pos.distance", "distance"),
    ("pos.ecliptic", "ecliptic position"),
    ("pos.ecliptic.lat", "ecliptic latitude"),
    ("pos.ecliptic.lon", "ecliptic longitude"),
    ("pos.eq", "equatorial position"),
    ("pos.eq.dec", "declination"),
    ("pos.eq.ra", "right ascension"),
    ("pos.frame", "reference frame"),
    ("pos.galactic", "galactic position"),
    ("pos.galactic.lat", "galactic latitude"),
    ("pos.galactic.lon", "galactic longitude"),
    ("pos.healpix", "HEALPix cell"),
    ("pos.outline", "outline on the sky"),
    ("pos.parallax", "parallax"),
    ("pos.pm", "proper motion"),
    ("spect.dopplerveloc", "radial velocity"),
    ("src.class", "class of object"),
    ("src.ellipticity", "ellipticity"),
    ("src.morph", "shape"),
    ("src.redshift", "redshift"),
    ("src.sptype", "spectral type"),
    ("src.var", "variability"),
    ("stat.correlation", "correlation"),
    ("stat.error", "uncertainty"),
    ("stat.fit", "fit"),
    ("stat.max", "largest"),
    ("stat.mean", "mean"),
    ("stat.median", "median"),
    ("stat.min", "smallest"),
    ("stat.snr", "signal to noise"),
    ("stat.value", "value"),
    ("time", "time"),
    ("time.creation", "when it was made"),
    ("time.duration", "duration"),
    ("time.end", "end"),
    ("time.epoch", "epoch"),
    ("time.period", "period"),
    ("time.release", "when it becomes public"),
    ("time.start", "start"),
];

#[cfg(test)]
mod tests {
    use super::{WORDS, meaning};

    #[test]
    fn words_are_sorted_for_the_search() {
        assert!(WORDS.is_sorted_by(|a, b| a.0 < b.0), "{:?}", WORDS.windows(2).find(|w| w[0].0 >= w[1].0));
    }

    #[test]
    fn reads_words_and_falls_back_on_the_word_above() {
        assert_eq!(meaning("pos.eq.ra;meta.main").as_deref(), Some("right ascension, main"));
        assert_eq!(meaning("PHOT.MAG;em.opt.V").as_deref(), Some("magnitude, V band"));
        assert_eq!(meaning("em.IR.K").as_deref(), Some("infrared K band"));
        assert_eq!(meaning("pos.pm;pos.eq.ra").as_deref(), Some("proper motion, right ascension"));
        assert_eq!(meaning("phot.flux.sb").as_deref(), Some("flux"));
        assert_eq!(meaning("x.unheard.of"), None);
        assert_eq!(meaning(""), None);
    }
}
