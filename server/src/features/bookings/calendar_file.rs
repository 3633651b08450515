//! Bookings as an iCalendar file (RFC 5545): one event each, in UTC, with an alarm ten minutes before.

use super::booking::Booking;
use crate::clock::Micros;
use app::features::bookings::model::BookingState;
use app::text;

/// Longest line in bytes, without its break (RFC 5545, section 3.1).
const LINE: usize = 75;

/// The calendar. Offers that are held are not in it: they are gone before anybody looks. `site` gives the name of a site.
pub(super) fn write(
    bookings: &[Booking],
    site: impl Fn(&str) -> String,
    origin: &str,
    now: Micros,
) -> String {
    let mut file = File::default();
    file.line("BEGIN", "VCALENDAR");
    file.line("VERSION", "2.0");
    file.line("PRODID", "-//Skyport//Bookings//EN");
    file.line("CALSCALE", "GREGORIAN");
    file.line("METHOD", "PUBLISH");
    file.text("X-WR-CALNAME", "Skyport bookings");
    let shown = |booking: &&Booking| !matches!(booking.state, BookingState::Held | BookingState::Expired);
    for booking in bookings.iter().filter(shown) {
        write_event(&mut file, booking, &site(&booking.site), origin, now);
    }
    file.line("END", "VCALENDAR");
    file.0
}

fn write_event(file: &mut File, booking: &Booking, site: &str, origin: &str, now: Micros) {
    let host = origin.rsplit("://").next().unwrap_or(origin);
    let is_cancelled = booking.state == BookingState::Cancelled;
    file.line("BEGIN", "VEVENT");
    file.line("UID", &format!("{}@{host}", booking.id));
    file.line("DTSTAMP", &stamp(now));
    file.line("LAST-MODIFIED", &stamp(booking.changed_us));
    // It must fit 32 bits; what counts is that it goes up.
    file.line("SEQUENCE", &booking.revision.rem_euclid(1 << 31).to_string());
    file.line("DTSTART", &stamp(booking.start_us));
    file.line("DTEND", &stamp(booking.end_us));
    file.text("SUMMARY", &booking.wish.title);
    file.text("LOCATION", site);
    let needs = format!(
        "{} {} on {}",
        booking.wish.software_title,
        booking.wish.version,
        text::counted(u64::from(booking.resources.cores), "core")
    );
    file.text("DESCRIPTION", &needs);
    file.line("URL", &format!("{origin}/bookings/{}", booking.id));
    file.line("STATUS", if is_cancelled { "CANCELLED" } else { "CONFIRMED" });
    if !is_cancelled {
        file.line("BEGIN", "VALARM");
        file.line("ACTION", "DISPLAY");
        file.line("TRIGGER", "-PT10M");
        file.text("DESCRIPTION", &format!("{} begins in ten minutes", booking.wish.title));
        file.line("END", "VALARM");
    }
    file.line("END", "VEVENT");
}

/// `20261122T160918Z`.
fn stamp(us: Micros) -> String {
    text::iso_utc(us).replace(['-', ':'], "")
}

#[derive(Default)]
struct File(String);

impl File {
    /// A value of people's text, in which some characters are escaped (section 3.3.11).
    fn text(&mut self, name: &str, value: &str) {
        let escaped =
            value.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n");
        self.line(name, &escaped);
    }

    /// A line, folded where it is too long; a character is never cut in two.
    fn line(&mut self, name: &str, value: &str) {
        let mut room = LINE;
        for c in format!("{name}:{value}").chars().filter(|c| !c.is_control()) {
            if c.len_utf8() > room {
                self.0.push_str("\r\n ");
                room = LINE - 1;
            }
            self.0.push(c);
            room -= c.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}
