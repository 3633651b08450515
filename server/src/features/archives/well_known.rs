//! The public TAP services that every astronomer knows: listed unless `archives.well_known` is false.

/// A public TAP service.
#[derive(Debug, Clone, Copy)]
pub struct WellKnown {
    /// Its key in the configuration and in addresses.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What it holds, in one sentence.
    pub sentence: &'static str,
    /// Base address.
    pub url: &'static str,
    /// Further hosts of the same house that it may redirect to.
    pub redirect_hosts: &'static [&'static str],
}

/// In the order in which they are shown.
pub const WELL_KNOWN: [WellKnown; 8] = [
    WellKnown {
        name: "simbad",
        title: "SIMBAD",
        sentence: "Names, positions, types, measurements and literature of some twenty million objects beyond the solar system, at the CDS in Strasbourg.",
        url: "https://simbad.cds.unistra.fr/simbad/sim-tap",
        redirect_hosts: &["simbad.u-strasbg.fr"],
    },
    WellKnown {
        name: "vizier",
        title: "VizieR",
        sentence: "More than twenty thousand published catalogues and tables of articles, each as it was published, at the CDS in Strasbourg.",
        url: "https://tapvizier.cds.unistra.fr/TAPVizieR/tap",
        redirect_hosts: &["tapvizier.u-strasbg.fr"],
    },
    WellKnown {
        name: "gaia",
        title: "Gaia",
        sentence: "Positions, distances, motions, brightness and spectra of nearly two billion stars, from ESA's Gaia mission.",
        url: "https://gea.esac.esa.int/tap-server/tap",
        redirect_hosts: &[],
    },
    WellKnown {
        name: "cadc",
        title: "CADC",
        sentence: "Observations of CFHT, Gemini, JCMT, HST, JWST and many more telescopes in one model, at the Canadian Astronomy Data Centre.",
        url: "https://ws.cadc-ccda.hia-iha.nrc-cnrc.gc.ca/argus",
        redirect_hosts: &["ws-cadc.canfar.net", "ws-uv.canfar.net"],
    },
    WellKnown {
        name: "mast",
        title: "MAST",
        sentence: "Observations of Hubble, Webb, TESS, Kepler, GALEX and other missions in the optical, ultraviolet and near infrared, at STScI.",
        url: "https://mast.stsci.edu/vo-tap/api/v0.1/caom",
        redirect_hosts: &[],
    },
    WellKnown {
        name: "heasarc",
        title: "HEASARC",
        sentence: "Catalogues and observations of X-ray and gamma-ray missions, and of the cosmic microwave background, at NASA's Goddard Space Flight Center.",
        url: "https://heasarc.gsfc.nasa.gov/xamin/vo/tap",
        redirect_hosts: &[],
    },
    WellKnown {
        name: "irsa",
        title: "IRSA",
        sentence: "Infrared and submillimetre surveys such as 2MASS, WISE, Spitzer, Herschel, Planck and ZTF, at IPAC.",
        url: "https://irsa.ipac.caltech.edu/TAP",
        redirect_hosts: &[],
    },
    WellKnown {
        name: "noirlab",
        title: "NOIRLab Astro Data Lab",
        sentence: "Large optical surveys such as the DESI Legacy Surveys, DES, DELVE, SMASH and NSC, at NSF's NOIRLab.",
        url: "https://datalab.noirlab.edu/tap",
        redirect_hosts: &[],
    },
];
