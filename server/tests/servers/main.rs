//! Servers through the running portal: at real machines of QEMU, and at a site made of paper for the faults, cuts and
//! races that a real one does not have on demand.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    unreachable_pub,
    missing_docs,
    reason = "a test may stop where it stands"
)]

#[path = "../support/support.rs"]
mod support;

mod paper;
mod world;

mod access;
mod checked;
mod faults;
mod hung;
mod killed;
mod killing;
mod limits;
mod looking;
mod making;
mod reconciling;
mod tokens;
mod twice;

/// The same rules on SQLite and on PostgreSQL: one text, run on both.
macro_rules! on_both_stores {
    ($($noun:ident :: $rule:ident),* $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $rule() {
                    super::$noun::$rule(None).await;
                }
            )*
        }

        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn postgres() {
            let server = support::postgres::Postgres::start().await;
            $(
                eprintln!("{}", stringify!($noun::$rule));
                $noun::$rule(Some(&server.new_database().await)).await;
            )*
            killing::at_every_call_of_making(&server.new_database().await).await;
            killing::at_every_call_of_undoing(&server.new_database().await).await;
            killing::at_every_call_of_removing(&server.new_database().await).await;
            killing::two_portals_make_one(&server.new_database().await).await;
        }
    };
}

on_both_stores! {
    making::one_is_made_and_removed,
    making::sent_twice_it_is_one,
    making::switched_off_on_and_anew,
    making::told_to_stop_until_it_is_off,
    making::called_off_while_it_is_made,
    making::deleted_while_it_starts,
    making::several_from_one_form,
    making::renamed,
    making::user_data_goes_with_its_server,
    faults::each_ends_with_its_words,
    faults::what_passes_is_tried_again,
    faults::cleaning_up_is_tried_again,
    limits::many_at_once_get_what_there_is,
    limits::ones_own_limit,
    reconciling::what_differs_is_put_right,
    reconciling::a_leftover_of_ours_is_removed,
    reconciling::what_vanished_may_come_back,
    faults::a_no_while_cleaning_up_leaves_nothing,
    twice::what_is_carried_out_late_is_one_machine,
    twice::what_was_never_carried_out_is_asked_for_again,
    twice::what_comes_after_it_was_called_off_is_removed,
    twice::a_second_machine_is_removed,
    tokens::work_waits_for_a_sign_in,
    tokens::a_token_for_another_project_changes_nothing,
    tokens::a_token_for_another_project_makes_nothing_twice,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_every_call_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("skyport.db").display());
    killing::at_every_call_of_making(&url).await;
    killing::at_every_call_of_undoing(&url).await;
    killing::at_every_call_of_removing(&url).await;
}
