//! The calendar feed: whoever knows its address reads it, and nobody else.

use crate::asking::{portal, take};
use crate::world::HOUR;
use serde_json::json;
use skyport::features::bookings::no_objection;
use std::collections::BTreeMap;

/// An iCalendar file read back (RFC 5545): its components one after the other, each with its properties.
fn read(file: &str) -> Vec<(String, BTreeMap<String, String>)> {
    assert!(file.ends_with("\r\n") && !file.replace("\r\n", "").contains(['\r', '\n']), "{file:?}");
    assert!(file.split("\r\n").all(|line| line.len() <= 75), "{file}");
    let unfolded = file.replace("\r\n ", "");
    let (mut open, mut read): (Vec<(String, BTreeMap<String, String>)>, _) = (Vec::new(), Vec::new());
    for line in unfolded.split_terminator("\r\n") {
        let (name, value) = line.split_once(':').expect("a property");
        match name {
            "BEGIN" => open.push((value.to_owned(), BTreeMap::new())),
            "END" => {
                let component = open.pop().expect("an open component");
                assert_eq!(component.0, value);
                read.push(component);
            }
            _ => {
                let before =
                    open.last_mut().expect("an open component").1.insert(name.to_owned(), value.to_owned());
                assert_eq!(before, None, "{name} twice");
            }
        }
    }
    assert!(open.is_empty());
    read
}

pub async fn a_secret_address_gives_the_calendar(url: Option<&str>) {
    let portal = portal(url).await;
    let mut browser = portal.browser();
    browser.sign_in("astronomer").await;
    let start = portal.clock.now() + HOUR;
    let title =
        "Störche; zählen, \\ und ein Titel, der für eine einzige Zeile viel zu lang ist, wie man hier sieht";
    let question =
        json!({"software": "notebook", "resources": {"cores": 1, "memory_mib": 1024, "disk_gib": 2}});
    let offer =
        json!({"request": "r", "site": "small", "question": question, "start_us": start, "title": title});
    let id = take(&mut browser, offer).await.json().as_str().unwrap().to_owned();
    let address = browser.call("bookings/feed", &[]).await.json().as_str().unwrap().to_owned();
    assert!(address.starts_with(&format!("{}/bookings/feed/", portal.skyport.origin)), "{address}");
    // Anybody's calendar program, without a cookie. What is held is not in it yet.
    let mut program = portal.browser();
    let empty = program.get(&address).await;
    assert_eq!((empty.status, empty.header("content-type")), (200, "text/calendar; charset=utf-8"));
    assert_eq!(read(&empty.body).len(), 1);
    let owner: String =
        sqlx::query_scalar("SELECT owner FROM bookings").fetch_one(&portal.skyport.db).await.unwrap();
    match portal.skyport.bookings.accept(&owner, &id, "s1", no_objection).await.unwrap() {
        skyport::features::bookings::Accepted::Now(accepting) => drop(accepting.commit().await.unwrap()),
        skyport::features::bookings::Accepted::Before(session) => panic!("{session} was there before"),
    }
    let file = read(&program.get(&address).await.body);
    let of = |name: &str| &file.iter().find(|component| component.0 == name).expect(name).1;
    assert_eq!(of("VCALENDAR")["VERSION"], "2.0");
    let event = of("VEVENT");
    let compact = |us: i64| app::text::iso_utc(us).replace(['-', ':'], "");
    assert_eq!((&event["DTSTART"], &event["DTEND"]), (&compact(start), &compact(start + HOUR)));
    assert!(event["UID"].starts_with(&id));
    assert_eq!(event["SUMMARY"].replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\"), title);
    assert_eq!(event["LOCATION"], "The small one");
    assert_eq!(event["STATUS"], "CONFIRMED");
    assert_eq!(event["URL"], format!("{}/bookings/{id}", portal.skyport.origin));
    assert_eq!(of("VALARM")["TRIGGER"], "-PT10M");
    // Cancelled, it says so, so that calendars take it out.
    assert_eq!(browser.call("bookings/cancel", &[("id", &id)]).await.status, 200);
    let file = read(&program.get(&address).await.body);
    assert!(
        file.iter().any(|component| component.1.get("STATUS").is_some_and(|status| status == "CANCELLED"))
    );
    assert!(file.iter().all(|component| component.0 != "VALARM"));
    // A wrong secret, one without its ending, the one before a new one was made, and one that was taken away.
    let before = address.clone();
    assert_eq!(program.get(address.strip_suffix(".ics").unwrap()).await.status, 404);
    assert_eq!(program.get(&address.replace(".ics", "x.ics")).await.status, 404);
    let address = browser.call("bookings/feed", &[]).await.json().as_str().unwrap().to_owned();
    assert_eq!(program.get(&before).await.status, 404);
    assert_eq!(program.get(&address).await.status, 200);
    assert_eq!(browser.call("bookings/drop-feed", &[]).await.status, 200);
    assert_eq!(program.get(&address).await.status, 404);
    let kept: Vec<String> = sqlx::query_scalar("SELECT secret_hash FROM booking_feeds")
        .fetch_all(&portal.skyport.db)
        .await
        .unwrap();
    assert!(kept.is_empty(), "{kept:?}");
    portal.stop().await;
}
