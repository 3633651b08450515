//! `sky_distance(lon1, lat1, lon2, lat2)`: the angle between two directions, for whole columns at once.
//!
//! The formula is that of [`adql::sky_distance`] to the last bit. Where one direction is the same for all rows, as in
//! a cone search, its sine and cosine are taken once.

use super::watch::Watch;
use datafusion::arrow::array::{Array, ArrayRef, AsArray, Float64Array};
use datafusion::arrow::buffer::NullBuffer;
use datafusion::arrow::datatypes::{DataType, Float64Type};
use datafusion::common::{Result, ScalarValue, exec_err};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, TypeSignature, Volatility,
};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The function, as one question calls it.
#[derive(Debug)]
pub struct SkyDistance {
    signature: Signature,
    watch: Watch,
}

impl SkyDistance {
    /// For the question that is watched.
    pub fn new(watch: Watch) -> Self {
        let doubles = TypeSignature::Exact(vec![DataType::Float64; 4]);
        Self { signature: Signature::new(doubles, Volatility::Immutable), watch }
    }
}

impl PartialEq for SkyDistance {
    fn eq(&self, other: &Self) -> bool {
        self.watch.is(&other.watch)
    }
}

impl Eq for SkyDistance {}

impl Hash for SkyDistance {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

impl ScalarUDFImpl for SkyDistance {
    fn name(&self) -> &'static str {
        "sky_distance"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(DataType::Float64)
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        // A join without equal columns spends hours here, in one poll: the place to notice that nobody waits.
        self.watch.go_on()?;
        self.watch.meter().count_distances(args.number_rows);
        let Ok([lon1, lat1, lon2, lat2]) = <[ColumnarValue; 4]>::try_from(args.args) else {
            return exec_err!("sky_distance takes 4 arguments");
        };
        let rows = args.number_rows;
        Ok(match (constant(&lon1, &lat1), constant(&lon2, &lat2)) {
            (Direction::Missing, _) | (_, Direction::Missing) => {
                ColumnarValue::Scalar(ScalarValue::Float64(None))
            }
            (Direction::At(a), Direction::At(b)) => {
                let distance = adql::sky_distance(a.0, a.1, b.0, b.1);
                ColumnarValue::Scalar(ScalarValue::Float64(Some(distance)))
            }
            // The angle is the same both ways, but for the sign inside hypot, which goes away.
            (Direction::At(centre), Direction::Column) => around(&lon2, &lat2, centre, rows)?,
            (Direction::Column, Direction::At(centre)) => around(&lon1, &lat1, centre, rows)?,
            (Direction::Column, Direction::Column) => between([&lon1, &lat1, &lon2, &lat2], rows)?,
        })
    }
}

/// What is known of a direction before looking at rows.
enum Direction {
    /// NULL in one of its coordinates, in every row.
    Missing,
    /// The same in every row.
    At((f64, f64)),
    /// It changes.
    Column,
}

fn constant(longitude: &ColumnarValue, latitude: &ColumnarValue) -> Direction {
    use ScalarValue::Float64;
    match (longitude, latitude) {
        (ColumnarValue::Scalar(Float64(Some(lon))), ColumnarValue::Scalar(Float64(Some(lat)))) => {
            Direction::At((*lon, *lat))
        }
        (ColumnarValue::Scalar(Float64(None)), _) | (_, ColumnarValue::Scalar(Float64(None))) => {
            Direction::Missing
        }
        _ => Direction::Column,
    }
}

fn around(
    longitude: &ColumnarValue,
    latitude: &ColumnarValue,
    (lon, lat): (f64, f64),
    rows: usize,
) -> Result<ColumnarValue> {
    let (longitudes, latitudes) = (doubles(longitude, rows)?, doubles(latitude, rows)?);
    let (sin2, cos2) = lat.to_radians().sin_cos();
    let pairs = longitudes.values().iter().zip(latitudes.values());
    let values: Vec<f64> = pairs
        .map(|(&lon1, &lat1)| {
            let (sin1, cos1) = lat1.to_radians().sin_cos();
            angle((sin1, cos1), (sin2, cos2), lon - lon1)
        })
        .collect();
    let nulls = NullBuffer::union(longitudes.nulls(), latitudes.nulls());
    Ok(ColumnarValue::Array(Arc::new(Float64Array::new(values.into(), nulls))))
}

fn between(arguments: [&ColumnarValue; 4], rows: usize) -> Result<ColumnarValue> {
    let mut arrays = Vec::with_capacity(4);
    for argument in arguments {
        arrays.push(doubles(argument, rows)?);
    }
    let [lon1, lat1, lon2, lat2] = arrays.as_slice() else {
        return exec_err!("sky_distance takes 4 arguments");
    };
    let values: Vec<f64> = (lon1.values().iter().zip(lat1.values()))
        .zip(lon2.values().iter().zip(lat2.values()))
        .map(|((&lon1, &lat1), (&lon2, &lat2))| adql::sky_distance(lon1, lat1, lon2, lat2))
        .collect();
    let nulls = arrays.iter().fold(None, |nulls, array| NullBuffer::union(nulls.as_ref(), array.nulls()));
    Ok(ColumnarValue::Array(Arc::new(Float64Array::new(values.into(), nulls))))
}

/// Vincenty's formula on sines and cosines of the latitudes, in degrees; the difference of longitudes in degrees.
fn angle((sin1, cos1): (f64, f64), (sin2, cos2): (f64, f64), difference: f64) -> f64 {
    let (sin_difference, cos_difference) = difference.to_radians().sin_cos();
    let across = (cos2 * sin_difference).hypot(cos1 * sin2 - sin1 * cos2 * cos_difference);
    let along = sin1 * sin2 + cos1 * cos2 * cos_difference;
    across.atan2(along).to_degrees()
}

fn doubles(value: &ColumnarValue, rows: usize) -> Result<Float64Array> {
    let array: ArrayRef = value.to_array(rows)?;
    let Some(doubles) = array.as_primitive_opt::<Float64Type>() else {
        return exec_err!("sky_distance takes degrees as doubles, not {}", array.data_type());
    };
    Ok(doubles.clone())
}

#[cfg(test)]
mod tests;
