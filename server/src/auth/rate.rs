//! How often one address, or whoever has another name, may try: a token bucket for each, in bounded memory.

use crate::clock::{Clock, Micros, SECOND};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

/// Names that are remembered at once. Beyond it, new ones share a bucket until old ones have refilled.
const MOST: usize = 10_000;
/// The name of the shared bucket.
const OTHERS: &str = "";

/// What a name may still do: tokens at a time, in parts of one token's worth of microseconds.
#[derive(Clone, Copy)]
struct Bucket {
    full_at: Micros,
}

/// A limit for each client address, or for each name of another kind.
pub struct RateLimit {
    clock: Clock,
    per_minute: u32,
    buckets: Mutex<HashMap<String, Bucket>>,
}

impl RateLimit {
    /// `per_minute` at once, and as many again in each minute.
    pub fn new(clock: &Clock, per_minute: u32) -> Self {
        Self { clock: clock.clone(), per_minute: per_minute.max(1), buckets: Mutex::default() }
    }

    /// Takes one token of the address.
    ///
    /// # Errors
    /// The seconds after which there is one again, at least 1.
    pub fn take(&self, address: IpAddr) -> Result<(), i64> {
        self.take_named(&network(address).to_string())
    }

    /// Takes one token of whoever has this name.
    ///
    /// # Errors
    /// As [`Self::take`].
    pub fn take_named(&self, name: &str) -> Result<(), i64> {
        let now = self.clock.now();
        let cost = 60 * SECOND / Micros::from(self.per_minute);
        let most = cost * Micros::from(self.per_minute);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let mut name = name;
        if !buckets.contains_key(name) && buckets.len() >= MOST {
            buckets.retain(|_, bucket| bucket.full_at > now);
            if buckets.len() >= MOST {
                name = OTHERS;
            }
        }
        let bucket = buckets.entry(name.to_owned()).or_insert(Bucket { full_at: now });
        let full_at = bucket.full_at.max(now) + cost;
        if full_at - now > most {
            return Err(((full_at - now - most + SECOND - 1) / SECOND).max(1));
        }
        bucket.full_at = full_at;
        Ok(())
    }
}

/// The address itself; for IPv6 its /64, which is one subscriber's.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST, RateLimit};
    use crate::clock::{Clock, SECOND};
    use std::net::{IpAddr, Ipv4Addr};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};

    fn limit(per_minute: u32) -> (RateLimit, Arc<AtomicI64>) {
        let now = Arc::new(AtomicI64::new(1_000_000 * SECOND));
        let told = now.clone();
        (RateLimit::new(&Clock::of(move || told.load(Ordering::SeqCst)), per_minute), now)
    }

    fn v4(n: u32) -> IpAddr {
        IpAddr::V4(Ipv4Addr::from_bits(n))
    }

    #[test]
    fn refuses_beyond_the_limit_and_refills() {
        let (limit, now) = limit(3);
        for _ in 0..3 {
            limit.take(v4(1)).unwrap();
        }
        assert_eq!(limit.take(v4(1)), Err(20));
        limit.take(v4(2)).unwrap();
        now.fetch_add(20 * SECOND, Ordering::SeqCst);
        limit.take(v4(1)).unwrap();
        assert_eq!(limit.take(v4(1)), Err(20));
    }

    #[test]
    fn names_have_buckets_of_their_own() {
        let (limit, _) = limit(2);
        for name in ["visitor:a", "visitor:a", "visitor:b"] {
            limit.take_named(name).unwrap();
        }
        assert_eq!(limit.take_named("visitor:a"), Err(30));
        limit.take_named("visitor:b").unwrap();
    }

    #[test]
    fn takes_an_ipv6_network_for_one_address() {
        let (limit, _) = limit(1);
        limit.take("2001:db8::1".parse().unwrap()).unwrap();
        assert!(limit.take("2001:db8::2".parse().unwrap()).is_err());
        limit.take("2001:db8:0:1::1".parse().unwrap()).unwrap();
        limit.take("10.0.0.1".parse().unwrap()).unwrap();
        assert!(limit.take("::ffff:10.0.0.1".parse().unwrap()).is_err());
    }

    #[test]
    fn stays_within_its_memory() {
        let (limit, now) = limit(1);
        for n in 0..MOST as u32 {
            limit.take(v4(n)).unwrap();
        }
        limit.take(v4(u32::MAX)).unwrap();
        assert!(limit.take(v4(u32::MAX - 1)).is_err(), "new addresses share a bucket");
        now.fetch_add(61 * SECOND, Ordering::SeqCst);
        limit.take(v4(u32::MAX - 1)).unwrap();
        assert!(limit.buckets.lock().unwrap().len() <= 2);
    }
}
