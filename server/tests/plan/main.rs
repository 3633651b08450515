//! Planning and bookings: what is granted, to whom, and never twice; on SQLite and on PostgreSQL.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    unreachable_pub,
    reason = "a test may stop where it stands"
)]

#[path = "../support/support.rs"]
mod support;

mod world;

mod asking;
mod changing;
mod contending;
mod failing;
mod feeding;
mod holding;
mod wandering;

/// The same rules on SQLite and on PostgreSQL: one text, run on both.
macro_rules! on_both_stores {
    ($($noun:ident :: $rule:ident),* $(,)?; portal: $($page:ident :: $seen:ident),* $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $rule() {
                    super::$noun::$rule(super::world::Place::sqlite()).await;
                }
            )*
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $seen() {
                    super::$page::$seen(None).await;
                }
            )*
        }

        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn postgres() {
            let server = support::postgres::Postgres::start().await;
            $(
                eprintln!("{}", stringify!($noun::$rule));
                $noun::$rule(world::Place::at(&server.new_database().await)).await;
            )*
            $(
                eprintln!("{}", stringify!($page::$seen));
                $page::$seen(Some(&server.new_database().await)).await;
            )*
        }
    };
}

on_both_stores! {
    contending::two_hundred_people_for_fifty_slots,
    contending::a_no_is_one_persons_alone,
    contending::two_processes_never_grant_the_same,
    holding::sent_twice_it_is_one,
    holding::an_offer_goes_back_when_nobody_accepts,
    holding::accepted_twice_is_one_session,
    holding::now_is_when_it_is_held,
    failing::what_was_not_committed_is_not_granted,
    failing::a_commit_that_fails_grants_nothing,
    failing::a_process_that_ends_leaves_its_rows,
    failing::who_shares_a_commit_shares_its_fate,
    changing::moved_extended_and_shortened,
    changing::what_is_over_gives_back_the_rest,
    changing::cancelled_before_its_time,
    changing::a_site_that_is_no_longer_there,
    wandering::no_history_grants_too_much,
    wandering::clocks_that_differ;
    portal:
    asking::every_site_answers,
    asking::in_opening_hours,
    asking::the_loser_is_told_the_next_start,
    asking::the_basket_comes_along,
    feeding::a_secret_address_gives_the_calendar,
}
