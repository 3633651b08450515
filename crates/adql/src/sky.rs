//! The angle between two directions.

/// The great-circle distance between two points in degrees (ADQL 2.1, section 4.2.11).
///
/// This is the function that the engine must offer as `sky_distance(lon1, lat1, lon2, lat2)`, NULL if any
/// argument is NULL. It is Vincenty's formula: unlike the haversine it keeps its precision at all angles,
/// from microarcseconds to antipodes. All arguments are in degrees.
pub fn sky_distance(longitude1: f64, latitude1: f64, longitude2: f64, latitude2: f64) -> f64 {
    let (sin1, cos1) = latitude1.to_radians().sin_cos();
    let (sin2, cos2) = latitude2.to_radians().sin_cos();
    let (sin_difference, cos_difference) = (longitude2 - longitude1).to_radians().sin_cos();
    let across = (cos2 * sin_difference).hypot(cos1 * sin2 - sin1 * cos2 * cos_difference);
    let along = sin1 * sin2 + cos1 * cos2 * cos_difference;
    across.atan2(along).to_degrees()
}
