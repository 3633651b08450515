//! A selection behaves as the set of numbers it stands for.

use super::Selection;
use std::collections::BTreeSet;

#[test]
fn behaves_as_a_set_of_numbers() {
    let (mut selection, mut model, mut seed) = (Selection::default(), BTreeSet::new(), 7_u64);
    for _ in 0..4000 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (row, span, what) = ((seed >> 33) % 60, (seed >> 20) % 6, (seed >> 10) % 3);
        match what {
            0 => {
                selection.insert(row, row + span);
                model.extend(row..=row + span);
            }
            1 => {
                selection.remove(row);
                model.remove(&row);
            }
            _ => {
                selection.toggle(row);
                if !model.remove(&row) {
                    model.insert(row);
                }
            }
        }
        assert_eq!(selection.len(), model.len() as u64);
        assert!((0..70).all(|r| selection.contains(r) == model.contains(&r)));
        assert!(selection.ranges().windows(2).all(|w| w[0].1 + 1 < w[1].0), "{selection}");
        assert_eq!(selection.to_string().parse(), Ok(selection.clone()));
    }
}

#[test]
fn refuses_what_is_not_a_list_of_rows() {
    for text in ["x", "1-", "-1", "5-2", "1,,x", "18446744073709551615", "1-99999999999999999"] {
        assert!(text.parse::<Selection>().is_err(), "{text}");
    }
    assert_eq!("".parse(), Ok(Selection::default()));
    assert_eq!(" 3 , 1-2".parse::<Selection>().map(|s| s.to_string()), Ok("1-3".to_owned()));
}
