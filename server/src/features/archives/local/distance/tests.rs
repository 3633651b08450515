//! The fast path gives what the formula gives, in every mixture of columns, constants and nulls.

use super::super::watch::Watch;
use super::SkyDistance;
use datafusion::arrow::array::{Array, AsArray, Float64Array};
use datafusion::arrow::datatypes::{DataType, Field, Float64Type};
use datafusion::common::ScalarValue;
use datafusion::common::config::ConfigOptions;
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl};
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

const LON: [Option<f64>; 6] = [Some(0.0), Some(359.999), Some(-12.5), Some(83.82), None, Some(180.0)];
const LAT: [Option<f64>; 6] = [Some(0.0), Some(-89.9), Some(45.0), None, Some(3.0), Some(90.0)];

fn column(values: &[Option<f64>]) -> ColumnarValue {
    ColumnarValue::Array(Arc::new(Float64Array::from(values.to_vec())))
}

fn scalar(value: Option<f64>) -> ColumnarValue {
    ColumnarValue::Scalar(ScalarValue::Float64(value))
}

fn ask(
    args: &[ColumnarValue; 4],
    cancel: &CancellationToken,
) -> datafusion::common::Result<Vec<Option<f64>>> {
    let double = Arc::new(Field::new("x", DataType::Float64, true));
    let answer = SkyDistance::new(Watch::new(cancel.clone(), Arc::default())).invoke_with_args(
        ScalarFunctionArgs {
            args: args.to_vec(),
            arg_fields: vec![double.clone(); 4],
            number_rows: LON.len(),
            return_field: double,
            config_options: Arc::new(ConfigOptions::default()),
        },
    )?;
    let array = answer.into_array(LON.len())?;
    let array = array.as_primitive::<Float64Type>();
    Ok((0..array.len()).map(|i| array.is_valid(i).then(|| array.value(i))).collect())
}

fn expected(lon2: &[Option<f64>], lat2: &[Option<f64>]) -> Vec<Option<f64>> {
    (0..LON.len()).map(|i| Some(adql::sky_distance(LON[i]?, LAT[i]?, lon2[i]?, lat2[i]?))).collect()
}

#[test]
fn all_mixtures_agree_with_the_formula() {
    let go = CancellationToken::new();
    for (lon, lat) in [(83.82, -5.39), (0.0, 90.0), (359.9999, 0.0), (180.0, -90.0)] {
        let (lons, lats) = ([Some(lon); 6], [Some(lat); 6]);
        let wanted = expected(&lons, &lats);
        let constant_last = ask(&[column(&LON), column(&LAT), scalar(Some(lon)), scalar(Some(lat))], &go);
        assert_eq!(constant_last.unwrap(), wanted, "bit for bit");
        let columns = ask(&[column(&LON), column(&LAT), column(&lons), column(&lats)], &go).unwrap();
        assert_eq!(columns, wanted);
        let mixed = ask(&[column(&LON), column(&LAT), scalar(Some(lon)), column(&lats)], &go).unwrap();
        assert_eq!(mixed, wanted);
        let first = ask(&[scalar(Some(lon)), scalar(Some(lat)), column(&LON), column(&LAT)], &go).unwrap();
        for (got, wanted) in first.iter().zip(&wanted) {
            match (got, wanted) {
                (Some(got), Some(wanted)) => assert!((got - wanted).abs() < 1e-13, "{got} {wanted}"),
                (got, wanted) => assert_eq!(got, wanted),
            }
        }
    }
}

#[test]
fn a_missing_coordinate_gives_nothing() {
    let go = CancellationToken::new();
    let answer = ask(&[column(&LON), column(&LAT), scalar(None), scalar(Some(1.0))], &go).unwrap();
    assert_eq!(answer, [None; 6]);
}

#[test]
fn stops_when_nobody_waits() {
    let stop = CancellationToken::new();
    stop.cancel();
    let error = ask(&[column(&LON), column(&LAT), scalar(Some(1.0)), scalar(Some(1.0))], &stop).unwrap_err();
    assert!(super::super::watch::is_stop(&error));
}
