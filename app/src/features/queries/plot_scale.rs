//! Axes of a plot: where a value lies, which ticks are nice, and how a dragged range reads.

/// One axis: values from `low` to `high` over pixels from `start` to `end` (which may run backwards).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    /// Value at `start`.
    pub low: f64,
    /// Value at `end`; larger than `low`.
    pub high: f64,
    /// Pixel of `low`.
    pub start: f64,
    /// Pixel of `high`.
    pub end: f64,
}

/// A place on an axis with its label.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Pixel.
    pub at: f64,
    /// The value as people write it.
    pub label: String,
}

impl Axis {
    /// An axis over a range of values. A single value gets room on both sides.
    pub fn new((low, high): (f64, f64), start: f64, end: f64) -> Self {
        if high > low {
            return Self { low, high, start, end };
        }
        let room = if low == 0.0 { 1.0 } else { low.abs() / 2.0 };
        Self { low: low - room, high: low + room, start, end }
    }

    /// The pixel of a value.
    pub fn pixel(&self, value: f64) -> f64 {
        // Each end is divided first: the difference of two huge numbers need not be finite.
        let share = (value / 2.0 - self.low / 2.0) / (self.high / 2.0 - self.low / 2.0);
        self.start + share * (self.end - self.start)
    }

    /// The value at a pixel, kept inside the axis.
    pub fn value(&self, pixel: f64) -> f64 {
        let share = ((pixel - self.start) / (self.end - self.start)).clamp(0.0, 1.0);
        self.low * (1.0 - share) + self.high * share
    }

    /// At most about `wanted` ticks at 1, 2 or 5 times a power of ten.
    pub fn ticks(&self, wanted: usize) -> Vec<Tick> {
        let step = nice_step((self.high - self.low) / wanted.max(1) as f64);
        if !step.is_finite() || step <= 0.0 {
            return Vec::new();
        }
        let first = (self.low / step).ceil();
        (0..=2 * wanted)
            .map(|i| (first + i as f64) * step)
            .take_while(|value| *value <= self.high + step * 1e-9)
            .map(|value| Tick { at: self.pixel(value), label: write_value(value, step) })
            .collect()
    }

    /// The condition for a dragged range, rounded outwards to a hundredth of the axis: `6.2..9.1`.
    pub fn condition(&self, from: f64, to: f64) -> String {
        let (a, b) = (self.value(from), self.value(to));
        let step = nice_step((self.high - self.low) / 100.0);
        let (low, high) = ((a.min(b) / step + 1e-6).floor() * step, (a.max(b) / step - 1e-6).ceil() * step);
        if low.is_finite() && high.is_finite() && step > 0.0 {
            format!("{}..{}", plain(low, step), plain(high, step))
        } else {
            format!("{}..{}", a.min(b), a.max(b))
        }
    }
}

/// The next 1, 2 or 5 times a power of ten.
fn nice_step(rough: f64) -> f64 {
    let power = 10_f64.powf(rough.log10().floor());
    let share = rough / power;
    power * [1.0, 2.0, 5.0].into_iter().find(|nice| share <= nice * 1.000_001).unwrap_or(10.0)
}

/// A value with as many digits as steps of this size need, and a true minus sign; `1.2×10⁻⁵` far from 1.
pub fn write_value(value: f64, step: f64) -> String {
    plain(value, step).replace('-', "\u{2212}")
}

fn plain(value: f64, step: f64) -> String {
    let value = if value.abs() < step * 1e-9 { 0.0 } else { value };
    let (large, digits) = (value.abs().max(step), -step.log10().floor());
    if large >= 1e7 || step < 1e-6 {
        if value == 0.0 {
            return "0".to_owned();
        }
        let decimals = (value.abs().log10().floor() + digits).clamp(0.0, 12.0) as usize;
        return format!("{value:.decimals$e}");
    }
    format!("{value:.0$}", digits.clamp(0.0, 12.0) as usize)
}

/// A statistic, with about four digits of the range it comes from.
pub fn write_statistic(value: f64, range: (f64, f64)) -> String {
    let span = (range.1 - range.0).abs();
    let step = nice_step(if span > 0.0 { span / 2000.0 } else { value.abs().max(1.0) / 2000.0 });
    let text = plain(value, step);
    let trimmed = if text.contains('.') && !text.contains('e') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    };
    trimmed.replace('-', "\u{2212}")
}

#[cfg(test)]
mod tests {
    use super::{Axis, write_statistic};
    use crate::features::queries::filter::Condition;

    fn labels(low: f64, high: f64) -> Vec<String> {
        Axis::new((low, high), 0.0, 300.0).ticks(6).into_iter().map(|t| t.label).collect()
    }

    #[test]
    fn ticks_are_nice() {
        assert_eq!(labels(2.0, 12.0), ["2", "4", "6", "8", "10", "12"]);
        assert_eq!(labels(-0.4, 0.4), ["\u{2212}0.4", "\u{2212}0.2", "0.0", "0.2", "0.4"]);
        assert_eq!(labels(0.0, 360.0), ["0", "100", "200", "300"]);
        assert_eq!(labels(0.0, 3e-8).first().map(String::as_str), Some("0"));
        assert_eq!(labels(5.0, 5.0).len(), 5, "a single value has an axis around it");
    }

    #[test]
    fn no_range_breaks_it() {
        let ranges = [
            (0.0, f64::MIN_POSITIVE),
            (-f64::MAX, f64::MAX),
            (1e300, 1.1e300),
            (1.0, 1.0 + 1e-15),
            (0.0, 0.0),
        ];
        for range in ranges {
            let axis = Axis::new(range, 10.0, 300.0);
            let ticks = axis.ticks(6);
            assert!(ticks.len() <= 13, "{range:?}");
            assert!(ticks.iter().all(|t| t.at.is_finite()), "{range:?}: {ticks:?}");
            assert!(axis.pixel(range.1).is_finite(), "{range:?}");
            assert!(Condition::parse(&axis.condition(20.0, 200.0), true).is_ok(), "{range:?}");
        }
    }

    #[test]
    fn a_drag_reads_as_a_condition() {
        let axis = Axis::new((2.0, 12.0), 0.0, 100.0);
        assert_eq!(axis.condition(41.0, 72.0), "6.1..9.2");
        assert_eq!(axis.condition(72.0, 41.0), "6.1..9.2", "either way");
        assert_eq!(axis.condition(-50.0, 500.0), "2.0..12.0", "never past the ends");
        assert_eq!(Axis::new((-5.0, -3.0), 0.0, 100.0).condition(0.0, 50.0), "-5.00..-4.00");
    }

    #[test]
    fn pixels_and_values_agree() {
        let axis = Axis::new((-3.0, 7.0), 140.0, 10.0);
        for value in [-3.0, 0.0, 2.5, 7.0] {
            assert!((axis.value(axis.pixel(value)) - value).abs() < 1e-9);
        }
    }

    #[test]
    fn statistics_are_short() {
        assert_eq!(write_statistic(10.41, (2.75, 12.0)), "10.41");
        assert_eq!(write_statistic(12.0, (2.75, 12.0)), "12");
        assert_eq!(write_statistic(-0.251, (-0.4, 2.0)), "\u{2212}0.251");
    }
}
