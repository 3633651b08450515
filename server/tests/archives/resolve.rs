//! Names and coordinates as people type them.

use app::error::Error;
use axum::Router;
use axum::extract::RawQuery;
use axum::routing::get;
use skyport::clock::Clock;
use skyport::config::Config;
use skyport::features::archives::service::ArchivesService;
use skyport::features::queries::resolve::Resolver;
use skyport::metrics::Metrics;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

fn resolver(sesame: &str) -> Resolver {
    let mut config = Config::default();
    config.archives.well_known = false;
    sesame.clone_into(&mut config.queries.sesame);
    let (metrics, stopping, tasks) = (Metrics::new().unwrap(), CancellationToken::new(), TaskTracker::new());
    let archives = ArchivesService::new(&config, &Clock::system(), &metrics, &stopping, &tasks).unwrap();
    Resolver::new(&config, &Arc::new(archives), &metrics).unwrap()
}

async fn sentence(resolver: &Resolver, text: &str) -> String {
    match resolver.resolve(text).await {
        Err(error @ Error::Invalid(_)) => error.of_field("target").unwrap().to_owned(),
        other => panic!("{text}: {other:?}"),
    }
}

#[tokio::test]
async fn coordinates_in_every_form() {
    let resolver = resolver("");
    for text in [
        "83.82208 -5.39111",
        "83.82208, -5.39111",
        "83.82208,-5.39111",
        "83.82208d -5.39111d",
        "83.82208° −5.39111°",
        "05:35:17.3 -05:23:28",
        "05 35 17.3 -05 23 28",
        "5 35 17.3, -5 23 28",
        "05h35m17.3s -05d23m28s",
        "05h35m17.3s-05d23m28s",
        "5h 35m 17.3s  −5° 23′ 28″",
        "83d49m19.5s -5d23m28s",
    ] {
        let target = resolver.resolve(text).await.unwrap_or_else(|e| panic!("{text}: {e:?}"));
        assert!((target.ra_deg - 83.82208).abs() < 1e-4, "{text}: {target:?}");
        assert!((target.dec_deg + 5.39111).abs() < 1e-4, "{text}: {target:?}");
        assert_eq!(target.source, "coordinates");
    }
    for (text, ra, dec) in [
        ("0 0", 0.0, 0.0),
        ("-10 20", 350.0, 20.0),
        ("360 +90", 0.0, 90.0),
        ("12:30 -00:30", 187.5, -0.5),
        ("23:59:59.99 -00:00:01", 359.999_958, -0.000_278),
    ] {
        let target = resolver.resolve(text).await.unwrap();
        assert!(
            (target.ra_deg - ra).abs() < 1e-5 && (target.dec_deg - dec).abs() < 1e-5,
            "{text}: {target:?}"
        );
    }
    for (text, words) in [
        ("400 10", "right ascension"),
        ("25:00:00 10:00:00", "right ascension"),
        ("-5.39 -183.82", "Right ascension comes first"),
        ("05:61:00 -05:00:00", "less than 60"),
    ] {
        assert!(sentence(&resolver, text).await.contains(words), "{text}");
    }
}

#[tokio::test]
async fn names_that_are_known_here() {
    let resolver = resolver("");
    for (text, name, ra, dec) in [
        ("M 42", "M 42", 83.85, -5.45),
        ("m42", "M 42", 83.85, -5.45),
        ("Messier 42", "M 42", 83.85, -5.45),
        ("orion nebula", "M 42", 83.85, -5.45),
        ("NGC 1976", "M 42", 83.85, -5.45),
        ("Andromeda", "M 31", 10.6751, 41.2667),
        ("Andromeda Galaxy", "M 31", 10.6751, 41.2667),
        ("  ngc224 ", "M 31", 10.6751, 41.2667),
        ("Betelgeuse", "Betelgeuse", 88.793, 7.407),
        ("alpha Ori", "Betelgeuse", 88.793, 7.407),
        ("α Ori", "Betelgeuse", 88.793, 7.407),
        ("alf Ori", "Betelgeuse", 88.793, 7.407),
        ("Alpha Orionis", "Betelgeuse", 88.793, 7.407),
        ("58 Ori", "Betelgeuse", 88.793, 7.407),
        ("HD 39801", "Betelgeuse", 88.793, 7.407),
        ("HIP 27989", "HIP 27989", 88.793, 7.407),
        ("hip27989", "HIP 27989", 88.793, 7.407),
        ("Sirius", "Sirius", 101.287, -16.716),
        ("beta Pictoris", "β Pic", 86.821, -51.066),
    ] {
        let target = resolver.resolve(text).await.unwrap_or_else(|e| panic!("{text}: {e:?}"));
        assert_eq!(target.name, name, "{text}");
        assert!(
            (target.ra_deg - ra).abs() < 0.01 && (target.dec_deg - dec).abs() < 0.01,
            "{text}: {target:?}"
        );
        assert_eq!(target.source, "resolved here");
    }
    for text in ["NGC 891", "IC 434", "PGC 17223", "LMC", "Abell 1656"] {
        resolver.resolve(text).await.unwrap_or_else(|e| panic!("{text}: {e:?}"));
    }
}

#[tokio::test]
async fn unknown_names_get_an_offer() {
    let resolver = resolver("");
    let words = sentence(&resolver, "Betelgeuze").await;
    assert!(words.contains("Did you mean Betelgeuse"), "{words}");
    assert!(sentence(&resolver, "qwertyuiop").await.contains("No object called qwertyuiop is known here"));
    assert!(sentence(&resolver, "NGC 999999").await.contains("NGC 999999"));
    assert!(sentence(&resolver, " ").await.contains("Type a name"));
    assert!(sentence(&resolver, &"x".repeat(300)).await.contains("at most 120 characters"));
    assert!(sentence(&resolver, "M 42' OR 'a' = 'a").await.contains("is known here"));
    assert!(sentence(&resolver, "אלפא 🌟").await.contains("אלפא 🌟"));
}

/// A Sesame that knows one object.
async fn sesame(RawQuery(query): RawQuery) -> String {
    match query.as_deref() {
        Some("3C%20273%2B") => "# 3C 273+\t#Q1\n#=Sc=SIMBAD\n%@ 1\n%C.0 QSO\n%J 187.27791535 +02.05238729 = 12:29:06.69 +02:03:08.5\n%J.E [0.23 0.4]\n#====Done====\n".into(),
        Some("web") => "<html>moved</html>".into(),
        _ => "# something\t#Q1\n#! *** Nothing found! ***\n".into(),
    }
}

#[tokio::test]
async fn the_configured_service_is_asked_last() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/sesame/", listener.local_addr().unwrap());
    let app = Router::new().route("/sesame/-oI/A", get(sesame));
    let server = tokio::spawn(async move { axum::serve(listener, app).await });
    let resolver = resolver(&address);
    let target = resolver.resolve("3C 273+").await.unwrap();
    assert_eq!(
        (target.ra_deg, target.dec_deg, target.source.as_str()),
        (187.277_915_35, 2.052_387_29, "127.0.0.1")
    );
    assert_eq!(resolver.resolve("M 42").await.unwrap().source, "resolved here");
    assert!(sentence(&resolver, "3C 999").await.contains("known here or at 127.0.0.1"));
    assert!(sentence(&resolver, "web").await.contains("could not be asked now"));
    server.abort();
    let _ = server.await;
    assert!(sentence(&resolver, "3C 998").await.contains("could not be asked now"));
}
