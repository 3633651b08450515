//! What users may have at once, as times at which a request would be too much for its user.

use super::Planner;
use crate::booking::UserId;
use crate::calendar::Closures;
use crate::resources::{Resources, What};
use crate::time::Time;

/// A request's amount of each thing that users are limited in.
pub(super) fn limited(resources: &Resources) -> [u64; 5] {
    [
        1,
        resources.of(&What::Cores),
        resources.of(&What::Memory),
        resources.of(&What::Disk),
        resources.of(&What::AnyGpus),
    ]
}

impl Planner {
    /// When the user could not have `asked` besides what they have booked, from `from` on.
    pub(super) fn too_much(&self, user: &UserId, asked: [u64; 5], from: i64) -> Closures {
        let limits = self.site.policy.at_once.limits().map(|(_, limit)| limit);
        self.over(user, asked, limits, from)
    }

    /// The same for one of the limits alone.
    pub(super) fn too_much_of(&self, number: usize, user: &UserId, asked: [u64; 5], from: i64) -> Closures {
        let mut limits = [None; 5];
        limits[number] = self.site.policy.at_once.limits()[number].1;
        self.over(user, asked, limits, from)
    }

    fn over(&self, user: &UserId, asked: [u64; 5], limits: [Option<u64>; 5], from: i64) -> Closures {
        if limits.iter().all(Option::is_none) {
            return Closures::default();
        }
        if asked.iter().zip(limits).any(|(asked, limit)| limit.is_some_and(|limit| *asked > limit)) {
            return Closures::new([(from, Time::MAX.0)].into_iter());
        }
        let mut changes = Vec::new();
        for held in self.open_after(user, from) {
            changes.push((held.start, true, held.limited()));
            changes.push((held.end, false, held.limited()));
        }
        changes.sort_unstable_by_key(|change| change.0);
        let mut sums = [0_u64; 5];
        let steps = changes.iter().enumerate().filter_map(|(at, (time, begins, amounts))| {
            for (sum, amount) in sums.iter_mut().zip(amounts) {
                *sum = if *begins { sum.wrapping_add(*amount) } else { sum.wrapping_sub(*amount) };
            }
            let next = changes.get(at + 1)?.0;
            let over = |number: usize| {
                limits[number].is_some_and(|limit| sums[number].saturating_add(asked[number]) > limit)
            };
            (next > *time && (0..5).any(over)).then_some((*time, next))
        });
        Closures::new(steps)
    }
}
